"""Find a term that is written in two ways in one issue."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from .texts import Finding, Kind, Paper, Stretch

# Spellings of one thing, each a pattern over half-width text. One of them is enough in an issue.
FAMILIES = (
    (r"区县\(市\)", r"区\(县、市\)", r"区、县\(市\)", r"县\(市、区\)"),
    (r"其他", r"其它"),
    (r"惟一", r"唯一"),
    (r"想像", r"想象"),
    (r"图像", r"图象"),
    (r"登录", r"登陆(?=平台|系统|网站|APP|账号|公众号|小程序)"),
    (r"交代", r"交待"),
    (r"执着", r"执著"),
    (r"身份证", r"身分证"),
    (r"成分", r"成份"),
    (r"人才", r"人材"),
    (r"部分", r"部份"),
    (r"订阅", r"定阅"),
    (r"粘贴", r"黏贴"),
    (r"碳排放", r"炭排放"),
    (r"新冠肺炎", r"新冠病毒肺炎"),
    (r"WiFi", r"Wi-Fi", r"WIFI", r"wifi"),
    (r"App(?![a-z])", r"APP"),
)
PATTERNS = tuple(tuple(re.compile(pattern) for pattern in family) for family in FAMILIES)

# 创新型企业 · 创新性企业: the same word before and after two suffixes of one meaning.
SUFFIXED = re.compile(r"(?=([\u4e00-\u9fff]{2})([性型])([\u4e00-\u9fff]{2}))")

# What is set off by its own marks: a title, a name, a slogan.
SET_OFF = re.compile(r"[“《「]([^“”《》「」\n]{4,30})[”》」]")
COUNTED = re.compile(
    r"[\d一二三四五六七八九十百千万零〇甲乙丙丁上下东南西北中前后左右大小多少省市区县乡镇街村男女老新旧首末初高你我他她]"
)

# 托育园 · 育托园: the first two characters of a frequent word of three, exchanged.
ENDINGS = "园会站家员部局厅院所馆队组厂店区市县镇街校班室法证费金奖卡者师长机网台线城村司"
WORD = re.compile(rf"(?=([\u4e00-\u9fff]{{2}}[{ENDINGS}]))")
GRAMMAR = frozenset(
    "的了在是和与及对为将把被也都不有从以而或并就这那其各每全该本我你他她一二三四五六七八九十两几多个等中上下内外前后各"
)
FREQUENT = 3


class _Met(NamedTuple):
    stretch: Stretch
    start: int
    end: int
    written: str


def two_terms(paper: Paper) -> Iterator[Finding]:
    """Find spellings of one term, known ones and such as differ in 性 and 型 alone."""
    stretches = [s for s in paper.stretches if s.kind is not Kind.NAMES]
    for family in PATTERNS:
        met = [_occurrences(pattern, stretches) for pattern in family]
        yield from _rarer([places for places in met if places])
    suffixed: dict[tuple[str, str], dict[str, list[_Met]]] = defaultdict(dict)
    for stretch in stretches:
        for found in SUFFIXED.finditer(stretch.text):
            word, suffix, noun = found.groups()
            place = _Met(stretch, found.start(1), found.end(3), word + suffix + noun)
            suffixed[word, noun].setdefault(suffix, []).append(place)
    for by_suffix in suffixed.values():
        yield from _rarer(list(by_suffix.values()))


def nearly_alike(paper: Paper) -> Iterator[Finding]:
    """Find titles and names in marks that differ in a single character from another one."""
    met: dict[str, list[_Met]] = defaultdict(list)
    for stretch in paper.stretches:
        for found in SET_OFF.finditer(stretch.text):
            if not re.search(r"[，。！？,!?]", found[1]):
                met[found[1]].append(_Met(stretch, *found.span(1), found[1]))
    masks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for written in met:
        folded = written.casefold()
        for at, character in enumerate(folded):
            if not COUNTED.match(character):
                masks[folded[:at], folded[at + 1 :]].append(written)
    told: set[frozenset[str]] = set()
    for alike in masks.values():
        for one, other in pairwise(alike):
            pair = frozenset((one, other))
            if pair not in told and _is_misprint(one, other):
                told.add(pair)
                yield from _rarer([met[one], met[other]])


def exchanged_characters(paper: Paper) -> Iterator[Finding]:
    """Find a rare word that is a frequent one with its first two characters exchanged."""
    count: Counter[str] = Counter()
    first: dict[str, _Met] = {}
    for stretch in paper.stretches:
        if stretch.kind is Kind.NAMES:
            continue
        for found in WORD.finditer(stretch.text):
            word = found[1]
            if GRAMMAR.isdisjoint(word):
                count[word] += 1
                first.setdefault(word, _Met(stretch, *found.span(1), word))
    for word, times in count.items():
        exchanged = word[1] + word[0] + word[2]
        if word[0] != word[1] and times == 1 and count[exchanged] >= FREQUENT:
            place = first[word]
            told = f"“{word}”像是“{exchanged}”（本期{count[exchanged]}处）颠倒了两个字。"
            yield place.stretch.mark(place.start, place.end, told)


def _occurrences(pattern: re.Pattern[str], stretches: list[Stretch]) -> list[_Met]:
    return [
        _Met(stretch, *found.span(), stretch.text[found.start() : found.end()])
        for stretch in stretches
        for found in pattern.finditer(stretch.folded)
    ]


def _rarer(spellings: list[list[_Met]]) -> Iterator[Finding]:
    """Yield the first place of each spelling that is not the most frequent one."""
    if len(spellings) < 2:
        return
    usual = max(spellings, key=len)
    for places in spellings:
        if places is not usual:
            place = places[0]
            told = (
                f"本期有“{usual[0].written}”{len(usual)}处，又有“{place.written}”{len(places)}处。"
            )
            yield place.stretch.mark(place.start, place.end, told)


def _is_misprint(one: str, other: str) -> bool:
    """Tell whether two titles of one length differ in nothing that counts or places things."""
    differing = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return bool(differing) and not any(
        COUNTED.match(character) for pair in differing for character in pair
    )
