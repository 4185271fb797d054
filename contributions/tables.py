"""Write tables that no spreadsheet takes orders from.

A cell is text. In CSV what would be a formula gets an apostrophe, for want of anything better; in
XLSX the cell is stored as text, and marked to stay text when it is edited. What is invisible is
taken out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from newsroom.cjk import clean_line
from newsroom.tables import BYTE_ORDER_MARK, inert

Row = Sequence[object]


def write_csv(rows: Iterable[Row]) -> Iterator[str]:
    """Yield a table in CSV line by line, every cell in quotation marks."""
    yield BYTE_ORDER_MARK
    for row in rows:
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([inert(cell) for cell in row])
        yield line.getvalue()


def write_xlsx(rows: Iterable[Row], output: IO[bytes], *, sheet: str) -> None:
    """Write a table in XLSX, every cell as text; ``sheet`` is what its one sheet is called."""
    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    for row in rows:
        cells = [WriteOnlyCell(page, clean_line(str(cell))) for cell in row]
        for cell in cells:
            cell.data_type = "s"
            cell.quotePrefix = True
        page.append(cells)
    book.save(output)
