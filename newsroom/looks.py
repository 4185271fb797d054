"""Decide how the paper looks on a day: as always, grey for mourning, or with a red nameplate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Look", "Period", "look_of"]


class Look(StrEnum):
    """How pages, cards and printed editions look; the value is what a template puts out."""

    PLAIN = ""
    GREY = "grey"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Period:
    """That the whole paper has a look from day to day, or that one issue has it for ever."""

    look: Look
    since: date | None = None
    until: date | None = None
    issue: int | None = None

    def covers(self, day: date, issue: int | None) -> bool:
        """Whether a page of ``issue`` (None: of no issue) has this look on ``day``."""
        if self.issue is not None:
            return self.issue == issue
        return bool(self.since and self.until and self.since <= day <= self.until)


def look_of(periods: Iterable[Period], day: date, issue: int | None = None) -> Look:
    """Return how a page of ``issue`` looks on ``day``.

    Mourning goes before a festival: nobody is to meet a red nameplate on such a day, even on an
    issue that came out red.
    """
    found = {period.look for period in periods if period.covers(day, issue)}
    return next((look for look in (Look.GREY, Look.RED) if look in found), Look.PLAIN)
