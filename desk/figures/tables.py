"""Write figures as tables: numbers to reckon with, words that no spreadsheet takes orders from."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import StringIO
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from contributions.tables import BYTE_ORDER_MARK, inert
from newsroom.cjk import clean_line

Cell = str | int | float | Decimal | None
Row = Sequence[Cell]


def write_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table in CSV line by line; what would be a formula gets an apostrophe."""
    yield BYTE_ORDER_MARK
    for row in rows:
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([_written(cell) for cell in row])
        yield line.getvalue()


def write_xlsx(rows: Iterable[Row], output: IO[bytes], *, sheet: str) -> None:
    """Write a table in XLSX, its numbers as numbers and all else as text, called ``sheet``."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in rows:
        page.append([_cell(page, cell) for cell in row])
    book.save(output)


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    return inert(cell) if isinstance(cell, str) else str(cell)


def _cell(page: WriteOnlyWorksheet, cell: Cell) -> WriteOnlyCell | None:
    if cell is None:
        return None
    if not isinstance(cell, str):
        written = WriteOnlyCell(page, cell)
        if isinstance(cell, Decimal):
            written.number_format = "0.00"
        return written
    written = WriteOnlyCell(page, clean_line(cell))
    written.data_type = "s"
    written.quotePrefix = True
    return written
