"""Hold what the rules must know and the issue as data does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

__all__ = ["NOTHING_KNOWN", "Facts", "Neighbour", "Neighbours"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An issue beside the one that is checked."""

    number: int
    date: date


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The issues before and after by date; ``same_day`` holds others that bear the same date."""

    previous: Neighbour | None = None
    following: Neighbour | None = None
    same_day: tuple[Neighbour, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands outside the issue.

    ``dead_links`` tells by address what the link answered, in Chinese (404 页面不存在).
    """

    dead_links: Mapping[str, str] = field(default_factory=dict)


NOTHING_KNOWN = Facts()
