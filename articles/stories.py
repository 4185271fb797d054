"""Tell of articles in lists: the front page, contents, neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from newsroom.cjk import headline_lines, opening
from newsroom.models import PressPhoto
from newsroom.previews import Version, address_of, preview_of

from .models import ArticlePage, Prominence
from .reading import ShownPhoto, byline_line, plain_paragraphs, shown, shown_photo
from .story import Story

# How many characters of its opening an article shows, by prominence.
OPENING = {
    Prominence.LEAD: 330,
    Prominence.MAJOR: 150,
    Prominence.NORMAL: 100,
    Prominence.BRIEF: 42,
}


def contents(articles: Iterable[ArticlePage], request: HttpRequest) -> tuple[Story, ...]:
    """Return headlines and addresses, for a list of contents and for the neighbours.

    ``articles`` come with their corrections (``ArticleQuerySet.for_contents``).
    """
    return tuple(
        Story(
            number=article.number,
            url=address_of(article, request),
            headline=shown(article)(article.title),
            headline_lines=headline_lines(shown(article)(article.title)),
            folio=article.folio,
            prominence=article.prominence,
            state=state(article, request),
            corrected=bool(article.corrections.all()),
        )
        for article in articles
    )


def stories(articles: Iterable[ArticlePage], request: HttpRequest) -> tuple[Story, ...]:
    """Return ``articles`` as a front page shows them; one query for all their photos.

    They come ``with_bylines`` and ``with_corrections``.
    """
    articles = list(articles)
    photos = first_photos(articles)
    weights = _weights(articles)
    told = []
    for article, prominence in zip(articles, weights, strict=True):
        show = shown(article)
        lead_in = article.standfirst
        if not lead_in:
            lead_in = opening(list(plain_paragraphs(article)), OPENING[prominence])
        told.append(
            Story(
                number=article.number,
                url=address_of(article, request),
                headline=show(article.title),
                headline_lines=headline_lines(show(article.title)),
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


def _weights(articles: list[ArticlePage]) -> list[Prominence]:
    """Return how large each article stands; where nobody chose a lead, the first one leads."""
    weights = [Prominence(article.prominence) for article in articles]
    if weights and Prominence.LEAD not in weights and weights[0] is not Prominence.BRIEF:
        weights[0] = Prominence.LEAD
    return weights


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
