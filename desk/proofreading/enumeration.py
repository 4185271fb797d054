"""Find counted points that skip a number, or are not as many as was announced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from .texts import Finding, Kind, Sheet, Stretch

NUMERALS = "一二三四五六七八九十"
NUMBER = rf"(?P<number>[{NUMERALS}]|十[{NUMERALS[:9]}])"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
BEGINS = r"(?:^|(?<=[,。;:!?、\n”(]))\s{0,4}"
# In running text; such a list may go on over several paragraphs.
IN_TEXT = (
    re.compile(rf"{BEGINS}{NUMBER}(?=是|要(?!务|素|点))"),
    re.compile(rf"{BEGINS}第{NUMBER}(?=[,、:])"),
)
# Each begins anew below those before it: 一、 （一） 1. (1) ①
OUTLINE = (
    re.compile(rf"^\s*{NUMBER}(?=、)"),
    re.compile(rf"{BEGINS}\({NUMBER}(?=\))"),
    re.compile(r"(?:^|(?<=[。;:\n]))\s{0,4}(?P<number>\d{1,2})(?=[.、](?!\d))"),
    re.compile(rf"{BEGINS}\((?P<number>\d{{1,2}})(?=\))"),
    re.compile(rf"(?:^|(?<=[,。;:\n]))\s{{0,4}}(?P<number>[{CIRCLED}])"),
)
# 以下五个方面工作。 · 三点要求:
NOUN = r"[^\d\s,。;:!?、一二三四五六七八九十]"
ANNOUNCED = re.compile(
    rf"(?P<number>[两二三四五六七八九十]|\d{{1,2}})(?:[条点]{NOUN}{{0,6}}|[个项大件]{NOUN}{{0,6}}?(?:方面|问题"
    r"|要求|意见|建议|举措|措施|工作|任务|重点|环节|原因|特点|条件|原则|目标|经验|体会|希望|阶段|步骤|办法|途径"
    rf"|优势|不足|难题|变化|事)(?:工作|要求|任务|内容|问题|意见|建议)?)[:。,]\s*$"
)
LONGEST_ANNOUNCEMENT = 24


class _Point(NamedTuple):
    stretch: Stretch
    start: int
    end: int
    value: int

    @property
    def written(self) -> str:
        return self.stretch.text[self.start : self.end]


def skipped_number(sheet: Sheet) -> Iterator[Finding]:
    """Find a point whose number does not follow the one before; each list begins with one."""
    for points in _lists(sheet):
        skipped = False
        for before, point in pairwise(points):
            # 一是…二是…四是…四是: the second 四 is right, and told by the first.
            doubled = point.value == before.value
            if point.value != before.value + 1 and not (doubled and skipped):
                said = (
                    f"序号“{point.written}”用了两次。"
                    if doubled
                    else f"序号从“{before.written}”跳到了“{point.written}”。"
                )
                yield point.stretch.mark(point.start, point.end, said)
            skipped = point.value != before.value + 1 and not doubled


def wrong_count(sheet: Sheet) -> Iterator[Finding]:
    """Find points that are more or fewer than the words before the first of them say."""
    for points in _lists(sheet):
        first, last = points[0], points[-1]
        announced = _announced(sheet, first)
        if len(points) < 2 or first.value != 1 or announced is None:
            continue
        stretch, found = announced
        count = 2 if found["number"] == "两" else _value(found["number"])
        if count not in (last.value, len(points)):
            words = stretch.text[found.start() : found.end()].strip().rstrip("：:。，,")
            said = f"说的是“{words}”，下面数到“{last.written}”。"
            yield stretch.mark(found.start(), found.start() + len(words), said)


def _announced(sheet: Sheet, first: _Point) -> tuple[Stretch, re.Match[str]] | None:
    """Return the words that tell how many points follow, at the end of what stands before."""
    stretch = first.stretch
    before = stretch.folded[: first.start].rstrip("(第 \u3000")
    if not before and first.stretch.passage:
        stretch = sheet.body[first.stretch.passage - 1]
        before = stretch.folded
    found = ANNOUNCED.search(before, max(0, len(before) - LONGEST_ANNOUNCEMENT))
    return (stretch, found) if found else None


def _lists(sheet: Sheet) -> Iterator[list[_Point]]:
    """Yield every list of points; one that begins with one is a list of its own."""
    stretches = [s for s in sheet.body if s.kind in (Kind.PARAGRAPH, Kind.CROSSHEAD)]
    for pattern in IN_TEXT:
        points: list[_Point] = []
        for stretch in stretches:
            if stretch.kind is Kind.PARAGRAPH:
                for point in _points(pattern, stretch):
                    if point.value == 1 and points:
                        yield points
                        points = []
                    points.append(point)
        if points:
            yield points
    levels: list[list[_Point]] = [[] for _ in OUTLINE]
    for stretch in stretches:
        met = [(p, level) for level, each in enumerate(OUTLINE) for p in _points(each, stretch)]
        for point, level in sorted(met, key=lambda one: one[0].start):
            for place in range(level + (point.value != 1), len(levels)):
                if levels[place]:
                    yield levels[place]
                    levels[place] = []
            levels[level].append(point)
    yield from filter(None, levels)


def _points(pattern: re.Pattern[str], stretch: Stretch) -> Iterator[_Point]:
    for found in pattern.finditer(stretch.folded):
        yield _Point(stretch, *found.span("number"), _value(found["number"]))


def _value(number: str) -> int:
    if number in CIRCLED:
        return CIRCLED.index(number) + 1
    if number.isdigit():
        return int(number)
    if len(number) == 2:
        return 10 + NUMERALS.index(number[1]) + 1
    return NUMERALS.index(number) + 1
