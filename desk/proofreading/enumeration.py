"""Find counted points that skip a number: 一是…二是…四是…"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .texts import Finding, Kind, Sheet, Stretch

NUMERALS = "一二三四五六七八九十"
NUMBER = rf"(?P<number>[{NUMERALS}]|十[{NUMERALS[:9]}])"
BEGINS = r"(?:^|(?<=[,。;:!?、\n”(]))\s{0,4}"
WITHIN = (
    ("是", re.compile(rf"{BEGINS}{NUMBER}(?=是|要(?!务|素|点))")),
    ("第", re.compile(rf"{BEGINS}第{NUMBER}(?=[,、:])")),
)
AT_START = (
    ("、", re.compile(rf"^\s*{NUMBER}(?=、)")),
    ("()", re.compile(rf"^\s*\({NUMBER}(?=\))")),
    ("1.", re.compile(r"^\s*(?P<number>\d{1,2})(?=[.、](?!\d))")),
)
Met = tuple[Stretch, re.Match[str], int]


def skipped_number(sheet: Sheet) -> Iterator[Finding]:
    """Find a point whose number does not follow the one before; each list begins with one."""
    stretches = [*sheet.body]
    for _, pattern in WITHIN:
        prose = [stretch for stretch in stretches if stretch.kind is Kind.PARAGRAPH]
        met = [(s, found, _value(found)) for s in prose for found in pattern.finditer(s.folded)]
        yield from _skips(met)
    inner: list[Met] = []
    outer: list[Met] = []
    for stretch in stretches:
        for kind, pattern in AT_START:
            if stretch.kind not in (Kind.PARAGRAPH, Kind.CROSSHEAD):
                continue
            if found := pattern.match(stretch.folded):
                if kind == "、":
                    # （一） begins anew below each 一、
                    yield from _skips(inner)
                    inner = []
                (outer if kind == "、" else inner if kind == "()" else []).append(
                    (stretch, found, _value(found))
                )
    yield from _skips(outer)
    yield from _skips(inner)


def _skips(met: Sequence[Met]) -> Iterator[Finding]:
    last = 0
    for stretch, found, value in met:
        if value not in (1, last + 1) and last:
            start, end = found.span("number")
            written = stretch.text[start:end]
            if value == last:
                said = f"序号“{written}”用了两次。"
            else:
                said = f"序号从{_written(last)}跳到了{_written(value)}。"
            yield stretch.mark(start, end, said)
        last = value


def _value(found: re.Match[str]) -> int:
    number = found["number"]
    if number.isdigit():
        return int(number)
    if len(number) == 2:
        return 10 + NUMERALS.index(number[1]) + 1
    return NUMERALS.index(number) + 1


def _written(value: int) -> str:
    return NUMERALS[value - 1] if value <= 10 else f"十{NUMERALS[value - 11]}"
