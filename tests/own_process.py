"""Scenes in which several commit at once, where each thread has a connection of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection


def play(scene: Callable[[], None], place: Path) -> None:
    """Play ``scene``, a function of a module, on the database of the test.

    One in memory is a single connection: there, it plays on a copy in a file of ``place``, in a
    process of its own, and fails the test as it fails there.
    """
    if connection.vendor != "sqlite":
        scene()
        return
    file = place / "paper.sqlite3"
    file.write_bytes(connection.connection.serialize())
    script = (
        "import django; django.setup()\n"
        f"from {scene.__module__} import {scene.__name__}\n"
        f"{scene.__name__}()\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "TEST_DATABASE_URL": f"sqlite:///{file}",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
