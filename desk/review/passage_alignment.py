"""Find which passage of one version became which of the other.

What stayed as it was is found first; between such passages those that are most alike belong
together. What is left may have moved, or been split off or joined to its neighbour.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from .matching import spans

__all__ = ["Pair", "Unit", "align"]

ALIKE = 0.3  # what is less alike is another passage, not a changed one
SURELY_ALIKE = 0.75  # enough to be known elsewhere, or as another kind of passage
CONTAINED = 0.6  # so much of a part stands in the whole it was split from
SHORTEST_PART = 8
SHORTEST_MOVED = 6  # a shorter paragraph is rather a new one than one that moved

# Between what stayed, a passage is measured against those about as far down; and no more pairs
# are measured at once.
REACH = 20
MOST_MEASURED = 100_000


@dataclass(frozen=True, kw_only=True)
class Unit:
    """What is aligned: a passage, a name of the byline, a row of a table.

    Two with the same ``key`` are the same one, though details may differ; how far others are alike
    is measured by their ``text``.
    """

    kind: str
    key: Hashable
    text: str

    @cached_property
    def bigrams(self) -> frozenset[str]:
        """The pairs of neighbouring characters."""
        framed = f"^{self.text}$"
        return frozenset(framed[place : place + 2] for place in range(len(framed) - 1))

    @property
    def may_move(self) -> bool:
        """Whether it is known again elsewhere."""
        return self.kind in ("byline", "photo") or len(self.text) >= SHORTEST_MOVED


@dataclass(frozen=True, slots=True)
class Pair:
    """Places in the old and the new sequence that belong together.

    What moved has two: one with its old place alone, one with both.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


def align(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Pair the units of two sequences, in the new order, removed ones where they stood."""
    found = list(spans([unit.key for unit in old], [unit.key for unit in new]))
    stayed = [pair for span in found if span.kept for pair in _in_turn(*span[1:])]
    gaps = [(range(*span[1:3]), range(*span[3:])) for span in found if not span.kept]
    free_old = {i for gap, _ in gaps for i in gap}
    free_new = {j for _, gap in gaps for j in gap}

    moved = dict(_unchanged_elsewhere(old, new, sorted(free_old), sorted(free_new)))
    free_old -= moved.keys()
    free_new -= set(moved.values())
    changed = [
        pair
        for gap_old, gap_new in gaps
        for pair in _most_alike(
            old, new, [i for i in gap_old if i in free_old], [j for j in gap_new if j in free_new]
        )
    ]
    free_old -= {i for i, _ in changed}
    free_new -= {j for _, j in changed}
    grown = [_with_parts(old, new, i, j, free_old, free_new) for i, j in changed]
    elsewhere = dict(_changed_elsewhere(old, new, sorted(free_old), sorted(free_new)))
    free_old -= elsewhere.keys()
    free_new -= set(elsewhere.values())
    moved |= elsewhere
    return _in_printed_order(
        [
            *(Pair((i,), (j,)) for i, j in stayed),
            *grown,
            *(Pair((), (j,)) for j in free_new),
            *(Pair((i,), (j,), moved=True) for i, j in moved.items()),
        ],
        [*(Pair((i,), ()) for i in free_old), *(Pair((i,), (), moved=True) for i in moved)],
    )
