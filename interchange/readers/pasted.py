"""Read the text of one article as somebody pastes it: from a mail, a chat, a web page.

Nothing tells what a line is but its words and where it stands, so each line comes with a guessed
part that an editor may change; ``compose`` makes an article of what they decide. Blank lines and
indents only set lines off. No other character is lost: the lines hold all of them, in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from newsroom.cjk import clean_line, clean_text

from ..schema import Crosshead, Paragraph, Passage
from .wording import (
    MARGIN,
    Signed,
    may_be_caption,
    may_be_heading,
    named,
    signature,
    trailing_signature,
)

__all__ = ["Line", "Part", "Pasted", "PastedArticle", "compose", "cut_lines", "read_pasted"]

LONGEST_QUESTION = 30  # as a headline
MOST_HEADLINES = 3
MOST_AT_THE_END = 4  # lines that may be signatures
DASH = ("—", "―", "－－", "--")
COMMA = re.compile("[，,]")
DATELINE = re.compile(r"本报(?:杭州)?讯[\s　]*[(（]([^()（）]{2,40})[)）]")


class Part(StrEnum):
    """What a line is to an article."""

    KICKER = "kicker"
    TITLE = "title"
    SUBHEAD = "subhead"
    CROSSHEAD = "crosshead"
    PARAGRAPH = "paragraph"
    BYLINE = "byline"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text and what it is."""

    text: str
    part: Part = Part.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Pasted:
    """The lines of a text with their guessed parts, and what an editor should look at."""

    lines: tuple[Line, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PastedArticle:
    """An article as pasted: its headline, its body, and who signs."""

    kicker: str
    title: str
    subhead: str
    passages: tuple[Passage, ...]
    signed: tuple[Signed, ...]


def read_pasted(text: str) -> Pasted:
    """Return the lines of ``text``, each with the part that it most likely has."""
    lines = [Line(words) for words in cut_lines(text)]
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
    return Pasted(tuple(lines), tuple(remarks))


def cut_lines(text: str) -> list[str]:
    """Return the lines of ``text`` that hold words, without indents; a signature is its own line.

    A bracket behind the last sentence of the text which names its authors is cut off.
    """
    lines = [words for line in clean_text(text).split("\n") if (words := line.strip())]
    if lines and (parted := trailing_signature(lines[-1])):
        lines[-1:] = parted
    return lines


def compose(lines: Iterable[Line]) -> PastedArticle:
    """Make an article of lines whose parts are decided.

    Several lines of one headline are set as the paper breaks headlines: with a wide space. A line
    of names that does not read like a signature is taken at its word.
    """
    heads: dict[Part, list[str]] = {Part.KICKER: [], Part.TITLE: [], Part.SUBHEAD: []}
    passages: list[Passage] = []
    signed: list[Signed] = []
    for line in lines:
        match line.part:
            case Part.CROSSHEAD:
                passages.append(Crosshead(clean_line(line.text)))
            case Part.PARAGRAPH:
                passages.append(Paragraph.of(line.text.strip(MARGIN)))
            case Part.BYLINE:
                signed += signature(line.text) or named(line.text)
            case Part.DROPPED:
                pass
            case head:
                heads[head].append(clean_line(line.text))
    kicker, title, subhead = ("\u3000".join(words) for words in heads.values())
    return PastedArticle(
        kicker=kicker,
        title=title,
        subhead=subhead,
        passages=tuple(passages),
        signed=tuple(dict.fromkeys(signed)),
    )


def _take_signatures(lines: list[Line]) -> int:
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


def _headline_at_the_head(lines: Sequence[Line]) -> list[int]:
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


def _headline_at_the_foot(lines: Sequence[Line]) -> list[int]:
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


def _set_headline(lines: list[Line], heads: Sequence[int]) -> None:
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


def _set_crossheads(lines: list[Line], end: int) -> None:
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


def _datelines(lines: Iterable[Line]) -> list[str]:
    """Say who signs inside a dateline: the words stay, the editor decides whether to list them."""
    found = next((d for line in lines if (d := DATELINE.match(line.text))), None)
    if found is None or not signature(f"（{found[1]}）"):
        return []
    return [f"电头里有署名“{found[1]}”，已照原样留在正文里；要计入作者，请在署名栏补上。"]


def _mark(lines: list[Line], place: int, part: Part) -> None:
    lines[place] = replace(lines[place], part=part)
