"""deploy/watch.sh: what is told of a machine that nobody watches."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from socketserver import BaseServer, UnixStreamServer

import pytest
from django.conf import settings

WATCH = settings.BASE_DIR / "deploy/watch.sh"
NAME = "paper.example"
DAY = 86_400
NGINX, CERTIFICATE, BACKUP = "读者打不开报纸", "证书在十四天内到期", "最新的备份已超过两天"


def handler(status: int, heard: list[str]) -> type[BaseHTTPRequestHandler]:
    """Answer everything with ``status``, and note what was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers["Host"] + self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def answering(server: BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Machine:
    """A machine below a scratch folder: the application, and in nginx's place what readers ask."""

    root: Path
    application: int = 200
    nginx: int = 200
    https: bool = True
    certificate_days: int = 30
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for folder in ("run/paper", "etc/paper", "var/lib/paper/backups"):
            (self.root / folder).mkdir(parents=True)

    def back_up(self, *, days_ago: float) -> None:
        """Lay a set down as the nightly backup does."""
        name = self.root / f"var/lib/paper/backups/paper-{int(days_ago)}"
        name.mkdir()
        os.utime(name, (time.time() - days_ago * DAY,) * 2)

    def watch(self, *, listening: bool = True, **variables: str) -> tuple[bool, set[str]]:
        """Look once; return whether all is said to be well, and what is complained of."""
        heard = self.heard
        socket = self.root / "run/paper/web.sock"
        socket.unlink(missing_ok=True)
        application = UnixStreamServer(str(socket), handler(self.application, heard))
        readers = HTTPServer(("127.0.0.1", 0), handler(self.nginx, heard))
        port = readers.server_port
        if self.https:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self.certificate())
            readers.socket = context.wrap_socket(readers.socket, server_side=True)
        if not listening:
            readers.socket.close()
        (self.root / "etc/paper/site.env").write_text(
            f"LISTEN_HTTPS='127.0.0.1:{port} [::]:{port}'\nLISTEN_HTTP={port}\n"
        )
        with answering(application):
            if listening:
                with answering(readers):
                    return self.run(variables)
            return self.run(variables)

    def certificate(self) -> tuple[Path, Path]:
        certificate, key = self.root / "certificate.pem", self.root / "key.pem"
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt"),
                *("ec_paramgen_curve:P-256", "-noenc", "-days", str(self.certificate_days)),
                *("-subj", f"/CN={NAME}", "-keyout", key, "-out", certificate),
            ],
            check=True,
            capture_output=True,
        )
        return certificate, key

    def run(self, variables: dict[str, str]) -> tuple[bool, set[str]]:
        done = subprocess.run(
            [WATCH],
            env={
                "PATH": os.environ["PATH"],
                "PREFIX": str(self.root),
                "BASE_URL": f"{'https' if self.https else 'http'}://{NAME}",
                "HTTPS": "on" if self.https else "off",
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        told = {each for each in (NGINX, CERTIFICATE, BACKUP) if each in done.stderr}
        assert ("***" in done.stderr) == bool(told), done.stderr
        return done.returncode == 0, told


@pytest.mark.parametrize("https", [True, False])
def test_a_machine_that_is_well_is_told_so(tmp_path: Path, https: bool) -> None:
    machine = Machine(tmp_path, https=https)
    machine.back_up(days_ago=40)
    machine.back_up(days_ago=1)
    assert machine.watch() == (True, set())
    assert machine.heard == [f"{NAME}/healthz?ready=1", f"{NAME}/robots.txt"]


def test_what_the_paper_says_of_itself_is_told(tmp_path: Path) -> None:
    assert Machine(tmp_path, application=503).watch() == (False, set())


def test_nginx_that_does_not_run_is_told(tmp_path: Path) -> None:
    assert Machine(tmp_path).watch(listening=False) == (False, {NGINX})


def test_nginx_that_answers_with_an_error_is_told(tmp_path: Path) -> None:
    assert Machine(tmp_path, nginx=500).watch() == (False, {NGINX})


def test_a_certificate_is_told_of_before_it_ends(tmp_path: Path) -> None:
    assert Machine(tmp_path, certificate_days=13).watch() == (False, {CERTIFICATE})


def test_one_thing_amiss_hides_no_other(tmp_path: Path) -> None:
    machine = Machine(tmp_path, application=503, certificate_days=13)
    machine.back_up(days_ago=3)
    assert machine.watch() == (False, {CERTIFICATE, BACKUP})


def test_backups_that_stopped_are_told(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.back_up(days_ago=2.1)
    assert machine.watch() == (False, {BACKUP})


def test_backups_that_never_began_are_told_two_days_after_installing(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.watch() == (True, set())
    (tmp_path / "bin").mkdir()
    date = tmp_path / "bin/date"
    date.write_text('#!/bin/sh\nexec /bin/date --date "3 days" "$@"\n')
    date.chmod(0o755)
    assert machine.watch(PATH=f"{tmp_path}/bin:{os.environ['PATH']}") == (False, {BACKUP})
