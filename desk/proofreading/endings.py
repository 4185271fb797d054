"""Find paragraphs that do not end, and headings that end like sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .texts import Finding, Kind, Sheet, Stretch

# What closes a sentence, and what may stand after it: 说。”） · ……(汪燕盼) · 。[1]
ENDED = re.compile(
    r"(?:[。!?]|……|\.{3,}|——)[”’」』》)\]】\"']*$|[。!?][”’」』]*\s*\([^()]{1,40}\)$"
)
LONGEST_BRIEF = 200
BRIEF = re.compile(
    r"""
    ^\(.*\)$                                   # (汪燕盼) · (本报记者 张三)
    | ^(?:本报|本刊|特约)?(?:记者|通讯员|摄影|文|图|撰文|作者|整理|编辑|来源|供稿)[\s/:·]
    | ^[^,。;!?:]{1,10}:[^。!?]{1,80}$           # 联系电话:0571-87160990 · 一等奖:张三、李四
    | ^[\W_]+$                                 # *** between two parts
    | ^——                                      # ——编者
    | ^(?:此致|敬礼|特此(?:公告|通知|启事)|编者按|\d{4}年\d{1,2}月\d{1,2}日)
    """,
    re.VERBOSE,
)
# 。本报记者 田国垒 通讯员 任士鹏 摄
CREDIT_AT_END = re.compile(
    r"[。!?”)][^,。;!?]{0,40}(?:摄|摄影|供图|供稿|文/图|(?:记者|通讯员)[^,。;!?]{2,30})$"
)
ADDRESS_AT_END = re.compile(r"(?:https?://|www\.)[!-~]+$|[\w-]@[\w.-]+$", re.ASCII)
LIST_ITEM = re.compile(r"^\s*(?:[\d一二三四五六七八九十]{1,3}[.、)]|[(]|[①-⑳·●■◆▲★—-])")
LONGEST_HEADING, LONGEST_VERSE, LEAST_LINES = 26, 22, 4
IN_SENTENCES = re.compile(r"[,。;!?]")
HEADING_END = re.compile(r"(?<![。.…A-Za-z])[。.]$|[,、;:]$")


def missing_end_mark(sheet: Sheet) -> Iterator[Finding]:
    """Find paragraphs without a mark at the end of their last sentence."""
    for place, stretch in enumerate(sheet.body):
        text = stretch.folded.strip()
        if stretch.kind is not Kind.PARAGRAPH or not text or _has_its_end(sheet.body, place):
            continue
        if not _could_be_heading(text):
            last = len(stretch.text.rstrip())
            start = max(0, last - 12)
            yield stretch.mark(start, last, f"这一段停在“{stretch.text[start:last].strip()}”。")


def heading_as_paragraph(sheet: Sheet) -> Iterator[Finding]:
    """Find a crosshead that was set as a paragraph."""
    for place, stretch in enumerate(sheet.body):
        text = stretch.folded.strip()
        if stretch.kind is not Kind.PARAGRAPH or not text or _has_its_end(sheet.body, place):
            continue
        if _could_be_heading(text):
            yield stretch.mark_whole("这一段很短又没有标点，像是小标题。")


def heading_with_end_mark(sheet: Sheet) -> Iterator[Finding]:
    """Find a headline or crosshead that ends with a mark that headings go without."""
    for stretch in sheet.stretches:
        if stretch.kind in (Kind.HEADING, Kind.CROSSHEAD):
            end = len(stretch.text.rstrip())
            if end > 1 and HEADING_END.search(stretch.folded, end - 2, end):
                yield stretch.mark(end - 1, end, "标题末尾有标点。")


def _has_its_end(body: Sequence[Stretch], place: int) -> bool:
    """Tell whether a paragraph ends as it should, or is of a kind that needs no end."""
    text = body[place].folded.strip()
    if ENDED.search(text[-60:]) or CREDIT_AT_END.search(text[-60:]):
        return True
    if ADDRESS_AT_END.search(text[-LONGEST_BRIEF:]):
        return True
    if len(text) <= LONGEST_BRIEF and BRIEF.search(text):
        return True
    following = body[place + 1] if place + 1 < len(body) else None
    if text.endswith((":", ":“", ";")):
        return following is not None
    return _in_list(body, place) or _in_verse(body, place)


def _could_be_heading(text: str) -> bool:
    return (
        len(text) <= LONGEST_HEADING and not IN_SENTENCES.search(text) and not text.endswith("、")
    )


def _in_list(body: Sequence[Stretch], place: int) -> bool:
    """Tell whether short items stand here, each on its line, below a line that announces them."""
    text = body[place].folded.strip()
    if LIST_ITEM.match(text) and len(text) <= 2 * LONGEST_VERSE:
        beside = [body[n].folded.strip() for n in (place - 1, place + 1) if 0 <= n < len(body)]
        if any(LIST_ITEM.match(line) or line.endswith(":") for line in beside):
            return not text.endswith((",", "、"))
    above = place - 1
    while above >= 0 and place - above <= 20 and _is_short(body[above]):
        above -= 1
    return (
        _is_short(body[place])
        and above >= 0
        and body[above].folded.rstrip().endswith(":")
        and not text.endswith((",", "、"))
    )


def _in_verse(body: Sequence[Stretch], place: int) -> bool:
    """Tell whether this is one of at least four short lines, as poems and lists of names have."""
    first = last = place
    while first > 0 and place - first < LEAST_LINES and _is_short(body[first - 1]):
        first -= 1
    while last + 1 < len(body) and last - place < LEAST_LINES and _is_short(body[last + 1]):
        last += 1
    return _is_short(body[place]) and last - first + 1 >= LEAST_LINES


def _is_short(stretch: Stretch) -> bool:
    return stretch.kind is Kind.PARAGRAPH and 0 < len(stretch.text.strip()) <= LONGEST_VERSE
