"""Bound the work that something is, whatever else the machine does meanwhile.

Seconds of a processor tell little: the same work took three times as many on a machine with busy
neighbours, and tests failed for it. So they are told beside the seconds that a piece of work of
known size takes just before and after, in the same process. For catastrophes (the square of what
is pasted, a bomb that is unpacked) that is sharp enough; how fast things are is the bench's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["at_most"]

WORDS = "全市职工技能大赛在杭州开幕。" * 400
# What the yardstick takes on the machine that the limits were found on.
QUIET = 0.015


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fail if what is done within is more work than a quiet machine's processor does in so long."""
    before, begun = _yardstick(), time.process_time()
    yield
    spent = time.process_time() - begun
    quiet = spent * QUIET / max(QUIET, before, _yardstick())
    assert quiet <= seconds, f"{quiet:.2f} s of a quiet machine, {spent:.2f} s of this one"


def _yardstick() -> float:
    """Return the seconds of processor that some work on texts takes now."""
    begun = time.process_time()
    for _ in range(20):
        seen: dict[str, int] = {}
        for sign in WORDS:
            seen[sign] = seen.get(sign, 0) + 1
        re.sub("[。，]", "", WORDS).split("职工")
    return time.process_time() - begun
