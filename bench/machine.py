"""Say on which machine something was measured, with what, and when."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

__all__ = ["describe"]

IDLE = 1.0  # of the processors together


def describe() -> str:
    """Return a line of the machine and one of the programs, and a warning if it is not idle."""
    model = re.search("model name.*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search("MemTotal: *([0-9]+)", Path("/proc/meminfo").read_text())
    gigabytes = int(memory[1]) / 1024**2 if memory else 0
    processor = model[1] if model else platform.machine()
    load = os.getloadavg()[0]
    lines = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {os.cpu_count()} × {processor}, "
        f"{gigabytes:.0f} GB, Linux {platform.release()} · load before {load:.2f}",
        f"Python {platform.python_version()}, Django {version('django')}, "
        f"Wagtail {version('wagtail')}, gunicorn {version('gunicorn')}, {_nginx()}, {_postgres()}",
    ]
    if load > IDLE:
        lines.append("**The machine was not idle: requests/s and p99 say nothing.**")
    return "\n\n".join(lines)


def _nginx() -> str:
    said = subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr
    return said.strip().rpartition(": ")[2].replace("/", " ")


def _postgres() -> str:
    programs = Path("/usr/lib/postgresql").glob("*/bin")
    return f"PostgreSQL {max((each.parent.name for each in programs), key=int)}"
