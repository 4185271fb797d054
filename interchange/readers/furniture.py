"""Tell what stands on a page between its copy: folio lines, page numbers, jump notes, captions."""

from __future__ import annotations

import re

from ..galley import Part
from ..schema import RemarkKind, Role
from .folding import fold
from .masthead import count_of
from .reading import Piece, Reading, as_it_is, become, quoted
from .wording import may_be_caption, signature

__all__ = ["JUMP_AFTER", "JUMP_BEFORE", "LONGEST_JUMP", "folio_of", "mark_furniture"]

LONGEST_FOLIO_LINE = 50
LONGEST_JUMP = 30
LONGEST_CAPTION = 150

COUNT = r"[A-D]?[\d一二三四五六七八九十]{1,3}"
JUMP = rf"(?:紧?[下上]?[转接]|详见|见) ?第? ?{COUNT} ?版[^。,)\]】]{{0,12}}"
JUMP_NOTE = re.compile(rf"[(\[【]? ?{JUMP}[)\]】]?")
JUMP_AFTER = re.compile(rf"[(\[【] ?[下转][转]?接? ?第? ?{COUNT} ?版[^。,)\]】]{{0,12}}[)\]】]$")
JUMP_BEFORE = re.compile(rf"[(\[【] ?[上紧]?接 ?第? ?{COUNT} ?版[^。,)\]】]{{0,12}}[)\]】] ?")

PAGE_NUMBER = re.compile(
    r"[-—–·\s]*\d{1,4}[-—–·\s]*|\d{1,3} ?/ ?\d{1,3}"
    r"|第? ?\d{1,4} ?页(?:[,/ ]*共 ?\d{1,4} ?页)?|Page \d{1,4}(?: of \d{1,4})?",
    re.IGNORECASE,
)
FOLIO_LINE = re.compile(
    rf"(?:第 ?{COUNT} ?版|[A-D]?\d{{1,2}} ?版|[A-D]\d{{1,2}}|[一二三四五六七八九十]{{1,2}} ?版)"
    r"(?:[\s:|·/-].{0,40}|[^\s。,.?!;]{0,6})"
    rf"|.{{0,30}}(?:第 ?{COUNT} ?版|\s[A-D]?\d{{1,2}} ?版)",
)
FOLIO_NUMBER = re.compile(r"(?:第 ?|\b)(\d{1,2}|[一二三四五六七八九十]{1,3}) ?版")
NAME = re.compile(r"[\u3400-\u9fff]{2,8}(?:[·・ ][\u3400-\u9fff]{2,8})?")
WEB_LINE = re.compile(r"(?:https?://|www\.)[!-~]+|版权所有.{0,40}|打印(?:时间|日期).{0,30}")


def folio_of(text: str) -> tuple[int, str] | None:
    """Return the number and the name that a folio line tells, or None."""
    found = FOLIO_NUMBER.search(fold(text))
    number = count_of(found[1]) if found else None
    if found is None or not number:
        return None
    name = text[found.end() :].strip(" \u3000|｜·:：")
    return number, name if NAME.fullmatch(name) else ""


def mark_furniture(reading: Reading) -> None:
    """Mark what is no copy; each is a guess."""
    for piece in reading.pieces:
        if piece.part in (None, Part.JUMP) and (part := _furniture(piece)):
            _mark(reading, piece, part)


def _furniture(piece: Piece) -> Part | None:
    if piece.part is not None:
        return piece.part
    if len(piece.text) > LONGEST_CAPTION:
        return None
    text = fold(piece.text)
    if len(text) <= LONGEST_JUMP and JUMP_NOTE.fullmatch(text):
        return Part.JUMP
    if len(text) <= LONGEST_FOLIO_LINE and any(
        kind.fullmatch(text) for kind in (PAGE_NUMBER, FOLIO_LINE, WEB_LINE)
    ):
        return Part.FOLIO_LINE
    people = signature(piece.text)
    if people and all(person.role is Role.PHOTOGRAPHER for person in people):
        return Part.CAPTION
    if not people and may_be_caption(piece.text):
        return Part.CAPTION
    return None


def _mark(reading: Reading, piece: Piece, part: Part) -> None:
    piece.part = part
    words = quoted(piece.text)
    match part:
        case Part.JUMP:
            reading.doubt(
                "jump",
                piece,
                f"{words}是转版说明，没有收入正文。",
                as_it_is("不收入"),
                become("是正文", (piece, Part.PARAGRAPH)),
            )
        case Part.FOLIO_LINE:
            reading.doubt(
                "folio-line",
                piece,
                f"{words}像是报眉或页码，没有收入正文。",
                as_it_is("不收入"),
                become("是标题", (piece, Part.TITLE)),
                become("是小标题", (piece, Part.CROSSHEAD)),
                become("是正文", (piece, Part.PARAGRAPH)),
            )
        case _:
            reading.doubt(
                "caption",
                piece,
                f"{words}像是图片说明，请补上图片；没有收入正文。",
                as_it_is("是图片说明"),
                become("是署名", (piece, Part.BYLINE)),
                become("是小标题", (piece, Part.CROSSHEAD)),
                become("是正文", (piece, Part.PARAGRAPH)),
                become("删去", (piece, Part.DROPPED)),
                kind=RemarkKind.GAP,
            )
