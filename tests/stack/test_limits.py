"""How much time and room one sender or reader may take, and how often one may ask.

What tells of production's own figures stands before an application that only notes what reaches it.
"""

from __future__ import annotations

import resource
import select
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bench.nginx import Nginx
from bench.ports import free_port
from bench.reading import read
from bench.stack import Stack

pytestmark = pytest.mark.stack

RATE, BURST, CONNECTIONS = 100, 500, 200  # of deploy/nginx/fill
HEADER_SECONDS, BODY_SECONDS, READING_SECONDS = 10, 30, 30  # of deploy/nginx/paper.conf
LOCK_SECONDS, COUNTING = 2, 256
LATE = 5  # seconds on a busy machine
HAS_IPV6 = Path("/proc/net/if_inet6").exists()


class Application(ThreadingHTTPServer):
    """Answers everything and notes the method, the path and how much came of the body.

    What lies below ``/99999/`` is not out yet.
    """

    daemon_threads = True
    request_queue_size = 1024  # of those that wait while it does not attend to them
    thinking = 0.05  # seconds that it takes to see that something is not there

    def __init__(self) -> None:
        self.heard: list[tuple[str, str, int]] = []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Application

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.heard.append((self.command, self.path, len(body)))
        there = not self.path.startswith("/99999/")
        if not there:
            time.sleep(self.server.thinking)
        self.send_response(200 if there else 404)
        self.send_header("Content-Length", "2")
        if there:
            self.send_header("X-Accel-Expires", "3600")
        self.end_headers()
        self.wfile.write(b"ok")

    do_GET = do_POST = answer

    def log_message(self, *_: Any) -> None:
        pass


class Front:
    """nginx with nothing set but where things are and ``values``, before ``Application``.

    With a ``name`` of its own it is reached by https only.
    """

    def __init__(self, place: Path, *, name: str = "", **values: str) -> None:
        self.place = place
        self.application = Application()
        threading.Thread(target=self.application.serve_forever, daemon=True).start()
        self.port = free_port()
        self.nginx = Nginx(place)
        here = f"127.0.0.1:{self.port}"
        if name:
            certificate = make_certificate(place, name)
            values = {"HTTPS": "on", "LISTEN_HTTPS": here, **certificate, **values}
            values |= {"HOST": name, "LISTEN_HTTP": f"127.0.0.1:{free_port()}"}
        self.nginx.serve(
            self.port,
            {
                "HOST": here,
                "APP": f"127.0.0.1:{self.application.server_port}",
                "HTTPS": "off",
                "LISTEN_HTTP": f"{here} [::1]:{self.port}" if HAS_IPV6 else here,
                "RENEW_LISTEN": f"127.0.0.1:{free_port()}",
                **values,
            },
        )

    def connect(self, of: str = "127.0.0.1", *, room: int = 0) -> socket.socket:
        """Connect from an address of this machine; ``room`` for what comes, unless the usual."""
        client = socket.socket()
        if room:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        client.settimeout(20)
        client.bind((of, 0))
        client.connect(("127.0.0.1", self.port))
        return client

    def head(self, request: str, *lines: str) -> bytes:
        """Return the head of a request."""
        told = (f"{request} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", *lines, "", "")
        return "\r\n".join(told).encode()

    def ask(
        self, request: str, *lines: str, body: bytes = b"", of: str = "127.0.0.1"
    ) -> HTTPResponse:
        """Send all of it, as it is; the answer comes with its ``text``."""
        with closing(self.connect(of)) as client:
            client.sendall(self.head(request, *lines) + body)
            answer = HTTPResponse(client)
            answer.begin()
            answer.text = answer.read().decode()  # type: ignore[attr-defined]  # for those who ask
            return answer

    @property
    def worker(self) -> int:
        """The process of nginx that answers."""
        begun = Path(f"/proc/{self.nginx.pid}/task/{self.nginx.pid}/children").read_text().split()
        is_worker = (pid for pid in begun if "worker" in Path(f"/proc/{pid}/cmdline").read_text())
        return int(next(is_worker))

    @property
    def connections(self) -> int:
        """How many a worker has, to readers and to the application."""
        told = (self.place / "nginx.conf").read_text()
        return int(told.partition("worker_connections ")[2].partition(";")[0])

    def close(self) -> None:
        self.nginx.stop()
        self.application.shutdown()
        self.application.server_close()


def make_certificate(place: Path, name: str) -> dict[str, str]:
    """Make a certificate that nobody trusts; return what nginx is told of it."""
    files = {"CERTIFICATE": place / "certificate.pem", "CERTIFICATE_KEY": place / "key.pem"}
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-noenc", "-days", "2", "-subj", "/CN=paper"),
            *("-addext", f"subjectAltName=DNS:{name}"),
            *("-keyout", files["CERTIFICATE_KEY"], "-out", files["CERTIFICATE"]),
        ],
        check=True,
        capture_output=True,
    )
    return {name: str(file) for name, file in files.items()}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    front = Front(tmp_path_factory.mktemp("front"))
    try:
        yield front
    finally:
        front.close()


