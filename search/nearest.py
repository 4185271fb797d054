"""Find what is nearest to words that are not found as they were written."""

from __future__ import annotations

from django.http import HttpRequest
from wagtail.search.query import Or, Phrase

from articles.models import ArticlePage
from articles.reading import shown

from .tokens import plain
from .ways import Way

__all__ = ["nearest"]

LONGEST = 24  # characters that are compared
CANDIDATES = 60


def nearest(text: str, request: HttpRequest | None, most: int = 5) -> list[Way]:
    """Return the published articles whose titles share most with ``text``, the nearest first.

    ``text`` is whatever somebody typed, words of an old address too. Titles are looked for that
    hold a long part of it, then a shorter one, down to pairs of characters: four queries at most.
    """
    words = "".join(plain(text).split())[:LONGEST]
    published = ArticlePage.objects.published(request)
    found: dict[int, tuple[float, ArticlePage]] = {}
    for length in _lengths(len(words)):
        parts = [words[at : at + length] for at in range(len(words) - length + 1)]
        query = Or([Phrase(part) for part in dict.fromkeys(parts)])
        alike = published.search(query, fields=["title"], order_by_relevance=False).get_queryset()
        for article in alike.newest_first().with_issues()[:CANDIDATES]:
            found.setdefault(article.pk, (likeness(words, article.title), article))
        if len(found) >= most:
            break
    # Sorting keeps the newest first among those that are alike.
    best = sorted(found.values(), key=lambda each: -each[0])[:most]
    return [
        Way(
            shown(article)(article.title),
            article.get_url(request),
            f"{article.issue.issuepage.title}，{article.issue.issuepage.printed_date}",
        )
        for _, article in best
    ]


def likeness(one: str, other: str) -> float:
    """Return how much of their pairs of characters two texts share, from 0 to 1."""
    pairs = [
        {text[at : at + 2] for at in range(len(text) - 1)}
        for text in (one, "".join(plain(other).split()))
    ]
    return 2 * len(pairs[0] & pairs[1]) / max(1, len(pairs[0]) + len(pairs[1]))


def _lengths(length: int) -> list[int]:
    """Return the lengths of parts to look for, the longest first."""
    tried = {length * 3 // 4, length // 2, 3, 2}
    return sorted((each for each in tried if 2 <= each <= length), reverse=True)
