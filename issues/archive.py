"""Arrange back issues by year and month."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class IssueRow:
    """An issue as a line of the archive."""

    number: int
    url: str
    title: str
    date: datetime.date
    printed_date: str
    weekday: str
    lunar_date: str
    headline: str
    articles: int


@dataclass(frozen=True, slots=True)
class YearCount:
    """A year with the number of its issues."""

    year: int
    count: int
    url: str


@dataclass(frozen=True, slots=True)
class MonthOfIssues:
    """The issues of one month, newest first."""

    month: int
    label: str
    issues: tuple[IssueRow, ...]


def by_month(rows: Iterable[IssueRow]) -> tuple[MonthOfIssues, ...]:
    """Group ``rows``, which come newest first, by month."""
    return tuple(
        MonthOfIssues(month, f"{month}月", tuple(of_month))
        for month, of_month in groupby(rows, key=lambda row: row.date.month)
    )
