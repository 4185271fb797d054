"""Read the text of whole printed pages, as somebody pastes it, into a galley.

Nothing tells what a line is but its words and where it stands. Whatever is guessed is a doubt;
every character but white space, and what is invisible, stands in a block.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..galley import MASTHEAD, OUTSIDE, Galley, GalleyError, Part
from ..galley_data import LONGEST_SOURCE, MOST_BLOCKS
from .borders import part_articles
from .cross_checks import KnownIssue, cross_check
from .cutting import cut, unite
from .folding import fold
from .furniture import mark_furniture
from .head import mark_masthead
from .jumps import in_reading_order
from .naming import name_parts
from .reading import Piece, Reading, Unit, as_it_is
from .rejoining import doubt_loose_ends, drop_stumps, rejoin
from .wording import signature

__all__ = ["MOST_LINES", "KnownIssue", "doubt_datelines", "read_layout", "with_cuts"]

MOST_LINES = MOST_BLOCKS // 4  # each may be cut twice
DATELINE = re.compile(r"本报(?:杭州)?讯 *\(([^()]{2,40})\)")


def read_layout(text: str, *, known: Iterable[KnownIssue] = ()) -> Galley:
    """Return the galley of a pasted text; ``known`` are issues to compare its number with.

    Raises ``GalleyError`` only for what is too long to be an issue.
    """
    if len(text) > LONGEST_SOURCE or text.count("\n") + text.count("\r") > 4 * MOST_LINES:
        raise GalleyError("文字太长，不像一期报纸。请分成几次粘贴。")
    reading = cut(text)
    if len(reading.pieces) > MOST_LINES:
        raise GalleyError(f"文字有{len(reading.pieces)}行，最多{MOST_LINES}行。请分成几次粘贴。")
    mark_masthead(reading)
    mark_furniture(reading)
    cross_check(reading, known)
    units = in_reading_order(reading, unite(reading))
    ordered = [piece for unit in units for piece in unit.pieces]
    copy = [unit for unit in units if unit.first.part in (None, Part.PARAGRAPH, Part.BYLINE)]
    drop_stumps(reading, copy)
    for key, sheet in enumerate(part_articles(reading, copy), start=1):
        name_parts(reading, sheet, key)
        whole = rejoin(reading, sheet.body)
        doubt_loose_ends(reading, whole)
        doubt_datelines(reading, whole)
    return reading.galley(with_cuts(reading, ordered))


def doubt_datelines(reading: Reading, body: Sequence[Unit]) -> None:
    """Doubt who signs inside a dateline: the words stay, the editor decides who is listed."""
    for unit in body[:2]:
        found = DATELINE.match(fold(unit.first.text[:60]))
        if found and signature(f"({unit.first.text[found.start(1) : found.end(1)]})"):
            told = f"电头里有署名“{found[1]}”，照原样留在正文里；要计入作者，请在署名栏补上。"
            reading.doubt("dateline", unit.first, told, as_it_is("知道了"))


def with_cuts(reading: Reading, ordered: Sequence[Piece]) -> list[Piece]:
    """Return all pieces as they are to be read: what was cut off comes behind what it was cut from.

    What stands between the copy belongs to the article in which it stands.
    """
    cut_off: dict[int, list[Piece]] = {}
    placed = {piece.id for piece in ordered}
    last = 0
    for piece in reading.pieces:
        if piece.id in placed:
            last = piece.id
        else:
            cut_off.setdefault(last, []).append(piece)
    order = [each for piece in ordered for each in (piece, *cut_off.get(piece.id, ()))]
    article = MASTHEAD
    for piece in order:
        if piece.article != MASTHEAD:
            article = piece.article
        elif piece.part in OUTSIDE:
            piece.article = article
    return order
