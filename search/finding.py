"""Find what a reader asks for: a page of it, how much there is, and by what to narrow it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.db.models import Case, Count, Value, When
from django.http import HttpRequest
from wagtail.search.query import SearchQuery

from articles.models import ArticlePage, Byline, Correction
from articles.querysets import ArticleQuerySet, CorrectionQuerySet
from newsroom.prepared import Among, keys_for, mark, prepared
from newsroom.querysets import year_of

from .asking import Asked
from .backend import as_marked, as_query
from .hits import CorrectionHit, Hit, article_hits, correction_hits
from .narrowing import Group, Row, arrange, contributors
from .wish import DEEPEST, Wish

MOST_TERMS = 8
ON_A_PAGE = 10
MOST_CONTRIBUTORS = 12
MOST_COUNTED = 20_000  # nobody reads so many, and the memory of a server is finite
YEAR = year_of("issue__issuepage__date")


@dataclass(frozen=True, slots=True)
class Steps:
    """Where a page stands among the others, and the addresses of its neighbours."""

    number: int
    pages: int
    previous: str
    next: str
    shown: int  # how many results can be reached in all
    is_cut: bool

    @classmethod
    def at(cls, wish: Wish, total: int) -> Steps:
        """Return the steps for ``total`` results; a page that is not there is the last one."""
        in_all = max(1, -(-total // ON_A_PAGE))
        pages = min(in_all, DEEPEST)
        number = min(wish.page, pages)
        return cls(
            number,
            pages,
            previous=wish.address(page=number - 1) if number > 1 else "",
            next=wish.address(page=number + 1) if number < pages else "",
            shown=min(total, pages * ON_A_PAGE),
            is_cut=pages < in_all,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found; ``total`` of the kind wanted, and of the other."""

    hits: Sequence[Hit | CorrectionHit]
    total: int
    articles: int
    corrections: int
    steps: Steps
    groups: tuple[Group, ...] = ()
    is_capped: bool = False  # there is more than is counted


def bounded(asked: Asked) -> tuple[Asked, tuple[str, ...]]:
    """Return what is looked for at most, and the words beyond it: each costs the database."""
    phrases = asked.phrases[:MOST_TERMS]
    words = asked.words[: MOST_TERMS - len(phrases)]
    excluded = asked.excluded[:MOST_TERMS]
    dropped = (
        asked.words[len(words) :] + asked.phrases[len(phrases) :] + asked.excluded[MOST_TERMS:]
    )
    return replace(asked, words=words, phrases=phrases, excluded=excluded), dropped


def find_articles(asked: Asked, wish: Wish, request: HttpRequest) -> Found:
    """Return a page of the articles; the number of queries is the same whatever is found.

    The index is asked once, for all that is found: that is what a page costs most.
    """
    rows = _rows(asked, ArticlePage.objects.published(request), newest=wish.newest)
    if len(rows) == MOST_COUNTED and wish.is_narrowed:
        # What is wanted may be among those that were not counted.
        rows = _rows(asked, _of(ArticlePage.objects.published(request), wish), newest=wish.newest)
    of_contributor = rows
    if wish.contributor:
        signed = ArticlePage.objects.signed_by(wish.contributor).values_list("pk", flat=True)
        keys = set(signed)
        of_contributor = [row for row in rows if row[0] in keys]
    counted = Counter(row[1:] for row in of_contributor)
    total, years, sections = arrange(
        [Row(int(year), slug or "", name or "", n) for (year, slug, name), n in counted.items()],
        wish,
    )
    steps = Steps.at(wish, total)
    start = (steps.number - 1) * ON_A_PAGE
    page = _narrowed(of_contributor, wish)[start : start + ON_A_PAGE]
    groups = (years, sections, _contributors(_narrowed(rows, wish), wish))
    return Found(
        hits=article_hits(page, asked.wanted),
        total=total,
        articles=total,
        corrections=count_corrections(asked, request),
        steps=steps,
        groups=tuple(group for group in groups if group.narrows(total)),
        is_capped=len(rows) == MOST_COUNTED,
    )


