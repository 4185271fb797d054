"""Which of many sets are kept: the newest, and one for each of the last days, weeks, months."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Keeping"]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many sets are kept: of all the newest, and of days, weeks and months that have one."""

    newest: int = 0
    daily: int = 0
    weekly: int = 0
    monthly: int = 0

    def superfluous(self, moments: Iterable[datetime]) -> list[datetime]:
        """Return what may go, the oldest first; never the newest, and nothing if nothing is set."""
        newest_first = sorted(set(moments), reverse=True)
        if not any((self.newest, self.daily, self.weekly, self.monthly)):
            return []
        kept = set(newest_first[: max(1, self.newest)])
        kept |= _last_of(newest_first, lambda at: at.date(), self.daily)
        kept |= _last_of(newest_first, lambda at: at.isocalendar()[:2], self.weekly)
        kept |= _last_of(newest_first, lambda at: (at.year, at.month), self.monthly)
        return [moment for moment in reversed(newest_first) if moment not in kept]


def _last_of(
    newest_first: list[datetime], span: Callable[[datetime], object], most: int
) -> set[datetime]:
    """Return the last moment in each of the ``most`` latest spans that have one."""
    last: dict[object, datetime] = {}
    for moment in newest_first:
        last.setdefault(span(moment), moment)
    return set(list(last.values())[:most])
