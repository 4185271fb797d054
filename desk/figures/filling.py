"""Count what was signed and is not counted yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import F

from articles.copy import read_rich_text
from articles.models import ArticlePage
from interchange import schema
from newsroom.models import PressPhoto

from .counting import Count, Part, count_article, credits_of
from .models import ArticleFigures

AT_ONCE = 200
WORDS = ("kicker", "title", "subhead", "standfirst")


def count_signed() -> int:
    """Count each article whose signed version was not counted yet; return how many.

    One query where nothing is new. A caption or a credit that the article leaves to the photo
    library is taken as it stands there now.
    """
    signed = ArticlePage.objects.live().exclude(figures__revision=F("live_revision"))
    keys = list(signed.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        _count(keys[start : start + AT_ONCE])
    return len(keys)


def stored(counts: dict[Part, Count]) -> dict[str, list[int]]:
    """Return counts as the database keeps them."""
    return {part.value: [count.words, count.signs] for part, count in counts.items()}


def read_back(parts: dict[str, list[int]]) -> dict[Part, Count]:
    """Return counts as they were when they were ``stored``."""
    return {Part(part): Count(*count) for part, count in parts.items()}


@transaction.atomic
def _count(keys: list[int]) -> None:
    articles = list(
        ArticlePage.objects.filter(pk__in=keys).only("live_revision_id", "body", "number", *WORDS)
    )
    wanted = {key for article in articles for key in _photo_keys(article.body.raw_data)}
    photos = PressPhoto.objects.only("caption", "credit").in_bulk(wanted)
    figures = []
    for article in articles:
        plain = _plain(article, photos)
        figures.append(
            ArticleFigures(
                article=article,
                revision=article.live_revision_id,
                parts=stored(count_article(plain)),
                credits=list(credits_of(plain)),
            )
        )
    ArticleFigures.objects.bulk_create(
        figures,
        update_conflicts=True,
        unique_fields=["article"],
        update_fields=["revision", "parts", "credits"],
    )


def _plain(article: ArticlePage, photos: dict[int, PressPhoto]) -> schema.Article:
    """Return the copy as data, read from what is stored: blocks would ask for photos one by one."""
    return schema.Article(
        number=article.number,
        body=tuple(
            passage
            for block in article.body.raw_data
            for passage in _passages(block["type"], block["value"], photos)
        ),
        **{name: getattr(article, name) for name in WORDS},
    )


def _passages(kind: str, value: Any, photos: dict[int, PressPhoto]) -> Iterator[schema.Passage]:
    match kind:
        case "paragraph":
            for line in read_rich_text(value):
                yield schema.Paragraph.of(line.text)
        case "crosshead":
            yield schema.Crosshead(value)
        case "photo" | "gallery":
            shown = [_photo(photo, photos) for photo in _photo_values(kind, value)]
            yield schema.Gallery(tuple(photo for photo in shown if photo is not None))
        case "quote":
            yield schema.Quote(value.get("text") or "", value.get("source") or "")
        case "table":
            table = value.get("table") or {}
            rows = (
                [column.get("heading") or "" for column in table.get("columns", ())],
                *(row["values"] for row in table.get("rows", ())),
            )
            cells = tuple(tuple(str(cell or "") for cell in row) for row in rows)
            yield schema.Table(cells, caption=value.get("caption") or table.get("caption") or "")
        case "note":
            yield schema.Note(value)


def _photo(value: dict[str, Any], photos: dict[int, PressPhoto]) -> schema.Photo | None:
    """Return the picture with the words that apply; None for one that is gone."""
    photo = photos.get(value.get("image") or 0)
    if photo is None:
        return None
    return schema.Photo(
        str(photo.pk), value.get("caption") or photo.caption, value.get("credit") or photo.credit
    )


def _photo_keys(body: Iterable[dict[str, Any]]) -> Iterator[int]:
    for block in body:
        for value in _photo_values(block["type"], block["value"]):
            if value.get("image"):
                yield value["image"]


def _photo_values(kind: str, value: Any) -> list[dict[str, Any]]:
    if kind == "photo":
        return [value]
    return [item.get("value", item) for item in value] if kind == "gallery" else []
