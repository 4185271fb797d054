"""Bodies that are whole, cut, too large or malformed, and files beyond the limits."""

import contextlib
import errno
import http.client
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from contributions import receiving
from contributions.receiving import BodyRefused, is_whole, receive, watch

MB = 1024 * 1024
ROOT = Path(__file__).parents[2]
BOUNDARY = "paper"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
URLENCODED = "application/x-www-form-urlencoded"


def part(name: str, content: bytes | str, *, filename: str = "") -> bytes:
    content = content.encode() if isinstance(content, str) else content
    file = f'; filename="{filename}"' if filename else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def body_of(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class Line(io.BytesIO):
    """A line that hands over what came before it was cut, and then the end."""

    def __init__(self, data: bytes, *, error: OSError | None = None) -> None:
        super().__init__(data)
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if not data and size and self.error:
            raise self.error
        return data


def post(
    body: bytes | Line,
    *,
    content_type: str = MULTIPART,
    announced: int | str | None = None,
    **meta: Any,
) -> WSGIRequest:
    line = body if isinstance(body, Line) else Line(body)
    environ = RequestFactory().post("/contribute/").environ
    environ["wsgi.input"] = line
    environ["CONTENT_TYPE"] = content_type
    environ["CONTENT_LENGTH"] = str(len(line.getvalue()) if announced is None else announced)
    environ.update(meta)
    return WSGIRequest(environ)


def refused(request: WSGIRequest) -> BodyRefused:
    with pytest.raises(BodyRefused) as refusal:
        receive(request)
    # Whoever shows the form again must neither fail nor parse it once more.
    assert request.POST is not None
    assert request.FILES is not None
    assert request.refused_files is not None
    request.close()
    return refusal.value


def names(request: WSGIRequest) -> list[str]:
    return [file.name for file in request.FILES.getlist("files")]


@pytest.fixture
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_FILES", 3)
    monkeypatch.setattr(receiving, "MOST_BYTES", 2 * MB)
    monkeypatch.setattr(receiving, "MOST_BYTES_TOGETHER", 3 * MB)


# Whole bodies


def test_whole_form_is_received_with_its_files() -> None:
    photo = os.urandom(3_000_000)
    request = post(
        body_of(
            part("text", "职工之声"),
            part("files", photo, filename="现场.jpg"),
            part("files", b"%PDF-", filename="稿.pdf"),
            part("title", "喜报"),
        )
    )
    receive(request)
    assert request.POST.dict() == {"text": "职工之声", "title": "喜报"}
    first, second = request.FILES.getlist("files")
    assert (first.name, first.size, first.read()) == ("现场.jpg", 3_000_000, photo)
    assert (second.name, second.size, second.read()) == ("稿.pdf", 5, b"%PDF-")
    assert request.refused_files == []
    request.close()
    assert first.closed
    assert second.closed


@pytest.mark.parametrize("content_type", [URLENCODED, URLENCODED + "; charset=UTF-8"])
def test_form_without_files_is_received(content_type: str) -> None:
    request = post(b"text=%E8%81%8C%E5%B7%A5&title=a", content_type=content_type)
    receive(request)
    assert request.POST.dict() == {"text": "职工", "title": "a"}
    assert not request.FILES


def test_bytes_after_the_closing_boundary_are_read_too() -> None:
    request = post(body_of(part("text", "a")) + b"\r\n epilogue" * 50)
    receive(request)
    assert request.POST.dict() == {"text": "a"}


def test_empty_body_is_whole() -> None:
    request = post(b"")
    receive(request)
    assert not request.POST


def test_file_lies_on_the_disk_without_a_name(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    request = post(body_of(part("files", b"secret" * 100_000, filename="a.pdf")))
    receive(request)
    assert request.FILES["files"].size == 600_000
    assert list(tmp_path.iterdir()) == []
    request.close()


# Bodies that were cut

WHOLE = body_of(
    part("text", "职工之声"), part("files", b"\xff\xd8" * 40_000, filename="a.jpg"), part("b", "2")
)


@pytest.mark.parametrize("missing", [1, 2, 4, 60, 5_000, len(WHOLE) - 20, len(WHOLE)])
@pytest.mark.parametrize("error", [None, ConnectionResetError(errno.ECONNRESET, "reset")])
def test_cut_body_is_refused(missing: int, error: OSError | None) -> None:
    line = Line(WHOLE[: len(WHOLE) - missing], error=error)
    refusal = refused(post(line, announced=len(WHOLE)))
    assert refusal.status == 400
    assert "没有传完" in str(refusal)


def test_cut_body_still_shows_the_text_that_came() -> None:
    request = post(WHOLE[:-5_000], announced=len(WHOLE))
    refused(request)
    assert request.POST["text"] == "职工之声"
    assert not request.FILES


@pytest.mark.parametrize("error", [None, ConnectionResetError(errno.ECONNRESET, "reset")])
def test_cut_form_without_files_is_refused(error: OSError | None) -> None:
    refusal = refused(post(Line(b"text=a", error=error), content_type=URLENCODED, announced=500))
    assert "没有传完" in str(refusal)


def test_watch_and_is_whole_work_alone() -> None:
    request = post(b"1234567890", content_type="text/plain")
    watch(request)
    assert request.read(4) == b"1234"
    assert is_whole(request)
    assert is_whole(request)


# Bodies that are refused before they are parsed


@pytest.mark.parametrize(
    ("announced", "meta", "status"),
    [
        ("", {}, 411),
        ("", {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ("5", {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ("abc", {}, 400),
        ("-1", {}, 400),
        ("+5", {}, 400),
        ("５", {}, 400),
        ("9" * 5000, {}, 400),
    ],
)
def test_body_of_unknown_length_is_refused(
    announced: str, meta: dict[str, str], status: int
) -> None:
    assert refused(post(WHOLE, announced=announced, **meta)).status == status


def test_body_that_is_announced_too_large_is_read_and_refused(settings: Settings) -> None:
    settings.CONTRIBUTIONS_MOST_REQUEST_BYTES = 1000
    line = Line(WHOLE)
    refusal = refused(post(line))
    assert refusal.status == 413
    assert "附件太大" in str(refusal)
    assert line.tell() == len(WHOLE)


def test_endless_body_is_read_up_to_a_bound(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONTRIBUTIONS_MOST_REQUEST_BYTES = 1000
    monkeypatch.setattr(receiving, "MOST_DRAINED", 20_000)
    line = Line(WHOLE)
    assert refused(post(line, announced=10**14)).status == 413
    assert line.tell() == 21_000


def test_endless_body_is_read_for_a_bounded_time(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CONTRIBUTIONS_MOST_REQUEST_BYTES = 1000
    monkeypatch.setattr(receiving, "MOST_DRAINING_SECONDS", 0)
    line = Line(WHOLE)
    assert refused(post(line, announced=10**14)).status == 413
    assert line.tell() == 0


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/json",
        f"multipart/mixed; boundary={BOUNDARY}",
        f"{MULTIPART}; charset=base64",
        f"{MULTIPART}; charset=utf-16",
        f"{MULTIPART}; charset=idna",
        f"{URLENCODED}; charset=gbk",
    ],
)
def test_what_is_no_form_in_utf_8_is_refused(content_type: str) -> None:
    request = post(WHOLE, content_type=content_type)
    assert refused(request).status == 415
    assert request.GET.dict() == {}


# What Django's parser refuses


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (WHOLE, "multipart/form-data"),
        (WHOLE, "multipart/form-data; boundary=稿"),
        (WHOLE.replace(b'name="text"', b"x: " + b"y" * 5000), MULTIPART),
        (
            body_of(part("files", b"a", filename="a")).replace(
                b"\r\n\r\na", b"\r\nContent-Transfer-Encoding: base64\r\n\r\na"
            ),
            MULTIPART,
        ),
        (b"&".join(b"a=1" for _ in range(20)), URLENCODED),
        (body_of(*[part("a", "1") for _ in range(20)]), MULTIPART),
        (body_of(*[part("files", "1", filename="a") for _ in range(200)]), MULTIPART),
    ],
)
def test_malformed_body_is_refused_and_read_to_its_end(
    settings: Settings, body: bytes, content_type: str
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    line = Line(body)
    assert refused(post(line, content_type=content_type)).status == 400
    assert line.tell() == len(body)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"text=" + b"a" * 5000, URLENCODED), (body_of(part("text", "a" * 5000)), MULTIPART)],
)
def test_text_that_is_too_long_is_refused(
    settings: Settings, body: bytes, content_type: str
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    line = Line(body)
    refusal = refused(post(line, content_type=content_type))
    assert refusal.status == 413
    assert "Word" in str(refusal)
    assert line.tell() == len(body)


@pytest.mark.parametrize("size", [5, 500_000])
def test_full_disk_is_answered_as_our_fault(
    size: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with open("/dev/full", "r+b") as full:
        monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: full)
        refusal = refused(post(body_of(part("files", bytes(size), filename="a.jpg"))))
    assert (refusal.status, refusal.retry_after) == (503, 300)
    assert "OSError 28" in caplog.text


def test_our_own_mistakes_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def mistaken(*_: object) -> None:
        raise TypeError("ours")

    monkeypatch.setattr(receiving.FileLimit, "receive_data_chunk", mistaken)
    with pytest.raises(TypeError, match="ours"):
        receive(post(WHOLE))


PIECES = st.sampled_from(
    [
        f"--{BOUNDARY}\r\n".encode(),
        f"--{BOUNDARY}--".encode(),
        b"\r\n",
        b"\r\n\r\n",
        b'Content-Disposition: form-data; name="a"',
        b'Content-Disposition: form-data; name="a"; filename="b"',
        b"Content-Disposition: form-data; name*=base64''%41; filename*=utf-7''%2b",
        b"Content-Transfer-Encoding: base64",
        b"Content-Type: text/plain; charset=hex",
        b"Content-Length: -5",
        b"\xff\xfe\0",
    ]
)


@given(st.lists(PIECES | st.binary(max_size=20), max_size=12), st.integers(0, 3))
@example([b"--paper\r\nContent-Disposition: form-data; name=\xff\r\n\r\na\r\n--paper--"], 0)
def test_no_body_makes_an_error_page(pieces: list[bytes], missing: int) -> None:
    body = b"".join(pieces)
    request = post(body, announced=len(body) + missing)
    try:
        receive(request)
    except BodyRefused:
        pass
    else:
        assert not missing
    request.close()


# Files beyond the limits


@pytest.mark.usefixtures("small_limits")
def test_file_that_is_too_large_is_skipped_and_the_rest_is_received() -> None:
    request = post(
        body_of(
            part("text", "前"),
            part("files", b"1" * 90_000, filename="好.jpg"),
            part("files", b"2" * (2 * MB + 1), filename="大.jpg"),
            part("title", "后"),
            part("files", b"3" * 2 * MB, filename="也好.jpg"),
            part("files", b"4" * 2 * MB, filename="更\u202e大.jpg"),
        )
    )
    receive(request)
    assert request.POST.dict() == {"text": "前", "title": "后"}
    # SkipFile must not have closed the file before it.
    contents = [file.read() for file in request.FILES.getlist("files")]
    assert contents == [b"1" * 90_000, b"3" * 2 * MB]
    assert request.refused_files == [
        ("大.jpg", "超过2 MB"),
        ("更大.jpg", "附件加起来超过3 MB"),
    ]
    request.close()


@pytest.mark.usefixtures("small_limits")
def test_files_above_the_number_are_skipped() -> None:
    files = [part("files", str(number), filename=f"{number}.jpg") for number in range(5)]
    request = post(body_of(*files, part("text", "后")))
    receive(request)
    assert names(request) == ["0.jpg", "1.jpg", "2.jpg"]
    assert [name for name, _ in request.refused_files] == ["3.jpg", "4.jpg"]
    assert request.refused_files[0][1] == "一次最多3个附件"
    assert [file.read() for file in request.FILES.getlist("files")] == [b"0", b"1", b"2"]
    assert request.POST["text"] == "后"
    request.close()


@pytest.mark.usefixtures("small_limits")
def test_files_above_the_sum_are_skipped_and_smaller_ones_still_fit() -> None:
    sizes = {"a": 2 * MB, "b": 2 * MB, "c": MB}
    request = post(
        body_of(*[part("files", b"x" * size, filename=name) for name, size in sizes.items()])
    )
    receive(request)
    assert names(request) == ["a", "c"]
    assert [name for name, _ in request.refused_files] == ["b"]
    request.close()


# A real server


@pytest.fixture(scope="module")
def gunicorn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Run the application behind gunicorn on a port of its own; yield that, and its reports."""
    reports = tmp_path_factory.mktemp("reports") / "reports"
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = subprocess.Popen(
            [
                *[sys.executable, "-m", "gunicorn", "receiving_server:application"],
                *["--bind", f"fd://{listening.fileno()}", "--workers", "1", "--threads", "4"],
                *["--pythonpath", f"{Path(__file__).parent},{ROOT}", "--log-level", "error"],
            ],
            pass_fds=[listening.fileno()],
            env={**os.environ, "REPORT_TO": str(reports)},
        )
        try:
            yield listening.getsockname()[1], reports
        finally:
            server.terminate()
            server.wait(timeout=10)


def head(length: int) -> bytes:
    return (
        "POST /contribute/ HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n"
        f"Content-Type: {MULTIPART}\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def last_report(reports: Path, *, after: int) -> dict[str, Any]:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        lines = reports.read_text().splitlines() if reports.exists() else []
        if len(lines) > after:
            report: dict[str, Any] = json.loads(lines[-1])
            return report
        time.sleep(0.02)
    pytest.fail("gunicorn has not told anything")


def reports_until_now(reports: Path) -> int:
    return len(reports.read_text().splitlines()) if reports.exists() else 0


def test_gunicorn_hands_over_a_cut_body_and_it_is_refused(gunicorn: tuple[int, Path]) -> None:
    port, reports = gunicorn
    before = reports_until_now(reports)
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(head(len(WHOLE)) + WHOLE[:-5_000])
    report = last_report(reports, after=before)
    assert report["status"] == 400
    assert report["files"] == {}


def test_sender_of_a_cut_body_can_read_why(gunicorn: tuple[int, Path]) -> None:
    port, _ = gunicorn
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(head(len(WHOLE)) + WHOLE[:-5_000])
        sender.shutdown(socket.SHUT_WR)
        answer = http.client.HTTPResponse(sender)
        answer.begin()
        assert answer.status == 400


def test_whole_body_is_received_behind_gunicorn(gunicorn: tuple[int, Path]) -> None:
    port, _ = gunicorn
    with socket.create_connection(("127.0.0.1", port)) as sender:
        for start in range(0, len(WHOLE), 7_000):
            sender.sendall((b"" if start else head(len(WHOLE))) + WHOLE[start : start + 7_000])
        answer = http.client.HTTPResponse(sender)
        answer.begin()
        report = json.loads(answer.read())
    assert report == {
        "status": 200,
        "fields": {"text": "职工之声", "b": "2"},
        "files": {"files": 80_000},
    }


def test_chunked_body_is_refused_behind_gunicorn(gunicorn: tuple[int, Path]) -> None:
    port, _ = gunicorn
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("POST", "/", iter([WHOLE]), {"Content-Type": MULTIPART}, encode_chunked=True)
    assert connection.getresponse().status == 411
    connection.close()


@pytest.mark.parametrize("pause", [60, 0.25])
def test_body_that_stands_still_or_trickles_is_ended(
    gunicorn: tuple[int, Path], pause: float
) -> None:
    """The server of the tests has two seconds of patience; nobody holds one of its threads."""
    port, _ = gunicorn
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(head(len(WHOLE)) + WHOLE[:100])
        answered: list[int] = []

        def listen() -> None:
            answer = http.client.HTTPResponse(sender)
            answer.begin()
            answered.append(answer.status)

        listener = threading.Thread(target=listen)
        listener.start()
        while listener.is_alive() and time.monotonic() < begun + 15:
            listener.join(timeout=min(pause, 15))
            with contextlib.suppress(OSError):
                sender.send(b"x")
        listener.join(timeout=1)
    assert answered == [400]


def test_browser_can_read_that_a_body_is_too_large(gunicorn: tuple[int, Path]) -> None:
    port, _ = gunicorn
    length = django_settings.CONTRIBUTIONS_MOST_REQUEST_BYTES + 1
    with socket.create_connection(("127.0.0.1", port)) as sender:
        sender.sendall(head(length))
        piece = bytes(1_000_000)
        for start in range(0, length, len(piece)):
            sender.sendall(piece[: length - start])
        answer = http.client.HTTPResponse(sender)
        answer.begin()
        assert answer.status == 413
