"""Write figures as tables: numbers to reckon with, words that no spreadsheet takes orders from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from newsroom.cjk import clean_line
from newsroom.tables import BYTE_ORDER_MARK, inert

Cell = str | int | float | Decimal | None
Row = Sequence[Cell]

WIDEST = 50


def write_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table in CSV line by line; what would be a formula gets an apostrophe."""
    yield BYTE_ORDER_MARK
    for row in rows:
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([_written(cell) for cell in row])
        yield line.getvalue()


def write_xlsx(rows: Iterable[Row], output: IO[bytes], *, sheet: str) -> None:
    """Write a table in XLSX, its numbers as numbers and all else as text, called ``sheet``."""
    table = list(rows)
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "A2"
    for place, column in enumerate(zip(*table, strict=True), start=1):
        page.column_dimensions[get_column_letter(place)].width = max(map(_width, column)) + 2
    for row in table:
        page.append([_cell(page, cell) for cell in row])
    book.save(output)


def _width(cell: Cell) -> int:
    """Return how wide a cell wants to be, in digits; a Han character is two."""
    return min(sum(1 if letter.isascii() else 2 for letter in _written(cell)), WIDEST)


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return inert(cell) if isinstance(cell, str) else str(cell)


def _cell(page: WriteOnlyWorksheet, cell: Cell) -> WriteOnlyCell | int | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, int):
        return cell
    if not isinstance(cell, str):
        written = WriteOnlyCell(page, cell)
        written.number_format = "0.00"
        return written
    written = WriteOnlyCell(page, clean_line(cell))
    written.data_type = "s"
    if inert(cell) != cell:
        written.quotePrefix = True
    return written
