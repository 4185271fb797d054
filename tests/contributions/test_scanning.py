"""The virus scanner is asked, and when it is not there nothing is lost."""

from __future__ import annotations

import io
import socketserver
import struct
import threading
from collections.abc import Iterator

import pytest

from contributions.intake import receive
from contributions.models import Attachment
from contributions.scanning import scan

from .test_intake import manuscript, photo

EVIL = b"only for tests: a virus"


class Daemon(socketserver.StreamRequestHandler):
    """Speaks as clamd does: https://docs.clamav.net/manual/Usage/Scanning.html#clamd (INSTREAM)."""

    def handle(self) -> None:
        command = self.rfile.readline(10)
        assert command in (b"zINSTREAM\0", b"nINSTREAM\n"), command
        received = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            received += self.rfile.read(size)
        found = b"Test.Virus FOUND" if EVIL in received else b"OK"
        self.wfile.write(b"stream: " + found + (b"\0" if command[:1] == b"z" else b"\n"))


class Babbler(socketserver.StreamRequestHandler):
    """Says something else."""

    def handle(self) -> None:
        self.wfile.write(b"INSTREAM size limit exceeded. ERROR\n")


@pytest.fixture
def scanner(settings, request: pytest.FixtureRequest) -> Iterator[None]:
    """Run a scanner; its kind may be given as a parameter."""
    handler = getattr(request, "param", Daemon)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        settings.CLAMAV_URL = f"tcp://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield
        server.shutdown()


def test_a_clean_file_is_known_as_such(scanner: None) -> None:
    assert scan(io.BytesIO(b"a photograph")) == Attachment.Scan.CLEAN


def test_an_infected_file_is_known_as_such(scanner: None) -> None:
    assert scan(io.BytesIO(b"x" * 100_000 + EVIL)) == Attachment.Scan.INFECTED


def test_without_a_scanner_nothing_is_said(settings) -> None:
    settings.CLAMAV_URL = ""
    assert scan(io.BytesIO(EVIL)) == Attachment.Scan.UNSCANNED


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "nonsense", "tcp://"]
)
def test_a_scanner_that_is_not_there_loses_nothing(settings, address: str) -> None:
    settings.CLAMAV_URL = address
    assert scan(io.BytesIO(EVIL)) == Attachment.Scan.UNSCANNED


@pytest.mark.parametrize("scanner", [Babbler], indirect=True)
def test_a_scanner_that_says_something_else_loses_nothing(scanner: None) -> None:
    assert scan(io.BytesIO(EVIL)) == Attachment.Scan.UNSCANNED


@pytest.mark.django_db
def test_a_photo_is_scanned_as_it_came_with_what_the_original_keeps(scanner: None) -> None:
    evil = photo()
    evil.content.seek(0, io.SEEK_END)
    evil.content.write(EVIL)
    receive(manuscript(uploads=(evil,), keep_originals=True))

    attachment = Attachment.objects.get()
    assert attachment.scan == Attachment.Scan.INFECTED
    with attachment.file.open() as kept:
        assert EVIL not in kept.read()
