"""Run a Django project behind gunicorn, as the paper runs, and end it gently or not."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from .footprint import processor_seconds
from .ports import free_port

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2
STARTING_SECONDS = 60.0
ENDING_SECONDS = 30.0


class Server:
    """A gunicorn on this machine's own address, in a process group of its own."""

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        log: Path,
        application: str = "hzgy.wsgi",
        folder: Path = ROOT,
        address: str = "/contribute/",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.port = free_port()
        self.environment = {
            **environment,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(WORKERS),
        }
        self.log = log
        self.application = application
        self.folder = folder
        self.address = address
        self.headers = dict(headers or {})
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, file_limit: int = 0) -> None:
        """Start, and return when it answers; no file may grow beyond ``file_limit`` bytes."""
        prefix = ["prlimit", f"--fsize={file_limit}"] if file_limit else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *prefix,
                    *(sys.executable, "-m", "gunicorn"),
                    *("--config", str(ROOT / "hzgy/gunicorn.py"), self.application),
                ],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait()

    def wait(self) -> None:
        """Return when it answers."""
        end = time.monotonic() + STARTING_SECONDS
        while time.monotonic() < end:
            connection = HTTPConnection("127.0.0.1", self.port, timeout=STARTING_SECONDS)
            try:
                connection.request("GET", self.address, headers=self.headers)
                if connection.getresponse().status == 200:
                    return
            except (OSError, HTTPException):
                pass
            finally:
                connection.close()
            time.sleep(0.1)
        raise TimeoutError(f"The server did not start:\n{self.log.read_text()[-4000:]}")

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._master().pid

    def workers(self) -> list[int]:
        """Return the processes that answer."""
        pid = self.pid
        try:
            return [int(each) for each in _children(pid)]
        except FileNotFoundError:
            return []

    def processor_seconds(self) -> float:
        """Return what it and its workers have used of the processor until now."""
        return processor_seconds(self.pid)

    def kill(self) -> None:
        """End it at once with all its workers, as a power cut would."""
        master = self._master()
        os.killpg(master.pid, signal.SIGKILL)
        master.wait()
        self.process = None

    def stop(self) -> None:
        """End it as an administrator does."""
        if self.process is None:
            return
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(ENDING_SECONDS)
        # A worker that hangs must not outlive it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None

    def _master(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            raise RuntimeError("The server does not run.")
        return self.process


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
