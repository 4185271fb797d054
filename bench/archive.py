"""Print what it costs to take an archive in and to write it out, and if it comes back the same."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from interchange.comparing import differences

from .databases import Sqlite
from .made_up_archive import make_up
from .paper import environment_at, found
from .server import ROOT

ISSUES = 450


def main(count: int = ISSUES) -> None:
    """Take in a made-up archive, twice, and write it out."""
    with tempfile.TemporaryDirectory(prefix="paper-archive-") as folder:
        place = Path(folder)
        source, copy = place / "source", place / "copy"
        make_up(count, source)
        trial = place / "paper"
        trial.mkdir()
        environment = environment_at(trial, Sqlite(place).url)
        found(environment)
        print(f"{count} issues, {sum(1 for _ in source.rglob('*.md'))} articles")
        print(f"{'':32}{'seconds':>9}{'MB':>6}")
        for label, *command in (
            ("dry run", "import_archive", source, "--dry-run"),
            ("import", "import_archive", source),
            ("import again, nothing new", "import_archive", source),
            ("sign and publish", "import_archive", source, "--publish"),
            ("export", "export_archive", copy),
        ):
            seconds, megabytes = _run(environment, *map(str, command))
            print(f"{label:32}{seconds:9.1f}{megabytes:6.0f}")
        differing = list(differences(source, copy))
        print("the same, byte by byte" if not differing else f"*** {len(differing)} differ")
        for line in differing[:10]:
            print(f"*** {line}")


def _run(environment: Mapping[str, str], *command: str) -> tuple[float, float]:
    """Run a command of the paper; return how long it took and the most memory it had."""
    begun = time.perf_counter()
    process = os.posix_spawn(
        sys.executable,
        [sys.executable, str(ROOT / "manage.py"), *command],
        dict(environment),
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, usage = os.wait4(process, 0)
    if status:
        raise SystemExit(f"{' '.join(command)}: {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
