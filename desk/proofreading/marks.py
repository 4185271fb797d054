"""Find punctuation marks in the wrong width, number or company, and spaces among Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsroom.cjk import SQUARE, full_width

from .pairs import ITEM
from .texts import Finding, Kind, Sheet

FULL = "，：；？！（）"
HAN = rf"[{SQUARE}]"

# Two marks where one belongs; ?! and !! are meant, ...... and 。。。 are ellipses of another kind.
DOUBLED = re.compile(
    r"[,、;:]{2,}。*|[,、;:]。+|(?<!。)。+[,、;:]+|(?<!。)。。(?!。)|。[!?]|[!?]。|(?<=[。!?])”。|,”,|“,"
)
ELLIPSIS = re.compile(
    rf"。{{3,}}|(?<={HAN})\.{{2,}}|(?<!\.)\.{{3,12}}(?={HAN})|(?<!…)…(?!…)|…{{3,}}"
)
DASH = re.compile(rf"(?<={HAN})--+(?={HAN})")
LATIN_STOP = re.compile(rf"(?<={HAN})\.(?=$|\n|{HAN}{{2}}|[”」])", re.MULTILINE)
STRAIGHT = re.compile(rf'(?<={HAN})"|"(?={HAN})|(?<=[,。:;!?、])"|"(?=[,。:;!?、])')
BEFORE_ETC = re.compile(r"、等(?!待|候|于|级|到|着|一等|你|我|他|她|大家|风来|不|量)")
ELLIPSIS_ETC = re.compile(r"(?<!…)…+等(?!待|候|你|我|他|她)")
NUMERAL_MARK = re.compile(r"^\s*(?:\([一二三四五六七八九十\d]{1,3}\)|[①-⑳])[、,.]")
FULL_DIGITS = re.compile("[０-９Ａ-Ｚａ-ｚ]+(?:[．％][０-９]*)?")

SPACE = r"[ \u3000\t\xa0]"
INSIDE = re.compile(
    rf"(?<={HAN}){SPACE}+(?={HAN})|(?<!{SPACE}){SPACE}+(?=[，。；：、！？”》）])"
    rf"|(?<=[，。；：、“《（]){SPACE}+"
)
# 尊法守法 携手筑梦 · 记者 张三 通讯员 李四 · 王 浩 · 8月2日 星期二
SLOGAN = re.compile(r"[“《「‘][^”》」’]{0,60}[”》」’]")
SIGNED = re.compile(
    r"(?:记者|通讯员|摄影|编辑|作者|实习生|文|图|摄)(?:[ \u3000]+|[/:]\s*)"
    rf"(?:{HAN}{{1,5}}[ \u3000]+){{0,6}}{HAN}{{0,5}}"
    rf"|{HAN}{{2,4}}[ \u3000]+(?:摄|文|图|整理|供稿|供图)"
)
IN_BRACKETS = re.compile(r"\([^(),。;:!?]{0,40}\)")
PADDED_NAME = re.compile(rf"(?:^|(?<=[、,。:;(\s])){HAN}[ \u3000]{{1,2}}{HAN}(?=$|[、,。;)\s])")
MARGIN = re.compile(rf"^{SPACE}+(?=\S)|(?<=\S){SPACE}{{1,40}}$")


def mixed_width(sheet: Sheet) -> Iterator[Finding]:
    """Find, once in an article, the first mark whose width is not that of the others.

    A half-width mark counts where it is a Chinese one; all of one width is a house's own custom.
    """
    places: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for order, stretch in enumerate(sheet.stretches):
        if stretch.is_prose:
            shown = full_width(stretch.text)
            for at, (written, wanted) in enumerate(zip(stretch.text, shown, strict=True)):
                if wanted in FULL and not (
                    written == ")" and ITEM.search(stretch.folded, max(0, at - 5), at)
                ):
                    places[written in FULL].append((order, at))
    few, many = sorted(places.values(), key=len)
    if few:
        order, at = few[0]
        stretch = sheet.stretches[order]
        width = "全角" if stretch.text[at] in FULL else "半角"
        yield stretch.mark(
            at, at + 1, f"全篇标点有全角有半角：{width}的有{len(few)}个，其余{len(many)}个不是。"
        )


def doubled_mark(sheet: Sheet) -> Iterator[Finding]:
    """Find two marks where one belongs: ，， 。。 ，。"""
    for stretch in sheet.prose:
        for found in DOUBLED.finditer(stretch.folded):
            start, end = found.span()
            if found[0].startswith("”"):
                start -= 1
            written = stretch.text[start:end]
            yield stretch.mark(start, end, f"标点“{written}”连用了。")


def ellipsis(sheet: Sheet) -> Iterator[Finding]:
    """Find an ellipsis or a dash that is written with other signs than …… and ——."""
    for stretch in sheet.prose:
        for found in ELLIPSIS.finditer(stretch.folded):
            yield stretch.mark(*found.span(), f"省略号写成了“{found[0][:6]}”。")
        for found in DASH.finditer(stretch.folded):
            yield stretch.mark(*found.span(), f"破折号写成了“{found[0][:6]}”。")


def latin_full_stop(sheet: Sheet) -> Iterator[Finding]:
    """Find a Latin full stop at the end of a Chinese sentence."""
    for stretch in sheet.prose:
        for found in LATIN_STOP.finditer(stretch.text):
            yield stretch.mark(*found.span(), "中文句子用了西文句点“.”。")


def straight_quotes(sheet: Sheet) -> Iterator[Finding]:
    """Find, once in each stretch, straight quotation marks beside Chinese."""
    for stretch in sheet.stretches:
        found = STRAIGHT.search(stretch.folded)
        if found and stretch.kind is not Kind.NAMES:
            yield stretch.mark(*found.span(), "中文里用了直引号。")


def mark_before_etc(sheet: Sheet) -> Iterator[Finding]:
    """Find a mark before 等 that 等 makes needless: 张三、李四、等."""
    for stretch in sheet.prose:
        for found in BEFORE_ETC.finditer(stretch.folded):
            yield stretch.mark(*found.span(), "“等”前多了一个顿号。")
        for found in ELLIPSIS_ETC.finditer(stretch.folded):
            yield stretch.mark(*found.span(), "省略号和“等”重复。")


def mark_after_numeral(sheet: Sheet) -> Iterator[Finding]:
    """Find a mark after a numeral in brackets, which needs none: （一）、"""
    for stretch in sheet.stretches:
        found = NUMERAL_MARK.match(stretch.folded)
        if found:
            yield stretch.mark(found.end() - 1, found.end(), "带括号或圆圈的序号后面多了标点。")


def full_width_digits(sheet: Sheet) -> Iterator[Finding]:
    """Find, once in each stretch, digits and Latin letters as wide as Chinese."""
    for stretch in sheet.stretches:
        found = FULL_DIGITS.search(stretch.text)
        if found:
            yield stretch.mark(*found.span(), f"“{found[0]}”是全角字符。")


def space_inside(sheet: Sheet) -> Iterator[Finding]:
    """Find a space among Chinese characters that parts neither slogan nor names."""
    for stretch in sheet.prose:
        meant = _meant_spaces(stretch.folded)
        for found in INSIDE.finditer(stretch.text):
            if found.start() not in meant:
                start, end = max(0, found.start() - 1), min(len(stretch.text), found.end() + 1)
                yield stretch.mark(start, end, "中文里多了空格。")


def typed_indent(sheet: Sheet) -> Iterator[Finding]:
    """Find, once in an article, paragraphs that were indented by hand."""
    indented = [
        (stretch, found)
        for stretch in sheet.paragraphs
        if (found := MARGIN.search(stretch.text)) is not None
    ]
    if indented:
        stretch, found = indented[0]
        yield stretch.mark(*found.span(), f"有{len(indented)}段的段首或段末是手打的空格。")


def _meant_spaces(text: str) -> set[int]:
    meant: set[int] = set()
    for pattern in (SLOGAN, SIGNED, IN_BRACKETS, PADDED_NAME):
        for found in pattern.finditer(text):
            meant.update(
                place for place, sign in enumerate(found[0], found.start()) if sign in " \u3000"
            )
    return meant
