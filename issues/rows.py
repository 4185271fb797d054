"""Make issues and articles ready for lists: a fixed number of queries, however long the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import SimpleNamespace
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.http import HttpRequest

from articles.bylines import line_of_names
from articles.models import ArticlePage, Byline, Role
from articles.querysets import ArticleQuerySet
from newsroom.cjk import full_width
from newsroom.lunar import printed_date, weekday
from newsroom.models import PressPhotoRendition
from newsroom.prepared import Among, keys_for, mark, marked, prepared
from newsroom.querysets import sight

from .archive import ArticleRow, IssueRow, Neighbour
from .folio_pages import THUMBNAIL
from .models import IssuePage
from .querysets import IssueQuerySet

__all__ = ["article_rows", "issue_rows", "neighbours", "rows_by_key", "rows_of_year"]


def issue_rows(request: HttpRequest, issues: Iterable[IssuePage]) -> tuple[IssueRow, ...]:
    """Return ``issues`` as lines of the archive, each with its first headline."""
    columns = [
        (
            *(issue.pk, issue.get_url(request), issue.number, issue.title, issue.date),
            *(issue.lunar_date, getattr(issue, "cover", None)),
        )
        for issue in issues
    ]
    return _lines(request, columns)


def rows_of_year(request: HttpRequest, home: str, year: int) -> tuple[IssueRow, ...]:
    """Return the issues of ``year`` as lines of the archive, the latest first."""
    asked = prepared(("issues of days", sight(IssuePage, request)), lambda: _of_days(request))
    found = asked.converted(first=f"{year}-01-01", last=f"{year}-12-31")
    return _lines(request, [(key, f"{home}{slug}/", *rest) for key, slug, *rest in found])


def _of_days(request: HttpRequest) -> IssueQuerySet:
    issues = IssuePage.objects.published(request).newest_first()
    issues = issues.filter(date__gte=marked("first"), date__lte=marked("last"))
    issues = issues.with_covers(THUMBNAIL)
    return issues.values_list("pk", "slug", "number", "title", "date", "lunar_date", "cover")


def _lines(request: HttpRequest, issues: Sequence[Sequence[Any]]) -> tuple[IssueRow, ...]:
    """Return lines of key, address, number, title, date, lunar date and cover of each issue."""
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
    pictures = PressPhotoRendition._meta.get_field("file").storage
    for key, url, number, title, date, lunar, cover in issues:
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
                cover=pictures.url(cover) if cover else "",
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


def neighbours(request: HttpRequest, issue: IssuePage) -> tuple[Neighbour | None, Neighbour | None]:
    """Return the public issues before and after ``issue``."""
    seen = sight(IssuePage, request)
    place = {"date": issue.date and issue.date.isoformat(), "number": issue.number}
    before = prepared(("issue before", seen), lambda: _before(request)).first(**place)
    after = prepared(("issue after", seen), lambda: _after(request)).first(**place)
    return _neighbour(request, before), _neighbour(request, after)


ANY_ISSUE = SimpleNamespace(date=marked("date"), number=marked("number"))
NAMED = "url_path", "title", "date"


def _before(request: HttpRequest) -> QuerySet:
    issues = IssuePage.objects.published(request).before(ANY_ISSUE)
    return issues.newest_first().only(*NAMED)[:1]


def _after(request: HttpRequest) -> QuerySet:
    issues = IssuePage.objects.published(request).after(ANY_ISSUE)
    return issues.order_by("date", "number").only(*NAMED)[:1]


def _neighbour(request: HttpRequest, issue: IssuePage | None) -> Neighbour | None:
    if issue is None:
        return None
    return Neighbour(issue.get_url(request), issue.title, issue.printed_date)


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
