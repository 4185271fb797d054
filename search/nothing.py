"""Help somebody who found nothing: what each word finds, and what is near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.http import HttpRequest

from articles.models import ArticlePage
from articles.querysets import ArticleQuerySet

from .asking import Asked
from .finding import count_corrections, matching
from .names import contributors_of
from .nearest import nearest
from .tokens import plain
from .ways import MOST_TOLD, Way
from .wish import Wish

MOST_LEFT_OUT = 5  # words of which one is left out in turn
NAME_LENGTHS = range(2, 5)
MOST_NAMES, NAMES_COMPARED = 3, 200


@dataclass(frozen=True, slots=True)
class Help:
    """What to try instead; every search among it does find something."""

    ways: tuple[Way, ...]
    counts: tuple[Way, ...]  # each word by itself, also if there is nothing
    names: tuple[Way, ...]
    near: tuple[Way, ...]


def help_for(asked: Asked, wish: Wish, request: HttpRequest) -> Help:
    """Return what may help where nothing was found; a bounded number of short queries."""
    terms = [*(replace(asked, words=(word,), phrases=()) for word in asked.words)]
    terms += [replace(asked, words=(), phrases=(phrase,)) for phrase in asked.phrases]
    published = ArticlePage.objects.published(request)
    counts: list[Way] = []
    if len(terms) > 1:
        counts = [_counted(replace(term, excluded=()), published) for term in terms]
    words = "".join((*asked.words, *asked.phrases))
    ways = tuple(way for way in _ways(asked, terms, wish, published, request) if way.count)
    # What is there, only not within the year or section that was chosen, need not be guessed at.
    is_there = bool(ways) and (wish.is_narrowed or wish.corrections)
    return Help(
        ways=ways,
        counts=tuple(counts),
        names=() if is_there else _names_like(words, published),
        near=() if is_there else tuple(nearest(words, request)),
    )


def _ways(
    asked: Asked,
    terms: list[Asked],
    wish: Wish,
    published: ArticleQuerySet,
    request: HttpRequest,
) -> Iterable[Way]:
    plainly = Wish(asked.text)
    if wish.is_narrowed or wish.corrections:
        label = "在文章里找" if wish.corrections else "不限年份、栏目和作者"
        yield Way(label, plainly.address(), count=_count(asked, published))
    if not wish.corrections:
        count = count_corrections(asked, request)
        yield Way("在更正里找", plainly.address(corrections=True), count=count)
    if asked.excluded:
        yield _counted(replace(asked, excluded=()), published)
    if 2 < len(terms) <= MOST_LEFT_OUT:
        for left_out in terms:
            yield _counted(
                replace(
                    asked,
                    words=tuple(word for word in asked.words if word not in left_out.words),
                    phrases=tuple(each for each in asked.phrases if each not in left_out.phrases),
                    excluded=(),
                ),
                published,
            )


def _counted(asked: Asked, published: ArticleQuerySet) -> Way:
    """Return the way to another question, with the number of articles that answer it."""
    text = " ".join(
        (
            *asked.words,
            *(f"“{phrase}”" for phrase in asked.phrases),
            *(f"-“{each}”" if " " in each else f"-{each}" for each in asked.excluded),
        )
    )
    return Way(text, Wish(text).address(), count=_count(asked, published))


def _count(asked: Asked, published: ArticleQuerySet) -> int:
    return matching(asked, published).order_by()[:MOST_TOLD].count()


def _names_like(words: str, published: ArticleQuerySet) -> tuple[Way, ...]:
    """Return published names that differ from ``words`` in one character."""
    name = "".join(plain(words).split())
    if len(name) not in NAME_LENGTHS:
        return ()
    shares = Q()
    for character in set(name):
        shares |= Q(name__contains=character)
    near = contributors_of(published).filter(shares)
    names = dict.fromkeys(near.values_list("name", flat=True)[:NAMES_COMPARED])
    alike = [other for other in names if 0 < _differences(name, "".join(plain(other).split())) <= 1]
    return tuple(Way(other, Wish(other).address()) for other in alike[:MOST_NAMES])


def _differences(one: str, other: str) -> int:
    """Return in how many places two names differ; a character more or less is one."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True))
    longer, shorter = sorted((one, other), key=len, reverse=True)
    fits = any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    return 1 if fits else len(longer)
