"""Tell what pages cost: ours from Python, ours from nginx, a plain file, the tutorial's site.

    python -m bench.pages [45 450 …] [--rounds 5] [--seconds 0.5]

Everything runs at once and is asked in turn, so that whatever else the machine does falls on all
alike; what is printed is the median of the rounds, as Markdown (docs/performance.md explains it).
"""

from __future__ import annotations

import argparse
import random
import signal
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from . import editors
from .compared import PAGES, Compared, Way
from .footprint import megabytes, processor_seconds
from .machine import describe
from .reading import Bout, fetch, read

SIZES = (45, 450)
ROUNDS, SECONDS = 5, 0.5
FEW, MANY = 1, 16
AT_MOST = 50_000  # requests at a time
WARMING = 8
FILE, KEPT = "a file, same bytes", "ours, kept by nginx"
# Above this share of a processor, it is we who are slow.
BUSY = 0.9


@dataclass(slots=True)
class Cost:
    """What was found out of one page by one way, over the rounds."""

    # Milliseconds of a request, the database's among them.
    processor: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    bouts: dict[int, list[Bout]] = field(default_factory=lambda: defaultdict(list))
    bytes: int = 0
    queries: int | None = None

    @property
    def median(self) -> float:
        """Milliseconds of processor for a request."""
        return statistics.median(self.processor)

    def against(self, other: Cost) -> list[float]:
        """Return how many times the processor of ``other`` it took, in each round."""
        return [ours / its for ours, its in zip(self.processor, other.processor, strict=True)]

    def add(self, connections: int, bout: Bout, seconds: float, database: float = 0.0) -> None:
        """Note a bout, and the processor that the server and its database had meanwhile."""
        if bout.failed:
            raise RuntimeError(f"{bout.failed} of {bout.requests} requests failed.")
        self.bouts[connections].append(bout)
        if connections == MANY:
            self.processor.append(1000 * seconds / bout.requests)
            self.database.append(1000 * database / bout.requests)

    def rate(self, connections: int) -> str:
        """Return requests in a second; at least so many, if the reader was the slower one."""
        bouts = self.bouts[connections]
        rate = statistics.median(bout.per_second for bout in bouts)
        limited = statistics.median(bout.own / bout.seconds for bout in bouts) > BUSY
        return f"{'≥ ' if limited else ''}{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"

    def slow(self, connections: int) -> str:
        """Return the milliseconds that 99 of 100 answers took no longer than, of all rounds."""
        times = [seconds for bout in self.bouts[connections] for seconds in bout.times]
        return f"{1000 * Bout(times=times).slower_than(0.99):.1f}"


Costs = dict[tuple[str, str], Cost]  # of a page and a way


def main() -> None:
    """Measure at each size, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), help="issues")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of a bout")
    parser.add_argument("--editing", type=float, default=editors.SECONDS, help="seconds")
    options = parser.parse_args()
    sizes = sorted(options.sizes)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    print(f"{describe()}\n", flush=True)
    with ExitStack() as ending:
        place = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="paper-pages-")))
        compared = Compared(place, newest=sizes[0])
        ending.callback(compared.close)
        compared.start()
        of_sizes: dict[int, Costs] = {}
        for size in sizes:
            compared.fill(size)
            of_sizes[size] = measure(compared.ways(), options.rounds, options.seconds)
            print_size(size, of_sizes[size], compared)
        print_growth(of_sizes)
        print(editors.measure(compared.ours, newest=sizes[0], seconds=options.editing))


def measure(ways: Sequence[Way], rounds: int, seconds: float) -> Costs:
    """Ask for each page by each way, round after round, in another order each time.

    The ways of one page follow each other, so that they find the machine in the same mood.
    """
    asked = [(page, way) for page in PAGES for way in ways if page in way.requests]
    costs: Costs = {(page, way.name): Cost() for page, way in asked}
    for page, way in asked:
        cost = costs[page, way.name]
        _bout(page, way, MANY, seconds, at_most=WARMING * MANY)
        if way.statements:
            cost.queries = way.statements(way.requests[page])
        cost.bytes = fetch(way.port, way.requests[page]).length
    for number in range(rounds):
        chance = random.Random(number)
        chance.shuffle(asked)
        pages = [page for page, _ in asked]
        for page, way in sorted(asked, key=lambda each: pages.index(each[0])):
            for connections in (FEW, MANY):
                before = _processor(way)
                bout = _bout(page, way, connections, seconds)
                spent = (after - used for after, used in zip(_processor(way), before, strict=True))
                costs[page, way.name].add(connections, bout, *spent)
    return costs


def _processor(way: Way) -> tuple[float, float]:
    """Return what the way has had of the processor until now, and its database alone."""
    return processor_seconds(*way.processes), processor_seconds(*way.database)


def _bout(page: str, way: Way, connections: int, seconds: float, at_most: int = AT_MOST) -> Bout:
    request = [way.requests[page]]
    try:
        return read(way.port, request, connections=connections, seconds=seconds, at_most=at_most)
    except ConnectionError as error:
        raise RuntimeError(f"{page}, {way.name}: {error}") from error


# Printing


def print_size(size: int, costs: Costs, compared: Compared) -> None:
    """Print the table of one size."""
    rows = []
    for (page, way), cost in costs.items():
        rows.append(
            [
                *(page, way, _milliseconds(cost.median)),
                _milliseconds(statistics.median(cost.database)) if any(cost.database) else "–",
                *(cost.rate(FEW), cost.rate(MANY)),
                *(cost.slow(FEW), cost.slow(MANY), f"{cost.bytes:,}"),
                "–" if cost.queries is None else str(cost.queries),
            ]
        )
    heads = ["page", "from", "CPU ms", "of it SQL", f"requests/s, {FEW}", f"requests/s, {MANY}"]
    heads += [f"p99 ms, {FEW}", f"p99 ms, {MANY}", "bytes", "SQL"]
    print(f"### {size:,} issues\n\n{table(heads, rows)}\n")
    ratios = [
        f"{page} {statistics.median(costs[page, KEPT].against(costs[page, FILE])):.2f}"
        for page in PAGES
        if (page, KEPT) in costs
    ]
    print(f"Kept page / the same bytes as a file, CPU: {', '.join(ratios)}.")
    print(f"Found by the search: {compared.found()}.")
    memory = [f"{name} {megabytes(*pids()):.0f}" for name, pids in compared.trees.items()]
    print(f"Memory, MB: {', '.join(memory)}.\n", flush=True)


def print_growth(of_sizes: dict[int, Costs]) -> None:
    """Print how the processor's time grows with the archive."""
    first, *others = of_sizes
    if not others:
        return
    heads = ["page", "from", f"CPU ms, {first:,}", *(f"× at {size:,}" for size in others)]
    rows = [
        [
            *(page, way, _milliseconds(cost.median)),
            *(f"{of_sizes[size][page, way].median / cost.median:.2f}" for size in others),
        ]
        for (page, way), cost in of_sizes[first].items()
    ]
    print(f"### Growth\n\n{table(heads, rows)}\n", flush=True)


def _milliseconds(figure: float) -> str:
    return f"{figure:.3f}" if figure < 1 else f"{figure:.1f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; all but the first two columns are numbers."""
    ruler = ["---" if column < 2 else "--:" for column in range(len(heads))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ruler, *rows))


if __name__ == "__main__":
    main()
