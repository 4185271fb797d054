"""Arrange months as a Chinese wall calendar does, with the days on which the paper came out."""

from __future__ import annotations

import datetime
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from newsroom.almanac import notes_of_month
from newsroom.lunar import printed_date

__all__ = ["Day", "Month", "Out", "month_of", "months_of_year"]

DAYS = 7


@dataclass(frozen=True, slots=True)
class Out:
    """An issue that came out."""

    date: datetime.date
    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which the paper came out, where that leads, and with which issues (第450期)."""

    day: int
    url: str
    issues: str
    count: int


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what stands under it (初五, 中秋节); ``url`` where the paper came out."""

    number: int
    note: str
    is_named: bool
    url: str = ""
    name: str = ""
    is_shown: bool = False
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """A month; ``shown`` is the day of the issue on show, ``today`` the day it is, or 0.

    It holds little, so that what was made of it is found again quickly; the days come when asked.
    """

    year: int
    month: int
    marks: tuple[Mark, ...] = ()
    shown: int = 0
    today: int = 0

    @property
    def count(self) -> int:
        """How many issues came out in it."""
        return sum(mark.count for mark in self.marks)

    @property
    def label(self) -> str:
        """What it is called in full: 2022年8月."""
        return f"{self.year}年{self.month}月"

    @property
    def weeks(self) -> tuple[tuple[Day | None, ...], ...]:
        """The weeks, from Monday on as on Chinese calendars; None for days of other months."""
        days = list(self._days())
        before, _ = monthrange(self.year, self.month)
        cells = [*[None] * before, *days, *[None] * (-(before + len(days)) % DAYS)]
        return tuple(tuple(cells[n : n + DAYS]) for n in range(0, len(cells), DAYS))

    def _days(self) -> Iterator[Day]:
        marked = {mark.day: mark for mark in self.marks}
        for number, note in enumerate(notes_of_month(self.year, self.month), 1):
            is_shown, is_today = number == self.shown, number == self.today
            url = name = ""
            if mark := marked.get(number):
                date = printed_date(datetime.date(self.year, self.month, number))
                url, name = mark.url, f"{date} {note.text} {mark.issues}"
            yield Day(number, note.text, note.is_named, url, name, is_shown, is_today)


def month_of(
    issues: Iterable[Out],
    year: int,
    month: int,
    *,
    home: str,
    shown: datetime.date | None = None,
    today: datetime.date | None = None,
) -> Month:
    """Arrange one month; of ``issues`` those of other months are left out.

    Several issues of one day lead to the page of that day, below ``home``.
    """

    def of_here(day: datetime.date | None) -> int:
        return day.day if day and (day.year, day.month) == (year, month) else 0

    out = sorted(
        {each for each in issues if of_here(each.date)}, key=lambda each: (each.date, each.number)
    )
    marks = []
    for date, of_day in groupby(out, key=lambda each: each.date):
        numbers = list(of_day)
        url = numbers[0].url if len(numbers) == 1 else f"{home}{date.isoformat()}/"
        names = "、".join(f"第{each.number}期" for each in numbers)
        marks.append(Mark(date.day, url, names, len(numbers)))
    return Month(year, month, tuple(marks), of_here(shown), of_here(today))


def months_of_year(
    issues: Iterable[Out], year: int, *, home: str, today: datetime.date | None = None
) -> tuple[Month, ...]:
    """Arrange the twelve months of ``year``."""
    by_month: dict[int, list[Out]] = {}
    for each in issues:
        if each.date.year == year:
            by_month.setdefault(each.date.month, []).append(each)
    return tuple(
        month_of(by_month.get(month, ()), year, month, home=home, today=today)
        for month in range(1, 13)
    )
