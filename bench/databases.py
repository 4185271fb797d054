"""Databases of a trial's own, which can be made to fail."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .ports import free_port

LOCKED_SECONDS = 23.0  # longer than the server waits for the lock (hzgy.settings.base: timeout)
STOPPED_SECONDS = 2.0


class Sqlite:
    """A file, with the server's own settings."""

    name = "SQLite"

    def __init__(self, place: Path) -> None:
        self.folder = place / "database"
        self.folder.mkdir()
        self.file = self.folder / "paper.sqlite3"
        self.url = f"sqlite:///{self.file}"

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Hold the file's only write lock for longer than the server waits for it."""
        with closing(sqlite3.connect(self.file, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN EXCLUSIVE")
            end = time.monotonic() + LOCKED_SECONDS
            yield
            time.sleep(max(0.0, end - time.monotonic()))
            connection.execute("ROLLBACK")

    def crash(self) -> None:
        """Do nothing: SQLite dies with the server."""

    def close(self) -> None:
        """Do nothing: the file goes with its folder."""


class Postgres:
    """A cluster that is thrown away, with fsync as PostgreSQL comes (bin/with-postgres without)."""

    name = "PostgreSQL"

    def __init__(self) -> None:
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
        # A folder of its own: PostgreSQL does not run as root, and may not enter root's folders.
        self.place = Path(tempfile.mkdtemp(prefix="paper-faults-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self.place, "postgres")
        port = free_port()
        self.url = f"postgres://paper@127.0.0.1:{port}/postgres"
        self.options = f"-h 127.0.0.1 -p {port} -k {self.place}"
        try:
            self._run(
                *("initdb", "--username", "paper", "--auth", "trust"),
                *("--locale", "C.UTF-8", "--encoding", "UTF8"),
            )
            self._start()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Stop at once, as a crash does, and start again."""
        self._stop()
        yield
        time.sleep(STOPPED_SECONDS)
        self._start()

    def crash(self) -> None:
        """Stop at once and recover from the log."""
        self._stop()
        self._start()

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self._stop()
        shutil.rmtree(self.place)

    def _start(self) -> None:
        self._run("pg_ctl", "--wait", "--log", str(self.place / "log"), "start", "-o", self.options)

    def _stop(self) -> None:
        if (self.place / "data/postmaster.pid").exists():
            self._run("pg_ctl", "--wait", "--mode", "immediate", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "--user", "postgres", "--"] if os.geteuid() == 0 else []
        data = ["--pgdata", str(self.place / "data")]
        subprocess.run(
            [*as_owner, str(self.programs / program), *data, *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )


def _version(programs: Path) -> int:
    return int(programs.parent.name)
