"""PostgreSQL and Redis are stopped under a running gunicorn: what readers, senders, editors see."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench.databases import Postgres
from bench.paper import environment_at
from bench.ports import free_port
from bench.sending import open_form, send, write
from bench.server import ROOT, Server
from operations.health.asking import FRESH
from operations.health.heartbeats import PARTS
from tests.stack.editors import enter

pytestmark = pytest.mark.stack


@dataclass
class Answer:
    """What somebody got, and how long it took."""

    status: int
    headers: dict[str, str]
    text: str
    seconds: float


class Stack:
    """gunicorn, PostgreSQL and Redis in a folder of their own."""

    def __init__(self, place: Path) -> None:
        self.database = Postgres()
        self.redis_port = free_port()
        self.redis: subprocess.Popen[bytes] | None = None
        self.environment = {
            **environment_at(place, self.database.url),
            "CACHE_URL": f"redis://127.0.0.1:{self.redis_port}/0",
            "CONTRIBUTIONS_MAIL": "at_once",
            "EDITIONS_ROOT": str(place / "editions"),
            "IMPORTS_ROOT": str(place / "imports"),
            "LOG_FORMAT": "json",
        }
        self.log = place / "server.log"
        self.server = Server(self.environment, log=self.log, address="/healthz")

    def manage(self, *command: str) -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            check=True,
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def start_redis(self) -> None:
        self.redis = subprocess.Popen(
            ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--save", ""],
            stdout=subprocess.DEVNULL,
        )

    def stop_redis(self) -> None:
        if self.redis:
            self.redis.terminate()
            self.redis.wait(10)

    def ask(self, address: str, method: str = "GET", **headers: str) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        began = time.monotonic()
        try:
            connection.request(method, address, headers=headers)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        told = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, told, text, time.monotonic() - began)

    def told(self, address: str = "/healthz?ready=1") -> dict[str, str]:
        checks: dict[str, str] = json.loads(self.ask(address).text)["checks"]
        return checks

    @contextmanager
    def database_frozen(self) -> Iterator[None]:
        """Let PostgreSQL take connections and answer nothing, as on a disk that hangs."""
        master = int((self.database.place / "data/postmaster.pid").read_text().split("\n")[0])
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        processes = [master, *map(int, children)]
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGCONT)

    def close(self) -> None:
        self.server.stop()
        self.stop_redis()
        self.database.close()


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with tempfile.TemporaryDirectory(prefix="paper-stack-") as place:
        stack = Stack(Path(place))
        try:
            stack.start_redis()
            stack.manage("migrate", "--verbosity", "0")
            stack.manage("set_up_newsroom", "--sample", "content/issue-450")
            stack.server.start()
            yield stack
        finally:
            stack.close()


def words(answer: Answer) -> str:
    return re.sub(r"<[^>]+>|\s+", "", answer.text)


def wait_until_served(stack: Stack) -> None:
    for _ in range(100):
        if stack.ask("/450/1/").status == 200:
            return
        time.sleep(0.2)
    raise TimeoutError


def test_all_is_well_once_everybody_has_been_alive(stack: Stack) -> None:
    for command in PARTS:
        stack.manage(command)

    answer = stack.ask("/healthz?ready=1")

    assert set(stack.told().values()) == {"ok"}
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert "set-cookie" not in answer.headers


def test_without_postgresql_everybody_is_asked_to_wait_and_nothing_is_lost(stack: Stack) -> None:
    fields = open_form(stack.server.port)[0]
    # CONTRIBUTIONS_LEAST_SECONDS, and until what the test before was told of health has passed.
    time.sleep(FRESH + 0.2)
    submission = write(fields, [], chance=random.Random(1))

    with stack.database.gone():
        answers = {address: stack.ask(address) for address in ("/", "/450/1/", "/archive/")}
        answers["/admin/"] = stack.ask("/admin/", Cookie="sessionid=" + "x" * 32)
        api = stack.ask("/api/v1/issues/")
        form = stack.ask("/contribute/")
        refused = send(stack.server.port, submission.body())
        live, ready = stack.ask("/healthz"), stack.ask("/healthz?ready=1")
        checks = stack.told()
    wait_until_served(stack)
    received = send(stack.server.port, submission.body())

    for address, answer in answers.items():
        assert answer.status == 503, address
        assert answer.headers["retry-after"] == "120"
        assert "没有丢失" in words(answer)
        assert answer.seconds < 7
    assert (api.status, api.headers["content-type"]) == (503, "application/problem+json")
    assert form.status == 200
    assert refused.kind == "503"
    assert not refused.faults, "the text is shown again, in Chinese"
    assert received.code, "pressed again, it is received"
    assert (live.status, ready.status) == (200, 503)
    assert "OperationalError" in checks["database"]


def test_the_log_has_a_line_for_each_and_no_frames(stack: Stack) -> None:
    lines = [json.loads(line) for line in stack.log.read_text().splitlines() if line[:1] == "{"]
    away = [line for line in lines if line.get("trouble") == "database away"]
    assert away
    assert all(re.fullmatch("[0-9a-f]{32}", line["request"]) for line in away)
    assert not any(error["frames"] for line in away for error in line["errors"])


def test_a_postgresql_that_hangs_does_not_hang_a_monitor(stack: Stack) -> None:
    with stack.database_frozen():
        live = stack.ask("/healthz")
        ready = [stack.ask("/healthz?ready=1") for _ in range(3)]
    wait_until_served(stack)

    assert live.status == 200
    assert live.seconds < 1
    assert [answer.status for answer in ready] == [503, 503, 503]
    assert max(answer.seconds for answer in ready) < 5


def test_without_redis_all_goes_on(stack: Stack) -> None:
    fields = open_form(stack.server.port)[0]
    editor = enter(stack.manage, stack.server.port)
    time.sleep(3.2)
    submission = write(fields, [], chance=random.Random(2))
    stack.stop_redis()

    pages = [
        stack.ask(address) for address in ("/", "/450/1/", "/search/?q=%E6%A3%8B", "/admin/login/")
    ]
    received = send(stack.server.port, submission.body())
    desk = editor.open(editor.desk)
    saved = editor.save("没有缓存时改的标题")
    shown = editor.open(editor.article)
    time.sleep(5.5)  # what a monitor was told is kept so long
    checks = stack.told()
    stack.start_redis()
    time.sleep(11)

    assert [page.status for page in pages] == [200] * 4
    assert received.code
    assert (desk.status, "原来的标题" in desk.text) == (200, True)
    assert (saved.status, "没有缓存时改的标题" in shown.text) == (302, True)
    assert max(desk.seconds, saved.seconds) < 7
    assert "Redis" in checks["cache"]
    assert stack.told()["cache"] == "ok"
