"""Tell of articles in lists: the front page, contents, neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from newsroom.cjk import full_width, headline_lines, opening
from newsroom.models import PressPhoto
from newsroom.prepared import marked, prepared
from newsroom.previews import Version, address_of, preview_of
from newsroom.querysets import sight

from .models import ArticlePage
from .reading import ShownPhoto, byline_line, plain_paragraphs, shown, shown_photo
from .story import OPENING, Story, weigh


def contents(articles: Iterable[ArticlePage], request: HttpRequest) -> tuple[Story, ...]:
    """Return headlines and addresses, for a list of contents and for the neighbours.

    ``articles`` come from ``ArticleQuerySet.for_contents``.
    """
    told = []
    for article in articles:
        headline = shown(article)(article.title)
        told.append(
            Story(
                number=article.number,
                url=address_of(article, request),
                headline=headline,
                headline_lines=headline_lines(headline),
                folio=article.folio,
                prominence=article.prominence,
                state=state(article, request),
                corrected=article.is_corrected,
            )
        )
    return tuple(told)


def public_contents(issue: Page, request: HttpRequest) -> tuple[Story, ...]:
    """Return what ``contents`` would of all that a reader gets of ``issue``, read as rows."""
    address = issue.get_url(request)
    asked = prepared(("contents", sight(ArticlePage, request)), lambda: _listed(request))
    told = []
    for number, slug, title, verbatim, *place, corrected in asked.converted(issue=issue.pk):
        headline = title if verbatim else full_width(title)
        folio, prominence = place
        told.append(
            Story(
                number=number,
                url=f"{address}{slug}/",
                headline=headline,
                headline_lines=headline_lines(headline),
                folio=folio,
                prominence=prominence,
                corrected=bool(corrected),
            )
        )
    return tuple(told)


def _listed(request: HttpRequest) -> QuerySet[ArticlePage]:
    articles = ArticlePage.objects.filter(issue=marked("issue")).published(request)
    return (
        articles.in_print_order()
        .for_contents()
        .values_list(
            *("number", "slug", "title", "verbatim_punctuation"),
            *("folio", "prominence", "is_corrected"),
        )
    )


def stories(articles: Iterable[ArticlePage], request: HttpRequest) -> tuple[Story, ...]:
    """Return ``articles`` as a front page shows them; one query for all their photos.

    They come with their sections, bylines and corrections (``showing.articles_of``).
    """
    articles = list(articles)
    photos = first_photos(articles)
    weights = weigh([article.prominence for article in articles])
    told = []
    for article, prominence in zip(articles, weights, strict=True):
        show = shown(article)
        headline = show(article.title)
        lead_in = article.standfirst
        if not lead_in:
            lead_in = opening(plain_paragraphs(article), OPENING[prominence])
        told.append(
            Story(
                number=article.number,
                url=address_of(article, request),
                headline=headline,
                headline_lines=headline_lines(headline),
                kicker=show(article.kicker),
                subhead=show(article.subhead),
                byline=byline_line(article.bylines.all()),
                opening=show(lead_in),
                prominence=prominence,
                folio=article.folio,
                section=article.section.name if article.section else "",
                section_slug=article.section.slug if article.section else "",
                photo=photos.get(article.pk),
                state=state(article, request),
                corrected=bool(article.corrections.all()),
            )
        )
    return tuple(told)


def state(article: ArticlePage, request: HttpRequest) -> str:
    """Return how far an article is, for a preview that shows drafts; nothing for readers."""
    preview = preview_of(request)
    if preview is None or preview.version is Version.SIGNED:
        return ""
    if not article.live:
        return "draft"
    return "changed" if article.has_unpublished_changes else ""


def first_photos(articles: list[ArticlePage]) -> dict[int, ShownPhoto]:
    """Return the first photo of each article that has one, by the article's key.

    Reads the stored body, since asking each StreamField for its pictures would be a query each.
    """
    values = {}
    for article in articles:
        if (value := _first_photo(article.body.raw_data)) is not None:
            values[article.pk] = value
    if not values:
        return {}
    images = PressPhoto.objects.prefetch_renditions(
        "width-480|format-webp", "width-960|format-webp"
    ).in_bulk({value["image"] for value in values.values()})
    return {
        article.pk: shown_photo(value, image, shown(article))
        for article in articles
        if (value := values.get(article.pk)) is not None
        if (image := images.get(value["image"])) is not None
    }


def _first_photo(body: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
    for block in body:
        if block["type"] == "photo" and block["value"].get("image"):
            return dict(block["value"])
        if block["type"] == "gallery":
            for item in block["value"]:
                value = item.get("value", item)
                if value.get("image"):
                    return dict(value)
    return None
