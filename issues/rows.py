"""Make issues and articles ready for lists: a fixed number of queries, however long the list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest

from articles.bylines import line_of_names
from articles.models import ArticlePage, Byline, Role
from articles.querysets import ArticleQuerySet
from newsroom.cjk import full_width
from newsroom.lunar import printed_date, weekday
from newsroom.prepared import (
    Among,
    Prepared,
    converted_together,
    keys_for,
    mark,
    marked,
    prepared,
)
from newsroom.querysets import sight

from .archive import ArticleRow, IssueRow
from .models import IssuePage
from .querysets import IssueQuerySet

__all__ = [
    *("article_rows", "issue_rows", "issues_of_days", "rows_by_key", "rows_of_year"),
    "ISSUE_COLUMNS",
]


def issue_rows(request: HttpRequest, issues: Iterable[IssuePage]) -> tuple[IssueRow, ...]:
    """Return ``issues`` as lines of the archive, each with its first headline."""
    columns = [
        (issue.pk, issue.get_url(request), issue.number, issue.title, issue.date, issue.lunar_date)
        for issue in issues
    ]
    return _lines(request, columns)


ISSUE_COLUMNS = "pk", "slug", "number", "title", "date", "lunar_date"


def issues_of_days(request: HttpRequest) -> Prepared:
    """Return the query for the issues from one day to another, ``first`` and ``last``."""
    return prepared(("issues of days", sight(IssuePage, request)), lambda: _of_days(request))


def rows_of_year(
    request: HttpRequest, home: str, year: int, days: tuple[datetime.date, datetime.date]
) -> tuple[tuple[IssueRow, ...], IssueRow | None]:
    """Return the issues of ``year`` as lines of the archive, the latest first.

    And the latest one of ``days``, from the first to the last of them.
    """
    asked = issues_of_days(request)
    first, last = days
    found = converted_together(
        (asked, {"first": f"{year}-01-01", "last": f"{year}-12-31"}),
        (asked, {"first": first.isoformat(), "last": last.isoformat()}),
    )
    by_place = {(row[4], row[2]): row for row in found}
    newest = [row for _, row in sorted(by_place.items(), reverse=True)]
    within = [row for row in newest if first <= row[4] <= last][:1]
    shown = [row for row in newest if row[4].year == year or row in within]
    lines = _lines(request, [(key, f"{home}{slug}/", *rest) for key, slug, *rest in shown])
    return (
        tuple(line for line in lines if line.date.year == year),
        next((line for line in lines if within and line.number == within[0][2]), None),
    )


def _of_days(request: HttpRequest) -> IssueQuerySet:
    issues = IssuePage.objects.published(request).newest_first()
    issues = issues.filter(date__gte=marked("first"), date__lte=marked("last"))
    return issues.values_list(*ISSUE_COLUMNS)


def _lines(request: HttpRequest, issues: Sequence[Sequence[Any]]) -> tuple[IssueRow, ...]:
    """Return lines of key, address, number, title, date and lunar date of each issue."""
    counts = prepared(("firsts", sight(ArticlePage, request)), lambda: _firsts(request))
    keys = keys_for(counts.using, [key for key, *_ in issues])
    counted = {key: (count, first) for key, count, first in counts.converted(issues=keys)}
    titles = prepared("headlines", _headlines)
    paths = keys_for(titles.using, [first for _, first in counted.values()])
    headlines = {
        path: title if verbatim else full_width(title)
        for path, title, verbatim in titles.converted(paths=paths)
    }
    rows = []
    for key, url, number, title, date, lunar in issues:
        count, first = counted.get(key, (0, ""))
        rows.append(
            IssueRow(
                number=number,
                url=url,
                title=title,
                date=date,
                printed_date=printed_date(date),
                weekday=weekday(date),
                lunar_date=lunar,
                headline=headlines.get(first, ""),
                articles=count,
                extent=f"{count}篇" if count else "版面图",
                day=date.isoformat(),
            )
        )
    return tuple(rows)


def _firsts(request: HttpRequest) -> QuerySet:
    """Return of each issue how many articles it has, and where the first one stands."""
    articles = ArticlePage.objects.published(request).filter(Among("issue", mark("issues")))
    counted = articles.order_by().values_list("issue")
    return counted.annotate(count=Count("pk"), first=Min("path"))


def _headlines() -> QuerySet:
    articles = ArticlePage.objects.order_by().filter(Among("path", mark("paths"), "text"))
    return articles.values_list("path", "title", "verbatim_punctuation")


SHOWN = (
    *("pk", "issue__slug", "slug", "title", "verbatim_punctuation", "section__name"),
    *("issue__title", "issue__issuepage__date", "is_corrected"),
)


def article_rows(request: HttpRequest, articles: ArticleQuerySet) -> tuple[ArticleRow, ...]:
    """Return ``articles`` as lines of a list that spans issues."""
    return _article_lines(request, articles.for_contents().values_list(*SHOWN))


def rows_by_key(request: HttpRequest, keys: Iterable[int]) -> dict[int, ArticleRow]:
    """Return the articles of ``keys`` as such lines."""
    asked = prepared("article rows", _by_key)
    rows = _article_lines(request, asked.converted(keys=keys_for(asked.using, keys)))
    return {row.key: row for row in rows}


def _by_key() -> QuerySet:
    articles = ArticlePage.objects.order_by().filter(Among("pk", mark("keys")))
    return articles.for_contents().values_list(*SHOWN)


def _article_lines(
    request: HttpRequest, articles: Iterable[Sequence[Any]]
) -> tuple[ArticleRow, ...]:
    articles = list(articles)
    names = prepared("names", _names)
    signed: dict[int, list[tuple[str, str]]] = {}
    for key, role, name in names.rows(
        {mark("keys"): keys_for(names.using, [a[0] for a in articles])}
    ):
        signed.setdefault(key, []).append((Role(role).label if role else "", name))
    rows = []
    for key, issue, slug, title, verbatim, section, origin, date, corrected in articles:
        rows.append(
            ArticleRow(
                key=key,
                url=f"/{issue}/{slug}/",
                headline=title if verbatim else full_width(title),
                byline=line_of_names(signed.get(key, [])),
                section=section or "",
                origin=origin,
                date=date,
                printed_date=printed_date(date),
                corrected=bool(corrected),
            )
        )
    return tuple(rows)


def _names() -> QuerySet:
    names = Byline.objects.filter(Among("article", mark("keys")))
    return names.values_list("article", "role", "name")
