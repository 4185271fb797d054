"""Read pages over connections that stay open, as browsers keep them, and count what comes.

One thread and no library, since nginx answers faster than any of those asks: ``Bout.own`` is what
this program itself took of the processor, to be told apart from a server that is slow.
"""

from __future__ import annotations

import contextlib
import re
import select
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle

__all__ = ["Answer", "Bout", "compose", "fetch", "read"]

PATIENCE = 600.0  # seconds; the tutorial's list of 5,000 issues takes minutes, asked for 16 times
AT_ONCE = 1 << 18  # bytes
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)
CLOSING = re.compile(rb"\r\nconnection: *close\r\n", re.IGNORECASE)


@dataclass(slots=True)
class Bout:
    """What came of some reading: seconds that each answer took, bytes, what was not 200."""

    seconds: float = 0.0
    own: float = 0.0
    times: list[float] = field(default_factory=list)
    bytes: int = 0
    failed: int = 0

    @property
    def requests(self) -> int:
        """How many were answered, in whatever way."""
        return len(self.times)

    @property
    def per_second(self) -> float:
        """How many were answered in a second."""
        return self.requests / self.seconds

    def slower_than(self, share: float) -> float:
        """Return the seconds that ``share`` (0.99) of the answers did not take longer than."""
        ordered = sorted(self.times)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes  # without the marks of its chunks
    length: int  # of all that came


class _Reader:
    """A connection, and what has come of the answer that it waits for."""

    __slots__ = ("answers", "asked", "come", "port", "request", "socket")

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked = 0.0
        self.request = b""
        self.come = bytearray()
        self.open()

    def open(self) -> None:
        """Connect, for the first time or again."""
        self.answers = 0
        self.socket = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes, asked: float) -> None:
        """Send a request; what came of the last one is forgotten."""
        self.request, self.asked = request, asked
        self.come.clear()
        with contextlib.suppress(ConnectionError):  # receive finds out
            self.socket.sendall(request)

    def receive(self) -> int:
        """Take what came; return how long the answer is if it is whole, and 0 if not.

        Raises _Ended if the server had ended the connection between two answers, as it may.
        """
        try:
            piece = self.socket.recv(AT_ONCE)
        except ConnectionError:
            piece = b""
        if not piece:
            if not self.come and (self.answers or not self.asked):
                raise _Ended
            raise ConnectionResetError(f"An answer was cut after {len(self.come)} bytes.")
        self.come += piece
        length = _length(self.come)
        self.answers += bool(length)
        return length

    def is_last(self) -> bool:
        """Whether the server said that it ends the connection: nginx after a thousand requests."""
        return bool(CLOSING.search(self.come, 0, self.come.find(b"\r\n\r\n") + 2))


class _Ended(Exception):
    """A connection was over before its question was heard, or while nothing was asked."""


def compose(address: str, headers: Mapping[str, str]) -> bytes:
    """Return a request for ``address``, as it goes over the wire."""
    lines = [f"GET {address} HTTP/1.1", *(f"{name}: {text}" for name, text in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def fetch(port: int, request: bytes) -> Answer:
    """Ask once, and return what came."""
    reader = _Reader(port)
    try:
        reader.ask(request, time.perf_counter())
        while not (length := reader.receive()):
            pass
    finally:
        reader.socket.close()
    head, _, body = bytes(reader.come[:length]).partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): text.strip() for name, _, text in pairs}
    if "transfer-encoding" in headers:
        body = _joined(body)
    return Answer(int(status.split()[1]), headers, body, length)


def read(
    port: int,
    requests: Sequence[bytes],
    *,
    connections: int,
    seconds: float,
    at_most: int,
    rate: float = 0.0,
) -> Bout:
    """Ask for ``requests`` in turn, again and again, until the time or their number is over.

    Each connection asks when it was answered; with a ``rate``, so many are asked in a second,
    and the time of an answer is counted from when its question was due: whoever has to wait for a
    connection waits too.
    """
    poll = select.epoll()
    readers: dict[int, _Reader] = {}

    def attend(reader: _Reader) -> None:
        readers[reader.socket.fileno()] = reader
        poll.register(reader.socket.fileno(), select.EPOLLIN)

    def reopen(reader: _Reader) -> None:
        poll.unregister(reader.socket.fileno())
        del readers[reader.socket.fileno()]
        reader.socket.close()
        reader.open()
        attend(reader)

    for _ in range(connections):
        attend(_Reader(port))
    idle, coming, sent = list(readers.values()), cycle(requests), 0
    bout, own, begun = Bout(), time.process_time(), time.perf_counter()
    try:
        while True:
            now = time.perf_counter()
            due = begun + sent / rate if rate else now
            over = sent >= at_most or (due if rate else now) - begun >= seconds
            if idle and not over and due <= now:
                idle.pop().ask(next(coming), due)
                sent += 1
                continue
            if over and len(idle) == connections:
                break
            wait = due - now if idle and not over else PATIENCE
            events = poll.poll(wait)
            if not events and wait == PATIENCE:
                raise TimeoutError(f"No answer within {PATIENCE:.0f} seconds.")
            for number, _ in events:
                reader = readers[number]
                try:
                    length = reader.receive()
                except _Ended:
                    reopen(reader)
                    if reader not in idle:  # its question was not heard
                        reader.ask(reader.request, reader.asked)
                    continue
                if not length:
                    continue
                bout.times.append(time.perf_counter() - reader.asked)
                bout.bytes += length
                bout.failed += not reader.come.startswith(b"HTTP/1.1 200 ")
                if reader.is_last():
                    reopen(reader)
                reader.come.clear()
                reader.asked = 0.0
                idle.append(reader)
    finally:
        bout.seconds, bout.own = time.perf_counter() - begun, time.process_time() - own
        poll.close()
        for reader in readers.values():
            reader.socket.close()
    return bout


def _length(come: bytearray) -> int:
    """Return how many bytes the answer at the beginning of ``come`` has, or 0 if some lack."""
    head = come.find(b"\r\n\r\n") + 4
    if head < 4:
        return 0
    if announced := LENGTH.search(come, 0, head):
        whole = head + int(announced[1])
        return whole if len(come) >= whole else 0
    if not CHUNKED.search(come, 0, head):
        raise ValueError("An answer without a length.")
    place = head
    while (end := come.find(b"\r\n", place)) >= 0:
        size = int(come[place:end].split(b";")[0], 16)
        place = end + 2 + size + 2
        if not size:
            return place if len(come) >= place else 0
    return 0


def _joined(body: bytes) -> bytes:
    """Return a body without the marks of its chunks."""
    joined, place = bytearray(), 0
    while size := int(body[place : (end := body.index(b"\r\n", place))].split(b";")[0], 16):
        joined += body[end + 2 : end + 2 + size]
        place = end + 2 + size + 2
    return bytes(joined)
