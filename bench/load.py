"""Measure how many submissions with photographs are taken in a second, beside a bare form page."""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from . import bare_form
from .databases import Postgres, Sqlite
from .faults import RIPE_SECONDS
from .paper import environment_at, found
from .photos import Photo, make_photos
from .sending import Answer, multipart, open_form, send, write
from .server import ROOT, Server

SENDERS = 20
SECONDS = 30.0
PHOTOS = 3
MOST_A_SECOND = 60  # forms that are opened beforehand
THANKS = "谢谢您的来稿"

Send = Callable[[], Answer]


def ours(server: Server, photos: list[Photo], seconds: float) -> Send:
    """Return what sends a submission of its own to the contribution form each time."""
    with ThreadPoolExecutor(SENDERS) as pool:
        number = range(int(seconds * MOST_A_SECOND))
        forms = [fields for fields, _ in pool.map(lambda _: open_form(server.port), number)]
    time.sleep(RIPE_SECONDS)
    lock, chance = threading.Lock(), random.Random(1)

    def one() -> Answer:
        with lock:
            submission = write(forms.pop(), photos, chance=chance)
        return send(server.port, submission.body())

    return one


def bare(server: Server, photos: list[Photo], seconds: float) -> Send:
    """Return what fills in the bare form page each time."""
    fields, cookies = open_form(server.port, bare_form.ADDRESS)
    chance = random.Random(1)

    def one() -> Answer:
        text = "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(500))
        files = [
            (field, f"{field}.jpg", photo)
            for field, photo in zip(bare_form.FILE_FIELDS, photos, strict=True)
        ]
        body = multipart({**fields, "text": text}, files)
        return send(server.port, body, address=bare_form.ADDRESS, cookies=cookies, thanks=THANKS)

    return one


def measure(one: Send, seconds: float) -> tuple[float, list[float], Counter[str]]:
    """Send from all sides for so long; return how many were taken in a second, and the times."""
    end = time.monotonic() + seconds
    begun = time.monotonic()
    taken: list[float] = []
    failed: Counter[str] = Counter()

    def sender(_: int) -> None:
        while time.monotonic() < end:
            answer = one()
            if answer.code:
                taken.append(answer.seconds)
            else:
                failed[answer.kind] += 1

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(sender, range(SENDERS)))
    return len(taken) / (time.monotonic() - begun), sorted(taken), failed


def run(project: str, name: str, seconds: float) -> float:
    """Start one project on one database, measure it and print the line."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paper-load-")))
        database: Sqlite | Postgres = Sqlite(place) if name == "sqlite" else Postgres()
        stack.callback(database.close)
        environment = environment_at(place, database.url)
        if project == "ours":
            found(environment)
            server = Server(environment, log=place / "server.log")
        else:
            environment = bare_form.write_project(place, environment)
            server = Server(
                environment,
                log=place / "server.log",
                application="bare.wsgi",
                folder=place,
                address=bare_form.ADDRESS,
            )
        stack.callback(server.stop)
        server.start()
        photos = make_photos(PHOTOS)
        one = (ours if project == "ours" else bare)(server, photos, seconds)
        for _ in range(4):
            one()  # both workers have loaded what they need
        before, load = server.processor_seconds(), os.getloadavg()[0]
        rate, times, failed = measure(one, seconds)
        used = server.processor_seconds() - before
        taken = len(times)
        if not taken:
            log = (place / "server.log").read_text()[-3000:]
            raise RuntimeError(f"{project} took nothing: {dict(failed)}\n{log}")
        print(
            f"{database.name:11} {project:5} {rate:7.1f} /s  median {times[taken // 2]:5.2f} s"
            f"  slowest {times[-1]:5.2f} s  CPU {used / taken * 1000:4.0f} ms each"
            f"  taken {taken}  failed {dict(failed) or 'none'}  load before {load:.1f}",
            flush=True,
        )
        if failed:
            print((place / "server.log").read_text()[-1500:])
        return rate


def main() -> int:
    """Measure both projects on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="*", default=["postgres", "sqlite"])
    parser.add_argument("--seconds", type=float, default=SECONDS)
    options = parser.parse_args()
    size = sum(len(photo.jpeg) for photo in make_photos(PHOTOS)) / 1_000_000
    print(
        f"{SENDERS} senders, {size:.1f} MB in {PHOTOS} photos, {os.cpu_count()} CPUs, {ROOT.name}"
    )
    for name in options.database:
        mine, theirs = (run(project, name, options.seconds) for project in ("ours", "bare"))
        print(f"{name}: ours / bare = {mine / theirs:.2f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
