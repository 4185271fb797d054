"""The disk of everything runs full, as root can arrange: reading goes on, writing says so."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench.paper import environment_at
from bench.sending import open_form, send, write
from bench.server import ROOT, Server

pytestmark = pytest.mark.stack

MB = 1024 * 1024
SIZE = 40 * MB


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of our own."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def ask(port: int, address: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", address)
        response = connection.getresponse()
        return response.status, re.sub(r"<[^>]+>|\s+", "", response.read().decode())
    finally:
        connection.close()


def fill(place: Path) -> Path:
    """Leave no byte free."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for piece in (MB, 4096, 1):
            try:
                while True:
                    file.write(bytes(piece))
            except OSError:
                continue
    assert shutil.disk_usage(place).free == 0
    return ballast


def test_a_full_disk_stops_writing_and_not_reading(disk: Path) -> None:
    environment = environment_at(disk, f"sqlite:///{disk / 'paper.sqlite3'}")
    environment |= {"EDITIONS_ROOT": str(disk / "e"), "IMPORTS_ROOT": str(disk / "i")}
    del environment["CACHE_URL"]  # a file for each entry, in bench.paper
    for command in (
        ["migrate", "--verbosity", "0"],
        ["set_up_newsroom", "--sample", "content/issue-450"],
    ):
        subprocess.run(
            [sys.executable, "manage.py", *command],
            check=True,
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
        )
    server = Server(environment, log=disk.parent / "server.log", address="/healthz")
    server.start()
    try:
        submission = write(open_form(server.port)[0], [], chance=random.Random(3))
        time.sleep(3.2)  # CONTRIBUTIONS_LEAST_SECONDS
        pages = ("/", "/450/", "/450/1/", "/archive/", "/search/?q=%E6%A3%8B", "/feed/")
        ballast = fill(disk)
        read = {page: ask(server.port, page)[0] for page in pages}
        refused = send(server.port, submission.body())
        status, told = ask(server.port, "/healthz?ready=1")
        ballast.unlink()
        received = send(server.port, submission.body())
    finally:
        server.stop()

    assert read == dict.fromkeys(pages, 200)
    assert refused.kind == "503"
    assert not refused.faults
    assert status == 503
    assert "文件存不进去" in told
    assert "所在的磁盘只剩0MB" in told
    assert received.code
