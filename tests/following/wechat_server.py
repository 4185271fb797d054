"""A stand-in for WeChat's servers: it answers as their documents say, or as badly as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

__all__ = ["WeChat", "wechat_server"]


class WeChat:
    """What the stand-in was asked, and how it answers: ``token`` and ``ticket`` are answers."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.good_tokens = {"TOKEN"}
        self.token: Any = {"access_token": "TOKEN", "expires_in": 7200}
        self.ticket: Any = {
            "errcode": 0, "errmsg": "ok", "ticket": "TICKET", "expires_in": 7200,
        }  # fmt: skip
        self.drips = False
        self.status = 200
        self.url = ""


@contextmanager
def wechat_server() -> Iterator[WeChat]:
    """Let the stand-in answer on a port of this machine."""
    told = WeChat()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            told.bodies.append(json.loads(self.rfile.read(length)))
            self.answer(told.token)

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query)["access_token"][0]
            good = token in told.good_tokens
            self.answer(told.ticket if good else {"errcode": 40001, "errmsg": "invalid credential"})

        def answer(self, words: Any) -> None:
            told.asked.append(urlsplit(self.path).path)
            content = words if isinstance(words, bytes) else json.dumps(words).encode()
            self.send_response(told.status)
            self.end_headers()
            if not told.drips:
                self.wfile.write(content)
                return
            for byte in content:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.05)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
