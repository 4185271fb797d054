"""A paper of a test's own: a real database, real folders, commands run as an operator runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from bench.databases import Postgres, Sqlite
from bench.paper import environment_at
from bench.server import ROOT


class Paper:
    """Settings, folders and a database below ``place``."""

    def __init__(self, place: Path, database: Sqlite | Postgres, **variables: str) -> None:
        place.mkdir(exist_ok=True)
        self.place, self.database = place, database
        self.environment = {
            **environment_at(place, database.url),
            "EDITIONS_ROOT": str(place / "editions"),
            "IMPORTS_ROOT": str(place / "imports"),
            **variables,
        }
        if isinstance(database, Postgres):
            programs = str(database.programs)
            self.environment["PATH"] = f"{programs}:{self.environment.get('PATH', os.defpath)}"

    def manage(self, *arguments: str | Path, fails: bool = False) -> str:
        """Run a command of manage.py and return what it says; it must end as expected."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        told = done.stdout + done.stderr
        assert (done.returncode != 0) is fails, told
        return told

    def run(self, code: str) -> str:
        """Run Python within the paper and return what it prints."""
        return self.manage("shell", "--no-imports", "--command", code).strip()
