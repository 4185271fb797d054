"""Find what two sequences have in common, in bounded time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

__all__ = ["Span", "spans"]

# ``difflib`` is slow with long sequences and with what is repeated often. Above these bounds only
# what is equal at both ends counts as common.
LONGEST = 2_500
MOST_REPEATED = 6
AUTOJUNK_FROM = 200  # where difflib leaves out what is more than a hundredth


class Span(NamedTuple):
    """A stretch of two sequences, and whether it is the same in both."""

    kept: bool
    old_start: int
    old_end: int
    new_start: int
    new_end: int


def spans(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[Span]:
    """Yield two sequences as stretches that are in turn the same and different."""
    i = j = 0
    for at_old, at_new, size in [*_common(old, new), (len(old), len(new), 0)]:
        if i < at_old or j < at_new:
            yield Span(False, i, at_old, j, at_new)
        if size:
            yield Span(True, at_old, at_old + size, at_new, at_new + size)
        i, j = at_old + size, at_new + size


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int, int]]:
    """Yield where stretches that are the same begin, and how long they are."""
    start = _equal_at_start(old, new)
    end = _equal_at_start(old[start:][::-1], new[start:][::-1])
    yield 0, 0, start
    left, right = old[start : len(old) - end], new[start : len(new) - end]
    if _is_affordable(left, right):
        for at_old, at_new, size in SequenceMatcher(None, left, right).get_matching_blocks():
            yield start + at_old, start + at_new, size
    yield len(old) - end, len(new) - end, end


def _equal_at_start(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (was, now) in pairs if was != now), min(len(old), len(new)))


def _is_affordable(old: Sequence[Hashable], new: Sequence[Hashable]) -> bool:
    if max(len(old), len(new)) > LONGEST:
        return False
    counts = Counter(new)
    most = len(new) // 100 + 1 if len(new) >= AUTOJUNK_FROM else len(new)
    compared = sum(counts[each] for each in old if counts[each] <= most)
    return compared <= MOST_REPEATED * (len(old) + 10)
