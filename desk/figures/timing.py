"""Tell how long pieces took from the manuscript to print, and from the first draft to 定稿."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

__all__ = ["Journey", "Spread", "days", "in_words", "spread"]

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """The moments of one piece; None where nobody knows (not sent in; made by a command)."""

    pk: int
    title: str
    issue: int  # its number
    received: datetime.datetime | None
    drafted: datetime.datetime | None
    signed: datetime.datetime | None
    printed: datetime.datetime | None

    @property
    def to_print(self) -> datetime.timedelta | None:
        """How long from the manuscript to print."""
        return _between(self.received, self.printed)

    @property
    def to_sign(self) -> datetime.timedelta | None:
        """How long from the first draft to 定稿."""
        return _between(self.drafted, self.signed)


@dataclass(frozen=True, slots=True)
class Spread:
    """How long it takes: in the middle, and at worst; ``known`` is of how many pieces."""

    known: int
    median: datetime.timedelta
    slowest: datetime.timedelta


def spread(spans: Iterable[datetime.timedelta | None]) -> Spread | None:
    """Return median and slowest of the spans that are known, or None if none is."""
    known = [span for span in spans if span is not None]
    return Spread(len(known), _median(known), max(known)) if known else None


def days(span: datetime.timedelta | None) -> float | None:
    """Return a span in days, to two decimals, for a table that is reckoned with."""
    return None if span is None else round(span / DAY, 2)


def in_words(span: datetime.timedelta | None) -> str:
    """Return a span as one says it: 12天, 3天4小时, 5小时, 20分钟."""
    if span is None:
        return ""
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes}分钟"
    hours = minutes // 60
    if hours < 24:
        return f"{hours}小时"
    whole, rest = divmod(hours, 24)
    return f"{whole}天{rest}小时" if rest and whole < 10 else f"{whole}天"


def _between(
    start: datetime.datetime | None, end: datetime.datetime | None
) -> datetime.timedelta | None:
    """Return the span, or None where one end is unknown or they lie the wrong way round."""
    return end - start if start is not None and end is not None and end >= start else None


def _median(spans: list[datetime.timedelta]) -> datetime.timedelta:
    return datetime.timedelta(seconds=median(span.total_seconds() for span in spans))
