"""Hand out a stored file whole, or the part of it that is asked for: players of sound ask so."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from .ranges import Unsatisfiable, asked_range

__all__ = ["hand_out"]

logger = logging.getLogger(__name__)

AT_ONCE = 64 * 1024


def hand_out(
    request: HttpRequest, file: Any, *, size: int, name: str, content_type: str, etag: str
) -> HttpResponseBase:
    """Answer with ``file`` (of a model's field), to be shown under ``name``; ``size`` in bytes.

    nginx takes whole files that it keeps, and parts them itself; here parts are for what is not
    kept: a paper that stays inside, a machine without nginx. Safari plays nothing without them.
    Raises Http404 where the file is lost: asked again, it would be no other answer.
    """
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            opened = file.open("rb")
        except OSError as lost:
            logger.error("a file that is to be handed out is lost: %s", file.name)
            raise Http404("这个文件找不到了。") from lost
        answer = _part(request, opened, size, etag) or FileResponse(opened)
        if answer.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            answer["Content-Type"] = content_type
            answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    return answer


def _part(request: HttpRequest, opened: Any, size: int, etag: str) -> HttpResponseBase | None:
    """Return the answer to a request for a part; None where the whole is to be given."""
    asked = request.headers.get("Range", "")
    if request.method != "GET" or not asked or request.headers.get("If-Range", etag) != etag:
        return None
    try:
        stretch = asked_range(asked, size)
    except Unsatisfiable:
        opened.close()
        answer: HttpResponseBase = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    if stretch is None:
        return None
    first, end = stretch
    answer = StreamingHttpResponse(_Stretch(opened, first, end), status=HTTPStatus.PARTIAL_CONTENT)
    answer["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    answer["Content-Length"] = str(end - first)
    return answer


class _Stretch:
    """The bytes from ``first`` to before ``end`` of a file that is closed with the answer."""

    def __init__(self, opened: Any, first: int, end: int) -> None:
        opened.seek(first)
        self._left = end - first
        self._read = opened.read
        self.close = opened.close

    def __iter__(self) -> Iterator[bytes]:
        while self._left and (some := self._read(min(AT_ONCE, self._left))):
            self._left -= len(some)
            yield some
