"""One stack for all tests of this folder that ask for it: the paper as in production."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode

import pytest

from bench.server import ROOT
from bench.stack import Stack


class Newsroom:
    """The editors of the stack's paper, in a process of their own (tests/stack/newsroom.py)."""

    def __init__(self, stack: Stack) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.stack.newsroom"],
            cwd=ROOT,
            env=stack.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds = 0.0

    def __call__(self, act: str, **arguments: Any) -> Any:
        """Have something done; return what came of it."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps([act, arguments]) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(answer["error"])
        self.seconds = answer["seconds"]
        return answer["answer"]

    def close(self) -> None:
        """End it."""
        self.process.communicate(timeout=20)


class Reader:
    """Somebody who reads the paper through nginx; sends what it is told, as it is."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def ask(
        self,
        address: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        port: int = 0,
        **headers: str,
    ) -> HTTPResponse:
        """Ask for ``address``; the answer comes with its ``content``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection: HTTPConnection
        if self.stack.https and not port:
            trusting = ssl.create_default_context(cafile=str(self.stack.place / "certificate.pem"))
            connection = HTTPSConnection("127.0.0.1", self.stack.port, timeout=30, context=trusting)
        else:
            connection = HTTPConnection("127.0.0.1", port or self.stack.port, timeout=30)
        connection.putrequest(method, address, skip_host="Host" in named, skip_accept_encoding=True)
        if body is not None:
            named.setdefault("Content-Length", str(len(body)))
        for name, value in named.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        answer.content = answer.read()  # type: ignore[attr-defined]  # for those who ask later
        connection.close()
        return answer


class Member(Reader):
    """A reader who keeps cookies, and may log in."""

    def __init__(self, stack: Stack) -> None:
        super().__init__(stack)
        self.cookies: dict[str, str] = {}

    def ask(self, address: str, **told: Any) -> HTTPResponse:
        """Ask with the cookies that there are, and keep what is set."""
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = super().ask(address, **told)
        for line in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def send(self, address: str, fields: dict[str, str]) -> HTTPResponse:
        """Send the fields of a form, from the page at its own address."""
        token = next(value for name, value in self.cookies.items() if "csrf" in name)
        told = {**fields, "csrfmiddlewaretoken": token}
        return self.ask(
            address,
            method="POST",
            body=urlencode(told).encode(),
            Content_Type="application/x-www-form-urlencoded",
            Referer=f"{self.stack.url}{address}",
        )

    def log_in(self, name: str, address: str = "/admin/login/") -> HTTPResponse:
        """Log in with an account that the newsroom has made; return the answer."""
        self.ask(address)
        answer = self.send(address, {"username": name, "password": "x"})
        assert answer.status == 302, answer.status
        return answer


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The paper with its sample issue, everything kept; the worker is the tests' own."""
    stack = Stack(tmp_path_factory.mktemp("stack"))
    try:
        stack.found()
        stack.start(workers=False)
        stack.manage("keep_pages", "--all")
        yield stack
    finally:
        stack.close()


@pytest.fixture(scope="session")
def newsroom(stack: Stack) -> Iterator[Newsroom]:
    newsroom = Newsroom(stack)
    yield newsroom
    newsroom.close()


@pytest.fixture
def reader(stack: Stack) -> Reader:
    return Reader(stack)


@pytest.fixture
def member(stack: Stack) -> Member:
    return Member(stack)
