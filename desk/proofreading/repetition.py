"""Find what stands twice: paragraphs, fragments, words, characters, items of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from .reduplication import meant_character, meant_word
from .texts import Finding, Kind, Paper, Sheet, Stretch

SAID = re.compile(r"[^\W_]+")  # words and numbers; punctuation does not make two texts different
LEAST_PARAGRAPH = 12
LEAST_WITHIN, LEAST_ACROSS, LEAST_OVERLAP, LONGEST_OVERLAP = 20, 32, 4, 60

# What is said in the same words each time does not count as a fragment of its own.
SET_PHRASES = re.compile(
    "以习近平同志为核心的党中央|习近平新时代中国特色社会主义思想|习近平总书记|重要讲话精神|重要论述"
    "|关于工人阶级和工会工作的|重要指示批示精神|党的[一二三四五六七八九十]{1,3}大(?:和[一二三四五六七八九十]{1,3}届[历一二三四五六七八九十]{1,3}中全会)?精神"
    "|[一二三四五六七八九十]{1,3}届[一二三四五六七八九十]{1,3}中全会|深入学习贯彻|学习贯彻|坚持以|为指导|中国特色社会主义"
    "|党组书记|党组成员|党委书记|常务副主席|副主席|主席|人大常委会|副主任|主任|总工会|工作领导小组|办公室"
)
LEAST_OF_ITS_OWN = 14

LEAST_ITEM = 5  # before the first item of a list stand words that are not part of it

WORD_TWICE = re.compile(r"([\u4e00-\u9fff]{2,12})\1")
CHARACTER_TWICE = re.compile(r"([\u4e00-\u9fff])(?=\1)")
# 坚持标本兼治,坚持标本兼治; shorter ones are cries: 加油干,加油干
CLAUSE_TWICE = re.compile(
    r"(?:^|(?<=[,。;:!?“”\n]))([^,。;:!?“”\n]{6,60})[,。;]\1(?=[,。;:!?”\n]|$)"
)
CLAUSE = re.compile(r"[^,。;:!?“”()\n《》]{5,400}")


@dataclass(frozen=True, slots=True)
class _Line:
    """The bare characters of a stretch, each with its place."""

    stretch: Stretch
    said: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start], self.places[end - 1] + 1


def repeated_paragraph(paper: Paper) -> Iterator[Finding]:
    """Find a paragraph that stands twice in the issue; where it is first, nothing is said."""
    first: dict[str, Stretch] = {}
    for sheet in paper.sheets:
        for line in _lines(sheet):
            if len(line.said) < LEAST_PARAGRAPH:
                continue
            known = first.setdefault(line.said, line.stretch)
            if known is not line.stretch:
                where = _where(known, line.stretch)
                yield line.stretch.mark_whole(f"这一段与{where}重复。")


def repeated_fragment(paper: Paper) -> Iterator[Finding]:
    """Find a longer fragment that stood before, in the same article or in another one."""
    for least, across in ((LEAST_WITHIN, False), (LEAST_ACROSS, True)):
        seen: dict[str, tuple[int, int]] = {}
        lines: list[_Line] = []
        begun = 0
        for sheet in paper.sheets:
            if not across:
                seen, begun = {}, len(lines)
            for line in _unrepeated(_lines(sheet), {other.said for other in lines[begun:]}):
                lines.append(line)
                yield from _fragments(lines, seen, least, across=across)


def overlap(sheet: Sheet) -> Iterator[Finding]:
    """Find the end of a paragraph that the next one begins with, as at the turn of a column."""
    for line, following in pairwise(_lines(sheet)):
        if line.said == following.said:
            continue
        longest = min(LONGEST_OVERLAP, len(line.said), len(following.said))
        for length in range(longest, LEAST_OVERLAP - 1, -1):
            if line.said.endswith(following.said[:length]):
                start, end = following.span(0, length)
                if _is_broken_off(line.stretch):
                    words = following.stretch.text[start:end]
                    yield following.stretch.mark(start, end, f"“{words}”与上一段末尾重复。")
                break


def doubled_word(sheet: Sheet) -> Iterator[Finding]:
    """Find a word that stands twice without a pause: 顶层设计设计."""
    for stretch in sheet.stretches:
        if stretch.kind in (Kind.NAMES, Kind.TABLE):
            continue
        for found in WORD_TWICE.finditer(stretch.text):
            word = found[1]
            if not meant_word(word) and not _in_verse_of_song(stretch.text, found.end(), word):
                yield stretch.mark(*found.span(), f"“{word}”连着出现了两次。")


def doubled_clause(sheet: Sheet) -> Iterator[Finding]:
    """Find a clause that stands twice, one after the other; who speaks may mean it."""
    for stretch in sheet.prose:
        text = stretch.folded
        for found in CLAUSE_TWICE.finditer(text):
            words = stretch.text[found.start(1) : found.end(1)]
            if text.count("“", 0, found.start()) == text.count("”", 0, found.start()):
                yield stretch.mark(*found.span(), f"“{words}”连着说了两遍。")


def doubled_character(sheet: Sheet) -> Iterator[Finding]:
    """Find a character that stands twice where neither word nor grammar asks for it."""
    for stretch in sheet.stretches:
        if stretch.kind in (Kind.NAMES, Kind.TABLE):
            continue
        text = stretch.text
        for found in CHARACTER_TWICE.finditer(text):
            at = found.start()
            if not meant_character(text, at):
                yield stretch.mark(at, at + 2, f"“{text[at : at + 2]}”两字相连。")


def repeated_item(sheet: Sheet) -> Iterator[Finding]:
    """Find an item that a list of items parted by 、 names twice."""
    for stretch in sheet.prose:
        for clause in CLAUSE.finditer(stretch.folded):
            if clause[0].count("、") < 2:
                continue
            seen: set[str] = set()
            start = clause.start()
            items = clause[0].split("、")
            for place, item in enumerate(items):
                bare = item.split("等")[0] if place == len(items) - 1 else item
                told_first = len(bare) >= LEAST_ITEM and items[0].endswith(bare) and place
                if len(bare) >= 2 and (bare in seen or told_first):
                    yield stretch.mark(
                        start, start + len(bare), f"并列的各项里“{bare}”出现了两次。"
                    )
                seen.add(bare)
                start += len(item) + 1


def _lines(sheet: Sheet) -> list[_Line]:
    lines = []
    for stretch in sheet.paragraphs:
        words = list(SAID.finditer(stretch.folded))
        said = "".join(word[0] for word in words)
        if said:
            places = tuple(place for word in words for place in range(*word.span()))
            lines.append(_Line(stretch, said, places))
    return lines


def _unrepeated(lines: list[_Line], said: set[str]) -> Iterator[_Line]:
    """Yield the lines that are not wholly one said before, which has a rule of its own."""
    for line in lines:
        if line.said not in said or len(line.said) < LEAST_PARAGRAPH:
            said.add(line.said)
            yield line


def _fragments(
    lines: list[_Line], seen: dict[str, tuple[int, int]], least: int, *, across: bool
) -> Iterator[Finding]:
    """Yield what the last of ``lines`` repeats of the text that was seen, then note its own."""
    current = len(lines) - 1
    line = lines[current]
    said = line.said
    at = noted = 0
    while at + least <= len(said):
        # What begins here may not run into itself: note only what ends before it.
        while noted + least <= at:
            seen.setdefault(said[noted : noted + least], (current, noted))
            noted += 1
        known = seen.get(said[at : at + least])
        if known is None or (across and lines[known[0]].stretch.article == line.stretch.article):
            at += 1
            continue
        other = lines[known[0]]
        length = least
        while (
            at + length < len(said)
            and known[1] + length < len(other.said)
            and said[at + length] == other.said[known[1] + length]
        ):
            length += 1
        if len(SET_PHRASES.sub("", said[at : at + length])) >= LEAST_OF_ITS_OWN:
            start, end = line.span(at, at + length)
            where = _where(other.stretch, line.stretch)
            words = line.stretch.text[start:end]
            shown = words if len(words) <= 30 else f"{words[:14]}……{words[-14:]}"
            yield line.stretch.mark(start, end, f"“{shown}”与{where}重复。")
        at += length
    for place in range(noted, len(said) - least + 1):
        seen.setdefault(said[place : place + least], (current, place))


def _where(known: Stretch, now: Stretch) -> str:
    if known.article != now.article:
        return f"第{known.article}篇的一段"
    if known.passage == now.passage:
        return "本段前文"
    return "本篇前面的一段"


def _is_broken_off(stretch: Stretch) -> bool:
    """Tell whether a paragraph stops without the end of a sentence."""
    return not re.search(r"[。!?…][”’」』)]*$", stretch.folded.rstrip())


def _in_verse_of_song(text: str, end: int, word: str) -> bool:
    """Tell whether a cry is repeated more than once, as in slogans: 加把劲加把劲加把劲."""
    return text.startswith(word, end)
