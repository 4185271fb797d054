"""Read a table of old addresses as it comes out of Excel or of an old system."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice

import openpyxl

__all__ = ["MOST_ROWS", "Row", "TableRefused", "read_table"]

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 20_000
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig"), (b"", "gb18030"))


class TableRefused(ValueError):
    """The file is no table of addresses; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: an old address, and where it is to lead."""

    line: int
    old: str
    new: str


def read_table(content: bytes) -> list[Row]:
    """Return the rows of a CSV or Excel file, without its headings and empty lines.

    Excel in China writes CSV in GBK, and text with tabs in UTF-16. Raises TableRefused.
    """
    if len(content) > MOST_BYTES:
        raise TableRefused(f"文件太大，最多{MOST_BYTES // 1024 // 1024}MB；请分成几份。")
    lines = _workbook(content) if content.startswith(b"PK") else _csv(content)
    try:
        rows = list(_rows(islice(lines, MOST_ROWS + 2)))
    except csv.Error as error:
        raise TableRefused("这个文件读不懂，请另存为CSV再试。") from error
    if len(rows) > MOST_ROWS:
        raise TableRefused(f"一次最多导入{MOST_ROWS}行；请分成几份。")
    if not rows:
        raise TableRefused("文件里没有网址。第一列要写旧网址，第二列写新的期号、篇号或网址。")
    return rows


def _rows(lines: Iterable[list[str]]) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        old, new = ([cell.strip() for cell in line] + ["", ""])[:2]
        is_heading = number == 1 and old and not any(sign in old for sign in "/.?")
        if (old or new) and not is_heading:
            yield Row(number, old, new)


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _text(content)
    if "\x00" in text:
        raise TableRefused("这不是表格文件。请用Excel另存为CSV或XLSX再试。")
    first = text.partition("\n")[0]
    delimiter = max(",\t;", key=first.count)
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter)


def _text(content: bytes) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise TableRefused("这个文件的文字编码认不出来。请用Excel另存为“CSV UTF-8”再试。")


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > MOST_UNPACKED:
                raise TableRefused("这个Excel文件太大；请只留两列，分成几份。")
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = sheet.iter_rows(max_col=2, max_row=MOST_ROWS + 2, values_only=True)
        read = [["" if cell is None else str(cell) for cell in line] for line in lines]
        book.close()
    except TableRefused:
        raise
    except Exception as error:  # whatever openpyxl stumbles over in a broken file
        raise TableRefused("这个Excel文件打不开，可能已损坏。请另存为CSV再试。") from error
    yield from read
