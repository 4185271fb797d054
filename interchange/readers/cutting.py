"""Cut a text into pieces: its lines, without what a mail or a page has put around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from newsroom.cjk import clean_text

from ..galley import Act, Choice, Part, Step
from ..schema import RemarkKind
from .folding import fold, width
from .furniture import JUMP_AFTER, JUMP_BEFORE, LONGEST_JUMP
from .reading import Piece, Reading, Unit, as_it_is, become, quoted
from .wording import is_between_words, is_finished, may_be_heading, signature, trailing_signature

__all__ = ["cut", "cut_off", "unite"]

QUOTE_SIGNS = re.compile(r"(?:>[ \t\u3000]?)+|＞")
MAIL_HEAD = re.compile(
    r"(?:发件人|收件人|抄送|发送时间|发送日期|日期|时间|主题|附件"
    r"|From|To|Cc|Sent|Date|Subject) ?: ?\S",
    re.IGNORECASE,
)
MAIL_RULE = re.compile(r"[-_=*—]{3,}.{0,20}|.{0,4}(?:原始邮件|转发邮件|Original Message).{0,8}")
MOST_LINES_OF_MAIL_HEAD = 12

LEAST_OF_A_LINE = 8  # squares, to be counted as a line of running text
LEAST_LINES = 8
SLACK = 2  # squares by which lines of one column differ


def cut(text: str) -> Reading:
    """Return the pieces of a text."""
    reading = Reading()
    cleaned = clean_text(text)
    gap = 0
    quotes = sum(line.lstrip().startswith((">", "＞")) for line in cleaned.split("\n"))
    for number, line in enumerate(cleaned.split("\n"), start=1):
        words = line.strip()
        signs = ""
        if quotes > 1 and (found := QUOTE_SIGNS.match(words)):
            signs, words = found[0].strip(), words[found.end() :].strip()
        if not words and not signs:
            gap += 1
            continue
        indent = width(line[: len(line) - len(line.lstrip())]) if words and not signs else 0
        piece = Piece(next(reading.ids), words or signs, number, gap, indent)
        if words:
            piece.signs = signs
        else:
            piece.part = Part.DROPPED
        gap = 0 if words else gap + 1
        reading.pieces.append(piece)
    if not reading.pieces:
        return reading
    first = reading.pieces[0]
    hidden = sum(map(len, text.split())) - sum(map(len, cleaned.split()))
    if hidden > 0:
        told = f"原文里有{hidden}个看不见的字符（控制符、零宽符等），没有收入。"
        reading.doubt("invisible", first, told, as_it_is("知道了"), kind=RemarkKind.PROOF)
    if quotes > 1:
        told = "原文每行前面有邮件引用符号“>”，没有收入正文。"
        reading.doubt("quoted-mail", first, told, as_it_is("知道了"))
    _drop_mail_head(reading)
    cut_off(reading)
    return reading


def cut_off(reading: Reading) -> None:
    """Cut jump notes and signatures off the text that they stand in a line with."""
    _cut_off_jumps(reading)
    _cut_off_signatures(reading)


def _drop_mail_head(reading: Reading) -> None:
    head = [
        piece
        for piece in reading.pieces[:MOST_LINES_OF_MAIL_HEAD]
        if len(piece.text) < 200
        and (MAIL_HEAD.match(fold(piece.text)) or MAIL_RULE.fullmatch(piece.text))
    ]
    if len([piece for piece in head if MAIL_HEAD.match(fold(piece.text))]) < 2:
        return
    for piece in head:
        piece.part = Part.DROPPED
    reading.doubt(
        "mail-head",
        head[0],
        f"开头{len(head)}行像是邮件的信头，没有收入。",
        as_it_is("是信头"),
        become("是正文", *((piece, Part.PARAGRAPH) for piece in head)),
    )


def _cut_off_jumps(reading: Reading) -> None:
    """Cut 下转第2版 off the end, 上接第1版 off the beginning of a line."""
    ends = {
        piece.id: found.start()
        for piece in reading.pieces
        if (found := JUMP_AFTER.search(fold(piece.text), max(0, len(piece.text) - LONGEST_JUMP)))
        and found.start()
    }
    for rest in reading.cut(ends).values():
        rest.part = Part.JUMP
    begins = {
        piece.id: found.end()
        for piece in reading.pieces
        if piece.part is None
        and (found := JUMP_BEFORE.match(fold(piece.text[:LONGEST_JUMP])))
        and found.end() < len(piece.text)
    }
    for piece in reading.pieces:
        if piece.id in begins:
            piece.part = Part.JUMP
    reading.cut(begins)


def _cut_off_signatures(reading: Reading) -> None:
    """Cut who signs off the last sentence, where a bracket names them."""
    cuts = {}
    for piece in reading.pieces:
        if piece.part is None and (parted := trailing_signature(piece.text)):
            cuts[piece.id] = len(piece.text) - len(parted[1])
    for rest in reading.cut(cuts).values():
        rest.part = Part.BYLINE
        reading.doubt(
            "byline-cut-off",
            rest,
            f"段末的{quoted(rest.text)}当作署名，已和正文分开。",
            as_it_is("是署名"),
            Choice("是正文", (Step(Act.JOIN, rest.id),)),
        )


def unite(reading: Reading) -> list[Unit]:
    """Return the pieces as units: whole paragraphs, if lines are broken where the column ended."""
    copy = [piece for piece in reading.pieces if piece.part in (None, Part.PARAGRAPH)]
    column = _column(copy)
    indents = any(piece.indent for piece in copy)
    units: list[Unit] = []
    guessed: list[tuple[Piece, Piece]] = []
    for piece in reading.pieces:
        before = units[-1].pieces[-1] if units else None
        if (
            column
            and before
            and before.part is piece.part is None
            and _length(before) >= column - SLACK
            and not piece.gap
            and not piece.indent
            and not signature(piece.text)
        ):
            piece.joins = True
            units[-1].pieces.append(piece)
            if is_finished(before.text) and not indents:
                guessed.append((before, piece))
        else:
            units.append(Unit([piece]))
    _tell_of_column(reading, units, column, guessed)
    return units


def _length(piece: Piece) -> float:
    return piece.indent + width(piece.text)


def _column(pieces: Sequence[Piece]) -> int:
    """Return how many squares wide the column is at whose edge lines are broken, or nothing."""
    lines = Counter(int(_length(piece)) for piece in pieces if _length(piece) >= LEAST_OF_A_LINE)
    if lines.total() < LEAST_LINES:
        return 0
    column = max(lines, key=lambda n: (lines[n - 1] + lines[n] + lines[n + 1], n))
    full = [
        first
        for first, second in pairwise(pieces)
        if abs(_length(first) - column) <= SLACK and not second.gap
    ]
    stumps = sum(not is_finished(piece.text) for piece in full)
    if len(full) * 2 >= max(LEAST_LINES, lines.total()) and stumps * 2 >= len(full):
        return column
    return 0


def _doubt_words(reading: Reading, unit: Unit) -> None:
    """Doubt the spaces that are put between Latin letters in Chinese copy: A|PP."""
    for before, piece in pairwise(unit.pieces):
        if is_between_words(before.text, piece.text) and not before.text.isascii():
            told = f"{quoted(before.text[-8:])}和{quoted(piece.text[:8])}之间加了一个空格，请核对。"
            reading.doubt("space", piece, told, as_it_is("看过了"), kind=RemarkKind.PROOF)


def _tell_of_column(
    reading: Reading, units: Sequence[Unit], column: int, guessed: Sequence[tuple[Piece, Piece]]
) -> None:
    joined = [unit for unit in units if len(unit.pieces) > 1]
    if joined:
        reading.doubt(
            "column",
            joined[0].pieces[1],
            f"原文按版面的行断开，每行约{column}字；已把{len(joined)}段的行接起来，请看一遍分段。",
            as_it_is("看过了"),
            kind=RemarkKind.REJOIN,
        )
    for unit in joined:
        _doubt_words(reading, unit)
        if may_be_heading(unit.first.text) and not any(
            sign in unit.first.text for sign in "，,、。"
        ):
            reading.doubt(
                "heading-in-column",
                unit.pieces[1],
                f"{quoted(unit.first.text)}正好排满一行，当作段落的第一行；也可能是标题。",
                as_it_is("是段落的第一行"),
                Choice("单独成行", (Step(Act.UNJOIN, unit.pieces[1].id),)),
            )
    for before, piece in guessed:
        reading.doubt(
            "paragraph-in-column",
            piece,
            f"{quoted(before.text[-12:])}正好在行末结束，不知道是不是另起一段；现在接在一起。",
            as_it_is("是一段"),
            Choice("分成两段", (Step(Act.UNJOIN, piece.id),)),
            kind=RemarkKind.REJOIN,
        )
