"""Say in which files an issue may be taken along; apps above name theirs in ``ready()``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .models import IssuePage

__all__ = ["Download", "downloads_of", "offers"]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that readers are offered; ``size`` in bytes, 0 where it is not known."""

    label: str
    url: str
    size: int = 0


offers: list[Callable[[IssuePage], Iterable[Download]]] = []


def downloads_of(issue: IssuePage) -> tuple[Download, ...]:
    """Return what is offered of a public issue, in order."""
    return tuple(download for offer in offers for download in offer(issue))
