"""The pages of an unpublished issue, for whoever holds a signed link (``issues.previewing``)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.models import Page

from articles import views as article_views
from articles.models import ArticlePage
from articles.showing import shown_to
from newsroom.previews import Preview, Version

from . import views as issue_views
from .models import IssuePage, PreviewLink
from .previewing import LinkEnded, NoSuchLink, link_of

View = Callable[..., HttpResponse]


def kept_private(view: View) -> View:
    """Keep every answer, also a refusal, out of caches, search engines and other sites' logs."""

    @wraps(view)
    def private_view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        answer["Cache-Control"] = "no-store, private"
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return answer

    return private_view


def through_link(view: View) -> View:
    """Open the link that the token names, or say calmly that there is none."""

    @kept_private
    @require_safe
    @wraps(view)
    def view_through_link(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            link = link_of(token)
        except LinkEnded:
            return closed(request, ended=True)
        except NoSuchLink:
            return closed(request)
        if not IssuePage.objects.open_to().filter(pk=link.issue_id).exists():
            return closed(request)
        request.is_preview, request.preview_mode = True, ""
        request.preview = preview_through(link, token)
        return view(request, link.issue, **kwargs)

    return view_through_link


@through_link
def front_page(request: HttpRequest, issue: IssuePage) -> HttpResponse:
    """Show the front page; of an issue that has come out since, lead to the paper."""
    if issue.live:
        return redirect(issue.get_url(request))
    return issue_views.front_page(request, issue.get_latest_revision_as_object())


@through_link
def article(request: HttpRequest, issue: IssuePage, number: str) -> HttpResponse:
    """Show an article that this link shows; once it is public, lead to the paper."""
    of_that_number = ArticlePage.objects.child_of(issue).filter(number=int(number))
    if issue.live:
        public = of_that_number.published().first()
        return redirect(public.get_url(request)) if public else closed(request)
    for shown in shown_to(request, of_that_number):
        return article_views.read(request, shown)
    return closed(request)


@kept_private
def nothing(request: HttpRequest) -> HttpResponse:
    """Answer an address that was cut off or garbled on its way."""
    return closed(request)


def closed(request: HttpRequest, *, ended: bool = False) -> TemplateResponse:
    """Say that nothing is shown here, and nothing of what it was."""
    return TemplateResponse(
        request, "issues/preview_closed.html", {"ended": ended}, status=410 if ended else 404
    )


def preview_through(link: PreviewLink, token: str) -> Preview:
    """Return how the issue is shown through ``link``: all its pages lie below the token."""
    home = reverse("preview_issue", args=[token])

    def address(page: Page) -> str:
        if isinstance(page, ArticlePage):
            return reverse("preview_article", args=[token, page.number])
        return home

    until = timezone.localtime(link.until)
    return Preview(
        address=address,
        version=Version.DRAFTS if link.with_drafts else Version.SIGNED,
        notice=f"未出版，仅供审阅，请勿转发。有效至{until.month}月{until.day}日{until:%H:%M}。",
        shared=True,
        home=home,
    )
