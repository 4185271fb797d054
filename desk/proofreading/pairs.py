"""Find quotation marks, brackets and book-title marks that do not come in pairs (GB/T 15834)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .texts import Finding, Kind, Sheet, Stretch

PAIRS = {"“": "”", "‘": "’", "「": "」", "『": "』", "《": "》", "〈": "〉", "(": ")", "【": "】"}
PAIRS |= {"〔": "〕", "[": "]"}
OPENERS = {closer: opener for opener, closer in PAIRS.items()}
SIGNS = re.compile("[" + re.escape("".join((*PAIRS, *OPENERS))) + "]")
QUOTES = ("“", "「")
APOSTROPHE = re.compile(r"(?<=[A-Za-z])’|’(?=\d0?s\b)")
# 1) · a) · 一) count items; nothing opened them.
ITEM = re.compile(
    r"(?:^|[\s,。;:、])(?:\d{1,2}|[一二三四五六七八九十]{1,3})$|(?:^|[^A-Za-z(])[A-Za-z]$"
)
NAMES = {"“": "双引号", "‘": "单引号", "「": "直角引号", "『": "双直角引号", "《": "书名号"}
NAMES |= {"〈": "单书名号", "(": "括号", "【": "方头括号", "〔": "六角括号", "[": "方括号"}
WITHIN = {"“": "引号里再用引号，里层应该用单引号‘’。", "《": "书名号里再用书名号，里层应该用〈〉。"}


@dataclass(frozen=True, slots=True)
class _Read:
    """What a stretch leaves open, what it closes without need, what stands within its like."""

    left_open: list[tuple[str, int]]
    never_opened: list[tuple[str, int]]
    within_alike: list[tuple[str, int]]


def unbalanced(sheet: Sheet) -> Iterator[Finding]:
    """Find a mark without its partner, at most one of a kind in each stretch.

    A quotation of several paragraphs opens each of them anew and closes with the last.
    """
    for stretch, next_opens_with in zip(sheet.stretches, _openings(sheet), strict=True):
        read = _read(stretch)
        if read is None:
            continue
        told: set[str] = set()
        for opener, at in read.left_open:
            goes_on = opener == next_opens_with and _may_begin(stretch.folded, at)
            if opener in told or goes_on:
                continue
            told.add(opener)
            yield stretch.mark(at, at + 1, f"{NAMES[opener]}只有前一半“{stretch.text[at]}”。")
        for closer, at in read.never_opened:
            if (opener := OPENERS[closer]) not in told:
                told.add(opener)
                yield stretch.mark(at, at + 1, f"{NAMES[opener]}只有后一半“{stretch.text[at]}”。")


def within_alike(sheet: Sheet) -> Iterator[Finding]:
    """Find quotation marks within the same quotation marks, and so for book titles."""
    for stretch in sheet.stretches:
        read = _read(stretch)
        if read and not read.left_open and not read.never_opened:
            for opener, at in read.within_alike:
                yield stretch.mark(at, at + 1, WITHIN[opener])


def _may_begin(text: str, at: int) -> bool:
    """Tell whether a quotation of several paragraphs can begin at a place."""
    return at == 0 or text[at - 1] in ":,。 \u3000"


def _openings(sheet: Sheet) -> list[str]:
    """Return for each stretch the quotation mark with which the next paragraph begins."""
    openings, mark = [], ""
    for stretch in reversed(sheet.stretches):
        openings.append(mark)
        if stretch.kind is Kind.PARAGRAPH and (text := stretch.text.lstrip()):
            closed = text.find(PAIRS[text[0]]) if text[0] in QUOTES else 0
            # Closed before the end, and words after it: a new quotation, not one that goes on.
            mark = text[0] if closed < 0 or 0 < closed >= len(text.rstrip()) - 1 else ""
    return openings[::-1]


def _read(stretch: Stretch) -> _Read | None:
    if stretch.kind is Kind.NAMES:
        return None
    text = stretch.folded
    open_now: list[tuple[str, int]] = []
    read = _Read([], [], [])
    depth: dict[str, int] = {}
    for found in SIGNS.finditer(text):
        sign, at = found[0], found.start()
        if sign in PAIRS:
            if sign in WITHIN and open_now and open_now[-1][0] == sign:
                read.within_alike.append((sign, at))
            open_now.append((sign, at))
            depth[sign] = depth.get(sign, 0) + 1
        elif sign == "’" and not depth.get("‘") and APOSTROPHE.match(text, at):
            continue
        elif depth.get(opener := OPENERS[sign]):
            # What was opened since, and is still open, will not be closed any more.
            while open_now[-1][0] != opener:
                left = open_now.pop()
                depth[left[0]] -= 1
                read.left_open.append(left)
            open_now.pop()
            depth[opener] -= 1
        elif not (sign == ")" and ITEM.search(text, max(0, at - 5), at)):
            read.never_opened.append((sign, at))
    read.left_open.extend(open_now)
    read.left_open.sort(key=lambda left: left[1])
    return read
