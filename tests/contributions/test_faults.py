"""A short run of bench.faults: a real server, a killed worker, cut connections, double sends."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection


@pytest.fixture
def migrated(db: None, tmp_path: Path) -> Path:
    """Return a file with our tables: making them anew takes longer than the trial."""
    if connection.vendor != "sqlite":
        pytest.skip("the trial is on SQLite; bin/faults has a PostgreSQL of its own")
    file = tmp_path / "migrated.sqlite3"
    file.write_bytes(connection.connection.serialize())
    return file


def test_every_receipt_stands_for_what_was_sent(migrated: Path) -> None:
    trial = subprocess.run(
        [sys.executable, "-m", "bench.faults", "--quick", "--migrated", str(migrated)],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert trial.returncode == 0, trial.stdout + trial.stderr
    assert acknowledged(trial.stdout) == {
        "worker killed": 20,
        "20 at once": 20,
        "connection cut": 20,
        "sent thrice at once": 8,
    }


def acknowledged(table: str) -> dict[str, int]:
    """Return for each scenario how many receipts were given, and found to stand for all sent."""
    rows = re.findall(r"^(.{20}) +(\d+) +\d+ +\d+ +(\d+) +(\d+) +0 +0 ", table, re.MULTILINE)
    return {name.strip(): int(found) for name, sent, given, found in rows if sent == given == found}
