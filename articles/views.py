"""The reading page of one article."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.response import TemplateResponse

from newsroom.cjk import opening
from newsroom.page_facts import page_facts

from .models import ArticlePage
from .reading import plain_paragraphs, read_article
from .stories import contents, state


def read(request: HttpRequest, article: ArticlePage) -> TemplateResponse:
    """Show ``article`` within its issue: to readers as signed, in a preview as it stands."""
    issue = article.get_parent().specific
    reading = read_article(
        article,
        folio_name=issue.folio_name(article.folio),
        with_remarks=request.is_preview and request.preview_mode == "remarks",
    )
    siblings = ArticlePage.objects.child_of(issue).in_print_order().for_contents()
    if not request.is_preview:
        siblings = siblings.published(request)
    stories = contents(siblings, request)
    numbers = [story.number for story in stories]
    place = numbers.index(article.number) if article.number in numbers else None
    facts = page_facts(
        request,
        article,
        title=f"{reading.headline} - {issue.title}",
        description=opening(list(plain_paragraphs(article)), 120),
    )
    return TemplateResponse(
        request,
        "articles/read.html",
        {
            **facts,
            "article": article,
            "reading": reading,
            "state": state(article, request),
            "issue": issue,
            "imprint": issue.imprint,
            "stories": stories,
            "previous": stories[place - 1] if place else None,
            "next": stories[place + 1] if place is not None and place + 1 < len(stories) else None,
            "is_preview": request.is_preview,
        },
    )
