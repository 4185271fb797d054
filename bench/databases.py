"""Databases of a trial's own, which can be made to fail."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from .ports import free_port

LOCKED_SECONDS = 23.0  # longer than the server waits for the lock (hzgy.settings.data: timeout)
STOPPED_SECONDS = 2.0
HEARD_SECONDS = 0.5  # until all processes have heard of another setting


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

    def __init__(self, folder: Path | None = None) -> None:
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
        # A folder of its own: PostgreSQL does not run as root, and may not enter root's folders.
        self.place = Path(tempfile.mkdtemp(prefix="paper-faults-postgres-", dir=folder))
        if os.geteuid() == 0:
            shutil.chown(self.place, "postgres")
        self.port = free_port()
        self.url = f"postgres://paper@127.0.0.1:{self.port}/postgres"
        self.options = f"-h 127.0.0.1 -p {self.port} -k {self.place}"
        try:
            self._begin()
            self.start()
        except BaseException:
            self.close()
            raise

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Stop at once, as a crash does, and start again."""
        self.stop()
        yield
        time.sleep(STOPPED_SECONDS)
        self.start()

    def crash(self) -> None:
        """Stop at once and recover from the log."""
        self.stop()
        self.start()

    @property
    def pid(self) -> int:
        """The process that all others of it belong to."""
        return int((self.place / "data/postmaster.pid").read_text().split()[0])

    def ask(self, *statements: str) -> None:
        """Say this to the database, each outside of a transaction."""
        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            for statement in statements:
                connection.cursor().execute(statement)

    @contextmanager
    def listening(self) -> Iterator[list[str]]:
        """Give a list that holds in the end what all others asked the database meanwhile."""
        statements: list[str] = []
        log = self.place / "log"
        self.ask("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
        time.sleep(HEARD_SECONDS)
        begun = log.stat().st_size
        yield statements
        told = log.read_bytes()[begun:].decode()
        self.ask("ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()")
        asked = re.findall(r"LOG:  (?:statement|execute [^:]*): (.*)", told)
        # What a new connection says of itself, or learns by name, belongs to no page.
        of_none = ("SET ", "SELECT set_config", "PREPARE ")
        statements += [each for each in asked if not each.startswith(of_none)]

    def close(self) -> None:
        """Stop, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.place)

    def _begin(self) -> None:
        self._run(
            *("initdb", "--username", "paper", "--auth", "trust"),
            *("--locale", "C.UTF-8", "--encoding", "UTF8"),
        )

    def start(self) -> None:
        """Start, or start again."""
        self._run("pg_ctl", "--wait", "--log", str(self.place / "log"), "start", "-o", self.options)

    def stop(self) -> None:
        """Stop at once, as a crash does."""
        if (self.place / "data/postmaster.pid").exists():
            self._run("pg_ctl", "--wait", "--mode", "immediate", "stop")

    def standby(self) -> Standby:
        """Return another cluster that follows this one."""
        return Standby(self)

    def _run(self, program: str, *arguments: str) -> None:
        as_owner = ["runuser", "--user", "postgres", "--"] if os.geteuid() == 0 else []
        data = ["--pgdata", str(self.place / "data")]
        subprocess.run(
            [*as_owner, str(self.programs / program), *data, *arguments],
            check=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
        )


class Standby(Postgres):
    """A cluster that was copied from another and follows it."""

    name = "standby"

    def __init__(self, primary: Postgres) -> None:
        self.primary = primary
        super().__init__()

    def promote(self) -> None:
        """Follow no longer, and take writes."""
        self._run("pg_ctl", "--wait", "promote")

    def _begin(self) -> None:
        source = f"host=127.0.0.1 port={self.primary.port} user=paper"
        self._run("pg_basebackup", "--dbname", source, "--write-recovery-conf", "--checkpoint=fast")


def _version(programs: Path) -> int:
    return int(programs.parent.name)
