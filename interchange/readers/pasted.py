"""Read the text of one article as somebody pastes it: from a mail, a chat, a web page.

Nothing tells what a line is but its words and where it stands, so each line comes with a guessed
part that an editor may change. Blank lines and indents only set lines off. No other character is
lost: the blocks hold all of them, in order. Whole pages are for ``readers.layout``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from newsroom.cjk import clean_text

from ..galley import Block, Doubt, Galley, Part
from .wording import may_be_caption, may_be_heading, signature, trailing_signature

__all__ = ["ARTICLE", "cut_lines", "read_pasted"]

ARTICLE = 1  # the key of the only article
LONGEST_QUESTION = 30  # as a headline
MOST_HEADLINES = 3
MOST_AT_THE_END = 4  # lines that may be signatures
DASH = ("—", "―", "－－", "--")
COMMA = re.compile("[，,]")
DATELINE = re.compile(r"本报(?:杭州)?讯[\s　]*[(（]([^()（）]{2,40})[)）]")


def read_pasted(text: str) -> Galley:
    """Return the lines of ``text``, each with the part that it most likely has."""
    lines = [
        Block(number, words, article=ARTICLE, line=number)
        for number, words in enumerate(cut_lines(text), start=1)
    ]
    remarks: list[str] = []
    end = _take_signatures(lines)
    if end:
        heads = _headline_at_the_head(lines[:end])
        if not heads:
            heads = _headline_at_the_foot(lines[:end])
            if heads:
                remarks.append("原文的标题在正文后面，已移到前面，请核对。")
        _set_headline(lines, heads)
        _set_crossheads(lines, end)
        if not heads:
            remarks.append("没有认出标题。请把标题那一行选为“主题”；不选，就先用正文的头几个字。")
    remarks += _datelines(lines)
    return Galley.of(
        lines, (Doubt(n, "pasted", told, 1) for n, told in enumerate(remarks, start=1))
    )


def cut_lines(text: str) -> list[str]:
    """Return the lines of ``text`` that hold words, without indents; a signature is its own line.

    A bracket behind the last sentence of the text which names its authors is cut off.
    """
    lines = [words for line in clean_text(text).split("\n") if (words := line.strip())]
    if lines and (parted := trailing_signature(lines[-1])):
        lines[-1:] = parted
    return lines


def _take_signatures(lines: list[Block]) -> int:
    """Mark who signs below the headline and at the end; return where those at the end begin."""
    end = len(lines)
    while end > max(1, len(lines) - MOST_AT_THE_END) and signature(lines[end - 1].text):
        end -= 1
        _mark(lines, end, Part.BYLINE)
    for place in range(min(end, MOST_HEADLINES + 2)):
        if signature(lines[place].text):
            _mark(lines, place, Part.BYLINE)
        elif not may_be_heading(lines[place].text):
            break
    return end


def _headline_at_the_head(lines: Sequence[Block]) -> list[int]:
    """Return which lines before the text are its headline."""
    heads: list[int] = []
    for place, line in enumerate(lines):
        if line.part is Part.BYLINE:
            continue
        if not (may_be_heading(line.text) or (not heads and _asks(line.text))):
            break
        heads.append(place)
    if len(heads) > MOST_HEADLINES:  # a poem, a list of names
        return heads[:1]
    return heads


def _headline_at_the_foot(lines: Sequence[Block]) -> list[int]:
    """Return which lines below the text, and above the signature, are its headline."""
    heads: list[int] = []
    for place in range(len(lines) - 1, 0, -1):
        words = lines[place].text
        if not may_be_heading(words) or may_be_caption(words):
            break
        heads.insert(0, place)
    return heads if len(heads) <= MOST_HEADLINES else []


def _asks(words: str) -> bool:
    """Whether a line that ends like a question or a call may be a headline: 孩子谁来带？"""
    return len(words) <= LONGEST_QUESTION and words[-1] in "？！?!" and "。" not in words


def _set_headline(lines: list[Block], heads: Sequence[int]) -> None:
    """Give the lines of a headline their parts: one more than two stands above the main one."""
    parts = {
        1: [Part.TITLE],
        2: [Part.TITLE, Part.SUBHEAD],
        3: [Part.KICKER, Part.TITLE, Part.SUBHEAD],
    }.get(len(heads), [])
    if len(heads) == MOST_HEADLINES and lines[heads[1]].text.startswith(DASH):
        parts = [Part.TITLE, Part.SUBHEAD, Part.CROSSHEAD]
    for place, part in zip(heads, parts, strict=True):
        _mark(lines, place, part)


def _set_crossheads(lines: list[Block], end: int) -> None:
    """Mark the single short lines that have text above and below."""
    body = [place for place in range(end) if lines[place].part is Part.PARAGRAPH]
    short = {place for place in body if _may_be_crosshead(lines[place].text)}
    text = set(body) - short
    for place in sorted(short):
        if {place - 1, place + 1} <= text:
            _mark(lines, place, Part.CROSSHEAD)


def _may_be_crosshead(words: str) -> bool:
    """Whether a line inside the text may be a heading: a stump of a sentence has more commas."""
    return may_be_heading(words) and not may_be_caption(words) and len(COMMA.findall(words)) < 2


def _datelines(lines: Iterable[Block]) -> list[str]:
    """Say who signs inside a dateline: the words stay, the editor decides whether to list them."""
    found = next((d for line in lines if (d := DATELINE.match(line.text))), None)
    if found is None or not signature(f"（{found[1]}）"):
        return []
    return [f"电头里有署名“{found[1]}”，已照原样留在正文里；要计入作者，请在署名栏补上。"]


def _mark(lines: list[Block], place: int, part: Part) -> None:
    lines[place] = replace(lines[place], part=part)
