"""Print what was found out, a line for each scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .judging import Verdict

HEADS = ("sent", "acknowledged", "found", "lost", "duplicated", "untold", "orphans")


def show(title: str, verdicts: Sequence[Verdict]) -> None:
    """Print a table, and under it what is wrong.

    untold: stored, though no receipt reached the sender · orphans: files without a row, removed.
    """
    print(f"\n{title}\n")
    print("".join([f"{'scenario':20}", *(f"{head:>13}" for head in HEADS), "  slowest  errors"]))
    for verdict in verdicts:
        numbers = "".join(f"{getattr(verdict, head):>13}" for head in HEADS)
        errors = ", ".join(f"{kind}×{times}" for kind, times in sorted(verdict.errors.items()))
        print(f"{verdict.scenario:20}{numbers}  {verdict.slowest:5.1f} s  {errors or 'none'}")
    for verdict in verdicts:
        for violation, times in Counter(verdict.violations).items():
            print(f"*** {verdict.scenario}: {violation}" + (f" (×{times})" if times > 1 else ""))
