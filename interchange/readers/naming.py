"""Name the lines of an article: its headline, its crossheads, who signs; doubt what may differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..galley import Act, Choice, Part, Step
from ..schema import RemarkKind
from .borders import MOST_HEADLINES, Sheet, shape_of
from .folding import fold
from .reading import Reading, Unit, another_headline, as_it_is, become, quoted
from .wording import SURNAMES, signature

__all__ = ["name_parts"]


def name_parts(reading: Reading, sheet: Sheet, key: int) -> None:
    """Mark what the units of an article are, and doubt what may be otherwise."""
    for unit in sheet.units:
        for piece in unit.pieces:
            piece.article = key
    crossheads = set(sheet.crossheads)
    for unit in sheet.body:
        if unit.first.part is None:
            unit.mark(Part.CROSSHEAD if unit in crossheads else Part.PARAGRAPH)
    for unit in sheet.signed:
        unit.mark(Part.BYLINE)
    if not sheet.body:
        told = f"标题{quoted(sheet.units[0].text)}下面没有正文。"
        merge = Choice("接在前一篇后面", (Step(Act.MERGE, sheet.units[0].first.id, key - 1),))
        choices = [as_it_is("没有正文"), *([merge] if key > 1 else [])]
        reading.doubt("no-text", sheet.units[0].first, told, *choices)
    _name_headline(reading, sheet, key)
    _doubt_crossheads(reading, sheet)
    _doubt_signatures(reading, sheet)


def _name_headline(reading: Reading, sheet: Sheet, key: int) -> None:
    heads = sheet.heads
    if not heads:
        first = sheet.units[0]
        choices = [as_it_is("没有标题"), become("第一段是标题", (first, Part.TITLE))]
        if key > 1:
            choices.append(Choice("接在前一篇后面", (Step(Act.MERGE, first.first.id, key - 1),)))
        told = f"从{quoted(first.text)}起的一篇没有认出标题。"
        reading.doubt("no-headline", first.first, told, *choices)
        return
    parts = sheet.parts or {
        1: [Part.TITLE],
        2: [Part.TITLE, Part.SUBHEAD],
        3: [Part.KICKER, Part.TITLE, Part.SUBHEAD],
    }.get(len(heads), [Part.TITLE] + [Part.PARAGRAPH] * (len(heads) - 1))
    for unit, part in zip(heads, parts, strict=True):
        unit.mark(part)
    if sheet.heads_below:
        reading.doubt(
            "headline-below",
            heads[0].first,
            f"标题{quoted(heads[0].text)}在原文里印在正文之后，已移到文首。",
            as_it_is("是这一篇的标题"),
            become("是正文", *((unit, Part.PARAGRAPH) for unit in heads)),
            kind=RemarkKind.MOVED,
        )
    if not sheet.is_told and (len(heads) > 1 or fold(heads[0].text)[-1] in "?!"):
        _doubt_headline(reading, heads)


def _doubt_headline(reading: Reading, heads: Sequence[Unit]) -> None:
    lines = [
        ("主题＋副题", [Part.TITLE, Part.SUBHEAD]),
        ("引题＋主题", [Part.KICKER, Part.TITLE]),
        ("两行都是主题", [Part.TITLE, Part.TITLE]),
        ("主题＋小标题", [Part.TITLE, Part.CROSSHEAD]),
        ("主题＋正文", [Part.TITLE, Part.PARAGRAPH]),
    ]
    if len(heads) == 1:
        lines = [("是标题", [Part.TITLE]), ("是正文", [Part.PARAGRAPH])]
    elif len(heads) > 2:
        lines = [
            ("引题＋主题＋副题", [Part.KICKER, Part.TITLE, Part.SUBHEAD]),
            ("主题＋副题＋小标题", [Part.TITLE, Part.SUBHEAD, Part.CROSSHEAD]),
            ("引题＋主题＋小标题", [Part.KICKER, Part.TITLE, Part.CROSSHEAD]),
            ("只有第一行是主题", [Part.TITLE, Part.PARAGRAPH, Part.PARAGRAPH]),
        ]
    now = [unit.first.part for unit in heads]
    is_now = next((label for label, parts in lines if parts == now[: len(parts)]), "就这样")
    choices = [as_it_is(is_now)]
    for label, parts in lines:
        if label != is_now:
            choices.append(become(label, *zip(heads, parts, strict=False)))
    told = "、".join(quoted(unit.text) for unit in heads[:MOST_HEADLINES])
    count = f"标题有{len(heads)}行：" if len(heads) > 1 else "标题是一个问句："
    reading.doubt(
        "headline-lines",
        heads[0].first,
        f"{count}{told}，哪行是引题、主题、副题，请核对。",
        *choices,
    )


def _doubt_crossheads(reading: Reading, sheet: Sheet) -> None:
    """Doubt each crosshead, but for several that open alike, with a quotation or a number."""
    shapes = [shape_of(unit.text) for unit in sheet.crossheads]
    counts = Counter(shapes)
    for unit, shape in zip(sheet.crossheads, shapes, strict=True):
        if shape and counts[shape] > 1:
            continue
        reading.doubt(
            "crosshead",
            unit.first,
            f"{quoted(unit.text)}当作小标题；也可能是另一篇的标题，或断开的段落。",
            as_it_is("是小标题"),
            become("是正文", (unit, Part.PARAGRAPH)),
            Choice("接上一段", (Step(Act.JOIN, unit.first.id),)),
            another_headline(unit),
            become("是图片说明", (unit, Part.CAPTION)),
        )


def _doubt_signatures(reading: Reading, sheet: Sheet) -> None:
    if not sheet.signed:
        last = sheet.units[-1]
        told = f"{quoted((sheet.heads or sheet.body)[0].text)}一篇没有认出署名。"
        choices = [as_it_is("没有署名"), become("最后一行是署名", (last, Part.BYLINE))]
        reading.doubt("no-byline", last.first, told, *choices)
    people = [(unit, person) for unit in sheet.signed for person in signature(unit.text)]
    for unit, person in people:
        odd = not person.role and (len(person.name) > 4 or fold(person.name[0]) not in SURNAMES)
        if (odd and not person.name.isascii()) or len(sheet.signed) > 1:
            told = f"{quoted(unit.text)}当作署名。"
            reading.doubt(
                "byline",
                unit.first,
                told,
                as_it_is("是署名"),
                become("是正文", (unit, Part.PARAGRAPH)),
                become("是小标题", (unit, Part.CROSSHEAD)),
            )