def find_corrections(asked: Asked, wish: Wish, request: HttpRequest) -> Found:
    """Return a page of the corrections, the newest first."""
    found = matching_corrections(asked, request)
    total = found.count()
    steps = Steps.at(wish, total)
    start = (steps.number - 1) * ON_A_PAGE
    page = found.with_articles()[start : start + ON_A_PAGE]
    return Found(
        hits=correction_hits(page, asked.wanted, request),
        total=total,
        articles=count_articles(asked, ArticlePage.objects.published(request), MOST_COUNTED),
        corrections=total,
        steps=steps,
    )


def matching(asked: Asked, articles: ArticleQuerySet) -> ArticleQuerySet:
    """Return those of ``articles`` in which everything asked for stands, in order."""
    return _search(as_query(asked), articles, newest=False)


def matching_corrections(asked: Asked, request: HttpRequest) -> CorrectionQuerySet:
    """Return the corrections of such articles in whose words it stands, the newest first."""
    return _search_corrections(as_query(asked), request)


def count_articles(asked: Asked, articles: ArticleQuerySet, most: int) -> int:
    """Return how many of ``articles`` match; not more than ``most`` are counted."""
    query, form, texts = as_marked(asked)
    found = prepared(
        ("count", form, articles.query.where, most),
        lambda: (
            articles.search(query, order_by_relevance=False)
            .get_queryset()
            .order_by()
            .values_list("pk")[:most]
        ),
        plan_once=False,
    )
    return len(found.rows(texts))


def count_corrections(asked: Asked, request: HttpRequest) -> int:
    """Return how many corrections match."""
    query, form, texts = as_marked(asked)
    where = ArticlePage.objects.published(request).query.where
    found = prepared(
        ("corrections", form, where, MOST_COUNTED),
        lambda: _search_corrections(query, request).order_by().values_list("pk")[:MOST_COUNTED],
        plan_once=False,
    )
    return len(found.rows(texts))


def _search(query: SearchQuery, articles: ArticleQuerySet, *, newest: bool) -> ArticleQuerySet:
    if newest:
        return articles.search(query, order_by_relevance=False).get_queryset().newest_first()
    return articles.newest_first().search(query).get_queryset()


def _search_corrections(query: SearchQuery, request: HttpRequest) -> CorrectionQuerySet:
    found = Correction.objects.published(request).search(query, order_by_relevance=False)
    return found.get_queryset().newest_first()


def _rows(
    asked: Asked, articles: ArticleQuerySet, *, newest: bool
) -> list[tuple[int, str, str, str]]:
    """Return key, year and section (slug, name) of each, in order; not more than are counted."""
    query, form, texts = as_marked(asked)
    found = prepared(
        ("articles", form, newest, articles.query.where, MOST_COUNTED),
        lambda: _search(query, articles, newest=newest).values_list(
            "pk", YEAR, "section__slug", "section__name"
        )[:MOST_COUNTED],
        plan_once=False,
    )
    return found.rows(texts)


def _narrowed(rows: Iterable[tuple[int, str, str, str]], wish: Wish) -> list[int]:
    """Return the keys of the articles of the year and section that are wanted."""
    return [
        key
        for key, year, section, _ in rows
        if wish.year in (None, int(year)) and wish.section in ("", section)
    ]


def _contributors(keys: list[int], wish: Wish) -> Group:
    """Return who wrote most of the articles ``keys``. The one chosen is always among them."""
    counts = prepared(
        "contributors",
        lambda: (
            Byline.objects.in_own_name()
            .filter(Among("article", mark("articles")))
            .values_list("contributor", "contributor__name")
            .annotate(written=Count("article", distinct=True))
            .order_by(
                Case(When(contributor=Value(mark("chosen")), then=0), default=1),
                "-written",
                "contributor",
            )[:MOST_CONTRIBUTORS]
        ),
    )
    values = {mark("articles"): keys_for(counts.using, keys), mark("chosen"): wish.contributor or 0}
    return contributors(counts.rows(values), wish)


def _of(articles: ArticleQuerySet, wish: Wish) -> ArticleQuerySet:
    if wish.contributor:
        articles = articles.signed_by(wish.contributor)
    if wish.year:
        articles = articles.filter(issue__issuepage__date__year=wish.year)
    if wish.section:
        articles = articles.filter(section__slug=wish.section)
    return articles
