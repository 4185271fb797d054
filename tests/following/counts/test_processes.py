"""Nothing that was counted is lost when the processes of a server end as they should."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from django.conf import settings

from tests.factories import SAMPLE

PERSON = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
EACH = 15


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_two_processes_write_all_they_counted_when_they_end(
    end: signal.Signals, founded_file: Path, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.dev",
        "DATABASE_URL": f"sqlite:///{founded_file}",
        "SECRET_KEY": "only-for-this-test",
        "WEB_CONCURRENCY": "2",
        "PORT": str(port),
    }
    subprocess.run(
        [sys.executable, "manage.py", "set_up_newsroom", "--sample", str(SAMPLE)],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    with (tmp_path / "server.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "hzgy/gunicorn.py", "hzgy.wsgi"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/450/")
        for number in (1, 2, 3, 4) * EACH:
            read(f"http://127.0.0.1:{port}/count/450/{number}/")
    finally:
        server.send_signal(end)
        server.wait(timeout=60)

    with closing(connect(founded_file)) as rows:
        counts = rows.execute("SELECT count FROM following_readcount WHERE span = 'all'").fetchall()
    assert counts == [(EACH,)] * 4, (tmp_path / "server.log").read_text()


def wait_for(url: str) -> None:
    for _ in range(600):
        try:
            urlopen(url).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} does not answer")


def read(address: str) -> None:
    with urlopen(Request(address, b"", {"User-Agent": PERSON})) as answer:
        assert answer.status == 204
