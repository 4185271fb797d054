"""Tell what a server takes of the machine, with every process that it started."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

__all__ = ["megabytes", "processor_seconds", "tree"]

TICK = os.sysconf("SC_CLK_TCK")


def tree(*roots: int) -> list[int]:
    """Return these processes, and all below them."""
    found, waiting = [], list(roots)
    while waiting:
        pid = waiting.pop()
        try:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended a moment ago
        found.append(pid)
    return found


def processor_seconds(*roots: int) -> float:
    """Return the seconds of processor that these have had, with those below them that ended."""
    return sum(map(_seconds, tree(*roots)))


def megabytes(*roots: int) -> float:
    """Return the memory of these and all below them; what several share is counted once."""
    return sum(map(_kilobytes, tree(*roots))) / 1024


def _seconds(pid: int) -> float:
    """Return what its threads had, to the nanosecond, and its ended children, to the tick."""
    try:
        threads: Iterable[Path] = list(Path(f"/proc/{pid}/task").iterdir())
        running = sum(int((each / "schedstat").read_text().split()[0]) for each in threads)
        # After the name, which may hold anything, the state is the first and cutime the 14th.
        counters = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return running / 1e9 + (int(counters[13]) + int(counters[14])) / TICK


def _kilobytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
