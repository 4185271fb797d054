"""Find which characters of a text were kept, removed and added.

Sentences are compared first, then the characters of those that changed. A number and a Latin word
count as one character: a changed one is marked whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .matching import Span, spans

__all__ = ["BREAK", "CELL", "Piece", "compare_texts"]

# Stands between the paragraphs of a row that was split or joined, and between the cells of a
# table's row.
BREAK = "\u2029"
CELL = "\t"

TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*|[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*"
    # A sign with what belongs to it: accents, the selectors of written forms, joined emoji.
    r"|.(?:[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]|\u200d.)*",
    re.DOTALL,
)
SENTENCE = re.compile(rf"[^。！？!?…\n{BREAK}]*(?:[。！？!?…]+[”’」』）)]*|[\n{BREAK}]|\Z)")
WORD = re.compile(r"\w")

SEEN = {" ": "␣", "\u3000": "▢", "\n": "↵\n", BREAK: "¶\n", CELL: "　｜　"}
SEEN_KEPT = {BREAK: "\n", CELL: SEEN[CELL]}

Change = Literal["kept", "removed", "added"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that was kept, added or removed."""

    change: Change
    text: str

    @property
    def shown(self) -> str:
        """The text with signs for what nobody would see: spaces and breaks that changed."""
        seen = SEEN_KEPT if self.change == "kept" else SEEN
        return "".join(seen.get(character, character) for character in self.text)


def compare_texts(old: str, new: str) -> tuple[Piece, ...]:
    """Return two texts as one, in pieces that were kept, removed or added."""
    found = (piece for piece in _by_sentence(old, new) if piece.text)
    return tuple(
        Piece(change, "".join(piece.text for piece in pieces))
        for change, pieces in groupby(found, key=lambda piece: piece.change)
    )


def _by_sentence(old: str, new: str) -> Iterator[Piece]:
    if not old or not new:
        yield Piece("removed", old)
        yield Piece("added", new)
        return
    a, b = SENTENCE.findall(old), SENTENCE.findall(new)
    for span in spans(a, b):
        before = "".join(a[span.old_start : span.old_end])
        after = "".join(b[span.new_start : span.new_end])
        yield from [Piece("kept", before)] if span.kept else _by_character(before, after)


def _by_character(old: str, new: str) -> Iterator[Piece]:
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    for span in _readable(spans(a, b), a):
        before = "".join(a[span.old_start : span.old_end])
        if span.kept:
            yield Piece("kept", before)
        else:
            yield Piece("removed", before)
            yield Piece("added", "".join(b[span.new_start : span.new_end]))


def _readable(found: Iterable[Span], old: Sequence[str]) -> list[Span]:
    """Give up kept snippets between replaced words: they would only confuse."""
    merged: list[Span] = []
    for span in found:
        merged.append(span)
        while (
            len(merged) >= 3
            and not span.kept
            and _confuses(merged[-3], merged[-2], merged[-1], old)
        ):
            first, _, last = merged[-3:]
            merged[-3:] = [
                Span(False, first.old_start, last.old_end, first.new_start, last.new_end)
            ]
    return merged


def _confuses(before: Span, kept: Span, after: Span, old: Sequence[str]) -> bool:
    removed = [span.old_end - span.old_start for span in (before, after)]
    added = [span.new_end - span.new_start for span in (before, after)]
    if not any(removed) or not any(added):
        return False  # only added to, or only taken from: that is easy to read
    words = sum(bool(WORD.match(token)) for token in old[kept.old_start : kept.old_end])
    changed = min(map(max, removed, added))
    return words <= max(1, changed // 2)
