"""Draw around what belongs to an article on a page: a rectangle, or steps along its columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from issues.hot_areas import MOST_POINTS, Point

from .page_text import Box

__all__ = ["outlines"]

MARGIN = 0.004  # of the width of a page, around the type
NEAR = 0.08  # of the height or width of a page: what is further apart is two areas
FULL = 0.9  # of a rectangle that is filled, to be drawn as one
LEVEL = 0.006  # of the height, by which columns of one length differ
SNAP = 0.02  # of the width, by which the edges of columns differ


def outlines(
    found: Sequence[tuple[int, Sequence[Box]]], width: float, height: float
) -> Iterator[tuple[int, list[Point]]]:
    """Yield each article, given with the boxes of its type, with the corners of its areas."""
    for key, boxes in found:
        for group in _groups(boxes, width * NEAR, height * NEAR):
            columns = _levelled(_columns(group, width * SNAP), height * LEVEL)
            corners = _corners(columns)
            yield (
                key,
                [
                    (min(max(x, 0), width), min(max(y, 0), height))
                    for x, y in _widened(corners, columns, width * MARGIN)
                ],
            )


def _groups(boxes: Sequence[Box], across: float, down: float) -> list[list[Box]]:
    """Return boxes that are near each other together."""
    groups: list[tuple[Box, list[Box]]] = []
    for box in boxes:
        near = [group for group in groups if _is_near(group[0], box, across, down)]
        groups = [group for group in groups if group not in near]
        around = _around([box, *(group[0] for group in near)])
        groups.append((around, [box, *(one for group in near for one in group[1])]))
    return [group for _, group in groups]


def _is_near(one: Box, other: Box, across: float, down: float) -> bool:
    return (
        other[0] - across <= one[2]
        and one[0] <= other[2] + across
        and other[1] - down <= one[3]
        and one[1] <= other[3] + down
    )


def _around(boxes: Sequence[Box]) -> Box:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _columns(boxes: Sequence[Box], snap: float) -> list[Box]:
    """Return, from left to right, the columns that boxes are in, side by side without a gap."""
    left, top, right, bottom = whole = _around(boxes)
    area = (right - left) * (bottom - top)
    columns: list[Box] = []
    for box in sorted(boxes, key=lambda one: one[2] - one[0]):
        crossed = [
            n
            for n, column in enumerate(columns)
            if box[0] < column[2] - snap and column[0] + snap < box[2]
        ]
        if not crossed:
            columns.append(box)
        elif len(crossed) == 1:
            columns[crossed[0]] = _around([columns[crossed[0]], box])
        else:  # a headline stands over each of the columns that it crosses
            for n in crossed:
                column = columns[n]
                columns[n] = _around([column, (column[0], box[1], column[2], box[3])])
    edges = sorted(columns)
    for n in range(1, len(edges)):
        before, here = edges[n - 1], edges[n]
        middle = (before[2] + here[0]) / 2
        edges[n - 1] = (before[0], before[1], middle, before[3])
        edges[n] = (middle, here[1], here[2], here[3])
    filled = sum((box[2] - box[0]) * (box[3] - box[1]) for box in edges)
    is_plain = filled >= FULL * area or 4 * len(edges) > MOST_POINTS
    return [whole] if is_plain else edges


def _levelled(columns: Sequence[Box], level: float) -> list[Box]:
    """Let neighbours begin and end at one height where they nearly do."""
    levelled = list(columns)
    for n in range(1, len(levelled)):
        left, top, right, bottom = levelled[n]
        _, before_top, _, before_bottom = levelled[n - 1]
        if abs(top - before_top) < level:
            top = before_top
        if abs(bottom - before_bottom) < level:
            bottom = before_bottom
        levelled[n] = left, top, right, bottom
    return levelled


def _corners(columns: Sequence[Box]) -> list[Point]:
    """Return the corners of columns that stand side by side: along their tops, then back below."""
    tops = [(x, column[1]) for column in columns for x in (column[0], column[2])]
    feet = [(x, column[3]) for column in reversed(columns) for x in (column[2], column[0])]
    corners: list[Point] = []
    for point in (*tops, *feet):
        if point in corners[-1:]:
            continue
        if len(corners) > 1 and corners[-2][1] == corners[-1][1] == point[1]:
            corners.pop()  # in the middle of an edge
        corners.append(point)
    return corners


def _widened(corners: Sequence[Point], columns: Sequence[Box], margin: float) -> Iterator[Point]:
    """Yield corners with a margin outside the whole; inside, columns touch as they are."""
    left, _, right, _ = _around(columns)
    tops = {column[1] for column in columns}
    for x, y in corners:
        wide = x - margin if x == left else x + margin if x == right else x
        yield wide, y - margin if y in tops else y + margin
