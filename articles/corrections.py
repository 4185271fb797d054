"""Make corrections ready to be read: at the head of the article, and in lists."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest

from newsroom.lunar import printed_date
from newsroom.previews import address_of

from .reading import shown

if TYPE_CHECKING:
    from .models import ArticlePage, Correction


@dataclass(frozen=True, slots=True)
class ShownCorrection:
    """A correction as readers see it; ``url`` leads to it at the head of its article."""

    anchor: str
    kind: str
    date: datetime.date
    printed_date: str
    paragraphs: tuple[str, ...]
    wrong: str
    right: str
    headline: str
    url: str
    origin: str = ""  # the issue, in lists that span issues


def corrections_of(
    articles: Iterable[ArticlePage], request: HttpRequest
) -> tuple[ShownCorrection, ...]:
    """Return the corrections of ``articles``, which come with them: by article, newest first."""
    return tuple(
        shown_correction(correction, article, request)
        for article in articles
        if article.pk  # not yet in the preview of a new one
        for correction in article.corrections.all()
    )


def shown_correction(
    correction: Correction, article: ArticlePage, request: HttpRequest, *, origin: str = ""
) -> ShownCorrection:
    """Return ``correction`` with the display rule of its article applied."""
    show = shown(article)
    anchor = f"correction-{correction.pk}"
    return ShownCorrection(
        anchor=anchor,
        kind=correction.get_kind_display(),
        date=correction.date,
        printed_date=printed_date(correction.date),
        paragraphs=tuple(show(line) for line in correction.text.split("\n")),
        wrong=show(correction.wrong),
        right=show(correction.right),
        headline=show(article.title),
        url=f"{address_of(article, request)}#{anchor}",
        origin=origin,
    )
