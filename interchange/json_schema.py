"""Describe the form of an issue as JSON Schema, from the annotations of its dataclasses.

``python -m interchange.json_schema`` prints docs/issue.schema.json. What no single value shows
(numbers used twice, folios out of order) only ``schema.check`` finds.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, get_args, get_origin

from issues.hot_areas import POLYGON

from .readers.plain_json import KIND, PASSAGES, kind_of
from .rules import (
    Address,
    Between,
    ImageName,
    Numbered,
    Polygon,
    Text,
    bare,
    hints,
)
from .schema import FORMAT, Issue

# Patterns that mean the same to ECMA-262 and to Python: \w would not (letters that are Chinese),
# nor would $ (Python lets a line break follow). They are as strict as that allows.
END = r"(?![\s\S])"
CONTROL = r"\u0000-\u0008\u000b-\u001f\u007f"
ADDRESS = rf"^(?:(?:https?://|mailto:|tel:|/(?!/)|#)[^\s\\{CONTROL}]*)?{END}"
NAME_SIGN = r'\s/\\:*?"<>|'
FILE_STEM = rf"[^{NAME_SIGN}.-][^{NAME_SIGN}]*"
PLAIN = {str: "string", int: "integer", bool: "boolean"}


def describe() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an issue."""
    definitions: dict[str, Any] = {}
    issue = _object(Issue, definitions)
    issue["properties"] = {"format": {"const": FORMAT}, **issue["properties"]}
    issue["required"] = ["format", *issue["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": FORMAT,
        **issue,
        "$defs": dict(sorted(definitions.items())),
    }


def render() -> str:
    """Return the JSON Schema as the file that documents it."""
    return json.dumps(describe(), ensure_ascii=False, indent=2) + "\n"


def _object(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    properties, required = {}, []
    for field in fields(cls):
        described = _value(hints(cls)[field.name], definitions)
        if field.default is MISSING:
            required.append(field.name)
        else:
            described = {**described, "default": _default(field.default)}
        properties[field.name] = described
    if cls in PASSAGES:
        properties = {KIND: {"const": kind_of(cls)}, **properties}
        required.insert(0, KIND)
    return {
        "description": (cls.__doc__ or "").partition("\n")[0],
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _default(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _value(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if get_origin(hint) is Annotated:
        described = _value(bare(hint), definitions)
        for rule in hint.__metadata__:
            described |= _rule(rule)
        return described
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _value(get_args(hint)[0], definitions)}
    if isinstance(hint, UnionType):
        return {"oneOf": [_value(cls, definitions) for cls in get_args(hint)]}
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = _object(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if hint is date:
        return {"type": "string", "format": "date", "pattern": rf"^\d{{4}}-\d{{2}}-\d{{2}}{END}"}
    if issubclass(hint, StrEnum):
        return {"enum": [choice.value for choice in hint]}
    return {"type": PLAIN[hint]}


def _rule(rule: Any) -> dict[str, Any]:
    match rule:
        case Text(required, multiline, longest):
            forbidden = CONTROL if multiline else rf"\t\n{CONTROL}"
            said = r"(?=[\s\S]*\S)" if required else ""
            limit = {} if longest is None else {"maxLength": longest}
            return {"pattern": f"^{said}[^{forbidden}]*{END}", **limit}
        case Numbered(largest):
            return {"minimum": 1, "maximum": largest}
        case Between(first, last):
            return {"description": f"From {first} to {last}."}
        case ImageName(required):  # and the PDF of a page
            name = FILE_STEM + _one_of(rule.endings)
            return {"pattern": f"^(?:{name}){'' if required else '?'}{END}"}
        case Polygon():
            return {"pattern": f"^{POLYGON.pattern}{END}"}
        case Address():
            return {"pattern": ADDRESS}
    raise TypeError(rule)


def _one_of(endings: tuple[str, ...]) -> str:
    """Return a pattern for the end of a file's name, in either case."""
    spelt = (
        "".join(f"[{letter}{letter.upper()}]" for letter in ending.removeprefix("."))
        for ending in endings
    )
    return rf"\.(?:{'|'.join(spelt)})"


if __name__ == "__main__":
    print(render(), end="")
