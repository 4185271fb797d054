"""Print how the reader of pasted pages reads issue 450 and what can be done to its text."""

from __future__ import annotations

import time

from interchange.readers.layout import read_layout
from tests.interchange.distorted import CASES, SOURCE
from tests.interchange.judged import judge
from tests.interchange.mangled import mangled

SEEDS, PAGES = range(1, 4), 100


def main() -> None:
    """Print the table, and under it what was wrong and by whom it was told."""
    verdicts = [judge(case) for case in CASES]
    print(f"{'':46}{'facts':>6}{'found':>6}{'flagged':>8}{'wrong, unflagged':>18}{'doubts':>7}")
    for verdict in verdicts:
        flagged, unflagged = len(verdict.flagged), len(verdict.unflagged)
        total = verdict.found + flagged + unflagged
        print(
            f"{verdict.name:46}{total:6}{verdict.found:6}{flagged:8}{unflagged:18}{verdict.doubts:7}"
        )
    found = sum(verdict.found for verdict in verdicts)
    flagged = sum(len(verdict.flagged) for verdict in verdicts)
    unflagged = sum(len(verdict.unflagged) for verdict in verdicts)
    print(f"{len(verdicts)} texts: {found} found, {flagged} flagged, {unflagged} unflagged")
    chance = [judge(case) for seed in SEEDS for case in mangled(seed, PAGES)]
    found = sum(verdict.found for verdict in chance)
    flagged = sum(len(verdict.flagged) for verdict in chance)
    unflagged = sum(len(verdict.unflagged) for verdict in chance)
    print(f"{len(chance)} by chance: {found} found, {flagged} flagged, {unflagged} unflagged")
    for verdict in verdicts + chance:
        for fact in verdict.unflagged:
            print(f"*** {verdict.name}: {fact}")
    begun = time.perf_counter()
    for _ in range(20):
        read_layout(SOURCE)
    print(f"{(time.perf_counter() - begun) / 20 * 1000:.1f} ms for issue 450")


if __name__ == "__main__":
    main()
