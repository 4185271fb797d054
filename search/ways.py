"""A way that is offered to a reader."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MOST_TOLD", "Way"]

MOST_TOLD = 1_000


@dataclass(frozen=True, slots=True)
class Way:
    """Where it leads, what it says, and how many articles are there, if that was counted.

    Nobody is told more exactly than ``MOST_TOLD``: counting on would cost a server dear.
    """

    label: str
    url: str
    detail: str = ""
    count: int | None = None

    @property
    def amount(self) -> str:
        """The number as readers are told it."""
        return f"{self.count}篇以上" if self.count == MOST_TOLD else f"{self.count}篇"
