"""Copy the database as it is at one moment, while others write, and put a copy into an empty one.

Rows are counted in the very same state that is copied.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection

__all__ = ["DatabaseFailed", "Snapshot", "count_rows", "is_empty", "load", "snapshot"]

CHUNK = 1024 * 1024
MIGRATIONS = "django_migrations"
Fetch = Callable[[str], Sequence[Any]]


class DatabaseFailed(Exception):
    """The database could not be copied or put back; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The database at one moment: how many rows in each table, what was migrated, its copy."""

    vendor: str
    version: str
    counts: Mapping[str, int]
    migrations: tuple[str, ...]
    content: Callable[[], Iterator[bytes]]


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """Give the database as it is now, whatever is written while it is copied."""
    with _told(), _postgres() if connection.vendor == "postgresql" else _sqlite() as taken:
        yield taken


def is_empty() -> bool:
    """Whether there is no table at all."""
    with _told():
        return not connection.introspection.table_names()


def count_rows() -> dict[str, int]:
    """Return how many rows each table has now."""
    return _counts(_fetch_from(connection))


def load(chunks: Iterable[bytes]) -> None:
    """Put a copy into the empty database, all of it or nothing."""
    with _told():
        if connection.vendor == "postgresql":
            _restore_postgres(chunks)
        else:
            _restore_sqlite(chunks)


@contextmanager
def _told() -> Iterator[None]:
    """Say in Chinese what the database, or the disk below a copy of it, refuses."""
    try:
        yield
    except (sqlite3.Error, DatabaseError) as error:
        raise DatabaseFailed(
            f"数据库没有照办：{error}。请检查数据库开着没有、连得上没有，"
            f"临时文件夹 {tempfile.gettempdir()} 所在的磁盘满了没有。"
        ) from error


def _tables() -> list[str]:
    names = connection.introspection.django_table_names(only_existing=True)
    return sorted({*names, MIGRATIONS})


def _counts(fetch: Fetch) -> dict[str, int]:
    quote = connection.ops.quote_name
    return {
        table: int(fetch(f"SELECT count(*) FROM {quote(table)}")[0][0])  # noqa: S608  # our names
        for table in _tables()
    }


def _migrations(fetch: Fetch) -> tuple[str, ...]:
    rows = fetch(f"SELECT app, name FROM {MIGRATIONS} ORDER BY app, name")  # noqa: S608  # our name
    return tuple(f"{app}.{name}" for app, name in rows)


def _fetch_from(database: Any) -> Fetch:
    def fetch(sql: str) -> Sequence[Any]:
        with database.cursor() as cursor:
            cursor.execute(sql)
            rows: Sequence[Any] = cursor.fetchall()
            return rows

    return fetch


@contextmanager
def _sqlite() -> Iterator[Snapshot]:
    # Not in the set itself: what is to be encrypted must not lie there unencrypted before.
    with tempfile.TemporaryDirectory(prefix="paper-backup-") as folder:
        file = Path(folder) / "database"
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)  # in one step: writers wait for nothing in WAL
            found = copy.execute("PRAGMA quick_check").fetchall()
            if found != [("ok",)]:
                raise DatabaseFailed(f"数据库文件已损坏，没有做备份：{found[0][0]}")

            def fetch(sql: str) -> Sequence[Any]:
                return copy.execute(sql).fetchall()

            counts, migrations = _counts(fetch), _migrations(fetch)
        yield Snapshot(
            "sqlite", sqlite3.sqlite_version, counts, migrations, lambda: _chunks_of(file)
        )


def _restore_sqlite(chunks: Iterable[bytes]) -> None:
    with tempfile.TemporaryDirectory(prefix="paper-restore-") as folder:
        file = Path(folder) / "database"
        with file.open("wb") as target:
            target.writelines(chunks)
        connection.ensure_connection()
        # Into the open database, so that it is all there or nothing is, and no old journal beside.
        with closing(sqlite3.connect(file)) as copy:
            copy.backup(connection.connection)
    place = Path(connection.settings_dict["NAME"])
    if place.is_file():
        place.chmod(0o600)  # whoever restores may have been less strict than the paper's own start


def _chunks_of(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            yield chunk


@contextmanager
def _postgres() -> Iterator[Snapshot]:
    # A connection of its own, whose transaction lives until pg_dump has seen the same state.
    own = connection.copy()
    try:
        own.set_autocommit(False)
        fetch = _fetch_from(own)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        state = str(fetch("SELECT pg_export_snapshot()")[0][0])
        version = str(fetch("SHOW server_version")[0][0])
        counts, migrations = _counts(fetch), _migrations(fetch)
        yield Snapshot(
            "postgresql",
            version,
            counts,
            migrations,
            lambda: _pg("pg_dump", "--format=custom", f"--snapshot={state}"),
        )
    finally:
        own.close()


def _restore_postgres(chunks: Iterable[bytes]) -> None:
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    for _ in _pg("pg_restore", *options, "--dbname=", chunks=chunks):
        pass


def _pg(program: str, *arguments: str, chunks: Iterable[bytes] = ()) -> Iterator[bytes]:
    """Run a program of PostgreSQL on our database; yield what it writes, fail if it failed."""
    with tempfile.TemporaryFile() as told:
        try:
            process = subprocess.Popen(  # noqa: S603  # arguments of our own, no shell
                [program, "--no-password", *arguments],
                env=_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
            )
        except FileNotFoundError:
            raise DatabaseFailed(
                f"没有找到 {program}，请先安装：sudo apt-get install postgresql-client"
            ) from None
        with process:
            assert process.stdin is not None  # noqa: S101  # pipes were asked for
            assert process.stdout is not None  # noqa: S101
            try:
                _feed(process, chunks)
                while chunk := process.stdout.read(CHUNK):
                    yield chunk
            except BaseException:
                process.kill()
                raise
            if process.wait():
                told.seek(0)
                words = told.read(2000).decode(errors="replace").strip()
                raise DatabaseFailed(f"{program} 没有做成：{words}")


def _feed(process: subprocess.Popen[bytes], chunks: Iterable[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101  # a pipe was asked for
    try:
        for chunk in chunks:
            process.stdin.write(chunk)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it ended before we did, and has said why


def _environment() -> dict[str, str]:
    """Return where our database is, in the variables that PostgreSQL's programs read."""
    parameters = connection.get_connection_params()
    named = {
        "PGDATABASE": parameters.get("dbname"),
        "PGHOST": parameters.get("host"),
        "PGPORT": parameters.get("port"),
        "PGUSER": parameters.get("user"),
        "PGPASSWORD": parameters.get("password"),
        "PGSSLMODE": parameters.get("sslmode"),
        "PGSSLROOTCERT": parameters.get("sslrootcert"),
        "PGTARGETSESSIONATTRS": parameters.get("target_session_attrs"),
    }
    known = {name: str(value) for name, value in named.items() if value}
    return {**os.environ, **known, "LC_ALL": "C.UTF-8"}
