"""Find which passage of one version became which of the other.

What stayed as it was is found first; between such passages those that are most alike belong
together. What is left may have moved, or been split off or joined to its neighbour.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

from .matching import spans

__all__ = ["Pair", "Unit", "align"]

ALIKE = 0.3  # what is less alike is another passage, not a changed one
SURELY_ALIKE = 0.75  # enough to be known elsewhere, or as another kind of passage
CONTAINED = 0.6  # so much of a part stands in the whole it was split from
SHORTEST_PART = 8
ONE_TEXT = {"paragraph", "crosshead", "note"}
SHORTEST_MOVED = 6  # a shorter paragraph is rather a new one than one that moved

# Between what stayed, a passage is measured against those about as far down; and no more pairs
# are measured at once.
REACH = 20
MOST_MEASURED = 100_000


@dataclass(frozen=True)
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

    What moved is told twice: with its old place alone, and with both.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


def align(old: Sequence[Unit], new: Sequence[Unit]) -> list[Pair]:
    """Pair the units of two sequences, in the new order, removed ones where they stood."""
    aligning = _Aligning(old, new)
    gaps = aligning.keep_what_stayed()
    aligning.find_unchanged_elsewhere()
    for gap_old, gap_new in gaps:
        aligning.find_changed(gap_old, gap_new)
    aligning.find_changed_elsewhere()
    return aligning.in_printed_order()


class _Aligning:
    def __init__(self, old: Sequence[Unit], new: Sequence[Unit]) -> None:
        self.old, self.new = old, new
        self.free_old, self.free_new = set(range(len(old))), set(range(len(new)))
        self.pairs: list[Pair] = []

    def pair(self, old: tuple[int, ...], new: tuple[int, ...], *, moved: bool = False) -> None:
        self.free_old.difference_update(old)
        self.free_new.difference_update(new)
        self.pairs.append(Pair(old, new, moved))

    def pair_with_parts(self, i: int, j: int, *, moved: bool = False) -> None:
        """Pair two units that are alike, with the free neighbours split from or joined to them."""
        of_new = _with_parts(self.new, j, self.free_new, self.old[i])
        is_split = len(of_new) > 1
        of_old = (i,) if is_split else _with_parts(self.old, i, self.free_old, self.new[j])
        self.pair(of_old, of_new, moved=moved)

    def keep_what_stayed(self) -> list[tuple[range, range]]:
        """Pair what is the same in the same order; return the gaps between."""
        gaps = []
        for kept, *places in spans([u.key for u in self.old], [u.key for u in self.new]):
            in_old, in_new = range(*places[:2]), range(*places[2:])
            if kept:
                for i, j in zip(in_old, in_new, strict=True):
                    self.pair((i,), (j,))
            else:
                gaps.append((in_old, in_new))
        return gaps

    def find_unchanged_elsewhere(self) -> None:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for j in sorted(self.free_new, reverse=True):
            waiting[self.new[j].key].append(j)
        for i in sorted(self.free_old):
            unit = self.old[i]
            if unit.may_move and waiting.get(unit.key):
                self.pair((i,), (waiting[unit.key].pop(),), moved=True)

    def find_changed(self, gap_old: range, gap_new: range) -> None:
        """Pair what is most alike in a gap, in order."""
        in_old = [i for i in gap_old if i in self.free_old]
        in_new = [j for j in gap_new if j in self.free_new]
        chosen: list[tuple[int, int]] = []
        for _, i, j in self._by_likeness(in_old, in_new, REACH):
            place = bisect(chosen, (i, j))
            before, after = chosen[place - 1 : place], chosen[place : place + 1]
            if all(a < i and b < j for a, b in before) and all(a > i and b > j for a, b in after):
                chosen.insert(place, (i, j))
        self.free_old.difference_update(i for i, _ in chosen)
        self.free_new.difference_update(j for _, j in chosen)
        for i, j in chosen:
            self.pair_with_parts(i, j)

    def find_changed_elsewhere(self) -> None:
        movable = [i for i in sorted(self.free_old) if self.old[i].may_move]
        for score, i, j in self._by_likeness(movable, sorted(self.free_new)):
            if score >= SURELY_ALIKE and i in self.free_old and j in self.free_new:
                self.pair_with_parts(i, j, moved=True)

    def _by_likeness(
        self, in_old: Sequence[int], in_new: Sequence[int], reach: int | None = None
    ) -> list[tuple[float, int, int]]:
        """Return the places of alike units with their likeness, the most alike first."""
        if len(in_old) * min(len(in_new), 2 * reach if reach else len(in_new)) > MOST_MEASURED:
            return []
        measured = []
        for n, i in enumerate(in_old):
            middle = n * len(in_new) // len(in_old)
            first, last = (max(0, middle - reach), middle + reach) if reach else (0, None)
            for j in in_new[first:last]:
                score = _likeness(self.old[i], self.new[j])
                if score >= ALIKE:
                    measured.append((score, i, j))
        return sorted(measured, key=lambda each: (-each[0], each[1:]))

    def in_printed_order(self) -> list[Pair]:
        """Return the pairs by their new places, what is gone behind what it used to follow."""
        behind = {pair.old[-1]: pair.new[-1] for pair in self.pairs if not pair.moved}
        followed, last = [], -1
        for i in range(len(self.old)):
            last = behind.get(i, last)
            followed.append(last)
        gone = [Pair((i,), ()) for i in self.free_old]
        gone += [Pair(pair.old, (), moved=True) for pair in self.pairs if pair.moved]
        came = [Pair((), (j,)) for j in self.free_new]
        return sorted(
            [*self.pairs, *came, *gone],
            key=lambda pair: (
                (pair.new[-1], 0, 0) if pair.new else (followed[pair.old[0]], 1, pair.old[0])
            ),
        )


def _likeness(old: Unit, new: Unit) -> float:
    """Return from 0 to 1 how far two units are one that changed."""
    both = len(old.bigrams & new.bigrams)
    score = 2 * both / (len(old.bigrams) + len(new.bigrams))
    if old.kind != new.kind:
        return score if score >= SURELY_ALIKE and {old.kind, new.kind} <= ONE_TEXT else 0.0
    if old.kind != "paragraph":
        return max(score, ALIKE)  # one in the place of the other
    shorter = min(len(old.bigrams), len(new.bigrams))
    return max(score, 0.8 * both / shorter) if shorter >= SHORTEST_PART else score


def _with_parts(units: Sequence[Unit], place: int, free: set[int], whole: Unit) -> tuple[int, ...]:
    """Return a place with its free neighbours that are part of a paragraph in the other version."""
    first = last = place
    if units[place].kind == whole.kind == "paragraph":
        while first - 1 in free and _is_part(units[first - 1], whole):
            first -= 1
        while last + 1 in free and _is_part(units[last + 1], whole):
            last += 1
    return tuple(range(first, last + 1))


def _is_part(part: Unit, whole: Unit) -> bool:
    shared = len(part.bigrams & whole.bigrams)
    enough = max(SHORTEST_PART, CONTAINED * len(part.bigrams))
    return part.kind == "paragraph" and shared >= enough
