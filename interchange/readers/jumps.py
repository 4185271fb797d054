"""Bring what is continued on another page (下转第2版, 上接第1版) behind what it continues."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..galley import Act, Choice, Part, Step
from ..schema import RemarkKind
from .borders import Kind, kind_of
from .folding import fold
from .reading import Reading, Unit, as_it_is, become, quoted

__all__ = ["in_reading_order"]

CONTINUED = re.compile(r"[(\[【]? ?(?:紧?上接|接)")


def in_reading_order(reading: Reading, units: Sequence[Unit]) -> list[Unit]:
    """Return the units as they are to be read: a continuation behind its jump, if both are sure.

    Sure is the one continuation of the one jump; it ends with a signature or before a headline.
    """
    jumps = [unit for unit in units if unit.first.part is Part.JUMP]
    begins = [unit for unit in jumps if CONTINUED.match(fold(unit.text))]
    leaves = [unit for unit in jumps if unit not in begins]
    if not (len(begins) == len(leaves) == 1):
        for unit in begins:
            told = f"{quoted(unit.text)}以下是别处一篇的续文，不知道是哪一篇，没有移动。"
            reading.doubt("continuation", unit.first, told, as_it_is("知道了"))
        return list(units)
    start, goal = units.index(begins[0]), units.index(leaves[0])
    if start < goal:
        return list(units)
    if all(unit.first.part is not None for unit in units[goal + 1 : start]):
        return list(units)
    end = start + 1
    has_text = False
    while end < len(units):
        kind = kind_of(units[end]) if units[end].first.part in (None, Part.BYLINE) else None
        if kind is Kind.HEADING and has_text:
            break
        has_text |= kind is Kind.TEXT
        end += 1
        if kind is Kind.SIGNATURE:
            break
    _drop_headline_again(reading, units, start)
    moved = list(units[start:end])
    first = next((unit for unit in moved[1:] if unit.first.part is None), None)
    if first is None:
        return list(units)
    told = f"{quoted(units[start].text)}以下的续文，已接在{quoted(units[goal].text)}那一篇后面。"
    reading.doubt(
        "continued",
        first.first,
        told,
        as_it_is("是那一篇的"),
        Choice("单独成一篇", (Step(Act.BEGIN, first.first.id),)),
        kind=RemarkKind.MOVED,
    )
    rest = [*units[goal + 1 : start], *units[end:]]
    return [*units[: goal + 1], *moved, *rest]


def _drop_headline_again(reading: Reading, units: Sequence[Unit], start: int) -> None:
    """Leave out the headline that is printed again above a continuation."""
    above = units[start - 1]
    if above.first.part is None and above.text in {unit.text for unit in units[: start - 1]}:
        above.mark(Part.DROPPED)
        told = f"续文上面又印了一次标题{quoted(above.text)}，没有收入。"
        keep = become("是另一篇的标题", (above, Part.TITLE))
        reading.doubt("headline-again", above.first, told, as_it_is("不收入"), keep)
