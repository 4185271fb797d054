"""Say what a click on the review screen does to a galley, and in which words it is remembered."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from interchange.galley import Galley, GalleyError, Part
from interchange.galley_edits import (
    begin_article,
    drop,
    join,
    merge,
    move,
    restore,
    set_part,
    settle,
    split,
    unjoin,
)

__all__ = ["PART_LABELS", "Decision", "read_decision"]

CLICK = re.compile(r"([a-z]{4,7}):([0-9]{1,9})(?::([a-z_]{1,30}|[0-9]{1,9}))?")
LONGEST_QUOTE = 12

PART_LABELS = {
    Part.NAMEPLATE: "报名",
    Part.STRAP: "报名旁的标识",
    Part.DATE_LINE: "日期行",
    Part.IMPRINT: "版权栏",
    Part.RESPONSIBLE_EDITOR: "责任编辑",
    Part.FOLIO_LINE: "报眉",
    Part.JUMP: "转版说明",
    Part.SECTION: "栏目",
    Part.KICKER: "引题",
    Part.TITLE: "主题",
    Part.SUBHEAD: "副题",
    Part.STANDFIRST: "提要",
    Part.CROSSHEAD: "小标题",
    Part.PARAGRAPH: "正文",
    Part.CAPTION: "图片说明",
    Part.NOTE: "附注",
    Part.FIGURE: "图片或表格",
    Part.BYLINE: "署名",
    Part.DROPPED: "不要",
}


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to do at a block; ``is_answer`` if it settles a doubt, and the next is to come."""

    told: str
    change: Callable[[Galley], Galley]
    block: int
    is_answer: bool = False


def read_decision(click: str, galley: Galley) -> Decision:
    """Return what a button's value asks for; GalleyError, in Chinese, for what no button says."""
    found = CLICK.fullmatch(click)
    if found is None:
        raise _unknown()
    act, key, value = found[1], int(found[2]), found[3] or ""
    if act == "settle":
        return _settling(galley, key, value)
    words = _quoted(galley, key)
    match act, value:
        case "part", str() if value in {part.value for part in Part}:
            part = Part(value)
            return Decision(
                f"{words}改为{PART_LABELS[part]}", lambda now: set_part(now, key, part), key
            )
        case "join", "":
            return Decision(f"{words}接上一段", lambda now: join(now, key), key)
        case "unjoin", "":
            return Decision(f"{words}另起一段", lambda now: unjoin(now, key), key)
        case "drop", "":
            return Decision(f"不要{words}", lambda now: drop(now, key), key)
        case "restore", "":
            return Decision(f"取回{words}", lambda now: restore(now, key), key)
        case "begin", "":
            return Decision(f"从{words}起另成一篇", lambda now: begin_article(now, key), key)
        case "split", str() if value.isdecimal():
            return Decision(f"分开{words}", lambda now: split(now, key, int(value)), key)
        case "move", str() if value.isdecimal():
            return Decision(f"{words}移到另一篇", lambda now: move(now, key, int(value)), key)
        case "merge", str() if value.isdecimal():
            article = galley.block(key).article
            return Decision("两篇并为一篇", lambda now: merge(now, article, int(value)), key)
    raise _unknown()


def _settling(galley: Galley, key: int, value: str) -> Decision:
    doubt = next((each for each in galley.doubts if each.id == key), None)
    if doubt is None or not value.isdecimal() or int(value) >= len(doubt.choices):
        raise _unknown()
    chosen = int(value)
    label = doubt.choices[chosen].label
    return Decision(
        f"{_quoted(galley, doubt.block)}：{label}",
        lambda now: settle(now, key, chosen),
        doubt.block,
        is_answer=True,
    )


def _quoted(galley: Galley, key: int) -> str:
    text = galley.block(key).text.strip() or "图片或表格"
    return f"“{text}”" if len(text) <= LONGEST_QUOTE else f"“{text[:LONGEST_QUOTE]}…”"


def _unknown() -> GalleyError:
    return GalleyError("没有看懂这一步，什么都没有改。请再点一次。")
