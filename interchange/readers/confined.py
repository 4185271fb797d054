"""Run a program on a file from outside: in a folder of its own, within limits, and no longer."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["Confined", "ProgramFailed", "confined"]

KILOBYTE = 1_024
BLOCK = 512  # bytes, in which a shell limits files
# What a program may know of the machine; no address of a database, no key.
KEPT = ("PATH", "LANG", "LC_ALL", "TZ", "VIRTUAL_ENV")


class ProgramFailed(Exception):
    """A program gave nothing: it failed, or would not end in time."""


class Confined:
    """A folder in which programs run; it goes with all that they left there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(
        self,
        command: Sequence[str],
        *,
        seconds: int,
        megabytes: int,
        megabytes_written: int,
        **environment: str,
    ) -> None:
        """Run a command, or raise ``ProgramFailed``; whatever it started is ended with it."""
        # A shell sets the limits: between fork and exec, Python code may lock up a server.
        limits = (
            f"ulimit -v {megabytes * KILOBYTE}; ulimit -t {seconds}; ulimit -c 0; "
            f'ulimit -f {megabytes_written * 1_000_000 // BLOCK}; exec "$@"'
        )
        variables = {name: os.environ[name] for name in KEPT if name in os.environ}
        place = str(self.folder)
        process = subprocess.Popen(  # noqa: S603  # our own command; names of files are ours too
            ["/bin/sh", "-c", limits, "sh", *command],
            cwd=self.folder,
            env={**variables, "HOME": place, "TMPDIR": place, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            code = process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise ProgramFailed("out of time") from None
        finally:
            _end(process)
        if code:
            raise ProgramFailed(f"ended with {code}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it has started."""
    with suppress(ProcessLookupError):  # all of them have ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def confined() -> Iterator[Confined]:
    """Give a folder for programs to run in."""
    with tempfile.TemporaryDirectory(prefix="paper-", ignore_cleanup_errors=True) as folder:
        yield Confined(Path(folder))
