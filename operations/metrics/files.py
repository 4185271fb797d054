"""Keep the files in which processes count from piling up."""

from __future__ import annotations

import os
import re
from pathlib import Path

__all__ = ["forget_dead"]

OF_PROCESS = re.compile(r"_(\d+)\.db")


def forget_dead(folder: Path) -> None:
    """Begin to count anew, unless another server counts here: its upgrade is under way.

    What a process that ended had counted must stay while others go on: a sum that shrinks looks
    to Prometheus like a new beginning.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = {file: found for file in folder.glob("*.db") if (found := OF_PROCESS.search(file.name))}
    if any(_is_alive(int(found[1])) for found in files.values()):
        return
    for file in files:
        file.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
