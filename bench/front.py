"""Measure what nginx keeps: what a kept page costs beside a file, how soon a change is seen.

python -m bench.front [--issues 45] [--publications 100] [--others 20]

It takes wrk (bin/system-packages wrk).
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
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from .server import ROOT
from .stack import Stack

ROUNDS, SECONDS, CONNECTIONS = 5, 3, 8
PAGES = ("/", "/450/1/", "/archive/")
LOOKED_AT_EVERY = 10  # acts of a kind, all kept pages are compared with the application's own


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


@dataclass
class Acts:
    """What was measured of acts of one kind."""

    seen: list[float] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    owed: list[int] = field(default_factory=list)
    vain: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)

    def rows(self, verb: str) -> list[list[str]]:
        """Return the lines of the table, each headed by the ``verb``."""
        if not self.seen:
            return []
        told = {
            "seen by readers after, s": (self.seen, "{:.2f}"),
            "editor waits for, s": (self.waited, "{:.2f}"),
            "addresses renewed": (self.owed, "{:.0f}"),
            "of them unchanged": (self.vain, "{:.0f}"),
            f"stale of all (looked {len(self.stale)} times)": (self.stale, "{:.0f}"),
        }
        return [
            [f"{verb}, {len(self.seen)}: {what}", *_spread(numbers, form)]
            for what, (numbers, form) in told.items()
        ]


class _Editors:
    """Do one thing after another, while readers look out for it."""

    def __init__(self, stack: Stack) -> None:
        from operations.front import renewing

        self.stack, self.everything = stack, partial(renewing.everything, anew=False)
        self.kept, self.own = Reader(stack, stack.port), Reader(stack, stack.gunicorn.port)
        self.pages = self._read()

    def act(
        self,
        acts: Acts,
        act: Callable[[], Any],
        words: str,
        addresses: tuple[str, ...],
        **how: bool,
    ) -> None:
        """Do it; note when the last reader saw it, and at which addresses it was told in vain."""
        from django.db import connection, transaction

        from operations.front.models import Owed

        committed: list[float] = []
        watch = _Watch(self.stack, words.encode(), addresses, **how)
        with transaction.atomic():
            transaction.on_commit(partial(_note_now, committed))
            act()
        acts.waited.append(time.monotonic() - committed[0])
        acts.seen.append(watch.last() - committed[0])
        owed = set(Owed.objects.values_list("address", flat=True))
        acts.owed.append(len(owed))
        now = self._read()
        acts.vain.append(sum(self.pages.get(each) == now.get(each) for each in owed))
        self.pages = now
        if len(acts.seen) % LOOKED_AT_EVERY == 1:
            self._compare(acts, owed)
        Owed.objects.all().delete()
        connection.close()

    def _read(self) -> dict[str, bytes]:
        return {address: self.kept.read(address) for address in self.everything()}

    def _compare(self, acts: Acts, owed: set[str]) -> None:
        """Compare all that is kept, and what is there no longer, with what the application says."""
        gone = {address: self.kept.read(address) for address in owed - {*self.pages}}
        shown = {**self.pages, **gone}
        differing = [each for each, page in shown.items() if self.own.read(each) != page]
        acts.stale.append(len(differing))
        if differing:
            print(f"not as the application has it: {' '.join(differing[:10])}")


def publications(stack: Stack, count: int, others: int) -> None:
    """Publish again and again while somebody reads, then correct, withdraw and take back.

    Tells how soon each is seen, and how exactly; ``others`` of each other kind, of the issues that
    were published here, the newest first.
    """
    os.environ.update(stack.environment)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from django.utils import timezone

    from articles.models import ArticlePage
    from issues.correcting import Wording, add_correction
    from issues.models import IssuePage
    from issues.publishing import publish_issue, unpublish_issue
    from issues.withdrawing import withdraw_article
    from tests.factories import make_article, make_issue, make_user

    first = IssuePage.objects.newest_first().first().number + 1
    editors, chief = _Editors(stack), make_user("总编")
    published, corrected, withdrawn, taken_back = Acts(), Acts(), Acts(), Acts()
    for number in range(first, first + count):
        issue = make_issue(number)
        for article in range(5):
            make_article(issue, f"第{number}期第{article + 1}条", signed=True)
        home = f"/{number}/"
        publish = partial(publish_issue, issue=issue, by=None)
        editors.act(published, publish, f"第{number}期第1条", ("/", home, "/archive/"))
    for number in reversed(range(first + max(0, count - others), first + count)):
        home, issue = f"/{number}/", IssuePage.objects.get(number=number)
        one, other, *_ = ArticlePage.objects.child_of(issue).order_by("number")
        wording = Wording(text=f"第{number}期更正了一处。", date=timezone.localdate())
        correct = partial(add_correction, article=one, wording=wording, by=None)
        editors.act(corrected, correct, wording.text, ("/", f"{home}1/", "/corrections/"))
        withdraw = partial(withdraw_article, article=other, reason="与事实不符", by=None)
        places = ("/", f"{home}2/", "/feed/")
        editors.act(withdrawn, withdraw, f"第{number}期第2条", places, goes=True)
        take_back = partial(unpublish_issue, issue=issue, by=chief)
        places = ("/", home, f"{home}1/", "/archive/")
        editors.act(taken_back, take_back, f"第{number}期第1条", places, goes=True)
    print_table(
        [f"of {len(editors.pages)} addresses", "median", "95 %", "most"],
        [
            *published.rows("publication"),
            *corrected.rows("correction"),
            *withdrawn.rows("withdrawal"),
            *taken_back.rows("taking back"),
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
    """Readers who ask for addresses until they find some words there, or find them no longer."""

    def __init__(
        self, stack: Stack, words: bytes, addresses: tuple[str, ...], *, goes: bool = False
    ) -> None:
        self.found: dict[str, float] = {}
        self.words, self.goes = words, goes
        readers = {address: Reader(stack, stack.port) for address in addresses}
        for address, reader in readers.items():
            # Otherwise it would be seen before it was done.
            assert not self._sees(reader, address), (address, words.decode())
        self.threads = [
            threading.Thread(target=self._look, args=(reader, address))
            for address, reader in readers.items()
        ]
        for thread in self.threads:
            thread.start()

    def _sees(self, reader: Reader, address: str) -> bool:
        return (self.words in reader.read(address)) is not self.goes

    def _look(self, reader: Reader, address: str) -> None:
        while not self._sees(reader, address):
            time.sleep(0.01)
        self.found[address] = time.monotonic()

    def last(self) -> float:
        """Return when the last of them found it."""
        for thread in self.threads:
            thread.join(30)
        assert len(self.found) == len(self.threads), f"never seen: {self.words.decode()}"
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
    parser.add_argument(
        "--others",
        type=int,
        default=20,
        help="corrections, withdrawals and issues taken back, of those published; as many of each",
    )
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
        publications(stack, options.publications, options.others)


if __name__ == "__main__":
    main()
