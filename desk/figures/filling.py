"""Count what was signed and is not counted yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F

from articles.copy import read_rich_text
from articles.models import ArticlePage
from interchange import schema

from .counting import Count, Part, count_article, credits_of
from .models import ArticleFigures

AT_ONCE = 200
WORDS = ("kicker", "title", "subhead", "standfirst")


def count_signed() -> int:
    """Count each article whose signed version was not counted yet; return how many.

    One query where nothing is new.
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
    figures = []
    for article in articles:
        plain = _plain(article)
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


def _plain(article: ArticlePage) -> schema.Article:
    """Return the copy as data, read from what is stored: blocks would ask for photos one by one."""
    return schema.Article(
        number=article.number,
        body=tuple(
            passage
            for block in article.body.raw_data
            for passage in _passages(block["type"], block["value"])
        ),
        **{name: getattr(article, name) for name in WORDS},
    )


def _passages(kind: str, value: Any) -> Iterator[schema.Passage]:
    match kind:
        case "paragraph":
            for line in read_rich_text(value):
                yield schema.Paragraph.of(line.text)
        case "crosshead":
            yield schema.Crosshead(value)
        case "photo" | "gallery":
            yield schema.Gallery(tuple(_photos(kind, value)))
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


def _photos(kind: str, value: Any) -> Iterator[schema.Photo]:
    stored = [value] if kind == "photo" else [item.get("value", item) for item in value]
    for photo in stored:
        if photo.get("image"):
            yield schema.Photo(
                str(photo["image"]), photo.get("caption") or "", photo.get("credit") or ""
            )
