"""Say which days are a year before another one (去年今日), and how that may be called."""

from __future__ import annotations

import datetime

__all__ = ["days_a_year_before", "is_same_day"]

WITHIN = datetime.timedelta(days=14)  # of a fortnight there is an issue, of a ten-daily too


def days_a_year_before(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day on which an issue counts as that of a year before.

    The last is the same day; of 29 February, the day before.
    """
    if day.year == datetime.MINYEAR:
        return datetime.date.min, datetime.date.min
    last_of_february = day.month == 2 and day.day == 29
    last = day.replace(year=day.year - 1, day=28 if last_of_february else day.day)
    earliest = datetime.date.min + WITHIN
    return max(last, earliest) - WITHIN, last


def is_same_day(day: datetime.date, other: datetime.date) -> bool:
    """Whether both are the same day of the year."""
    return (day.month, day.day) == (other.month, other.day)
