"""Find what two sequences have in common, in bounded time.

``difflib`` takes long where few elements are repeated often. Then only the rarer ones count, and
where even that is too much, what is equal at both ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

__all__ = ["Span", "spans"]

# How often an element of one sequence may stand in the other, on average.
MOST_REPEATED = 6
NEVER_TOO_MANY = 500
# What SequenceMatcher's "autojunk" leaves out: https://docs.python.org/3/library/difflib.html
AUTOJUNK_FROM, AUTOJUNK_PER_CENT = 200, 1


class Span(NamedTuple):
    """A stretch of two sequences, and whether it is the same in both."""

    kept: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int

    @property
    def removed(self) -> int:
        """How many elements were there before."""
        return self.old_end - self.old_start

    @property
    def added(self) -> int:
        """How many elements are there now."""
        return self.new_end - self.new_start


def spans(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Span]:
    """Yield two sequences as stretches that are in turn the same and different."""
    i = j = 0
    for at_old, at_new, size in [*_common(old, new), (len(old), len(new), 0)]:
        if i < at_old or j < at_new:
            yield Span(False, i, at_old, j, at_new)
        if size:
            yield Span(True, at_old, at_old + size, at_new, at_new + size)
        i, j = at_old + size, at_new + size


def _common(
    old: Sequence[Hashable], new: Sequence[Hashable]
) -> Iterator[tuple[int, int, int]]:
    """Yield where stretches that are the same begin, and how long they are."""
    start = _equal_at_start(old, new)
    end = _equal_at_start(old[start:][::-1], new[start:][::-1])
    yield 0, 0, start
    between = old[start : len(old) - end], new[start : len(new) - end]
    for at_old, at_new, size in _matched(*between):
        yield start + at_old, start + at_new, size
    yield len(old) - end, len(new) - end, end


def _equal_at_start(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (was, now) in pairs if was != now), min(len(old), len(new)))


def _matched(old: Sequence[Hashable], new: Sequence[Hashable]) -> Sequence[tuple[int, int, int]]:
    counts = Counter(new)
    affordable = MOST_REPEATED * (len(old) + len(new)) // 2 + NEVER_TOO_MANY
    popular = max(len(new) * AUTOJUNK_PER_CENT // 100 + 1, 0)
    for autojunk in (False, True):
        most = popular if autojunk and len(new) >= AUTOJUNK_FROM else len(new)
        if sum(counts[each] for each in old if counts[each] <= most) <= affordable:
            return SequenceMatcher(None, old, new, autojunk).get_matching_blocks()
    return ()
