"""The disk of everything runs full, as root can arrange: reading goes on, writing says so."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from email.message import Message
from html import unescape
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg2
import pytest

from bench.paper import environment_at
from bench.sending import BOUNDARY, Submission, open_form, send, write
from bench.server import ROOT, Server
from bench.stack import Stack
from tests.stack.conftest import Newsroom, Reader
from tests.stack.editors import enter

pytestmark = pytest.mark.stack

MB = 1024 * 1024
SQLITE_DISK, STACK_DISK = 40 * MB, 400 * MB
LONG = 3000  # characters that no database finds room for in what it has


@contextmanager
def small_disk(size: int) -> Iterator[Path]:
    """Give a small disk of our own, which PostgreSQL may enter."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount")
    place = Path(tempfile.mkdtemp(prefix="paper-disk-"))
    place.chmod(0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()


def ask(port: int, address: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", address)
        response = connection.getresponse()
        return response.status, re.sub(r"<[^>]+>|\s+", "", response.read().decode())
    finally:
        connection.close()


def fill(place: Path) -> Path:
    """Leave no byte free; once more, if something made room since."""
    ballast = place / "ballast"
    with ballast.open("ab", buffering=0) as file:
        for piece in (MB, 4096, 1):
            try:
                while True:
                    file.write(bytes(piece))
            except OSError:
                continue
    assert shutil.disk_usage(place).free == 0
    return ballast


def test_a_full_disk_stops_writing_and_not_reading(tmp_path: Path) -> None:
    with small_disk(SQLITE_DISK) as disk:
        _try_with_sqlite(disk, tmp_path / "server.log")


def _try_with_sqlite(disk: Path, log: Path) -> None:
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
    server = Server(environment, log=log, address="/healthz")
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


class Full:
    """The whole stack on a small disk, PostgreSQL and its log too, and whoever is at it."""

    def __init__(self, disk: Path) -> None:
        self.disk = disk
        self.stack = Stack(disk / "paper", databases=disk, settings={"DISK_LEAST_FREE_MB": "1"})
        self.stack.found()
        self.stack.start(workers=False)
        self.reader = Reader(self.stack)
        self.newsroom = Newsroom(self.stack)

    def close(self) -> None:
        self.newsroom.close()
        self.stack.close()

    def read(self, *addresses: str) -> dict[str, int]:
        return {address: self.reader.ask(address).status for address in addresses}

    def count(self) -> int:
        return int(self.newsroom("contributions"))


@pytest.fixture
def full() -> Iterator[Full]:
    with small_disk(STACK_DISK) as disk, ExitStack() as ending:
        full = Full(disk)
        ending.callback(full.close)
        yield full


def long_text(seed: int) -> str:
    chance = random.Random(seed)
    return "".join(chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(LONG))


def test_a_full_disk_under_the_whole_stack(full: Full) -> None:
    stack, reader, newsroom = full.stack, full.reader, full.newsroom
    editor = enter(stack.manage, stack.port)
    form = editor.open_form()
    fields = open_form(stack.port)[0]
    ripe = time.monotonic() + 3.2  # CONTRIBUTIONS_LEAST_SECONDS
    kept = ("/", "/450/", "/450/1/", "/archive/", "/feed/")
    never_asked = ("/451/", "/451/1/", "/451/qr.svg", "/popular/")
    assert set(full.read(*kept).values()) == {200}
    before = reader.ask("/450/2/").content
    newsroom("prepare", number=451)
    # What nginx was not told of, it is told of when there is no room.
    stack.stop_nginx()
    newsroom("publish", number=451)
    newsroom("correct", issue=450, number=2, text="这一条更正有了地方才看得到。")
    stack.start_nginx()
    sent = replace(write(fields, [], chance=random.Random(4)), text=long_text(1))
    # A segment of PostgreSQL's log lies ready, as nearly always, and is not tidied away meanwhile.
    stack.postgres.ask("CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT")
    time.sleep(max(0.0, ripe - time.monotonic()))

    fill(full.disk)
    assert full.read(*kept, *never_asked) == dict.fromkeys((*kept, *never_asked), 200)
    told = {"Host": stack.host, "X_Paper_Act": "renew"}
    with pytest.raises((OSError, HTTPException)):  # so it stays owed
        reader.ask("/450/2/", port=stack.renew_port, **told)
    unchanged = reader.ask("/450/2/")
    fill(full.disk)
    refused = _send(stack, sent)
    large = _send(stack, replace(sent, text=long_text(2) * 10))
    fill(full.disk)
    unsaved = editor.save("磁盘满时改的标题", long_text(3), form)
    health = reader.ask("/healthz?ready=1")

    assert (unchanged.getheader("X-Kept"), unchanged.content) == ("HIT", before)
    assert (refused.status, int(refused.headers["Retry-After"]) > 0) == (503, True)
    assert "没有" in refused.text
    assert sent.text in refused.text, "the text is shown again"
    assert (large.status, int(large.headers["Retry-After"]) > 0) == (503, True)
    assert "没有存上" in large.text
    assert (unsaved.status, int(unsaved.retry_after) > 0) == (503, True)
    assert "磁盘满了" in unsaved.text
    assert "没有存上" in unsaved.text
    assert (health.status, "只剩0 MB" in health.content.decode()) == (503, True)

    # Nor does PostgreSQL find room for another segment of its log: it stops.
    switch = ("SELECT pg_logical_emit_message(true, 'x', 'x')", "SELECT pg_switch_wal()")
    with pytest.raises(psycopg2.OperationalError, match="closed the connection"):
        stack.postgres.ask(*switch * 40)  # those that lie ready are used up
    _wait_for_end(stack)
    assert set(full.read(*kept).values()) == {200}
    away = _send(stack, sent)
    assert (away.status, sent.text in away.text) == (503, True)

    (full.disk / "ballast").unlink()
    stack.postgres.start()
    assert full.count() == 0
    assert "原来的标题" in editor.open(editor.article).text
    assert editor.save("有了地方改的标题", long_text(3)).status == 302
    assert "有了地方改的标题" in editor.open(editor.article).text
    assert _send(stack, sent).status == 200
    assert full.count() == 1
    end = time.monotonic() + 30
    while reader.ask("/450/2/").content == before and time.monotonic() < end:
        newsroom("settle")
        time.sleep(0.5)
    assert "有了地方才看得到" in reader.ask("/450/2/").content.decode()
    for address in never_asked:
        newsroom("settle")
        answers = [reader.ask(address) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 200], address
        assert answers[0].content == answers[1].content
        assert answers[1].getheader("X-Kept") == "HIT", address


@dataclass(frozen=True, slots=True)
class Shown:
    """What a sender was shown."""

    status: int
    headers: Message
    text: str


def _send(stack: Stack, submission: Submission) -> Shown:
    """Send it through nginx, and return the whole page."""
    connection = HTTPConnection("127.0.0.1", stack.port, timeout=60)
    try:
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        told = {"Host": stack.host, "Content-Type": kind}
        connection.request("POST", "/contribute/", submission.body(), told)
        answer = connection.getresponse()
        return Shown(answer.status, answer.headers, unescape(answer.read().decode()))
    finally:
        connection.close()


def _wait_for_end(stack: Stack) -> None:
    """Return when PostgreSQL has given up."""
    end = time.monotonic() + 20
    while (stack.postgres.place / "data/postmaster.pid").exists():
        assert time.monotonic() < end
        time.sleep(0.1)
