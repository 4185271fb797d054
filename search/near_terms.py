"""Find the words that are nearest to one that is not found: what the paper says almost so."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from newsroom.cjk import SQUARE

__all__ = ["near_terms"]

LENGTHS = range(2, 7)  # characters of a word; what is longer is a sentence
# One character that is shared says little: a word of two must have been said more than once.
OFTEN_ENOUGH = {2: 2}
IN_SQUARES = re.compile(f"[{SQUARE}]+")


def near_terms(word: str, text: str, most: int = 5) -> list[str]:
    """Return what stands in ``text`` and differs from ``word`` in one character.

    Another character, or one less. Both are given folded (``tokens.fold``). What is said most often
    comes first; of words that are said equally often, the one that begins as ``word`` does.
    """
    if len(word) not in LENGTHS or not IN_SQUARES.fullmatch(word):
        return []
    said = Counter(hit[1] for pattern in _almost(word) for hit in pattern.finditer(text))
    least = OFTEN_ENOUGH.get(len(word), 1)
    near = [term for term, times in said.items() if term != word and times >= least]
    whole = [term for term in near if not any(term in other for other in near if other != term)]
    whole.sort(key=lambda term: (-said[term], term[0] != word[0], term))
    return whole[:most]


def _almost(word: str) -> Iterator[re.Pattern[str]]:
    """Return what to look for: each hit's group is a term. One may overlap another."""
    for at in range(len(word)):
        before, after = word[:at], word[at + 1 :]
        yield re.compile(f"(?=({before}[{SQUARE}]{after}))")
        if len(word) > min(LENGTHS):
            yield re.compile(f"(?=({before}{after}))")
