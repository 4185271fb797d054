"""Put together what the column broke: paragraphs cut in two, pieces printed twice."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..galley import Act, Choice, Part, Step
from ..schema import RemarkKind
from .folding import fold
from .reading import Reading, Unit, as_it_is, become, quoted
from .wording import is_finished

__all__ = ["doubt_loose_ends", "drop_stumps", "rejoin"]

SHORTEST_STUMP = 12
MOST_ALIKE = 8  # stumps with one ending that are compared
SHORTEST_REPEATED = 12
LONGEST_SENTENCE = 30  # alone in a paragraph, it may have been broken off
NEVER_FIRST = tuple("，。、；：！？,;:!?)）”’》】")
COMMAS = tuple("，,、")
LISTED = tuple("一二三四五六七八九十1234567890（(①②③④⑤“‘·●▲■")


def drop_stumps(reading: Reading, units: Sequence[Unit]) -> None:
    """Cut off the end of a broken paragraph that stands elsewhere as a piece of its own.

    The column ended there and the words were set again where they belong.
    """
    stumps: dict[str, list[Unit]] = {}
    for unit in units:
        text = unit.text
        if len(unit.pieces) == 1 and len(text) >= SHORTEST_STUMP and not is_finished(text):
            alike = stumps.setdefault(text[-SHORTEST_STUMP:], [])
            if len(alike) < MOST_ALIKE:
                alike.append(unit)
    cuts: dict[int, int] = {}
    twins: dict[int, Unit] = {}
    for unit in units:
        last = unit.pieces[-1]
        for stump in stumps.get(last.text[-SHORTEST_STUMP:], ()):
            text = stump.first.text
            if stump is not unit and last.text.endswith(text) and len(text) < len(last.text):
                cuts[last.id] = len(last.text) - len(text)
                twins[last.id] = stump
    for old, rest in reading.cut(cuts).items():
        rest.part = Part.DROPPED
        reading.doubt(
            "stump",
            rest,
            f"这里印有{quoted(rest.text)}，与另一段“{twins[old].text[:12]}…”重复，像是栏尾残片，已删去；"
            "它前后可能有脱漏，请对版面。",
            as_it_is("删去这里的"),
            Choice("这里的保留", (Step(Act.JOIN, rest.id),)),
            kind=RemarkKind.GAP,
        )


def rejoin(reading: Reading, body: Sequence[Unit]) -> list[Unit]:
    """Join the paragraphs of an article that break off with those that go on; return the whole."""
    whole: list[Unit] = []
    for unit in body:
        before = whole[-1] if whole else None
        if before and _goes_on(before, unit):
            first = unit.first
            end = before.pieces[-1].text[-12:]
            told = f"{quoted(end)}和{quoted(first.text[:12])}在原文里断开，已接为一段。"
            before.take(unit)
            reading.doubt(
                "rejoined",
                first,
                told,
                as_it_is("是一段"),
                Choice("分成两段", (Step(Act.UNJOIN, first.id),)),
                become("后一段是小标题", (first, Part.CROSSHEAD)),
                become("后一段删去", (first, Part.DROPPED)),
                kind=RemarkKind.REJOIN,
            )
        else:
            whole.append(unit)
    return whole


def _goes_on(before: Unit, unit: Unit) -> bool:
    if before.first.part is not Part.PARAGRAPH:
        return False
    end, start = before.pieces[-1].text, unit.first.text
    if unit.first.part is Part.CROSSHEAD:
        return end.endswith(COMMAS)
    return unit.first.part is Part.PARAGRAPH and (
        not is_finished(end) or start.startswith(NEVER_FIRST)
    )


def doubt_loose_ends(reading: Reading, body: Sequence[Unit]) -> None:
    """Doubt the paragraphs that may have been broken though nothing joins them."""
    seen: dict[str, Unit] = {}
    for unit, following in pairwise([*body, None]):
        assert unit is not None  # noqa: S101  # only the last is followed by nothing
        if unit.first.part is not Part.PARAGRAPH:
            continue
        text = unit.text
        if len(text) >= SHORTEST_REPEATED and seen.setdefault(text, unit) is not unit:
            _doubt_repeated(reading, unit)
        if not is_finished(text):
            _doubt_unfinished(reading, unit)
        elif following and following.first.part is Part.PARAGRAPH and _may_go_on(text, following):
            reading.doubt(
                "maybe-broken",
                following.first,
                f"{quoted(text[-12:])}和{quoted(following.text[:12])}可能是一段，照原文分开。",
                as_it_is("是两段"),
                Choice("接为一段", (Step(Act.JOIN, following.first.id),)),
            )


def _may_go_on(text: str, following: Unit) -> bool:
    end = fold(text)[-1]
    start = following.text[0]
    if end == "." and not text[-2:-1].isascii():
        return True
    if end in ";:":
        return start not in LISTED
    if text.rfind("“") > text.rfind("”") and start != "“":
        close = following.text.find("”")
        return close >= 0 and "“" not in following.text[:close]
    if text.count('"') % 2:
        return '"' in following.text
    is_one = len(text) <= LONGEST_SENTENCE and text.count("。") == 1 and text.endswith("。")
    return is_one and start != "“"


def _doubt_repeated(reading: Reading, unit: Unit) -> None:
    reading.doubt(
        "repeated",
        unit.first,
        f"{quoted(unit.text)}一段和前面的一段完全相同。",
        as_it_is("保留"),
        become("删去", (unit, Part.DROPPED)),
        kind=RemarkKind.PROOF,
    )


def _doubt_unfinished(reading: Reading, unit: Unit) -> None:
    reading.doubt(
        "unfinished",
        unit.pieces[-1],
        f"{quoted(unit.text[-12:])}一段没有句末标点，后面可能有脱漏。",
        as_it_is("就这样"),
        become("是小标题", (unit, Part.CROSSHEAD)),
        become("是署名", (unit, Part.BYLINE)),
        kind=RemarkKind.GAP,
    )
