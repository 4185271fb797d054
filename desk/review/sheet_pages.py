"""Show the 审稿单 of an article, or of an issue, to be printed."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies.pages import PagePermissionPolicy

from articles.models import ArticlePage
from issues.models import IssuePage

from .sheets import sheets_of


def article_sheet(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the sheet of one article, to be printed."""
    article = get_object_or_404(ArticlePage.objects.with_bylines(), id=page_id)
    issue = get_object_or_404(IssuePage.objects.select_related("imprint"), pk=article.issue_id)
    _check(request, issue)
    steps = [
        {"url": reverse("wagtailadmin_explore", args=[issue.pk]), "label": issue.title},
        {
            "url": reverse("wagtailadmin_pages:edit", args=[article.pk]),
            "label": article.draft_title,
        },
    ]
    buttons = [
        HeaderButton("改了什么", reverse("desk_changes", args=[article.pk]), icon_name="history"),
        HeaderButton(
            "全期审稿单",
            reverse("desk_issue_sheet", args=[issue.pk]),
            icon_name="clipboard-list",
        ),
    ]
    if not article.permissions_for_user(request.user).can_edit():
        del buttons[0]
    return _page(request, issue, [article], steps, buttons)


def issue_sheet(request: HttpRequest, page_id: int) -> HttpResponse:
    """Show the sheets of all articles of an issue, in print order, to be printed."""
    issue = get_object_or_404(IssuePage.objects.select_related("imprint"), id=page_id)
    _check(request, issue)
    steps = [{"url": reverse("wagtailadmin_explore", args=[issue.pk]), "label": issue.title}]
    articles = (
        ArticlePage.objects.child_of(issue)
        .in_print_order()
        .with_bylines()
        .select_related("issue", "owner")
        .prefetch_workflow_states()
        .defer("body")
    )
    return _page(request, issue, articles, steps, [])


def _check(request: HttpRequest, issue: IssuePage) -> None:
    """Let in whoever finds the issue in the explorer."""
    policy = PagePermissionPolicy()
    if not policy.explorable_instances(request.user).filter(pk=issue.pk).exists():
        raise PermissionDenied


def _page(
    request: HttpRequest,
    issue: IssuePage,
    articles: Iterable[ArticlePage],
    steps: list[dict[str, str]],
    buttons: list[HeaderButton],
) -> HttpResponse:
    sheets = sheets_of(articles, user=request.user)
    return render(
        request,
        "desk/review/sheet.html",
        {
            "issue": issue,
            "sheets": sheets,
            "signed": sum(sheet.signed is not None for sheet in sheets),
            "with_exceptions": sum(bool(sheet.exceptions) for sheet in sheets),
            "printed_at": timezone.localtime(),
            "header_title": f"{issue.title}审稿单",
            "header_icon": "clipboard-list",
            "header_buttons": buttons,
            "breadcrumbs_items": [*steps, {"url": "", "label": "审稿单"}],
        },
    )
