"""Hand out a stored file whole, or the part of it that is asked for: players of sound ask so."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from .ranges import Unsatisfiable, asked_range

__all__ = ["hand_out"]

AT_ONCE = 64 * 1024


def hand_out(
    request: HttpRequest, file: Any, *, size: int, name: str, content_type: str, etag: str
) -> HttpResponseBase:
    """Answer with ``file`` (of a model's field), to be shown under ``name``; ``size`` in bytes.

    nginx takes whole files that it keeps, and parts them itself; here parts are for what is not
    kept: a paper that stays inside, a machine without nginx. Safari plays nothing without them.
    """
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = _part(request, file, size, etag) or FileResponse(file.open("rb"))
        if answer.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            answer["Content-Type"] = content_type
            answer["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    answer["Accept-Ranges"] = "bytes"
    answer["ETag"] = etag
    return answer


def _part(request: HttpRequest, file: Any, size: int, etag: str) -> HttpResponseBase | None:
    """Return the answer to a request for a part; None where the whole is to be given."""
    asked = request.headers.get("Range", "")
    if request.method != "GET" or not asked or request.headers.get("If-Range", etag) != etag:
        return None
    try:
        stretch = asked_range(asked, size)
    except Unsatisfiable:
        answer: HttpResponseBase = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    if stretch is None:
        return None
    first, end = stretch
    answer = StreamingHttpResponse(_read(file, first, end), status=HTTPStatus.PARTIAL_CONTENT)
    answer["Content-Range"] = f"bytes {first}-{end - 1}/{size}"
    answer["Content-Length"] = str(end - first)
    return answer


def _read(file: Any, first: int, end: int) -> Iterator[bytes]:
    with file.open("rb") as opened:
        opened.seek(first)
        left = end - first
        while left and (some := opened.read(min(AT_ONCE, left))):
            left -= len(some)
            yield some
