"""Have nginx take addresses anew: one more backend of Wagtail's front-end cache."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

from wagtail.contrib.frontend_cache.backends import BaseBackend

__all__ = ["Act", "NginxBackend", "Unreached"]

PATIENCE = 30  # seconds; a file may have to be made
AT_ONCE = 4
RENEW, FORGET, KEEP = "renew", "forget", "keep"
Act = str


class Unreached(Exception):
    """nginx, or the paper behind it, did not take some addresses."""


class NginxBackend(BaseBackend):
    """An nginx that keeps the paper, told of changes on a port of its own (``LOCATION``)."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.place = urlsplit(params["LOCATION"])

    def purge(self, url: str) -> None:
        """Have one address taken anew."""
        self.purge_batch([url])

    def purge_batch(self, urls: Iterable[str]) -> None:
        """Have addresses taken anew; raises Unreached with what failed."""
        if failed := self.tell(urls):
            raise Unreached(" ".join(failed))

    def tell(self, urls: Iterable[str], act: Act = RENEW) -> list[str]:
        """Have each address taken anew, forgotten, or kept if it is not yet; return what failed.

        An answer from 500 on left the kept one in its place. Where one takes too long, those behind
        it are not asked for: whoever waits for this waits for one.
        """
        urls = list(urls)
        shares = [urls[start::AT_ONCE] for start in range(min(AT_ONCE, len(urls)))]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            failed = pool.map(lambda share: self._tell(share, act), shares)
            return [url for share in failed for url in share]

    def _tell(self, urls: list[str], act: Act) -> list[str]:
        failed = []
        connection = HTTPConnection(self.place.hostname or "", self.place.port, timeout=PATIENCE)
        for number, url in enumerate(urls):
            try:
                taken = self._ask(connection, url, act)
            except TimeoutError:
                failed += urls[number:]
                break
            except (OSError, HTTPException):
                connection.close()
                taken = False
            if not taken:
                failed.append(url)
        connection.close()
        return failed

    def _ask(self, connection: HTTPConnection, url: str, act: Act) -> bool:
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        headers = {"Host": parts.netloc, "X-Paper-Act": act}
        connection.request("GET", path, headers={**headers, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        answer.read()
        if "X-Paper-Unkept" in answer.headers:
            return False
        # Of what is forgotten a 503 is kept (keeping).
        return answer.status < HTTPStatus.INTERNAL_SERVER_ERROR or "X-Paper-Taken" in answer.headers
