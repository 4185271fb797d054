"""Count the rows in the copy of a database as it lies in a set, without a database to put it into.

What a restore would find out when everything is written is so known before anything is.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO

__all__ = ["CopyUnreadable", "NoProgram", "differences", "rows_in"]

# What pg_restore writes before and after the rows of a table; the rows are a line each.
BEGUN = re.compile(rb'COPY (?:\S+\.)?"?(\w+)"? \(.*\) FROM stdin;\n')
ENDED = b"\\.\n"


class CopyUnreadable(Exception):
    """The copy is no database; the message says so, in Chinese."""


class NoProgram(Exception):
    """The program that reads such a copy is not here; the message names it, in Chinese."""


def rows_in(content: IO[bytes], *, database: str, tables: Iterable[str]) -> dict[str, int]:
    """Return how many rows each of ``tables`` has in a copy; a table that it lacks is left out."""
    wanted = set(tables)
    if not wanted:
        return {}
    there = _of_sqlite(content, wanted) if database == "sqlite" else _of_postgres(content)
    return {table: rows for table, rows in there.items() if table in wanted}


def differences(told: Mapping[str, int], there: Mapping[str, int]) -> list[str]:
    """Say of each table that has not the rows it is told to have what it should have, and has."""
    return [
        f"{table}：应有{rows}行，实有{there.get(table, 0)}行"
        for table, rows in sorted(told.items())
        if there.get(table, 0) != rows
    ]


def _of_sqlite(content: IO[bytes], wanted: set[str]) -> dict[str, int]:
    with tempfile.TemporaryDirectory(prefix="paper-restore-") as folder:
        file = Path(folder) / "database"
        with file.open("wb") as target:
            shutil.copyfileobj(content, target)
        try:
            with closing(sqlite3.connect(file)) as copy:
                named = copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                # Only names that the copy has itself, so that none of the manifest's is SQL.
                tables = wanted.intersection(name for (name,) in named.fetchall())
                return {
                    table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608
                    for table in tables
                }
        except sqlite3.Error as error:
            raise CopyUnreadable(f"备份里的数据库读不了：{error}") from error


def _of_postgres(content: IO[bytes]) -> dict[str, int]:
    counts: dict[str, int] = {}
    with tempfile.TemporaryFile() as told:
        try:
            process = subprocess.Popen(
                ["pg_restore", "--data-only", "--file=-"],  # noqa: S607  # of the system
                stdin=content,
                stdout=subprocess.PIPE,
                stderr=told,
            )
        except FileNotFoundError:
            raise NoProgram(
                "没有找到 pg_restore，请先安装：sudo apt-get install postgresql-client"
            ) from None
        with process:
            assert process.stdout is not None  # noqa: S101  # a pipe was asked for
            table = None
            for line in process.stdout:
                if table is not None and line == ENDED:
                    table = None
                elif table is not None:
                    counts[table] += 1
                elif begun := BEGUN.fullmatch(line):
                    table = begun[1].decode()
                    counts[table] = 0
            if process.wait():
                told.seek(0)
                words = told.read(2000).decode(errors="replace").strip()
                raise CopyUnreadable(f"备份里的数据库读不了：{words}")
    return counts
