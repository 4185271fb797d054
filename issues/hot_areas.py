"""Read and write hot areas (热区): where on the picture of a folio an article stands.

An area is a polygon in percent of the picture's width and height, written as SVG writes the points
of one, so that it needs no change to be drawn: ``50.9,9.1 95.9,9.1 95.9,59.6 50.9,59.6``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = [
    "MOST_AREAS",
    "MOST_POINTS",
    "Point",
    "areas_fault",
    "polygon_fault",
    "read_polygon",
    "write_polygon",
]

Point = tuple[float, float]

MOST_AREAS = 200  # of one folio
MOST_POINTS = 60
# At most two decimals, the last of them no zero.
NUMBER = r"(?:100|(?:[0-9]|[1-9][0-9])(?:\.[0-9]?[1-9])?)"
POLYGON = re.compile(rf"{NUMBER},{NUMBER}(?: {NUMBER},{NUMBER}){{2,{MOST_POINTS - 1}}}")


def read_polygon(text: str) -> tuple[Point, ...]:
    """Return the corners of a polygon; raise ``ValueError``, in Chinese, if it is none."""
    if fault := polygon_fault(text):
        raise ValueError(fault)
    corners = (corner.split(",") for corner in text.split(" "))
    return tuple((float(x), float(y)) for x, y in corners)


def write_polygon(points: Iterable[Point]) -> str:
    """Write the corners of a polygon, what lies outside the picture drawn to its edge."""
    return " ".join(f"{_percent(x)},{_percent(y)}" for x, y in points)


def polygon_fault(text: str) -> str:
    """Return what is wrong with a polygon as written, or nothing."""
    if POLYGON.fullmatch(text):
        return ""
    return (
        f"热区要写成“x,y x,y x,y”：3到{MOST_POINTS}个角，"
        "各为版面宽、高的百分之几（0到100，最多两位小数）"
    )


def areas_fault(areas: object) -> str:
    """Return what is wrong with the areas of a folio as they are stored, or nothing."""
    if not isinstance(areas, list) or len(areas) > MOST_AREAS:
        return f"热区应是一张表，最多{MOST_AREAS}项。"
    for area in areas:
        if not isinstance(area, dict) or set(area) != {"article", "polygon"}:
            return "每个热区要写明篇号（article）和位置（polygon）。"
        if type(area["article"]) is not int or area["article"] < 1:
            return "热区的篇号应是从1起的整数。"
        if not isinstance(area["polygon"], str):
            return polygon_fault("")
        if fault := polygon_fault(area["polygon"]):
            return fault
    return ""


def _percent(share: float) -> str:
    return f"{min(max(0.0, share), 100.0):.2f}".rstrip("0").rstrip(".")
