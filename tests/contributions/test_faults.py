"""A short run of bench.faults: a real server, a killed worker, cut connections, double sends."""

import re
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def test_every_receipt_stands_for_what_was_sent(founded_file: Path) -> None:
    trial = subprocess.run(
        [sys.executable, "-m", "bench.faults", "--quick", "--migrated", str(founded_file)],
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
