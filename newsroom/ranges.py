"""Understand which part of a file is asked for (RFC 9110, Range): one stretch of bytes."""

from __future__ import annotations

import re

__all__ = ["Unsatisfiable", "asked_range"]

RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """Nothing of what is asked for is there."""


def asked_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the first byte that is asked for and the one behind the last, of a file of ``size``.

    None: the whole file is to be given, since nothing else is asked for, or nothing that we
    understand; several stretches at once are among that. Raises Unsatisfiable.
    """
    asked = RANGE.fullmatch(header)
    if asked is None or not (asked[1] or asked[2]):
        return None
    first, last = asked[1], asked[2]
    if not first:
        length = min(int(last), size)
        if not length:
            raise Unsatisfiable
        return size - length, size
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last) + 1, size) if last else size
