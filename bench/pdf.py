"""Measure the PDF edition: seconds, bytes and memory of issues of 4 and of 40 articles.

``python -m bench.pdf`` prints a table. Each is made in a process of its own, twice: the first time
with all that has to be read and loaded, the second with what a server at work keeps.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from interchange.readers.folder import read_folder
from interchange.schema import Folio, Issue
from interchange.writers.pdf import Paper, write_pdf

SAMPLE = Path(__file__).resolve().parent.parent / "content" / "issue-450"
ARTICLES = (4, 40)
PAPERS: tuple[Paper, ...] = ("A3", "A4")
ON_A_FOLIO = 10


def issue_of(articles: int) -> Issue:
    """Return an issue of so many articles, those of the sample issue over and over, on folios."""
    sample = read_folder(SAMPLE)
    if articles == len(sample.articles):
        return sample
    copies = tuple(
        replace(
            sample.articles[place % len(sample.articles)],
            number=place + 1,
            folio=1 + place // ON_A_FOLIO,
            remarks=(),
        )
        for place in range(articles)
    )
    folios = tuple(Folio(number=number) for number in sorted({one.folio for one in copies}))
    return replace(sample, articles=copies, folios=folios)


def measure_pdf(articles: int, paper: Paper) -> dict[str, float]:
    """Return seconds the first time and the second, bytes, and the memory of this process in MB."""
    issue = issue_of(articles)
    seconds = []
    pdf = b""
    for _ in range(2):
        start = time.perf_counter()
        pdf = write_pdf(issue, picture=lambda name: b"", paper=paper)
        seconds.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"first": seconds[0], "second": seconds[1], "bytes": len(pdf), "memory": memory}


def main() -> None:
    """Print the table, a process for each row."""
    if len(sys.argv) == 3:
        paper: Paper = "A3" if sys.argv[2] == "A3" else "A4"
        found = measure_pdf(int(sys.argv[1]), paper)
        print(
            f"{sys.argv[1]:>8} {paper:>5} {found['first']:8.2f} {found['second']:8.2f}"
            f" {found['bytes']:10.0f} {found['memory']:9.0f}"
        )
        return
    print("articles paper  first s second s      bytes memory MB", flush=True)
    for articles in ARTICLES:
        for paper in PAPERS:
            command = [sys.executable, "-m", "bench.pdf", str(articles), paper]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
