"""Tell what pages cost from Python, nothing kept, with some years' issues and with a century's.

    python -m bench.growth [450 5000] [--rounds 9] [--seconds 1]

The papers run side by side, each with a PostgreSQL, a Redis and a gunicorn of its own, and are
asked in turn: whatever else the machine does falls on both, and hardly on how they compare. They
are filled past every door (bench/many.py), without a search index.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from .compared import ARTICLES, FILL_OURS, Way, count_statements
from .machine import describe
from .pages import Costs, measure, table
from .reading import compose
from .stack import Stack

SIZES = (450, 5_000)
ROUNDS, SECONDS = 9, 1.0


def main() -> None:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), help="issues")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of a bout")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    print(f"{describe()}\n", flush=True)
    with ExitStack() as ending:
        place = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="paper-growth-")))
        ways = []
        for size in options.sizes:
            stack = Stack(_folder(place / str(size)))
            ending.callback(stack.close)
            ways.append(_filled(stack, size))
        print_growth(measure(ways, options.rounds, options.seconds), [way.name for way in ways])


def _filled(stack: Stack, size: int) -> Way:
    stack.found(sample=False)
    stack.manage(
        *("shell", "--no-imports", "--command"), FILL_OURS.format(issues=size, articles=ARTICLES)
    )
    stack.postgres.ask("VACUUM ANALYZE")
    stack.gunicorn.start()
    headers = {"Host": stack.host, "X-Forwarded-Proto": "http"}
    pages = {"front": "/", "article": f"/{size}/1/", "archive": "/archive/"}
    return Way(
        f"{size:,}",
        stack.gunicorn.port,
        {page: compose(address, headers) for page, address in pages.items()},
        [stack.gunicorn.pid, stack.postgres.pid, stack.redis.pid],
        [stack.postgres.pid],
        partial(count_statements, stack.postgres, stack.gunicorn.port),
    )


def _folder(place: Path) -> Path:
    for each in (place, place / "logs"):
        each.mkdir()
    return place


def print_growth(costs: Costs, sizes: Sequence[str]) -> None:
    """Print a line for each page and size; × is the median of what each round says."""
    rows = []
    for (page, size), cost in costs.items():
        times = cost.against(costs[page, sizes[0]])
        figures = (cost.median, statistics.median(cost.database))
        grown = f"{statistics.median(times):.2f}"
        rows.append([page, size, *(f"{each:.1f}" for each in figures), str(cost.queries), grown])
    heads = ["page", "issues", "CPU ms", "of it SQL", "SQL", f"× at {sizes[0]}"]
    print(table(heads, rows), flush=True)


if __name__ == "__main__":
    main()
