"""Read an issue from JSON (docs/issue.schema.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, TypeVar, cast, get_args, get_origin

from ..rules import Place, SchemaError, bare, hints
from ..schema import FORMAT, Issue, Passage, check
from ..tables import read_choice

__all__ = ["KIND", "PASSAGES", "JsonRefused", "kind_of", "read_plain_json"]

KIND = "kind"  # says what a passage is, also where it can be one thing only: paragraph, photo, …
PASSAGES = get_args(Passage)
LARGEST = 20_000_000
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TYPE_NAMES = {str: "一段文字（加引号）", int: "一个整数", bool: "true 或 false"}

Thing = TypeVar("Thing")


class JsonRefused(ValueError):
    """Say in Chinese why a file is no issue, and where in it."""


def read_plain_json(data: bytes) -> Issue:
    """Return the issue, its pictures by name only; raise ``JsonRefused`` for what is none."""
    if len(data) > LARGEST:
        raise JsonRefused(f"文件太大，超过{LARGEST // 1_000_000}MB")
    try:
        told = json.loads(data.decode(), object_pairs_hook=_once_each, parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise JsonRefused("不是 UTF-8 编码，请另存为 UTF-8") from error
    except RecursionError as error:
        raise JsonRefused("括号嵌套太深，不是一期报纸") from error
    except json.JSONDecodeError as error:
        raise JsonRefused(f"第{error.lineno}行不合 JSON 的写法（{error.msg}）") from error
    except JsonRefused:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise JsonRefused("里面有读不了的数") from error
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise JsonRefused(f"format 应是“{FORMAT}”，别的写法读不了")
    try:
        issue = _thing(Issue, told, ())
        check(issue)
    except SchemaError as error:
        raise JsonRefused(str(error)) from error
    return issue


def kind_of(cls: type) -> str:
    """Return by which word a class is told from others."""
    return cls.__name__.lower()


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object, in which no key may stand twice: one of them would be lost."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise JsonRefused(f"同一处写了两次“{_twice(pairs)}”")
    return made


def _twice(pairs: list[tuple[str, Any]]) -> str:
    keys = [key for key, _ in pairs]
    return next(key for key in keys if keys.count(key) > 1)


def _no_number(name: str) -> None:
    raise JsonRefused(f"{name} 不是数")


def _thing(cls: type[Thing], told: Mapping[str, Any], place: Place) -> Thing:
    known = {field.name: field for field in fields(cls)}  # type: ignore[arg-type]  # a dataclass
    for key in told:
        if key not in known:
            raise SchemaError((*place, key), "不认识的项")
    values = {}
    for name, hint in hints(cls).items():
        if name in told:
            values[name] = _value(told[name], bare(hint), (*place, name))
        elif known[name].default is MISSING:
            raise SchemaError((*place, name), "缺少这一项")
    return cls(**values)


def _value(told: Any, hint: Any, place: Place) -> Any:
    if get_origin(hint) is tuple:
        if not isinstance(told, list):
            raise SchemaError(place, "应是一个列表（方括号）")
        inner = bare(get_args(hint)[0])
        return tuple(_value(item, inner, (*place, n)) for n, item in enumerate(told))
    if isinstance(hint, UnionType):
        return _one_of(get_args(hint), told, place)
    if hint in PASSAGES:
        return _one_of((hint,), told, place)
    if is_dataclass(hint):
        return _thing(cast(type, hint), _object(told, place), place)
    if hint is date:
        return _day(told, place)
    if issubclass(hint, StrEnum):
        return read_choice(told, hint, place)
    if type(told) is not hint:
        raise SchemaError(place, f"应是{TYPE_NAMES[hint]}")
    return told


def _object(told: Any, place: Place) -> dict[str, Any]:
    if not isinstance(told, dict):
        raise SchemaError(place, "应是一个对象（花括号）")
    return told


def _one_of(choice: tuple[type, ...], told: Any, place: Place) -> Any:
    classes = {kind_of(cls): cls for cls in choice}
    kind = _object(told, place).get(KIND)
    if not isinstance(kind, str) or kind not in classes:
        raise SchemaError((*place, KIND), f"应是其中之一：{'、'.join(classes)}")
    rest = {key: value for key, value in told.items() if key != KIND}
    return _thing(classes[kind], rest, place)


def _day(told: Any, place: Place) -> date:
    if isinstance(told, str) and DAY.fullmatch(told):
        try:
            return date.fromisoformat(told)
        except ValueError:
            pass
    raise SchemaError(place, "应是一个日期，如 2022-08-02")
