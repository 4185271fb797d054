"""Write an issue as JSON (docs/issue.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from ..for_readers import for_readers
from ..readers.plain_json import KIND, PASSAGES, kind_of
from ..schema import FORMAT, Article, Issue, check

__all__ = ["plain_article", "write_plain_json"]


def write_plain_json(issue: Issue, *, for_editors: bool = False) -> bytes:
    """Return the issue as JSON: keys in the order of the fields, defaults left out.

    What is the newsroom's own (``edition.for_readers``) is written only ``for_editors``. The same
    issue gives the same bytes; ``readers.plain_json`` gives the same issue. Raises SchemaError.
    """
    check(issue)
    told = {"format": FORMAT, **_told(issue if for_editors else for_readers(issue))}
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n".encode()


def plain_article(article: Article) -> dict[str, Any]:
    """Return one article in the form it has in the JSON of its issue."""
    return _told(article)


def _told(thing: Any) -> dict[str, Any]:
    return dict(_pairs(thing))


def _pairs(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, PASSAGES):
        yield KIND, kind_of(type(thing))
    for field in fields(thing):
        value = getattr(thing, field.name)
        if value != field.default:
            yield field.name, _value(value)


def _value(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, str | int):
        return value
    return value.isoformat() if isinstance(value, date) else _told(value)
