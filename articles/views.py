"""The reading page of one article, and what stands there once it was withdrawn."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control

from newsroom.cjk import opening
from newsroom.page_facts import page_facts
from newsroom.prepared import fetch_along
from newsroom.previews import address_of

from .corrections import corrections_of
from .hearing import recording_of
from .models import ArticlePage
from .reading import plain_paragraphs, read_article, shown
from .showing import shown_to
from .stories import contents, public_contents, state


def read(request: HttpRequest, article: ArticlePage) -> TemplateResponse:
    """Show ``article`` within its issue: to readers as signed, in a preview as it stands."""
    if article.is_withdrawn and not request.is_preview:
        return withdrawn(request, article)
    issue = article.get_parent().specific
    if request.is_preview:
        issue = issue.get_latest_revision_as_object()
    else:
        # For the page and for what its head tells machines.
        fetch_along([article], "bylines", "contributor")
        fetch_along([article], "corrections")
        fetch_along([issue], "folios")
    reading = read_article(
        article,
        folio_name=issue.folio_name(article.folio),
        with_remarks=request.is_preview and request.preview_mode == "remarks",
        # A preview leads to nothing outside itself.
        linked=not request.is_preview,
    )
    if request.is_preview:
        siblings = ArticlePage.objects.child_of(issue).in_print_order().for_contents()
        stories = contents(shown_to(request, siblings), request)
    else:
        stories = public_contents(issue, request)
    numbers = [story.number for story in stories]
    place = numbers.index(article.number) if article.number in numbers else None
    place_on_page = "" if request.is_preview else issue.place_on_page(article.number, article.folio)
    facts = page_facts(
        request,
        article,
        title=f"{reading.headline} - {issue.title}",
        description=shown(article)(opening(plain_paragraphs(article), 120)),
    )
    recording = recording_of(article, request)
    return TemplateResponse(
        request,
        "articles/read.html",
        {
            **facts,
            "article": article,
            # What opens it again in the box for numbers and days (issues.finding).
            "code": f"{issue.number}-{article.number}",
            "reading": reading,
            "linked": not request.is_preview,
            "corrections": corrections_of([article], request),
            "recording": recording,
            # What the device's voice may read out, where nobody has.
            "listens": "" if recording or request.is_preview else "本文",
            "state": state(article, request),
            "issue": issue,
            "issue_url": address_of(issue, request),
            "imprint": issue.imprint,
            "place_on_page": place_on_page,
            "stories": stories,
            "previous": stories[place - 1] if place else None,
            "next": stories[place + 1] if place is not None and place + 1 < len(stories) else None,
            "is_preview": request.is_preview,
        },
    )


def withdrawn(request: HttpRequest, article: ArticlePage) -> TemplateResponse:
    """Say at the address of a withdrawn article that it was, when and why; nothing else of it."""
    issue = article.get_parent().specific
    headline = "" if article.title_withdrawn else shown(article)(article.title)
    response = TemplateResponse(
        request,
        "articles/withdrawn.html",
        {
            # No canonical address: nothing here is for a search engine to keep.
            "page_title": "本文已撤稿",
            "headline": headline,
            "withdrawn_at": article.withdrawn_at,
            "reason": article.withdrawn_reason,
            "issue": issue,
            "issue_url": address_of(issue, request),
            "imprint": issue.imprint,
            "stories": public_contents(issue, request),
        },
        status=HTTPStatus.GONE,
        headers={"X-Robots-Tag": "noindex"},
    )
    # It may be given back to the readers; a 410 may be kept by caches for as long as they like.
    patch_cache_control(response, no_cache=True)
    return response
