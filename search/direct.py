"""Lead straight to an issue that was named by its number or day, or to an article by its code."""

from __future__ import annotations

import re

from django.db.models import Q
from django.http import HttpRequest

from articles.models import ArticlePage
from articles.reading import shown
from issues.finding import Wanted, wanted_issue
from issues.models import IssuePage

from .ways import Way

MOST = 5
# 五一 and 三八 are numerals, but whoever looks for them means the days.
SAYS_SO = re.compile("[0-9０-９第期号號年月日]")


def articles_named(text: str, request: HttpRequest) -> tuple[Way, ...]:
    """Return the public article whose short code (450-3) ``text`` is: one query, if it is one."""
    wanted = wanted_issue(text)
    if wanted is None or wanted.article is None:
        return ()
    published = ArticlePage.objects.published(request).with_issues()
    of_issue = published.filter(issue__issuepage__number=wanted.number)
    ways = []
    for article in of_issue.filter(number=wanted.article):
        issue = article.issue.issuepage
        detail = f"{issue.title}，{issue.printed_date}"
        ways.append(Way(shown(article)(article.title), article.get_url(request), detail))
    return tuple(ways)


def issues_named(text: str, request: HttpRequest) -> tuple[Way, ...]:
    """Return the public issues, or the part of the archive, that ``text`` names.

    Two queries at most; 2022 may be a number and a year.
    """
    wanted = wanted_issue(text)
    if wanted is None or not SAYS_SO.search(text):
        return ()
    ways = []
    issues = IssuePage.objects.published(request).newest_first()
    if named := _named(wanted):
        for issue in issues.filter(named)[:MOST]:
            ways.append(
                Way(issue.title, issue.get_url(request), f"{issue.printed_date} {issue.weekday}")
            )
    if wanted.year and not wanted.day:
        of_time = issues.filter(date__year=wanted.year)
        archive, label = f"/archive/{wanted.year}/", f"{wanted.year}年"
        if wanted.month:
            of_time = of_time.filter(date__month=wanted.month)
            archive, label = f"{archive}#month-{wanted.month}", f"{label}{wanted.month}月"
        if of_time.exists():
            ways.append(Way(f"{label}的各期", archive))
    return tuple(ways)


def _named(wanted: Wanted) -> Q | None:
    if wanted.number and not (wanted.article and wanted.month):  # 2022-8 is no 第2022期
        return Q(number=wanted.number)
    if wanted.day:
        named = Q(date__month=wanted.month, date__day=wanted.day)
        return named & Q(date__year=wanted.year) if wanted.year else named
    return None
