"""Tell the template what stands where on the pages: its flow, and the hairlines around it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .makeup import (
    ENDLESS,
    LEAST_UNDER,
    Cell,
    Columns,
    Measured,
    Piece,
    Placed,
    Row,
    Sheet,
    forever,
    run_through,
    text_of,
)

__all__ = ["Bed", "Imposition"]

Data = dict[str, Any]
Place = tuple[int, int]  # an item, and how many of its lines are past
Mark = tuple[int, Columns, int, float]

SPARE = 0.2  # squares that columns are higher than their lines
MOST_STRETCH = 1.7  # lines between two rows, so that a page ends at its foot
FEWEST_RULED = 3  # lines beside which a hairline stands
MOST_WHITE = 0.3  # of a page; one that is emptier is not stretched


@dataclass(frozen=True, slots=True)
class Bed:
    """The sheet that the pages are imposed on, in points; ``square`` is the size of body type."""

    square: float
    squares: int  # from margin to margin
    pitch: float
    left: float
    top: float
    height: float
    front: float  # taken by the head of the first page, the white below it included
    front_height: float
    front_rise: float  # by how much it begins above the others

    def high(self, lines: float) -> float:
        """Return how high so many lines are."""
        return lines * self.line - (self.pitch - 1) * self.square

    @property
    def line(self) -> float:
        """From one line to the next."""
        return self.pitch * self.square


@dataclass(slots=True)
class Imposition:
    """What the template sets, part after part, and what was reckoned for it.

    ``marks`` tell of each text in columns by where it has to end: article, columns, page, place.
    ``widths`` are those at which the pictures are printed.
    """

    bed: Bed
    pages: Sequence[tuple[Sheet, Data]]
    items: Sequence[Sequence[Data]]
    photos: Sequence[Data | None]
    measured: Callable[[int, Columns], Measured]
    cut: Callable[[int, int, Columns, int], int]
    parts: list[Data] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    rules: list[list[list[float]]] = field(default_factory=list)
    widths: dict[str, float] = field(default_factory=dict)
    _page: int = 0
    _y: float = 0

    def write(self) -> None:
        """Impose all pages."""
        bed = self.bed
        self.rules = [[] for _ in self.pages]
        self.parts.append({"kind": "gap", "pt": -bed.front_rise})
        self.parts.append({"kind": "front", "pt": bed.front_height})
        self._y = bed.front_height - bed.front_rise
        tops = [self._tops(number) for number in range(len(self.pages))]
        running: list[tuple[int, float, Placed]] = []
        for number, (sheet, page) in enumerate(self.pages):
            if page["opens"] and number:
                if running:
                    self._run_on(running)
                    running = []
                self._turn_to(number)
                self.parts.append({"kind": "folio", "page": number})
            for placed, top in zip(sheet.placed, tops[number], strict=True):
                if running and placed.row is not running[0][2].row:
                    self._run_on(running)
                    running = []
                if len(placed.row.cells) > 1:
                    self._row(number, top, placed.row)
                else:
                    running.append((number, top, placed))
            ends = [
                top + bed.high(placed.lines)
                for placed, top in zip(sheet.placed, tops[number], strict=True)
            ]
            for end, below in zip(ends, tops[number][1:], strict=False):
                middle = (end + below) / 2
                self._rule(number, 0, middle, bed.squares * bed.square, middle)
        if running:
            self._run_on(running)

    def _tops(self, number: int) -> list[float]:
        """Return where on a page each thing begins: stretched so that the page ends at its foot."""
        bed, (sheet, _) = self.bed, self.pages[number]
        start = bed.front if number == 0 else 0.0
        white = bed.height - start - bed.high(sheet.used) - 2 * SPARE * bed.square
        gaps = len(sheet.placed) - 1
        runs_on = (
            number + 1 < len(self.pages)
            and sheet.placed
            and self.pages[number + 1][0].placed
            and self.pages[number + 1][0].placed[0].row is sheet.placed[-1].row
        )
        extra = 0.0
        if gaps > 0 and not runs_on and white < MOST_WHITE * bed.height:
            extra = min(white / gaps, MOST_STRETCH * bed.line)
        return [
            start + one.top * bed.line + extra * place for place, one in enumerate(sheet.placed)
        ]

    # Moving over the sheet

    def _turn_to(self, page: int) -> None:
        while self._page < page:
            self.parts.append({"kind": "page"})
            self._page += 1
            self._y = 0

    def _go_to(self, page: int, y: float) -> None:
        self._turn_to(page)
        if y != self._y:
            self.parts.append({"kind": "gap", "pt": y - self._y})
            self._y = y

    def _rule(self, page: int, x1: float, y1: float, x2: float, y2: float) -> None:
        bed = self.bed
        self.rules[page].append([bed.left + x1, bed.top + y1, bed.left + x2, bed.top + y2])

    # Articles

    def _row(self, page: int, top: float, row: Row) -> None:
        """Set articles side by side."""
        bed = self.bed
        self._go_to(page, top)
        room = self.bed.squares - sum(cell.columns.width for cell in row.cells)
        between = room / (len(row.cells) - 1)
        height = bed.high(row.lines)
        cells = []
        x = 0.0
        for number, cell in enumerate(row.cells):
            if number:
                middle = (x - between / 2) * bed.square
                self._rule(page, middle, top, middle, top + height)
            spare = row.lines - cell.lines
            head = cell.head + min(spare, 2)
            parts: list[Data] = [self._head(cell, head)]
            y, end = top + head * bed.line, top + bed.high(head)
            for index, piece in enumerate(cell.pieces):
                lines = [(page, y, piece.lines)]
                parts.append({"kind": "gap", "pt": y - end})
                parts.append(self._piece(cell, index, x, lines))
                end = y + self._piece_height(piece, lines)
                y += piece.lines * bed.line
            cells.append({"x": x, "width": cell.columns.width, "parts": parts})
            x += cell.columns.width + between
        self.parts.append({"kind": "row", "pt": height, "cells": cells})
        self._y += height

    def _run_on(self, running: Sequence[tuple[int, float, Placed]]) -> None:
        """Set an article that has its row for itself, over as many pages as it takes."""
        bed = self.bed
        [cell] = running[0][2].row.cells
        portions: dict[int, list[tuple[int, float, int]]] = {}
        for page, top, placed in running:
            y = top
            if placed.heads:
                self._go_to(page, y)
                self.parts.append(self._head(cell, cell.head))
                self._y += bed.high(cell.head)
                y += cell.head * bed.line
            for index, lines in placed.parts:
                portions.setdefault(index, []).append((page, y, lines))
                y += lines * bed.line
        for index, pages in portions.items():
            self._go_to(pages[0][0], pages[0][1])
            self.parts.append(self._piece(cell, index, 0, pages))
            self._page = pages[-1][0]
            self._y = pages[-1][1] + self._piece_height(cell.pieces[index], pages)

    def _head(self, cell: Cell, lines: int) -> Data:
        return {
            "kind": "head",
            "article": cell.article,
            "width": cell.columns.width,
            "lines": lines,
        }

    def _piece_height(self, piece: Piece, portions: Sequence[tuple[int, float, int]]) -> float:
        spare = SPARE * self.bed.square if piece.n and not piece.photo else 0
        return self.bed.high(portions[-1][2]) + spare

    def _piece(
        self, cell: Cell, index: int, x: float, portions: Sequence[tuple[int, float, int]]
    ) -> Data:
        piece = cell.pieces[index]
        page, y, lines = portions[0]
        if piece.photo:
            return self._beside(cell, piece, x, page, y)
        if not piece.n:
            item = self.items[cell.article][piece.start]
            self._note_width(item, cell.columns.width)
            return {"kind": "span", "item": item, "width": cell.columns.width, "lines": lines}
        columns = cell.columns
        for where, top, high in portions:
            self._column_rules(where, x, top, high, columns, columns.n)
        heights = [self.bed.height - one[1] for one in portions[:-1]]
        heights.append(self._piece_height(piece, portions))
        where, top, _ = portions[-1]
        return self._columns(
            cell, columns.n, self._between(cell, *_ends(piece)), heights, where, top
        )

    def _columns(
        self, cell: Cell, n: int, items: list[Data], heights: list[float], page: int, top: float
    ) -> Data:
        self.marks.append(
            (cell.article, cell.columns, page + 1, self.bed.top + top + heights[-1] + 1)
        )
        for item in items:
            self._note_width(item, cell.columns.c)
        return {
            "kind": "columns", "n": n, "c": cell.columns.c, "g": cell.columns.gutter,
            "items": items, "pieces": heights,
        }  # fmt: skip

    def _column_rules(
        self, page: int, x: float, top: float, lines: int, columns: Columns, n: int
    ) -> None:
        for number in range(1, n if lines >= FEWEST_RULED else 1):
            middle = (
                x + number * (columns.c + columns.gutter) - columns.gutter / 2
            ) * self.bed.square
            self._rule(page, middle, top, middle, top + self.bed.high(lines))

    def _beside(self, cell: Cell, piece: Piece, x: float, page: int, y: float) -> Data:
        """Set text with a photo over its last columns."""
        bed, columns = self.bed, cell.columns
        photo = self.photos[cell.article]
        over = Columns.of(piece.photo, columns.c, columns.gutter)
        self._note_width(photo, over.width)
        part: Data = {
            "kind": "beside", "photo": photo, "photo-lines": piece.photo_lines, "q": piece.photo,
            "c": columns.c, "g": columns.gutter, "height": bed.high(piece.lines),
            "tall": None, "short": None,
        }  # fmt: skip
        tall = columns.n - piece.photo
        if not tall:
            return part
        text = text_of(self.measured(cell.article, columns).items, piece)
        short = piece.lines - piece.photo_lines
        reckoned = piece.lines - piece.spare
        under = reckoned - piece.photo_lines
        heights = [reckoned] * tall + ([under] * piece.photo if under >= LEAST_UNDER else [])
        starts = run_through(text, forever(*heights, ENDLESS))
        begin, end = _ends(piece)
        turn = end
        if len(starts) >= tall:
            index, past = starts[tall - 1]
            turn = (piece.start + index, past)
        items = self._between(cell, begin, turn)
        rest = self._between(cell, turn, end)
        spare = SPARE * bed.square
        part["tall"] = self._columns(cell, tall, items, [bed.high(piece.lines) + spare], page, y)
        self._column_rules(page, x, y, piece.lines, columns, tall)
        if rest:
            below = y + piece.photo_lines * bed.line
            part["short"] = self._columns(
                cell, piece.photo, rest, [bed.high(short) + spare], page, below
            )
            left = x + tall * (columns.c + columns.gutter)
            self._column_rules(page, left, below, short, columns, piece.photo)
        middle = (x + tall * (columns.c + columns.gutter) - columns.gutter / 2) * bed.square
        self._rule(page, middle, y, middle, y + bed.high(piece.lines))
        return part

    def _between(self, cell: Cell, begin: Place, end: Place) -> list[Data]:
        """Return the passages from one place in the text to another."""
        items = list(self.items[cell.article][begin[0] : end[0] + (end[1] > 0)])
        if items and end[1]:
            items[-1] = _before(items[-1], self.cut(cell.article, end[0], cell.columns, end[1]))
        if items and begin[1]:
            items[0] = _from(items[0], self.cut(cell.article, begin[0], cell.columns, begin[1]))
        return items

    def _note_width(self, item: Data | None, width: float) -> None:
        """Remember how wide a picture is printed, in points."""
        if item is None:
            return
        photos = (
            item["photos"]
            if item["kind"] == "gallery"
            else [item]
            if item["kind"] == "photo"
            else []
        )
        for photo in photos:
            points = width * self.bed.square / (1 if len(photos) == 1 else 2)
            self.widths[photo["file"]] = max(self.widths.get(photo["file"], 0), points)


def _ends(piece: Piece) -> tuple[Place, Place]:
    """Return where in the text a piece begins and ends: the item, and the lines of it before."""
    return (piece.start, piece.past), (piece.end, piece.past_end)


def _before(item: Data, place: int) -> Data:
    """Return a passage up to a character."""
    if item["kind"] != "paragraph":
        return item | {"text": item["text"][:place], "source": "", "cut": True}
    runs = []
    for run in item["runs"]:
        if place > 0:
            runs.append(run | {"text": run["text"][:place]})
        place -= len(run["text"])
    return item | {"runs": runs, "byline": "", "cut": True}


def _from(item: Data, place: int) -> Data:
    """Return a passage from a character on; it may end earlier than it was written."""
    if item["kind"] != "paragraph":
        return item | {"text": item["text"][place:], "cut": True}
    runs = []
    for run in item["runs"]:
        if place < len(run["text"]):
            runs.append(run | {"text": run["text"][max(place, 0) :]})
        place -= len(run["text"])
    return item | {"runs": runs, "continued": True}