@pytest.fixture
def heard(front: Front) -> list[tuple[str, str, int]]:
    """What the application hears from now on."""
    front.application.heard.clear()
    return front.application.heard


# Time


def seconds_until_let_go(client: socket.socket, meanwhile: Callable[[], object]) -> float:
    """Return how long the connection lasts, of which nothing is read."""
    began = time.monotonic()
    watch = select.poll()
    watch.register(client, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    while not watch.poll(500):
        if time.monotonic() - began > 2 * BODY_SECONDS:
            raise TimeoutError
        try:
            meanwhile()
        except OSError:
            break
    return time.monotonic() - began


def test_who_is_slow_is_let_go_and_the_application_does_not_hear_of_it(
    front: Front, heard: list[tuple[str, str, int]]
) -> None:
    (front.place / "media/large.jpg").write_bytes(bytes(20_000_000))
    begun = front.head("GET /450/")[:-4]
    form = front.head("POST /contribute/", "Content-Length: 100000") + b"x" * 100
    cases: dict[str, tuple[bytes, bytes, int]] = {
        "says nothing": (b"", b"", HEADER_SECONDS),
        "stops in the head": (begun, b"", HEADER_SECONDS),
        "sends the head bit by bit": (begun, b"\r\nX-Slow: yes", HEADER_SECONDS),
        "stops in the body": (form, b"", BODY_SECONDS),
        "stops in the body of a page": (
            front.head("POST /count/450/1/", "Content-Length: 50") + b"x",
            b"",
            BODY_SECONDS,
        ),
        "does not read": (front.head("GET /media/large.jpg"), b"", READING_SECONDS),
    }
    lasted: dict[str, float] = {}

    def be_slow(name: str, sent: bytes, more: bytes) -> None:
        with closing(front.connect(room=4096)) as client:
            client.sendall(sent)
            lasted[name] = seconds_until_let_go(client, lambda: client.send(more))

    threads = [
        threading.Thread(target=be_slow, args=(name, sent, more))
        for name, (sent, more, _) in cases.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    expected = {name: seconds for name, (*_, seconds) in cases.items()}
    assert lasted.keys() == expected.keys()
    for name, seconds in lasted.items():
        assert expected[name] - 1 < seconds < expected[name] + LATE, lasted
    assert heard == []


def test_senders_who_stand_still_hold_no_thread_of_the_application(
    stack: Stack, newsroom: Any, reader: Any
) -> None:
    before = newsroom("contributions")
    head = f"POST /contribute/ HTTP/1.1\r\nHost: {stack.host}\r\nContent-Length: 100000\r\n\r\n"
    with ExitStack() as until:
        for number in range(60):  # gunicorn has two processes of 24 threads
            sender = socket.socket()
            until.enter_context(closing(sender))
            sender.bind((f"127.0.0.{2 + number // 10}", 0))
            sender.connect(("127.0.0.1", stack.port))
            sender.sendall(head.encode() + b"x" * 1000)
        began = time.monotonic()
        assert reader.ask("/contribute/").status == 200
        assert reader.ask("/search/?q=x").status == 200
        assert time.monotonic() - began < LATE
        assert connections_to(stack.gunicorn.port) == 0
    assert reader.ask("/contribute/").status == 200
    assert newsroom("contributions") == before


def connections_to(port: int) -> int:
    """Return how many connections a port of this machine has taken that still stand."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(1 for row in rows if int(row[1].split(":")[1], 16) == port and row[3] == "01")


# Room


def test_limits(stack: Stack, reader: Any) -> None:
    large = reader.ask("/count/450/1/", method="POST", body=b"x" * 70_000)
    assert large.status == 413
    assert "没有丢失" in large.content.decode()
    with closing(socket.create_connection(("127.0.0.1", stack.port), timeout=10)) as announced:
        announced.sendall(
            f"POST /contribute/ HTTP/1.1\r\nHost: {stack.host}\r\n"
            f"Content-Length: {90 * 1024 * 1024}\r\n\r\n".encode()
        )
        assert b" 413 " in announced.recv(100)
    assert reader.ask("/" + "x" * 9000).status == 414
    long = reader.ask("/search/?q=" + "x" * 8000)
    assert long.status < 500
    assert "</html>" in long.content.decode()
    assert reader.ask("/450/1/?q=" + "x" * 8000).status == 200
    assert reader.ask("/", X_Long="x" * 9000).status == 400


def test_one_address_sends_ten_large_things_at_once(stack: Stack, reader: Any) -> None:
    held = []
    with ExitStack() as until:
        for _ in range(11):
            sender = socket.create_connection(("127.0.0.1", stack.port), timeout=2)
            until.enter_context(closing(sender))
            sender.sendall(
                f"POST /contribute/ HTTP/1.1\r\nHost: {stack.host}\r\n"
                "Content-Length: 1000000\r\n\r\n".encode()
            )
            held.append(sender)
        assert b" 429 " in held[-1].recv(100)
        held[0].settimeout(0.3)
        with pytest.raises(TimeoutError):
            held[0].recv(100)
        assert reader.ask("/contribute/").status == 200
    login = reader.ask("/admin/login/", method="POST", body=b"x" * 70_000)
    assert login.status == 413


def test_what_is_too_large_or_contradicts_itself_is_refused_in_chinese(
    front: Front, heard: list[tuple[str, str, int]]
) -> None:
    chunk = b"2710\r\n" + b"x" * 10_000 + b"\r\n"
    chunked = "Transfer-Encoding: chunked"
    refused = {
        413: [
            front.ask("POST /count/450/1/", chunked, body=chunk * 7 + b"0\r\n\r\n"),
            front.ask("POST /admin/login/", "Content-Length: 70000", body=b"x" * 70_000),
        ],
        400: [
            front.ask("GET /450/", *(f"X-{number}: {'x' * 1000}" for number in range(40))),
            front.ask("POST /contribute/", "Content-Length: 1", "Content-Length: 2", body=b"xx"),
            front.ask("GET /search/?q=工会"),
            front.ask("GET /sections/工会/"),
            front.ask("POST /contribute/", "Content-Length: 1", chunked, body=b"0\r\n\r\n"),
        ],
        414: [front.ask("GET /" + "x" * 9000)],
    }
    for status, answers in refused.items():
        for answer in answers:
            assert answer.status == status
            assert "没有丢失" in answer.text
    assert heard == []


def cut(client: socket.socket) -> None:
    """Vanish, as a telephone does that loses its network."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


@pytest.mark.parametrize("end", [socket.socket.close, cut])
@pytest.mark.parametrize("address", ["/contribute/", "/admin/images/add/"])
def test_a_cut_upload_never_reaches_the_application(
    front: Front,
    heard: list[tuple[str, str, int]],
    address: str,
    end: Callable[[socket.socket], None],
) -> None:
    length, half = "Content-Length: 200000", b"x" * 100_000
    chunk = b"186a0\r\n" + half + b"\r\n"
    for sent in (
        front.head(f"POST {address}", length) + half,
        front.head(f"POST {address}", "Transfer-Encoding: chunked") + chunk,
    ):
        client = front.connect()
        client.sendall(sent)
        time.sleep(0.1)
        end(client)
    assert front.ask(f"POST {address}", length, body=half + half).status == 200
    chunked = front.ask(f"POST {address}", "Transfer-Encoding: chunked", body=chunk + b"0\r\n\r\n")
    assert chunked.status == 200
    assert heard == [("POST", address, 200_000), ("POST", address, 100_000)]


# How many, how often


def assert_told_to_wait(answer: Any) -> None:
    assert (answer.status, answer.getheader("Retry-After")) == (429, "60")
    assert answer.getheader("Cache-Control") == "no-store"
    assert "请过一分钟再试" in answer.text


def test_one_address_has_so_many_connections(
    front: Front, heard: list[tuple[str, str, int]]
) -> None:
    with ExitStack() as until:
        for _ in range(CONNECTIONS):
            client = front.connect()
            until.enter_context(closing(client))
            client.sendall(front.head("POST /count/450/1/", "Content-Length: 5"))
        time.sleep(1)
        assert_told_to_wait(front.ask("GET /450/"))
        assert front.ask("GET /450/", of="127.0.0.2").status == 200
    time.sleep(1)
    assert front.ask("GET /450/").status == 200
    assert [method for method, *_ in heard] == ["GET"]


def test_one_address_asks_so_often(front: Front) -> None:
    assert front.ask("GET /450/", of="127.0.0.3").status == 200
    with closing(front.connect("127.0.0.3")) as client:
        # One after the other, without waiting for answers.
        began = time.monotonic()
        client.sendall(front.head("HEAD /450/") * (BURST + 3 * RATE))  # nginx ends after 1,000
        client.sendall(front.head("GET /450/") * RATE)
        client.shutdown(socket.SHUT_WR)
        sent = b""
        while piece := client.recv(1 << 16):
            sent += piece
    answers = sent.decode().split("HTTP/1.1 ")[1:]
    assert {answer[:3] for answer in answers} == {"200", "429"}
    # A slow machine lets more through meanwhile.
    most = BURST + RATE * (time.monotonic() - began) + 2
    assert BURST <= sum(1 for answer in answers if answer[:3] == "200") <= most
    pages = [answer for answer in answers if "请过一分钟再试" in answer]
    assert pages
    assert all("\r\nRetry-After: 60\r\n" in page for page in pages)
    assert front.ask("GET /450/", of="127.0.0.4").status == 200
    time.sleep(3 / RATE)
    assert front.ask("GET /450/", of="127.0.0.3").status == 200


def test_those_who_come_too_early_do_not_wait_for_each_other(
    front: Front, heard: list[tuple[str, str, int]]
) -> None:
    """What is not kept cannot be shared: whoever waits for it waits in vain."""

    def come(_: int) -> tuple[int, float]:
        began = time.monotonic()
        return front.ask("GET /99999/").status, time.monotonic() - began

    readers = 40
    with ThreadPoolExecutor(readers) as crowd:
        answers = list(crowd.map(come, range(readers)))
    assert {status for status, _ in answers} == {404}
    assert max(seconds for _, seconds in answers) < LOCK_SECONDS + LATE
    assert len(heard) == readers


def test_somebody_reads_the_whole_archive(tmp_path: Path) -> None:
    """A worker that runs out of descriptors answers 500, and it keeps those of pages open."""
    front = Front(tmp_path, RATE="100000", BURST="100000")
    try:
        assert front.ask("GET /1/").status == 200
        worker = front.worker
        descriptors, _ = resource.prlimit(worker, resource.RLIMIT_NOFILE)
        # Each connection may need one more for a file (deploy/nginx/process.conf).
        for_pages = descriptors - 2 * front.connections
        pages = for_pages + 300
        asked = [front.head(f"GET /{page}/") for page in range(1, pages + 1)]
        for _ in ("kept", "opened"):
            bout = read(front.port, asked, connections=4, seconds=120, at_most=pages)
            assert (bout.requests, bout.failed) == (pages, 0)
        assert len(front.application.heard) == pages
        assert len(list(Path(f"/proc/{worker}/fd").iterdir())) < for_pages
    finally:
        front.close()


@pytest.mark.parametrize(
    ("request_", "held"), [("POST /count/450/1/", COUNTING), ("GET /search/?q=x", 500)]
)
def test_kept_pages_are_handed_out_while_the_application_hangs(
    tmp_path: Path, request_: str, held: int
) -> None:
    """Who waits for it takes two of the worker's connections; Debian gives it 768."""
    front = Front(tmp_path)
    try:
        assert front.ask("GET /450/").status == 200
        front.application.shutdown()  # it is connected to, and says nothing
        with ExitStack() as until:
            poll = select.poll()
            for number in range(500):
                client = until.enter_context(closing(front.connect(f"127.0.1.{1 + number // 150}")))
                client.sendall(front.head(request_, "Content-Length: 0"))
                poll.register(client, select.POLLIN)
            time.sleep(1)
            readers = [until.enter_context(closing(front.connect())) for _ in range(50)]
            for reader in readers:
                reader.sendall(front.head("GET /450/"))
            assert {reader.recv(12) for reader in readers} == {b"HTTP/1.1 200"}
            assert 500 - len(poll.poll(0)) == held
    finally:
        front.close()


@pytest.mark.skipif(not HAS_IPV6, reason="no IPv6")
def test_readers_come_by_ipv6_too(front: Front) -> None:
    with closing(HTTPConnection("::1", front.port)) as reader:
        reader.request("GET", "/450/", headers={"Host": f"127.0.0.1:{front.port}"})
        assert reader.getresponse().status == 200


# By what name, how safely


@pytest.mark.parametrize("name", ["a" * 57 + ".cn", ".".join([*(["a" * 62] * 4), "a"])])
def test_a_name_may_be_as_long_as_names_are(tmp_path: Path, name: str) -> None:
    assert len(name) in (60, 253)
    Front(tmp_path, name=name).close()


@pytest.mark.parametrize("version", ["1_2", "1_3"])
def test_who_comes_back_need_not_agree_on_keys_anew(tmp_path: Path, version: str) -> None:
    """OpenSSL asks the server of no name, which comes first, whether sessions are remembered."""
    name = "paper.example"
    front = Front(tmp_path, name=name)

    def come(*how: str | Path) -> str:
        done = subprocess.run(
            [
                *("openssl", "s_client", "-connect", f"127.0.0.1:{front.port}"),
                *("-servername", name, f"-tls{version}", "-ign_eof", *how),
            ],
            input=f"GET /450/ HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n",
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
        assert "HTTP/1.1 200 OK" in done.stdout
        return done.stdout

    try:
        session = tmp_path / "session.pem"
        assert "\nNew, TLSv1." in come("-sess_out", session)
        assert "\nReused, TLSv1." in come("-sess_in", session)
    finally:
        front.close()
