"""Measure what nginx keeps: what a kept page costs beside a file, how soon a change is seen.

python -m bench.front [--issues 45] [--publications 100]; it takes wrk (bin/system-packages wrk).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, closing
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from .server import ROOT
from .stack import Stack

ROUNDS, SECONDS, CONNECTIONS = 5, 3, 8
PAGES = ("/", "/450/1/", "/archive/")
LOOKED_AT_EVERY = 10  # publications, all kept pages are compared with the application's own


class Reader:
    """Asks nginx, or the application itself."""

    def __init__(self, stack: Stack, port: int) -> None:
        self.headers = {"Host": stack.host, "X-Forwarded-Proto": "http"}
        self.port = port

    def read(self, address: str, **headers: str) -> bytes:
        """Return what is there now; nothing of what is not there."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connection):
            connection.request("GET", address, headers={**self.headers, **headers})
            answer = connection.getresponse()
            content = answer.read()
        return content if answer.status < 400 else b""


def processor_seconds(stack: Stack) -> float:
    """Return what nginx's worker has used until now."""
    master = stack.nginx.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    spent = 0
    for pid in children:
        if "worker" in Path(f"/proc/{pid}/cmdline").read_text():
            counters = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            spent += int(counters[11]) + int(counters[12])
    return spent / os.sysconf("SC_CLK_TCK")


def cost(stack: Stack) -> None:
    """Compare kept pages with the same bytes as files beside their .gz, interleaved."""
    files = stack.place / "files"
    files.mkdir()
    reader = Reader(stack, stack.port)
    for number, page in enumerate(PAGES):
        name = files / f"{number}.html"
        name.write_bytes(reader.read(page))
        packed = reader.read(page, **{"Accept-Encoding": "gzip"})
        name.with_suffix(".html.gz").write_bytes(packed)
    stack.stop_nginx()
    (stack.place / "extra/files.conf").write_text(
        f"location /files/ {{ alias {files}/; gzip_static on; }}\n"
    )
    stack.start_nginx()
    spent: dict[tuple[str, str], list[float]] = {}
    for _ in range(ROUNDS):
        for number, page in enumerate(PAGES):
            for kind, address in (("kept", page), ("file", f"/files/{number}.html")):
                before = processor_seconds(stack)
                done = subprocess.run(
                    [
                        *("wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}"),
                        *("-H", "Accept-Encoding: gzip", f"http://{stack.host}{address}"),
                    ],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                assert "Non-2xx" not in done.stdout, done.stdout
                used = processor_seconds(stack) - before
                answered = re.search(r"(\d+) requests in", done.stdout)
                assert answered
                spent.setdefault((page, kind), []).append(1000 * used / int(answered[1]))
    rows = []
    for page in PAGES:
        kept, file = (statistics.median(spent[page, kind]) for kind in ("kept", "file"))
        size = len(reader_bytes(stack, page))
        rows.append([page, f"{size:,}", f"{kept:.4f}", f"{file:.4f}", f"{kept / file:.2f}"])
    print_table(["page", "bytes", "kept, CPU ms", "file, CPU ms", "times"], rows)


def reader_bytes(stack: Stack, page: str) -> bytes:
    """Return a page as it goes over the wire."""
    return Reader(stack, stack.port).read(page, **{"Accept-Encoding": "gzip"})


def publications(stack: Stack, count: int) -> None:
    """Publish again and again while somebody reads; tell how soon it is seen, and how exactly."""
    os.environ.update(stack.environment)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.db import connection, transaction

    from issues.models import IssuePage
    from issues.publishing import publish_issue
    from operations.front import renewing
    from operations.front.models import Owed
    from tests.factories import make_article, make_issue

    first = IssuePage.objects.newest_first().first().number + 1
    kept, own = Reader(stack, stack.port), Reader(stack, stack.gunicorn.port)
    pages = {address: kept.read(address) for address in renewing.everything(anew=False)}
    seen, waited, owed_counts, vain, stale = [], [], [], [], []
    for number in range(first, first + count):
        issue = make_issue(number)
        for article in range(5):
            make_article(issue, f"第{number}期第{article + 1}条", signed=True)
        committed: list[float] = []
        watch = _Watch(stack, f"第{number}期第1条".encode(), ("/", f"/{number}/", "/archive/"))
        with transaction.atomic():
            transaction.on_commit(partial(_note_now, committed))
            publish_issue(issue=issue, by=None)
        waited.append(time.monotonic() - committed[0])
        seen.append(watch.last() - committed[0])
        owed = set(Owed.objects.values_list("address", flat=True))
        owed_counts.append(len(owed))
        now = {address: kept.read(address) for address in renewing.everything(anew=False)}
        vain.append(sum(pages.get(each) == now.get(each) for each in owed))
        pages = now
        if (number - first) % LOOKED_AT_EVERY == 0:
            differing = [each for each, page in now.items() if own.read(each) != page]
            stale.append(len(differing))
            if differing:
                print(f"after {number - first + 1} publications not as the application has it:")
                print(" ".join(differing[:10]))
        Owed.objects.all().delete()
        connection.close()
    print_table(
        ["over publications", "median", "95 %", "most"],
        [
            ["seen by readers after, s", *_spread(seen, "{:.2f}")],
            ["editor waits for, s", *_spread(waited, "{:.2f}")],
            ["addresses renewed", *_spread(owed_counts, "{:.0f}")],
            ["of them unchanged", *_spread(vain, "{:.0f}")],
            [f"stale of {len(pages)} (looked {len(stale)} times)", *_spread(stale, "{:.0f}")],
        ],
    )


def _note_now(moments: list[float]) -> None:
    moments.append(time.monotonic())


def print_table(heads: list[str], rows: list[list[str]]) -> None:
    """Print it."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)))
    print()


class _Watch:
    """Readers who ask for addresses until they find some words there."""

    def __init__(self, stack: Stack, words: bytes, addresses: tuple[str, ...]) -> None:
        self.found: dict[str, float] = {}
        self.threads = [
            threading.Thread(target=self._look, args=(Reader(stack, stack.port), address, words))
            for address in addresses
        ]
        for thread in self.threads:
            thread.start()

    def _look(self, reader: Reader, address: str, words: bytes) -> None:
        while words not in reader.read(address):
            time.sleep(0.01)
        self.found[address] = time.monotonic()

    def last(self) -> float:
        """Return when the last of them found it."""
        for thread in self.threads:
            thread.join(30)
        return max(self.found.values())


def _spread(numbers: list[Any], form: str) -> list[str]:
    ordered = sorted(numbers)
    at = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return [form.format(each) for each in (statistics.median(ordered), at, ordered[-1])]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=0, help="made-up issues beside the sample")
    parser.add_argument("--publications", type=int, default=100)
    options = parser.parse_args()
    with ExitStack() as ending:
        place = Path(tempfile.mkdtemp(prefix="paper-front-"))
        ending.callback(shutil.rmtree, place, ignore_errors=True)
        stack = Stack(place / "stack")
        ending.callback(stack.close)
        stack.found()
        if options.issues:
            archive = place / "archive"
            subprocess.run(
                [
                    *(sys.executable, "-m", "bench.made_up_archive"),
                    *(str(options.issues), str(archive)),
                ],
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
            stack.import_archive(archive)
        stack.start(workers=False)
        print(stack.manage("keep_pages", "--all").strip())
        cost(stack)
        publications(stack, options.publications)


if __name__ == "__main__":
    main()
