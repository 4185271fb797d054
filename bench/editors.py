"""Tell how long editors wait for their screens while many people read the paper."""

from __future__ import annotations

import json
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from .reading import Bout, compose, fetch, read
from .stack import Stack

__all__ = ["SECONDS", "measure"]

SECONDS, RATE = 15.0, 200
CONNECTIONS = 32
CLICKS_A_SECOND = 4
# What fifty readers ask for: nobody looks for a word as often as they turn pages.
MIX = {"/": 20, "/{newest}/{article}/": 20, "/archive/": 9, "/search/?q=%E6%89%98%E8%82%B2": 1}
# An issue in work, and an editor-in-chief whose browser has signed in already.
PREPARE = """
import json
from datetime import timedelta
from django.conf import settings
from django.test import Client
from django.urls import reverse
from issues.models import IssuePage, NewspaperPage
from tests.factories import make_article, make_issue, make_user
last = IssuePage.objects.latest("date")
issue = make_issue(last.number + 1, date=last.date + timedelta(days=7))
articles = [make_article(issue, f"第{place}篇", text="职工之家开放了。" * 60) for place in range(8)]
paper = NewspaperPage.objects.get()
browser, name = Client(), settings.SESSION_COOKIE_NAME
browser.force_login(make_user("总编"), settings.AUTHENTICATION_BACKENDS[-1])
print("PREPARED " + json.dumps({
    "cookie": f"{name}={browser.cookies[name].value}",
    "screens": {
        "desk: the board of an issue": reverse("desk_board", args=[issue.pk]),
        "explorer: the issues": reverse("wagtailadmin_explore", args=[paper.pk]),
        "explorer: an issue": reverse("wagtailadmin_explore", args=[issue.pk]),
        "editor: an article": reverse("wagtailadmin_pages:edit", args=[articles[0].pk]),
    },
}))
"""


@dataclass(frozen=True, slots=True)
class Editor:
    """A browser that has signed in."""

    port: int
    requests: dict[str, bytes]  # by screen

    def work(self, seconds: float) -> dict[str, list[float]]:
        """Open the screens in turn for so long; return the seconds that each took."""
        taken: dict[str, list[float]] = {screen: [] for screen in self.requests}
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            for screen, request in self.requests.items():
                begun = time.perf_counter()
                answer = fetch(self.port, request)
                taken[screen].append(time.perf_counter() - begun)
                if answer.status != 200:
                    raise RuntimeError(f"{screen}: {answer.status} {answer.headers}")
                time.sleep(1 / CLICKS_A_SECOND)
        return taken


def measure(stack: Stack, *, newest: int, seconds: float = SECONDS) -> str:
    """Let an editor work, first alone, then while people read; return a table in Markdown."""
    for worker in stack.workers.values():
        worker.start()
    said = stack.manage("shell", "--no-imports", "--command", PREPARE)
    prepared = json.loads(said.partition("PREPARED ")[2])
    told = {"Host": stack.host, "Accept-Encoding": "gzip", "Cookie": prepared["cookie"]}
    screens = prepared["screens"].items()
    editor = Editor(stack.port, {name: compose(address, told) for name, address in screens})
    editor.work(seconds / 3)  # the processes have loaded what they need
    alone = editor.work(seconds)
    with ProcessPoolExecutor(1) as pool:
        reading = pool.submit(_readers, stack.port, stack.host, newest, seconds)
        meanwhile = editor.work(seconds)
        bout = reading.result()
    rows = [
        f"| {screen} | {_spread(alone[screen])} | {_spread(meanwhile[screen])} |"
        for screen in editor.requests
    ]
    return "\n".join(
        [
            f"### An editor, while {RATE} pages a second are read\n",
            "| screen | alone: median, slowest ms | meanwhile: median, slowest ms |",
            "|---|--:|--:|",
            *rows,
            "",
            f"Readers: {bout.requests:,} pages, {bout.per_second:.0f} a second, "
            f"median {1000 * bout.slower_than(0.5):.1f} ms, "
            f"p99 {1000 * bout.slower_than(0.99):.1f} ms, {bout.failed} failed.",
        ]
    )


def _readers(port: int, host: str, newest: int, seconds: float) -> Bout:
    """Read at a steady rate; what comes late counts from when it was asked for."""
    asked = []
    for address, times in MIX.items():
        for number in range(times):
            place = address.format(newest=newest, article=1 + number % 4)
            step = number / times  # spread evenly over the fifty
            asked.append((step, compose(place, {"Host": host, "Accept-Encoding": "gzip"})))
    requests = [request for _, request in sorted(asked)]
    return read(
        port,
        requests,
        connections=CONNECTIONS,
        seconds=seconds,
        at_most=int(RATE * seconds) + 1,
        rate=RATE,
    )


def _spread(times: list[float]) -> str:
    return f"{1000 * statistics.median(times):.0f}, {1000 * max(times):.0f}"
