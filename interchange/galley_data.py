"""Write a galley as plain data and read it back; what comes back from a browser is not believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints

from .galley import Act, Block, Choice, Doubt, Galley, GalleyError, Part, Step
from .galley_edits import is_ready
from .markdown import MarkdownError, parse_body, write_body
from .rules import UNWRITABLE, faults
from .schema import Paragraph, Passage

__all__ = ["LONGEST_SOURCE", "MOST_BLOCKS", "from_data", "to_data"]

VERSION = 1
MOST_BLOCKS = 20_000
MOST_DOUBTS = 20_000
LONGEST_SOURCE = 2_000_000  # characters
LARGEST_NUMBER = 10_000_000
LONGEST_TOLD = 1_000  # characters of a doubt or a choice
MOST_CHOICES = 12
MOST_STEPS = MOST_BLOCKS

Thing = TypeVar("Thing", Block, Doubt, Choice, Step)


def to_data(galley: Galley) -> dict[str, Any]:
    """Return a galley as JSON can hold it; what is at its default is left out."""
    data: dict[str, Any] = {
        "version": VERSION,
        "blocks": [_written(block) for block in galley.blocks],
        "doubts": [_written(doubt) for doubt in galley.doubts],
    }
    if galley.order != tuple(block.id for block in galley.blocks):
        data["order"] = list(galley.order)
    return data


def from_data(data: object) -> Galley:
    """Return the galley that ``to_data`` wrote, or raise ``GalleyError``."""
    table = _table(data)
    if table.keys() - {"order"} != {"version", "blocks", "doubts"}:
        raise _unreadable("不是这里存的小样")
    if type(table["version"]) is not int or table["version"] != VERSION:
        raise _unreadable("不是这里存的小样")
    blocks = tuple(_read(Block, each) for each in _list(table["blocks"], MOST_BLOCKS))
    doubts = tuple(_read(Doubt, each) for each in _list(table["doubts"], MOST_DOUBTS))
    ids = [block.id for block in blocks]
    order = _list(table.get("order", ids), MOST_BLOCKS)
    if len(set(ids)) < len(ids) or not all(type(each) is int for each in order):
        raise _unreadable("段落的编号不对")
    if len(order) != len(ids) or set(order) != set(ids):
        raise _unreadable("段落的顺序不全")
    if sum(len(block.text) + len(block.signs) for block in blocks) > LONGEST_SOURCE:
        raise _unreadable("文字太长")
    if len({doubt.id for doubt in doubts}) < len(doubts):
        raise _unreadable("疑点的编号不对")
    spoken_of = {doubt.block for doubt in doubts}
    spoken_of.update(
        step.block for doubt in doubts for choice in doubt.choices for step in choice.steps
    )
    if not spoken_of <= set(ids):
        raise _unreadable("疑点所在的段落不在了")
    return Galley(blocks, tuple(order), doubts)


def _written(thing: Block | Doubt | Choice | Step) -> dict[str, Any]:
    table = {}
    for field in fields(thing):
        value = getattr(thing, field.name)
        if value == field.default and type(value) is type(field.default):
            continue
        if field.name == "passage":
            value = write_body([value])
        elif isinstance(value, tuple):
            value = [_written(each) for each in value]
        table[field.name] = value.value if isinstance(value, StrEnum) else value
    return table


def _read(cls: type[Thing], data: object) -> Thing:
    table = _table(data)
    hints = _hints(cls)
    values: dict[str, Any] = {}
    for field in fields(cls):
        if field.name in table:
            values[field.name] = _value(field.name, hints[field.name], table[field.name])
        elif field.default is MISSING:
            raise _unreadable(f"少了“{field.name}”")
    if unknown := table.keys() - hints.keys():
        raise _unreadable(f"不认识“{min(unknown)[:20]}”")
    thing = cls(**values)
    if isinstance(thing, Doubt) and len(thing.text) > LONGEST_TOLD:
        raise _unreadable("疑点的文字太长")
    if isinstance(thing, Block):
        _check_block(thing)
    elif isinstance(thing, Step):
        _check_step(thing)
    return thing


def _value(name: str, hint: Any, value: object) -> Any:
    match name:
        case "passage":
            return _passage(value)
        case "choices":
            return tuple(_read(Choice, each) for each in _list(value, MOST_CHOICES))
        case "steps":
            return tuple(_read(Step, each) for each in _list(value, MOST_STEPS))
        case "value" if type(value) is int:
            hint = int
        case "value":
            hint = str
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        if isinstance(value, str) and value in list(hint):
            return hint(value)
        raise _unreadable(f"“{name}”里的值不认识")
    if type(value) is not hint:
        raise _unreadable(f"“{name}”里的值不对")
    if isinstance(value, int) and not 0 <= value <= LARGEST_NUMBER:
        raise _unreadable(f"“{name}”里的数不对")
    if isinstance(value, str):
        longest = LONGEST_SOURCE if name == "text" else LONGEST_TOLD
        if len(value) > longest or UNWRITABLE.search(value):
            raise _unreadable(f"“{name}”里的文字太长，或有不能保存的字符")
    return value


def _passage(value: object) -> Passage:
    try:
        if not isinstance(value, str) or len(value) > LONGEST_SOURCE:
            raise _unreadable("图文的内容不对")
        (passage,) = parse_body(value)
        if any(faults(passage)):
            raise _unreadable("图文的内容不对")
    except (MarkdownError, ValueError) as error:
        raise _unreadable("图文的内容不对") from error
    return passage


def _check_block(block: Block) -> None:
    if is_ready(block) != (block.part is Part.FIGURE) and block.part is not Part.DROPPED:
        raise _unreadable("图片和表格的位置不对")
    if isinstance(block.passage, Paragraph) and block.passage.text != block.text:
        raise _unreadable("段落的文字前后不一")


def _check_step(step: Step) -> None:
    if step.act is Act.PART and step.value not in list(Part):
        raise _unreadable("选项里的值不认识")


def _table(data: object) -> Mapping[str, Any]:
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise _unreadable("内容的样子不对")
    return data


def _list(data: object, most: int) -> list[Any]:
    if not isinstance(data, list) or len(data) > most:
        raise _unreadable("内容的样子不对，或者太多")
    return data


def _unreadable(reason: str) -> GalleyError:
    return GalleyError(f"保存的小样读不出来：{reason}。请从原文重新导入。")


_known_hints: dict[type, dict[str, Any]] = {}


def _hints(cls: type) -> dict[str, Any]:
    if cls not in _known_hints:
        _known_hints[cls] = get_type_hints(cls)
    return _known_hints[cls]
