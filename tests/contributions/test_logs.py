"""Logs: nothing tells who wrote to the paper, with every log of gunicorn switched on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

AGENT = "Mozilla-of-the-sender"
ADDRESS = "127.0.0.1"
CLOSE = b"Connection: close\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Server:
    """A gunicorn that answers on ``port`` and writes its logs into ``folder``."""

    port: int
    folder: Path

    def ask(self, raw: bytes) -> bytes:
        """Send bytes as they are; return the answer."""
        with socket.create_connection((ADDRESS, self.port), timeout=20) as connection:
            connection.sendall(raw)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        return answer

    def get(self, path: str, *headers: str) -> bytes:
        lines = [f"GET {path} HTTP/1.1", "Host: localhost", f"User-Agent: {AGENT}", *headers]
        return self.ask("\r\n".join(lines).encode() + b"\r\n" + CLOSE)

    def logged(self) -> str:
        """Return all that was written until now; what was asked last is in it."""
        self.get("/static/last.css")
        deadline = time.monotonic() + 10
        while "/static/last.css" not in (text := self._text()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return text

    def whose(self) -> list[str]:
        """Return the lines that hold the sender's address, which is the server's too."""
        return [
            line
            for line in self.logged().splitlines()
            if ADDRESS in line and f"http://{ADDRESS}:{self.port}" not in line
        ]

    def _text(self) -> str:
        return "".join(file.read_text() for file in sorted(self.folder.glob("*.log")))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start the paper's gunicorn, without a database, as talkative as it can be."""
    folder = tmp_path_factory.mktemp("logs")
    with socket.create_server((ADDRESS, 0)) as free:
        port = free.getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.test",
        "TEST_DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "hzgy/gunicorn.py", "hzgy.wsgi"]
    options = ["--access-logfile", f"{folder}/access.log", "--error-logfile", f"{folder}/error.log"]
    format_ = ["--access-logformat", "%(h)s %(r)s %(s)s %(f)s %(a)s"]
    with (folder / "output.log").open("w") as output:
        process = subprocess.Popen(
            [*command, *options, *format_, "--log-level", "debug"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
        )
        running = Server(port, folder)
        try:
            wait_for(running)
            yield running
        finally:
            process.terminate()
            process.wait(timeout=20)


def wait_for(server: Server) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            server.get("/static/first.css")
            return
        except OSError:
            assert time.monotonic() < deadline, "gunicorn did not start"
            time.sleep(0.2)


def test_reading_the_paper_is_logged_where_the_operator_wants_it(server: Server) -> None:
    server.get("/static/read.css")
    assert f"{ADDRESS} GET /static/read.css" in server.logged()


@pytest.mark.parametrize(
    "request_line",
    [
        "GET /contribute/ HTTP/1.1",
        "GET /contribute/?kind=tip HTTP/1.1",
        "POST /contribute/ HTTP/1.1",
        "POST /contribute/status/ HTTP/1.1",
        "POST /contribute/certificate/ HTTP/1.1",
        "GET /%63ontribute/ HTTP/1.1",
        "GET http://localhost/contribute/ HTTP/1.1",
        "GET /hant/contribute/ HTTP/1.1",
        "GET /tg.htm HTTP/1.1",
        "GET /static/js/contribute.js HTTP/1.1",
    ],
)
def test_who_writes_to_the_paper_is_not_logged(server: Server, request_line: str) -> None:
    """There is no database here: what goes wrong is logged, and that tells nothing, either."""
    body = b"text=secret&name=secret"
    head = [
        request_line,
        "Host: localhost",
        f"User-Agent: {AGENT}-x",
        f"Content-Length: {len(body)}",
    ]
    kind = "Content-Type: application/x-www-form-urlencoded"
    server.ask("\r\n".join([*head, kind]).encode() + b"\r\n" + CLOSE + body)

    told = server.logged()
    assert f"{AGENT}-x" not in told
    assert "secret" not in told
    assert not [line for line in server.whose() if "contribute" in line or "tg.htm" in line]


def test_what_a_senders_browser_fetches_is_not_logged(server: Server) -> None:
    server.get("/static/css/tokens.css", "Referer: http://localhost/contribute/")
    assert "tokens.css" in server.logged()  # among what debugging tells
    assert not [line for line in server.whose() if "tokens.css" in line]


def test_what_a_reader_looks_for_is_not_logged(server: Server) -> None:
    for path in ("/search/?q=sought", "/search/suggest/?q=sought", "/hant/search/?q=sought"):
        server.get(path)
    server.get("/static/css/search.css", "Referer: http://localhost/search/?q=sought")

    assert not [line for line in server.whose() if "search" in line or "sought" in line]


@pytest.mark.parametrize(
    "raw",
    [
        b"POST /contribute/ HTTP/1.1\r\nHost: localhost\r\nSecret Header: secret-a\r\n\r\n",
        b"POST /contribute/ HTTP/1.1\r\nHost: localhost\r\nX: " + b"secret-b" * 2000 + b"\r\n\r\n",
        b"secret-c /contribute/\r\n\r\n",
        b"POST /contribute/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: secret-d\r\n\r\n",
        b"POST /contribute/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nsecret-e",
    ],
)
def test_a_garbled_request_is_logged_without_whose_it_was(server: Server, raw: bytes) -> None:
    with socket.create_connection((ADDRESS, server.port), timeout=20) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        connection.recv(65536)
    told = server.logged()
    assert "secret-" not in told
    assert not [line for line in server.whose() if "nvalid" in line]


def test_a_foreign_host_is_logged_without_whose_request_it_was(server: Server) -> None:
    server.ask(b"GET /contribute/ HTTP/1.1\r\nHost: evil.example\r\n" + CLOSE)
    assert "evil.example" in server.logged()
    assert not [line for line in server.whose() if "evil" in line]
