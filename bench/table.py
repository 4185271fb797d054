"""Print what was found out, a line for each scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .judging import Verdict

HEADS = (
    *("sent", "requests", "at_first", "acknowledged", "found"),
    *("lost", "duplicated", "untold", "orphans"),
)
NAME_WIDTH, WIDTH = 20, 13
EXPLANATION = """
sent: submissions · at first: receipts before anybody sent again · acknowledged, found: afterwards
untold: stored at first, though the sender got no receipt · orphans: files without a row, removed
"""


def show(title: str, verdicts: Sequence[Verdict]) -> None:
    """Print a table, and under it what is wrong."""
    heads = "".join(f"{head.replace('_', ' '):>{WIDTH}}" for head in HEADS)
    print(f"\n{title}\n\n{'scenario':{NAME_WIDTH}}{heads}  slowest  errors")
    for verdict in verdicts:
        numbers = "".join(f"{getattr(verdict, head):>{WIDTH}}" for head in HEADS)
        errors = ", ".join(f"{kind}×{times}" for kind, times in sorted(verdict.errors.items()))
        name = f"{verdict.scenario:{NAME_WIDTH}}"
        print(f"{name}{numbers}  {verdict.slowest:5.1f} s  {errors or 'none'}")
    print(EXPLANATION, end="")
    for verdict in verdicts:
        for violation, times in Counter(verdict.violations).items():
            print(f"*** {verdict.scenario}: {violation}" + (f" (×{times})" if times > 1 else ""))
