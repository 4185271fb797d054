"""Find the line of a TOML document on which a place of the schema is written."""

from __future__ import annotations

import re
from itertools import zip_longest

from .rules import Place

HEADER = re.compile(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
KEY = re.compile(r"""\s*["']?([\w-]+)["']?\s*=""")


def line_of(source: str, place: Place) -> int:
    """Return the line, counted from one, of the deepest step of a place that is spelt out.

    A missing key is thus reported at the head of its table; 0 means that no step was found.
    """
    wanted = _as_keys(place)
    table: Place = ()
    counts: dict[str, int] = {}
    deepest = found = 0
    for number, line in enumerate(source.split("\n"), start=1):
        if header := HEADER.match(line):
            spot = table = _enter(header[2], header[1] == "[[", counts)
        elif key := KEY.match(line):
            spot = (*table, key[1])
        else:
            continue
        if spot == wanted[: len(spot)] and len(spot) > deepest:
            deepest, found = len(spot), number
    return found


def _as_keys(place: Place) -> Place:
    """Spell a place in the words of TOML: ("bylines", 0) is the first ``[[byline]]``."""
    return tuple(
        step.removesuffix("s") if isinstance(step, str) and isinstance(following, int) else step
        for step, following in zip_longest(place, place[1:])
    )


def _enter(header: str, is_array: bool, counts: dict[str, int]) -> Place:
    """Return the place of a table, counting the tables of each array within its parent."""
    if is_array:
        counts[header] = counts.get(header, 0) + 1
        for inner in [name for name in counts if name.startswith(f"{header}.")]:
            del counts[inner]
    steps: list[str | int] = []
    name = ""
    for part in header.split("."):
        name = f"{name}.{part}" if name else part
        steps.append(part)
        if name in counts:
            steps.append(counts[name] - 1)
    return tuple(steps)
