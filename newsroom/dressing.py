"""Know how the paper looks now, in every process within a third of a second.

Pages, and the cards by which links to them are known, look as it is set for the day on which they
are read. What is printed (the PDF edition) looks as it was set for the day that stands on it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError
from django.utils import timezone

from .looks import Look, Period, look_of
from .models import Occasion

__all__ = ["look_in_print", "look_now", "look_stored", "looks_changed", "looks_of_issues"]

# For so long a process may go by what it read last.
SECONDS = 0.3

# Called within the transaction that changes an occasion, with what was set and what is: whoever
# keeps pages or files has those made anew. Higher apps add theirs in ready().
looks_changed: list[Callable[[Sequence[Period]], None]] = []

_known: tuple[float, tuple[Period, ...]] | None = None


def look_now(issue: int | None = None) -> Look:
    """Return how a page looks today: one of the issue of that number, or of none."""
    return look_of(_periods(), timezone.localdate(), issue)


def look_stored() -> Look:
    """Return how the whole paper looks today, as the database has it and not as remembered."""
    return look_of(_read(), timezone.localdate())


def looks_of_issues() -> dict[int, Look]:
    """Return the issues that have a look of their own, by number, as the database has it."""
    return {each.issue: each.look for each in _read() if each.issue is not None}


def look_in_print(issue: int, day: date) -> Look:
    """Return how the issue of that number and date looks on paper."""
    return look_of(_read(), day, issue)


def _periods() -> tuple[Period, ...]:
    """Return what is set; while the database is away, what was known stays.

    A process that knows nothing yet has pages look as on most days: forms open without a database.
    """
    global _known
    now = time.monotonic()
    if _known is not None and now - _known[0] < SECONDS:
        return _known[1]
    try:
        periods = _read()
    except (DatabaseError, InterfaceError):
        return _known[1] if _known is not None else ()
    _known = now, periods
    return periods


def _read() -> tuple[Period, ...]:
    # Never a standby, which may be behind: nginx would keep a page as it was.
    return tuple(row.as_period() for row in Occasion.objects.using(DEFAULT_DB_ALIAS).all())


def forget() -> None:
    """Have this process ask anew."""
    global _known
    _known = None


def remember(instance: Occasion, **kwargs: Any) -> None:
    """Before an occasion is saved, note what it said."""
    stored = Occasion.objects.filter(pk=instance.pk).first() if instance.pk else None
    instance.said_before = (stored.as_period(),) if stored else ()


def changed(instance: Occasion, **kwargs: Any) -> None:
    """Tell whoever keeps something that looks have changed."""
    forget()
    periods = {*instance.said_before, instance.as_period()}
    for told in looks_changed:
        told(tuple(periods))
    instance.said_before = (instance.as_period(),)
