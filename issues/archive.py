"""Arrange back issues by decade, year and month; articles as lines of a list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

YEARS_IN_A_ROW = 12


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
    extent: str
    day: str  # the date for machines
    cover: str = ""  # where its first printed page is found, small


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The issue before another one, or after it."""

    url: str
    title: str
    printed_date: str


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as a line of a list that spans issues."""

    key: int
    url: str
    headline: str
    byline: str
    section: str
    origin: str
    date: datetime.date
    printed_date: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section as a line of a list, with its latest article where it has one of the last year."""

    name: str
    url: str
    count: int
    latest: ArticleRow | None


@dataclass(frozen=True, slots=True)
class YearCount:
    """A year with the number of its issues, or articles."""

    year: int
    count: int
    url: str

    @property
    def title(self) -> str:
        """What the year is called: 2022年."""
        return f"{self.year}年"


@dataclass(frozen=True, slots=True)
class Decade:
    """Some years; ``label`` is empty where they are few enough to stand in one row.

    ``url`` leads to a decade whose years are not listed.
    """

    label: str
    years: tuple[YearCount, ...]
    is_shown: bool = True
    url: str = ""


@dataclass(frozen=True, slots=True)
class Years:
    """All the years there are, the latest first, and which one is on show."""

    decades: tuple[Decade, ...]
    previous: YearCount | None
    next: YearCount | None


@dataclass(frozen=True, slots=True)
class MonthOfIssues:
    """The issues of one month, newest first."""

    month: int
    label: str
    issues: tuple[IssueRow, ...]


def around(years: Sequence[YearCount], shown: int | None) -> Years:
    """Arrange ``years``, which come latest first, around the one that is shown."""
    place = next((n for n, entry in enumerate(years) if entry.year == shown), None)
    if len(years) <= YEARS_IN_A_ROW:
        decades: tuple[Decade, ...] = (Decade("", tuple(years)),)
    else:
        decades = tuple(
            Decade(f"{decade}0年代", tuple(of_decade), is_shown=(shown or 0) // 10 == decade)
            for decade, of_decade in groupby(years, key=lambda entry: entry.year // 10)
        )
    return Years(
        decades=decades,
        previous=years[place + 1] if place is not None and place + 1 < len(years) else None,
        next=years[place - 1] if place else None,
    )


def decades_around(
    latest: Sequence[YearCount], counted: Years, shown: int, later: YearCount | None
) -> Years:
    """Arrange the decades, whose ``latest`` years come latest first, around the one on show.

    Only its years are ``counted``; ``later`` is the first one after it.
    """
    decades, earlier = [], None
    listed = tuple(entry for decade in counted.decades for entry in decade.years)
    for entry in latest:
        decade, is_shown = entry.year // 10, entry.year // 10 == shown // 10
        label = f"{decade}0年代"
        decades.append(
            Decade(label, listed) if is_shown else Decade(label, (), is_shown=False, url=entry.url)
        )
        if decade < shown // 10:
            earlier = earlier or entry
    return Years(tuple(decades), counted.previous or earlier, counted.next or later)


def by_month(rows: Iterable[IssueRow]) -> tuple[MonthOfIssues, ...]:
    """Group ``rows``, which come newest first, by month."""
    return tuple(
        MonthOfIssues(month, f"{month}月", tuple(of_month))
        for month, of_month in groupby(rows, key=lambda row: row.date.month)
    )
