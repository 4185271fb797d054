"""Cut the words around what was found out of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["MOST_FRAGMENTS", "Fragment", "clause_around", "fragments"]

Span = tuple[int, int]

MOST_FRAGMENTS = 3
AROUND = 25  # characters before and behind what was found
LEAST = 8  # of them, before a fragment ends at a mark
ELLIPSIS = "……"
# Where a fragment may begin and end: behind a mark, except in 8.5, 8:30, 1,234.
MARK = re.compile(r"(?:[，。；：？！…\n]|[,;:?!](?!\d))[”’」』》）)]*")
SENTENCE_END = re.compile(r"[。？！?!][”’」』》）)]*")
CLAUSE_EDGE = re.compile(r"[^\w \u3000]")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a text, and what was found in it; ``start`` is its place in the text."""

    text: str
    hits: tuple[Span, ...]
    start: int
    before: str = ""  # an ellipsis where a sentence does not begin
    after: str = ""


def fragments(
    text: str, hits: Sequence[Span], *, most: int = MOST_FRAGMENTS
) -> tuple[Fragment, ...]:
    """Return the places of ``text`` that show ``hits``, in reading order.

    Different words are shown before the same word again; ``text`` has a paragraph per line.
    """
    chosen: list[Span] = []
    seen: set[str] = set()
    for start, end in hits:
        if len(chosen) == most:
            break
        word = text[start:end].casefold()
        if word in seen:
            continue
        seen.add(word)
        if not any(begin <= start and end <= stop for begin, stop in chosen):
            chosen.append(_window(text, start, end))
    return tuple(_fragment(text, hits, begin, stop) for begin, stop in _merged(chosen))


def clause_around(text: str, start: int, end: int) -> str:
    """Return the words from mark to mark around a hit: what a browser can find again by itself."""
    begin, stop = _window(text, start, end)
    befores = [edge.end() for edge in CLAUSE_EDGE.finditer(text, begin, start)]
    behind = CLAUSE_EDGE.search(text, end, stop)
    return text[befores[-1] if befores else begin : behind.start() if behind else stop].strip()


def _window(text: str, start: int, end: int) -> Span:
    """Return from where to where a hit is shown: the sentence, or whole clauses, if they fit."""
    paragraph = text.rfind("\n", 0, start) + 1
    close = text.find("\n", end)
    paragraph_end = close if close >= 0 else len(text)
    begin, stop = max(paragraph, start - AROUND), min(paragraph_end, end + AROUND)
    ends = [mark.end() for mark in SENTENCE_END.finditer(text, begin, start)]
    if ends:
        begin = ends[-1]
    elif begin > paragraph and (mark := MARK.search(text, begin, start)):
        begin = mark.end()
    if stop < paragraph_end and (marks := list(MARK.finditer(text, end + LEAST, stop))):
        stop = marks[-1].end()
    return begin, stop


def _merged(windows: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for begin, stop in sorted(windows):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((begin, stop))
    return merged


def _fragment(text: str, hits: Sequence[Span], begin: int, stop: int) -> Fragment:
    ends = _ends(text, stop)
    return Fragment(
        text=text[begin:stop] if ends else text[begin:stop].rstrip("，、；：,;:"),
        hits=tuple((s - begin, e - begin) for s, e in hits if begin <= s and e <= stop),
        start=begin,
        before="" if _begins(text, begin) else ELLIPSIS,
        after="" if ends else ELLIPSIS,
    )


def _begins(text: str, place: int) -> bool:
    before = text[:place].rstrip("”’」』》）)")
    return not before or before[-1] in "\n。？！?!"


def _ends(text: str, place: int) -> bool:
    if text[place : place + 1] in ("", "\n"):
        return True
    return text[:place].rstrip("”’」』》）)")[-1:] in ("。", "？", "！", "?", "!")
