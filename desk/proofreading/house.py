"""Hold what a newsroom has laid down for itself: its word lists, its leaders, its switches."""

from __future__ import annotations

from dataclasses import dataclass

from .alarms import Level

__all__ = ["NEITHER", "House", "Person"]

NEITHER = "none"


@dataclass(frozen=True, slots=True)
class Person:
    """A leader with the post to be printed; the one of the lowest rank is named first.

    Two of one rank may be named in either order; several posts of one person are parted by 、.
    """

    name: str
    post: str
    rank: int


@dataclass(frozen=True, slots=True)
class House:
    """The rules of one newsroom, as its editors keep them in the admin.

    ``corrections`` are pairs of wrong and right, ``banned`` pairs of a word and why it is not
    printed; ``internal`` switches on the rules for internal publications (内部资料);
    ``switched_off`` holds codes of rules that are not asked, ``levels`` pairs of a code and the
    level that the newsroom gives it instead of the rule's own. ``own_name`` is what the paper
    calls itself: 本报, 本刊, NEITHER of them, or nothing where either will do.
    """

    corrections: tuple[tuple[str, str], ...] = ()
    banned: tuple[tuple[str, str], ...] = ()
    people: tuple[Person, ...] = ()
    internal: bool = True
    switched_off: frozenset[str] = frozenset()
    levels: tuple[tuple[str, Level], ...] = ()
    own_name: str = NEITHER
