"""Send what people send, the way browsers and broken networks do, and note what was answered."""

from __future__ import annotations

import random
import re
import secrets
import socket
import struct
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPResponse

from .photos import Photo

ADDRESS = "/contribute/"
PATIENCE = 120.0  # seconds that a sender waits for an answer
BOUNDARY = "----paper-bench"
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:[- ][2-9A-HJ-NP-Z]{4}){3}\b")
CHINESE = re.compile("[\u4e00-\u9fff]{4}")
DEBUG = re.compile("Traceback|DEBUG = True|Request Method:|Server Error")
TEXT_LENGTHS = (60, 900)

BROKEN = "broken"  # the connection ended without a whole answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One tip or manuscript with the hidden fields of the form that it was written in."""

    kind: str
    text: str
    fields: dict[str, str]
    photos: tuple[tuple[str, Photo], ...]

    def body(self) -> bytes:
        """Return it as a browser sends it."""
        files = [("files", name, photo) for name, photo in self.photos]
        return multipart({**self.fields, "kind": self.kind, "text": self.text}, files)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a sender got: a status or BROKEN, and a receipt code or none."""

    kind: str
    code: str
    seconds: float
    cut: bool = False  # whether the body was not sent whole
    faults: tuple[str, ...] = ()


@dataclass(slots=True)
class Sending:
    """A submission and every answer to it, in order."""

    submission: Submission
    answers: list[Answer] = field(default_factory=list)

    @property
    def codes(self) -> set[str]:
        """The receipts that were given for it: there should be one at most."""
        return {answer.code for answer in self.answers if answer.code}


# Writing


def write(fields: dict[str, str], photos: Sequence[Photo], *, chance: random.Random) -> Submission:
    """Return a submission like no other, as somebody types it into the form with ``fields``."""
    text = "".join(
        chr(chance.randrange(0x4E00, 0x9FA0)) for _ in range(chance.randint(*TEXT_LENGTHS))
    )
    serial = secrets.token_hex(8)
    attached = tuple(
        (f"现场{serial}第{number}张.jpg", photo) for number, photo in enumerate(photos, start=1)
    )
    filled = {**fields}
    kind = chance.choice(("tip", "manuscript"))
    if kind == "tip":
        filled |= {"place": "二号车间", "occasion": "昨天下午"}
    else:
        filled |= {
            **{"genre": "news", "title": f"来稿{serial}", "name": "汪燕盼", "unit": "杭州市总工会"},
            **{"phone": "0571-87160990", "signed_off": "no"},
        }
    return Submission(kind=kind, text=f"{text}。{serial}", fields=filled, photos=attached)


def multipart(fields: dict[str, str], files: Sequence[tuple[str, str, Photo]]) -> bytes:
    """Return a form as it is sent; each file with its field, its name and its photo."""
    parts = []
    for name, value in fields.items():
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        parts += [head.encode(), value.encode(), b"\r\n"]
    for field_name, name, photo in files:
        head = (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data;"
            f' name="{field_name}"; filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
        )
        parts += [head.encode(), photo.jpeg, b"\r\n"]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


class _HiddenFields(HTMLParser):
    """Take what a form holds that nobody types."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name = given.get("name")
        if tag == "input" and given.get("type") == "hidden" and name:
            self.fields[name] = given.get("value") or ""


def open_form(port: int, address: str = ADDRESS) -> tuple[dict[str, str], str]:
    """Return the hidden fields of a form and the cookies that came with it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", address)
        response = connection.getresponse()
        page = response.read().decode()
    finally:
        connection.close()
    if response.status != 200:
        raise HTTPException(f"The form was answered with {response.status}.")
    reader = _HiddenFields()
    reader.feed(page)
    cookies = response.headers.get_all("Set-Cookie") or []
    return reader.fields, "; ".join(cookie.partition(";")[0] for cookie in cookies)


# Sending


def send(
    port: int, body: bytes, *, address: str = ADDRESS, cookies: str = "", thanks: str = ""
) -> Answer:
    """Send a whole form; a page without receipts is known to be the right one by its ``thanks``."""
    head = _head(address, len(body), cookies)
    return _exchange(port, head, body, ending=None, thanks=thanks)


def send_cut(port: int, body: bytes, *, chance: random.Random) -> Answer:
    """Send a form that ends somewhere, in one of the ways in which connections end."""
    head = _head(ADDRESS, len(body), "")
    sent = body[: chance.randrange(len(body))]
    return _exchange(port, head, sent, ending=chance.choice(("half", "close", "reset")))


def send_at_once(port: int, body: bytes, *, times: int) -> list[Answer]:
    """Send the same form several times at the same moment."""
    barrier = threading.Barrier(times)
    answers: list[Answer] = []

    def one() -> None:
        barrier.wait()
        answers.append(send(port, body))

    threads = [threading.Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def probe(port: int, address: str, *, fields: dict[str, str] | None = None) -> Answer:
    """Open a page, or send a small form to it."""
    if fields is not None:
        return send(port, multipart(fields, ()), address=address)
    head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    return _exchange(port, head.encode(), b"", ending=None)


def _head(address: str, length: int, cookies: str) -> bytes:
    cookie = f"Cookie: {cookies}\r\n" if cookies else ""
    return (
        f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{cookie}"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


def _exchange(
    port: int, head: bytes, body: bytes, *, ending: str | None, thanks: str = ""
) -> Answer:
    """Send and read; ``ending`` says how a sender goes away who does not wait for the answer."""
    begun = time.monotonic()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            line.sendall(head)
            line.sendall(body)
            if ending == "half":
                line.shutdown(socket.SHUT_WR)
            elif ending == "reset":
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if ending in ("close", "reset"):
                return Answer(BROKEN, "", 0.0, cut=True)
            response = HTTPResponse(line)
            response.begin()
            page = response.read().decode(errors="replace")
    except (OSError, HTTPException):
        return Answer(BROKEN, "", time.monotonic() - begun)
    seconds = time.monotonic() - begun
    retry_after = response.headers["Retry-After"] or ""
    receipt = re.compile(re.escape(thanks)) if thanks else CODE
    code = receipt.search(_words(page)) if response.status == 200 else None
    faults = tuple(_faults(response.status, page, retry_after))
    found = code[0] if code else ""
    return Answer(str(response.status), found, seconds, cut=ending is not None, faults=faults)


def _faults(status: int, page: str, retry_after: str) -> list[str]:
    """Return what is wrong with an answer, whatever was asked."""
    wrong = []
    if status >= 500 and status != 503:
        wrong.append(f"answered with {status}")
    if DEBUG.search(page):
        wrong.append("an error page for programmers")
    if not CHINESE.search(_words(page)):
        wrong.append(f"a {status} without a word of Chinese")
    if status == 503 and not retry_after.isdigit():
        wrong.append("a 503 without Retry-After")
    return wrong


def _words(page: str) -> str:
    """Return what stands on a page."""
    return unescape(re.sub(r"<[^>]*>", "", page))
