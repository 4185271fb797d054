"""Tell which pages show an issue in their calendar: of its month, and of a year after it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from issues.year_before import days_a_year_before

from .facts import Issue, Paper, Place

__all__ = ["is_of_today", "with_it_in_their_calendar"]


def with_it_in_their_calendar(issue: Issue, paper: Paper) -> Iterator[Place]:
    """Yield the issues whose pages show ``issue``, or showed it when it was there.

    Those of its month mark its day; those of which it is the issue of a year before name it.
    """
    for place in paper.issues:
        if place.key == issue.key:
            continue
        of_its_month = place.date[:7] == issue.date[:7]
        # A day a year and a fortnight after one is in the next year, or in the one after that.
        if of_its_month or (
            1 <= int(place.date[:4]) - issue.year <= 2
            and _is_of_a_year_before(issue, place.date, paper)
        ):
            yield place


def is_of_today(issue: Issue, paper: Paper) -> bool:
    """Whether the archive names ``issue`` as the one of a year before, or did."""
    return bool(paper.today) and _is_of_a_year_before(issue, paper.today, paper)


def _is_of_a_year_before(issue: Issue, day: str, paper: Paper) -> bool:
    """Whether ``issue`` is the latest one of the days that count as a year before ``day``.

    Asked of one that is gone, whether it was: among those there are now.
    """
    first, last = (
        each.isoformat() for each in days_a_year_before(datetime.date.fromisoformat(day))
    )
    if not first <= issue.date <= last:
        return False
    place = issue.date, issue.number
    return not any(
        place < (other.date, other.number) and other.date <= last for other in paper.issues
    )
