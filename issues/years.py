"""Find the years that have public issues, at the same cost in a century as in a year."""

from __future__ import annotations

from django.db.models import DateField, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest

from newsroom.prepared import mark, marked, prepared
from newsroom.querysets import sight

from .archive import YearCount, Years, around, decades_around
from .models import IssuePage

__all__ = ["years_of_archive"]

DECADES = range(210, 189, -1)  # issues are dated 1901 to 2100
COUNTED = 2  # so many decades are counted whole; of more, only the one on show


def years_of_archive(request: HttpRequest, home: str, year: int | None) -> tuple[int | None, Years]:
    """Return ``year``, or the latest there is, and the years around it.

    None for a year of which there is no issue.
    """
    latest = _latest_of_decades(request)
    shown = year or next(iter(latest), None)
    if shown is None:
        return None, around([], None)
    few = len(latest) <= COUNTED
    first, last = (latest[-1] // 10, latest[0] // 10) if few else (shown // 10, shown // 10)
    counts = prepared(("years", sight(IssuePage, request)), lambda: _counted(request))
    of_year = {
        int(entry): YearCount(int(entry), count, f"{home}archive/{entry}/")
        for entry, count in counts.converted(first=f"{first}0-01-01", last=f"{last}9-12-31")
    }
    years = around(list(of_year.values()), shown)
    if not few:
        later = _first_after(request, last)
        others = [
            of_year.get(other) or YearCount(other, 0, f"{home}archive/{other}/") for other in latest
        ]
        after = YearCount(later, 0, f"{home}archive/{later}/") if later else None
        years = decades_around(others, years, shown, after)
    return (shown if shown in of_year else None), years


def _latest_of_decades(request: HttpRequest) -> list[int]:
    """Return the latest year with a public issue of each decade, the latest first."""
    asked = prepared(("latest of days", sight(IssuePage, request)), lambda: _latest(request))
    days = [
        {mark("first"): f"{decade}0-01-01", mark("last"): f"{decade}9-12-31"} for decade in DECADES
    ]
    return sorted((int(str(date)[:4]) for (date,) in asked.rows_of_each(days)), reverse=True)


def _first_after(request: HttpRequest, decade: int) -> int | None:
    """Return the first year with a public issue after ``decade``."""
    asked = prepared(("first after", sight(IssuePage, request)), lambda: _after(request))
    for (date,) in asked.rows({mark("last"): f"{decade}9-12-31"}):
        return int(str(date)[:4])
    return None


def _counted(request: HttpRequest) -> QuerySet:
    issues = IssuePage.objects.published(request)
    return issues.filter(date__gte=marked("first"), date__lte=marked("last")).by_year()


def _latest(request: HttpRequest) -> QuerySet:
    first, last = (Cast(marked(name), DateField()) for name in ("first", "last"))
    issues = IssuePage.objects.published(request).newest_first()
    issues = issues.filter(date__gte=first, date__lte=last)
    return issues.values_list("date")[:1]


def _after(request: HttpRequest) -> QuerySet:
    issues = IssuePage.objects.published(request).order_by("date", "number")
    return issues.filter(date__gt=marked("last")).values_list("date")[:1]
