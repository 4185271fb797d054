"""What the load generator counts is what a server was asked and answered."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bench.reading import compose, fetch, read

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
WHOLE = HEAD + b"Content-Length: 12\r\n\r\nhello, there"
CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n8\r\n\r\n0\r\n\r\n!\r\n0\r\n\r\n"
LAST = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
SULKY = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbye"  # and nothing after it
GONE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
ANSWERS = {
    "/whole": WHOLE,
    "/chunks": CHUNKS,
    "/last": LAST,
    "/gone": GONE,
    "/sulky": SULKY,
    "/slow": WHOLE,
}


class Listener:
    """A server of few words, which notes what it was asked."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.asked: Counter[str] = Counter()
        self.connections = 0
        self.patience: float | None = None  # with who asks nothing
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        connection.settimeout(self.patience)
        with connection, connection.makefile("rb") as lines, suppress(TimeoutError):
            while line := lines.readline():
                while lines.readline() != b"\r\n":
                    pass
                address = line.split()[1].decode()
                self.asked[address] += 1
                answer = ANSWERS.get(address, b"")
                if address == "/slow":
                    time.sleep(0.5)
                # In two pieces, as networks do.
                connection.sendall(answer[:30])
                connection.sendall(answer[30:])
                if answer in (LAST, SULKY, b""):
                    return


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.socket.close()


def ask_for(*addresses: str) -> list[bytes]:
    return [compose(address, {"Host": "127.0.0.1"}) for address in addresses]


def test_every_answer_is_counted_with_its_bytes(listener: Listener) -> None:
    bout = read(listener.port, ask_for("/whole", "/chunks"), connections=3, seconds=60, at_most=200)
    assert listener.asked == {"/whole": 100, "/chunks": 100}
    assert (bout.requests, bout.failed) == (200, 0)
    assert bout.bytes == 100 * len(WHOLE) + 100 * len(CHUNKS)
    assert listener.connections == 3


def test_what_is_not_a_page_counts_as_failed(listener: Listener) -> None:
    bout = read(listener.port, ask_for("/whole", "/gone"), connections=1, seconds=60, at_most=20)
    assert (bout.requests, bout.failed) == (20, 10)


def test_a_connection_that_the_server_ends_is_opened_again(listener: Listener) -> None:
    bout = read(listener.port, ask_for("/last"), connections=2, seconds=60, at_most=10)
    assert (bout.requests, bout.failed) == (10, 0)
    assert listener.asked["/last"] == 10


def test_a_question_on_a_connection_that_ended_is_asked_again(listener: Listener) -> None:
    bout = read(listener.port, ask_for("/sulky"), connections=2, seconds=60, at_most=10)
    assert (bout.requests, bout.failed) == (10, 0)
    assert listener.asked["/sulky"] == 10


def test_who_waits_for_the_others_may_be_let_go_again_and_again(listener: Listener) -> None:
    listener.patience = 0.05
    bout = read(listener.port, ask_for("/slow", "/whole"), connections=2, seconds=60, at_most=2)
    assert (bout.requests, bout.failed) == (2, 0)
    assert listener.connections > 3


def test_an_answer_that_is_cut_is_no_answer(listener: Listener) -> None:
    with pytest.raises(ConnectionError):
        read(listener.port, ask_for("/nothing"), connections=1, seconds=60, at_most=1)


def test_time_ends_the_reading_after_the_last_answer(listener: Listener) -> None:
    bout = read(listener.port, ask_for("/whole"), connections=2, seconds=0.2, at_most=1_000_000)
    assert bout.requests == listener.asked["/whole"] < 1_000_000
    assert bout.seconds >= 0.2


def test_a_rate_is_kept_and_never_outrun(listener: Listener) -> None:
    begun = time.perf_counter()
    bout = read(
        listener.port, ask_for("/whole"), connections=4, seconds=0.5, at_most=1000, rate=100
    )
    assert bout.requests == 50
    assert time.perf_counter() - begun >= 0.49


def test_one_answer_is_taken_apart(listener: Listener) -> None:
    (request,) = ask_for("/chunks")
    answer = fetch(listener.port, request)
    assert (answer.status, answer.body) == (200, b"hello\r\n0\r\n\r\n!")
    assert answer.headers["content-type"] == "text/html"
    assert answer.length == len(CHUNKS)
