"""Judge linked data by the vocabulary of schema.org, as a package brings it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import schema_org


def faults(node: dict[str, Any]) -> list[str]:
    """Return what in a JSON-LD document schema.org does not know, or not in that place."""
    assert node["@context"] == "https://schema.org"
    return [fault for part in node["@graph"] for fault in _faults(part)]


def _faults(node: dict[str, Any]) -> Iterator[str]:
    kind = node["@type"]
    properties = {
        known.schema_name: known.ranges for known in getattr(schema_org, kind).SCHEMA_PROPERTIES
    }
    for name, value in node.items():
        if name in ("@type", "@id"):
            continue
        if name not in properties:
            yield f"{kind} has no {name}"
            continue
        for one in value if isinstance(value, list) else [value]:
            if not any(_fits(one, wanted) for wanted in properties[name]):
                yield f"{kind}.{name} is {one!r}, not {properties[name]}"
            if isinstance(one, dict):
                yield from _faults(one)


def _fits(value: Any, wanted: str) -> bool:
    if isinstance(value, dict):
        return wanted in getattr(schema_org, value["@type"]).SCHEMA_TYPES
    if isinstance(value, bool):
        return wanted == "Boolean"
    if isinstance(value, int):
        return wanted in ("Integer", "Number")
    match wanted:
        case "Date":
            return _reads(date.fromisoformat, value)
        case "DateTime":
            return _reads(datetime.fromisoformat, value)
        case "URL":
            return bool(urlsplit(value).scheme and urlsplit(value).netloc)
    return wanted == "Text"


def _reads(read: Any, value: str) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True
