"""Read what the lines of a masthead say: the date line, the imprint, who edits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from ..galley import Part
from .folding import fold

__all__ = ["Facts", "count_of", "facts_of", "gathered", "part_of"]

LONGEST_LINE = 160
LONGEST_REST = 14  # beside the facts of a date line: the paper's name, that of a folio

NO_FIELD = ""
LABELS = {
    "responsible_editor": "责任编辑 责编 本版编辑 编辑",
    "hotline": "新闻热线 热线电话 联系电话 热线",
    "submissions_url": "投稿网址 网址",
    "submissions_email": "投稿邮箱 投稿信箱 电子邮箱 电子邮件 电子信箱 邮箱 E-mail Email",
    "publisher": "出版单位 主办单位 出版 主办",
    "permit_number": "准印证号 准印证 准印号",
    "address": "编辑部地址 社址 地址",
    "postcode": "邮政编码 邮编",
    "icp_number": "ICP备案号 备案号",
    NO_FIELD: "主管单位 主管 承办单位 承办 协办 印刷单位 印刷 印数 印量 电话 传真 美术编辑 美编 "
    "校对 审核 总编辑 主编 值班编委 版式 版面设计 发送对象 国内统一刊号 刊号",
}
FIELD_OF = {label: name for name, labels in LABELS.items() for label in labels.split()}
LABEL = re.compile(
    "("
    + "|".join(
        r"\s?".join(map(re.escape, label)) for label in sorted(FIELD_OF, key=len, reverse=True)
    )
    + r")\s?: ?"
)
HINT = re.compile("[:年月期周]|星期|礼拜|N[oO]|资料|交流|\\d[-/.]\\d")  # any fact has one of these
NOTICE = re.compile(r"内部资料.{0,20}|.{0,10}免费交流.{0,10}")

NUMERALS = {sign: n for n, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
LOOK_ALIKES = str.maketrans("OoIl", "0011")
DIGIT = "[0-9OoIl]"
MONTH_OR_DAY = rf"({DIGIT}{{1,2}}|[一二三四五六七八九十]{{1,3}})"
DATE = re.compile(
    rf"({DIGIT}{{4}}|[〇零○一二三四五六七八九]{{4}}) ?年 ?{MONTH_OR_DAY} ?月 ?{MONTH_OR_DAY} ?日"
    rf"|(\d{{4}}) ?[-/.] ?(\d{{1,2}}) ?[-/.] ?(\d{{1,2}})(?!\d)"
)
WEEKDAY = re.compile("(?:星期|周|礼拜) ?([一二三四五六日天])(?![\u4e00-\u9fff])")
LUNAR = re.compile(
    r"(?:农历|夏历|阴历) ?:?([^\s第(|]{2,14})"
    r"|([甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年闰?[正一二三四五六七八九十冬腊]{1,2}月"
    r"[初十廿卅二三][一二三四五六七八九十])"
)
NUMBER = re.compile(
    rf"(总 ?)?(?:第|No\.?|NO\.?) ?({DIGIT}{{1,5}}|[一二三四五六七八九十百千〇零]{{1,9}}) ?期?"
    r"(?![\d版页届次条章个])"
)
SEPARATORS = re.compile(r"[\s|·•,、。()\[\]【】/_:—-]+")


@dataclass(frozen=True, slots=True)
class Facts:
    """What lines of a masthead say; ``rest`` is what none of it tells."""

    date: date | None = None
    date_text: str = ""
    weekday: str = ""
    lunar_date: str = ""
    number: int | None = None
    number_text: str = ""
    labelled: Mapping[str, str] = field(default_factory=dict)
    unplaced: tuple[str, ...] = ()
    rest: str = ""

    @property
    def tells_date(self) -> int:
        """How many facts of a date line are told."""
        return sum(map(bool, (self.date_text, self.weekday, self.lunar_date, self.number)))


@lru_cache(maxsize=512)
def facts_of(text: str) -> Facts:
    """Return what one line says."""
    if len(text) > LONGEST_LINE:
        return Facts(rest=text)
    folded = fold(text)
    if not HINT.search(folded):
        return Facts(rest=text)
    labels = list(LABEL.finditer(folded))
    labelled: dict[str, str] = {}
    unplaced = []
    ends = [label.start() for label in labels[1:]] + [len(text)]
    for label, end in zip(labels, ends, strict=False):
        value = text[label.end() : end].strip(" \u3000\t\xa0|｜·")
        name = FIELD_OF[re.sub(r"\s", "", label[1])]
        if name and value and name not in labelled:
            labelled[name] = value
        elif value:
            unplaced.append(text[label.start() : end].strip())
    if notice := NOTICE.fullmatch(folded.strip()):
        labelled["circulation_notice"] = text.strip()
    opening = folded[: labels[0].start()] if labels else "" if notice else folded
    return replace(_dated(text, opening), labelled=labelled, unplaced=tuple(unplaced))


def _dated(text: str, folded: str) -> Facts:
    """Return the facts of a date line; ``folded`` is the part of the text that may hold them."""
    rest = list(folded)
    told: dict[str, Any] = {}
    if found := DATE.search(folded):
        told["date_text"] = text[found.start() : found.end()]
        told["date"] = _day(*filter(None, found.groups()))
        rest[found.start() : found.end()] = " " * len(found[0])
    if found := WEEKDAY.search("".join(rest)):
        told["weekday"] = found[1].replace("天", "日")
        rest[found.start() : found.end()] = " " * len(found[0])
    if found := LUNAR.search("".join(rest)):
        group = 1 if found[1] else 2
        told["lunar_date"] = text[found.start(group) : found.end(group)]
        rest[found.start() : found.end()] = " " * len(found[0])
    numbers = list(NUMBER.finditer("".join(rest)))
    numbers = [one for one in numbers if one[0].rstrip().endswith("期") or one[0][:1] in "N"]
    if numbers:
        chosen = next((one for one in numbers if one[1]), numbers[-1])
        told["number_text"] = text[chosen.start(2) : chosen.end(2)]
        told["number"] = count_of(chosen[2])
        for one in numbers:
            rest[one.start() : one.end()] = " " * len(one[0])
    blank = "".join(sign if old.strip() else " " for sign, old in zip(text, rest, strict=False))
    return Facts(**told, rest=" ".join(filter(None, SEPARATORS.split(blank))))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        if year[0] in NUMERALS:
            number = int("".join(str(NUMERALS[sign]) for sign in year))
        else:
            number = int(year.translate(LOOK_ALIKES))
        return date(number, count_of(month) or 0, count_of(day) or 0)
    except (ValueError, KeyError):
        return None


def count_of(text: str) -> int | None:
    """Return a number in figures or in Chinese."""
    figures = text.translate(LOOK_ALIKES)
    if figures.isascii():
        return int(figures) if figures.isdecimal() else None
    total, digit = 0, 0
    plain = all(sign in NUMERALS for sign in text)
    for sign in text:
        if plain:
            total = total * 10 + NUMERALS[sign]
        elif sign in NUMERALS:
            digit = NUMERALS[sign]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
    return total + digit


def part_of(text: str) -> Part | None:
    """Return which part of a masthead a line is by its words, or None."""
    if len(text) > LONGEST_LINE:
        return None
    facts = facts_of(text)
    starts = LABEL.match(fold(text).lstrip()) is not None
    if starts and set(facts.labelled) == {"responsible_editor"} and not facts.unplaced:
        return Part.RESPONSIBLE_EDITOR
    if (starts and (facts.labelled or facts.unplaced)) or "circulation_notice" in facts.labelled:
        return Part.IMPRINT
    if facts.tells_date >= 2 and len(facts.rest) <= LONGEST_REST:
        return Part.DATE_LINE
    return Part.DATE_LINE if facts.tells_date and not facts.rest and not facts.labelled else None


def gathered(lines: Iterable[str]) -> Facts:
    """Return what several lines say together; what is told first counts."""
    told: dict[str, Any] = {}
    labelled: dict[str, str] = {}
    unplaced: list[str] = []
    for line in lines:
        facts = facts_of(line)
        pairs = ("date", "date_text"), ("weekday",), ("lunar_date",), ("number", "number_text")
        for names in pairs:
            if getattr(facts, names[-1]) and names[-1] not in told:
                told.update({name: getattr(facts, name) for name in names})
        for name, value in facts.labelled.items():
            labelled.setdefault(name, value)
        unplaced += facts.unplaced
    return Facts(**told, labelled=labelled, unplaced=tuple(unplaced))
