"""Turn the dataclasses of the schema into TOML tables, and tables into dataclasses.

Key order is field order, a field at its default is left out, and a tuple of dataclasses becomes
an array of tables named in the singular: ``bylines`` is ``[[byline]]``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_origin

from .rules import Place, SchemaError, bare, hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Thing = TypeVar("Thing", bound="DataclassInstance")

TYPE_NAMES = {str: "一段文字（加引号）", int: "一个数", bool: "true 或 false", date: "一个日期"}
ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n"}
NEEDS_ESCAPE = re.compile('["\\\\\x00-\x1f\x7f]')


# Reading


def read_table(
    cls: type[Thing], table: Mapping[str, Any], place: Place = (), **elsewhere: Any
) -> Thing:
    """Make a dataclass of a TOML table, the fields that stand elsewhere given by name."""
    expected = {
        key_of(field.name, hint): (field, hint)
        for field, hint in zip(fields(cls), hints(cls).values(), strict=True)
        if field.name not in elsewhere
    }
    for key in table:
        if key not in expected:
            raise SchemaError((*place, key), "不认识的项")
    values = dict(elsewhere)
    for key, (field, hint) in expected.items():
        if key in table:
            values[field.name] = _read_value(table[key], hint, (*place, key))
        elif field.default is MISSING:
            raise SchemaError((*place, key), "缺少这一项")
    return cls(**values)


def key_of(name: str, hint: Any) -> str:
    """Return the TOML key of a field."""
    return name.removesuffix("s") if _is_array_of_tables(hint) else name


def _read_value(value: Any, hint: Any, place: Place) -> Any:
    hint = bare(hint)
    if _is_array_of_tables(hint):
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise SchemaError(place, "要写成 [[ ]] 开头的几节")
        item_class = get_args(hint)[0]
        return tuple(
            read_table(item_class, item, (*place, index)) for index, item in enumerate(value)
        )
    if issubclass(hint, StrEnum):
        return read_choice(value, hint, place)
    if type(value) is not hint:
        raise SchemaError(place, f"应是{TYPE_NAMES[hint]}")
    return value


def read_choice(value: Any, choices: type[StrEnum], place: Place) -> StrEnum:
    """Return one of the values that an enumeration knows."""
    if isinstance(value, str) and value in list(choices):
        return choices(value)
    known = "、".join(filter(None, choices))
    raise SchemaError(place, f"“{value}”不在可选的值之内：{known}")


# Writing


def write_table(thing: Any, header: str = "", *, leave_out: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the lines of a dataclass as a TOML table, the arrays of tables it holds after it."""
    arrays = []
    for field, hint in zip(fields(thing), hints(type(thing)).values(), strict=True):
        value = getattr(thing, field.name)
        key = key_of(field.name, hint)
        if field.name in leave_out:
            continue
        if _is_array_of_tables(hint):
            arrays.append((f"{header}.{key}" if header else key, value))
        elif value != field.default:
            yield f"{key} = {write_value(value)}"
    for inner_header, items in arrays:
        yield from write_array(inner_header, items)


def write_array(header: str, items: tuple[Any, ...]) -> Iterator[str]:
    """Yield the lines of an array of tables, an empty line before each."""
    for item in items:
        yield ""
        yield f"[[{header}]]"
        yield from write_table(item, header)


def write_value(value: str | int | bool | date | list[int]) -> str:
    """Write a value as TOML does, text as a basic string on one line."""
    if isinstance(value, str):
        return '"' + NEEDS_ESCAPE.sub(lambda found: _escape(found[0]), value) + '"'
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(write_value, value)) + "]"
    return value.isoformat() if isinstance(value, date) else str(value)


def _escape(character: str) -> str:
    return ESCAPES.get(character, f"\\u{ord(character):04X}")


def _is_array_of_tables(hint: Any) -> bool:
    """Whether a field holds a tuple of one dataclass, as the body, of many kinds, does not."""
    if get_origin(hint) is not tuple:
        return False
    item = get_args(hint)[0]
    return not isinstance(item, UnionType) and is_dataclass(item)
