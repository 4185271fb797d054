"""Tell where the time of one submission goes, with one sender and nobody else."""

from __future__ import annotations

import io
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

from .databases import Postgres, Sqlite
from .paper import environment_at, found
from .photos import make_photos
from .sending import BOUNDARY, write

TIMES = 30
PHOTOS = 3


class Clock:
    """Add up the time that parts take; a part within a part counts for both."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)

    def around(self, part: str, act: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``act`` with its time counted for ``part``."""

        def timed(*arguments: Any, **options: Any) -> Any:
            begun = time.perf_counter()
            try:
                return act(*arguments, **options)
            finally:
                self.spent[part] += time.perf_counter() - begun

        return timed


def run(name: str) -> None:
    """Take submissions in this process and print what each part of them took."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="paper-cost-")))
        database: Sqlite | Postgres = Sqlite(place) if name == "sqlite" else Postgres()
        stack.callback(database.close)
        environment = environment_at(place, database.url)
        found(environment)
        os.environ.clear()
        os.environ.update(environment)
        django.setup()
        spent, whole, database_time = _measure(stack)
        print(f"\n{database.name}: {whole * 1000:.0f} ms for a submission with {PHOTOS} photos")
        for part, seconds in sorted(spent.items(), key=lambda pair: -pair[1]):
            print(f"  {part:38} {seconds * 1000:7.1f} ms  {seconds / whole:6.1%}")
        print(f"  {'the database’s answers, of all these':38} {database_time * 1000:7.1f} ms")


def _measure(stack: ExitStack) -> tuple[dict[str, float], float, float]:
    from django.conf import settings
    from django.db import connection
    from django.test import RequestFactory

    from contributions import guard, intake, receiving, vault, views
    from contributions.guard import new_token

    settings.CONTRIBUTIONS_LEAST_SECONDS = 0
    photos, chance, clock = make_photos(PHOTOS), random.Random(1), Clock()
    spent_in_database = 0.0

    def timed_query(execute: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal spent_in_database
        begun = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent_in_database += time.perf_counter() - begun

    parts = (
        (receiving, "receive", "reading the body, keeping it in files"),
        (intake, "_hash", "hashing it"),
        (intake, "clean_upload", "decoding and encoding photos"),
        (os, "fsync", "fsync of files and folders"),
        (vault, "put", "storing files, fsync included"),
        (intake, "leave_traces", "recognising what came before"),
        (connection, "_commit", "commit"),
        (guard, "count", "counting"),
        (views, "render", "drawing the receipt"),
    )
    for owner, attribute, part in parts:
        timed = clock.around(part, getattr(owner, attribute))
        stack.enter_context(patch.object(owner, attribute, timed))
    stack.enter_context(connection.execute_wrapper(timed_query))
    whole = 0.0
    for number in range(TIMES + 3):
        if number == 3:  # the first ones load and compile
            clock.spent.clear()
            whole = spent_in_database = 0.0
        fields = {"key": f"{number:032x}", "token": new_token()}
        body = write(fields, photos, chance=chance).body()
        request = RequestFactory(HTTP_HOST="127.0.0.1").generic(
            "POST", "/contribute/", body, f"multipart/form-data; boundary={BOUNDARY}"
        )
        begun = time.perf_counter()
        response = views.contribute(request)
        whole += time.perf_counter() - begun
        request.close()
        if response.status_code != 200:
            raise RuntimeError(response.content.decode())
    spent = {part: seconds / TIMES for part, seconds in clock.spent.items()}
    return spent, whole / TIMES, spent_in_database / TIMES


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, line_buffering=True)
    run(sys.argv[1] if len(sys.argv) > 1 else "sqlite")
