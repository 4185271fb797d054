"""Read a pasted list of words, and say of each line whether it can be taken in."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from newsroom.cjk import clean_line

__all__ = ["MOST_LINES", "PastedRule", "State", "loop_of", "read_pasted"]

MOST_LINES = 2_000
LONGEST = 50
# How people write "becomes"; a tab is what a spreadsheet puts between two columns. A comma is
# none: it stands in words.
# No arrow is longer, and nobody waits for a line that is all dashes.
ARROW = re.compile(r"\s{0,9}(?:→|⇒|➔|—{1,4}>|-{1,4}>|={1,4}>|\t)\s{0,9}")
HEADINGS = {"错词", "正词", "说明"}


class State(StrEnum):
    """What would become of a pasted line."""

    NEW = "new"
    KNOWN = "known"
    DOUBLED = "doubled"
    CONFLICT = "conflict"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        """The word that editors see."""
        return {
            "new": "新增",
            "known": "表里已有",
            "doubled": "粘贴的内容里重复",
            "conflict": "有冲突，不收",
            "unreadable": "看不懂，不收",
        }[self.value]


@dataclass(frozen=True, slots=True)
class PastedRule:
    """One pasted line, what was read in it, and what would become of it."""

    line: int
    text: str
    wrong: str
    right: str
    state: State
    why: str = ""

    @property
    def is_short(self) -> bool:
        """Whether the wrong word is a single character, which is found inside many good words."""
        return len(self.wrong) == 1


def loop_of(wrong: str, right: str, rules: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words by which ``wrong``→``right`` would lead back to ``wrong``, or nothing."""
    way = [wrong, right]
    while (word := rules.get(way[-1])) is not None and word not in way[1:]:
        way.append(word)
        if word == wrong:
            return tuple(way)
    return ()


def read_pasted(text: str, rules: Mapping[str, str]) -> list[PastedRule]:
    """Return what each line of ``text`` would become beside the ``rules`` that stand already."""
    taken = dict(rules)
    pasted: dict[str, str] = {}
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        rule = _read(number, line, taken, pasted)
        if rule is None:
            continue
        if rule.state is State.NEW:
            taken[rule.wrong] = pasted[rule.wrong] = rule.right
        found.append(rule)
    return found


def _columns(line: str) -> list[str]:
    """Part a line as it was written by hand, copied from a spreadsheet or taken from our CSV."""
    if line.startswith('"') and '","' in line:
        return next(csv.reader([line]))
    return ARROW.split(line)


def _read(
    number: int, line: str, taken: Mapping[str, str], pasted: Mapping[str, str]
) -> PastedRule | None:
    """Judge one line by what stands in the table and what was pasted above it."""
    words = [clean_line(word) for word in _columns(line)]
    if set(words) <= HEADINGS:
        return None  # the first line of a table that was copied whole
    wrong, right = (words[0], words[1]) if len(words) >= 2 else (clean_line(line), "")

    def judged(state: State, why: str = "") -> PastedRule:
        return PastedRule(number, clean_line(line), wrong, right, state, why)

    if len(words) < 2 or not wrong or not right:
        return judged(State.UNREADABLE, "一行写一条：错词→正词")
    if max(len(wrong), len(right)) > LONGEST:
        return judged(State.UNREADABLE, f"一个词最多{LONGEST}个字")
    if wrong == right:
        return judged(State.CONFLICT, "错词和正词一样")
    if wrong in pasted:
        if pasted[wrong] == right:
            return judged(State.DOUBLED)
        return judged(State.CONFLICT, f"上面已写“{wrong}→{pasted[wrong]}”")
    if wrong in taken:
        if taken[wrong] == right:
            return judged(State.KNOWN)
        return judged(State.CONFLICT, f"表里是“{wrong}→{taken[wrong]}”，要改请去改那一条")
    if loop := loop_of(wrong, right, taken):
        return judged(State.CONFLICT, f"绕成了圈：{'→'.join(loop)}")
    return judged(State.NEW)
