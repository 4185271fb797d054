"""Help somebody who found nothing: what each word finds, and what is near."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q
from django.http import HttpRequest

from articles.models import ArticlePage
from articles.querysets import ArticleQuerySet
from articles.reading import body_words
from issues.models import IssuePage
from newsroom.prepared import Among, keys_for, mark, prepared

from .asking import Asked
from .finding import count_articles, count_corrections
from .names import contributors_of
from .near_terms import near_terms
from .nearest import nearest
from .tokens import fold, plain
from .ways import MOST_TOLD, Way
from .wish import Wish

MOST_LEFT_OUT = 5  # words of which one is left out in turn
NAME_LENGTHS = range(2, 5)
MOST_NAMES, NAMES_COMPARED = 3, 200
# Where near words are looked for: in what a reader of two years has before the eyes.
ISSUES_READ, BODIES_READ = 100, 40
HEADLINES = "title", "kicker", "subhead", "standfirst"


@dataclass(frozen=True, slots=True)
class Help:
    """What to try instead; every search among it does find something."""

    ways: tuple[Way, ...]
    counts: tuple[Way, ...]  # each word by itself, also if there is nothing
    terms: tuple[Way, ...]  # in the place of the words that are nowhere
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
        terms=() if is_there else tuple(_terms_like(asked, counts, published, request)),
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
    return count_articles(asked, published, MOST_TOLD)


def _terms_like(
    asked: Asked, counts: list[Way], published: ArticleQuerySet, request: HttpRequest
) -> Iterable[Way]:
    """Return searches with a word that is nowhere written otherwise, as the paper writes it."""
    words = [*asked.words, *asked.phrases]
    if counts:  # of each word, where there are several
        words = [word for word, way in zip(words, counts, strict=True) if not way.count]
    for word in words[:1]:  # a second slip would make too many pairs to try
        for term in near_terms(fold("".join(word.split())), _read(published, request)):
            way = _counted(_with(asked, word, term), published)
            if way.count:
                yield way


def _with(asked: Asked, word: str, term: str) -> Asked:
    words, phrases = (
        tuple(term if each == word else each for each in of_kind)
        for of_kind in (asked.words, asked.phrases)
    )
    return replace(asked, words=words, phrases=phrases)


def _read(published: ArticleQuerySet, request: HttpRequest) -> str:
    """Return the headlines of the newest issues, and the newest articles whole, folded."""
    issues = IssuePage.objects.published(request).newest_first().values_list("pk", flat=True)
    articles = published.filter(Among("issue", mark("issues"))).newest_first()
    where = published.query.where
    headlines = prepared(("headlines", where), lambda: articles.values_list(*HEADLINES))
    bodies = prepared(("bodies", where), lambda: articles.values_list("body")[:BODIES_READ])
    newest = {mark("issues"): keys_for(headlines.using, issues[:ISSUES_READ])}
    lines = [line for row in headlines.rows(newest) for line in row if line]
    lines += (body_words(json.loads(body)) for (body,) in bodies.rows(newest))
    return fold("\n".join(lines))


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
