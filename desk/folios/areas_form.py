"""Read the table in which hot areas are written: an article and a place for each row.

A place is a polygon as it is stored, or a rectangle by its left and top edge, width and height, all
in percent of the page. Pure: what is wrong is said in Chinese, by row.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from issues.hot_areas import MOST_AREAS, polygon_fault, read_polygon, write_polygon

__all__ = ["BLANK_ROWS", "SIDES", "AreaRow", "areas_of", "faults", "read_rows", "rows_of"]

SIDES = ("x", "y", "w", "h")
BLANK_ROWS = 3  # for whom no script adds one
LONGEST = 1_000  # characters of a polygon as written
WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A row as it was filled in; ``rectangle`` are the four numbers, empty where there is none."""

    article: str = ""
    polygon: str = ""
    rectangle: tuple[str, str, str, str] = ("", "", "", "")
    is_dropped: bool = False
    fault: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.article or self.polygon or any(self.rectangle))

    @property
    def has_place(self) -> bool:
        """Whether it says where, in one way or the other."""
        return bool(self.polygon or any(self.rectangle))


def rows_of(areas: Iterable[Mapping[str, object]]) -> list[AreaRow]:
    """Return stored areas as rows; one that is a rectangle says its numbers as well."""
    return [
        AreaRow(
            article=str(area["article"]),
            polygon=str(area["polygon"]),
            rectangle=_rectangle(str(area["polygon"])),
        )
        for area in areas
    ]


def read_rows(posted: Mapping[str, str]) -> list[AreaRow]:
    """Return the rows of a form, in its order; those that are blank or dropped are left out."""
    count = min(_whole_number(posted.get("rows", "")), MOST_AREAS + BLANK_ROWS)
    rows = []
    for number in range(count):
        sides = [posted.get(f"{side}-{number}", "").strip()[:12] for side in SIDES]
        row = AreaRow(
            article=posted.get(f"article-{number}", "").strip()[:12],
            polygon=" ".join(posted.get(f"polygon-{number}", "")[:LONGEST].split()),
            rectangle=(sides[0], sides[1], sides[2], sides[3]),
            is_dropped=f"drop-{number}" in posted,
        )
        if not (row.is_blank or row.is_dropped):
            rows.append(_settled(row))
    return rows


def faults(rows: Iterable[AreaRow], known: Sequence[int]) -> list[str]:
    """Return what is wrong with rows; ``known`` are the numbers of the articles there are."""
    told = []
    for number, row in enumerate(rows, start=1):
        reason = row.fault or (polygon_fault(row.polygon) if row.has_place else "还没有写位置")
        if not reason and not row.article:
            reason = "还没有选稿件"
        elif not reason and _whole_number(row.article) not in known:
            reason = f"本期没有第{row.article}篇，请另选稿件"
        if reason:
            told.append(f"第{number}行：{reason}。")
    return told


def areas_of(rows: Iterable[AreaRow]) -> list[dict[str, object]]:
    """Return rows without faults as they are stored."""
    return [{"article": int(row.article), "polygon": row.polygon} for row in rows]


def _settled(row: AreaRow) -> AreaRow:
    """Return a row in which the polygon is what counts.

    Four numbers that say another rectangle than the polygon were written to change it.
    """
    written = polygon_fault(row.polygon) == ""
    if not any(row.rectangle) or (written and row.rectangle == _rectangle(row.polygon)):
        return row
    if written and not all(row.rectangle):
        return row
    try:
        x, y, w, h = (_percent(side) for side in row.rectangle)
    except ValueError:
        fault = "左、上、宽、高要都写成0到100的数"
        return AreaRow(row.article, row.polygon, row.rectangle, fault=fault)
    if w <= 0 or h <= 0 or x + w > WHOLE + 0.01 or y + h > WHOLE + 0.01:
        fault = "这个矩形超出了版面，或没有大小"
        return AreaRow(row.article, row.polygon, row.rectangle, fault=fault)
    corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)]
    return AreaRow(row.article, write_polygon(corners), row.rectangle)


def _rectangle(polygon: str) -> tuple[str, str, str, str]:
    """Return left, top, width and height of a polygon that is a rectangle; else nothing."""
    nothing = ("", "", "", "")
    try:
        corners = read_polygon(polygon)
    except ValueError:
        return nothing
    across = sorted({x for x, _ in corners})
    down = sorted({y for _, y in corners})
    if len(corners) != 4 or len(set(corners)) != 4 or (len(across), len(down)) != (2, 2):
        return nothing
    (left, right), (top, bottom) = across, down
    return _said(left), _said(top), _said(right - left), _said(bottom - top)


def _said(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def _percent(text: str) -> float:
    number = float(text)
    if not (math.isfinite(number) and 0 <= number <= WHOLE):
        raise ValueError(text)
    return number


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
