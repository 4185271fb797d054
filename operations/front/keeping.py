"""Say which answers nginx may keep for everybody, compressed and with a validator.

nginx asks with ``X-Paper-Keep`` for what it would keep, and with ``X-Paper-Renew`` for what it
keeps already: then an answer that may not be kept takes the place of the old one, and is no longer
good at once. Whoever sends these headers by other ways gets the same bytes, and nothing is kept.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

__all__ = ["kept"]

Respond = Callable[[HttpRequest], HttpResponseBase]

FOR_EVER = str(10 * 365 * 24 * 3600)
PAST = "@1"  # kept, but not handed out while there is somebody to ask
LASTING = {HTTPStatus.OK, HTTPStatus.FOUND, HTTPStatus.GONE}
PRIVATE = ("private", "no-store")
LEVEL, LEAST = 6, 500  # of compression; bytes that are worth it
ROOM = 64 * 1024 * 1024  # more than any file that is kept
NOT_READY = Path(settings.BASE_DIR) / "deploy/nginx/pages/down.html"
NOT_FOUND = Path(settings.BASE_DIR) / "templates/404_plain.html"


def kept(get_response: Respond) -> Respond:
    """Middleware, around all that write headers: mark what may be kept."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        if "X-Paper-Keep" not in request.headers:
            return get_response(request)
        act = request.headers.get("X-Paper-Renew")
        if act == "forget":
            return _nothing(NOT_READY, HTTPStatus.SERVICE_UNAVAILABLE)
        response = get_response(request)
        if may_be_kept(request, response):
            # What is taken anew where there is no room has to fail: it stays as it was, and owed.
            if act or _has_room():
                response["X-Accel-Expires"] = FOR_EVER
            else:
                response["X-Paper-Unkept"] = "1"  # to whoever asked for it to have it kept
            if not response.streaming and isinstance(response, HttpResponse):
                _finish(request, response)
        elif act and response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            # Not that answer itself: it may be somebody's own, and nginx keeps none with a cookie.
            return _nothing(NOT_FOUND, HTTPStatus.NOT_FOUND)
        return response

    return respond


def may_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether ``response`` is what anybody would get at this address, as long as nothing changes.

    A list that is asked for by a query is kept under its own address only: whatever page is asked
    for beyond its end is the last one, and would be kept as often as somebody asks.
    """
    told = response.get("Cache-Control", "")
    # Where an old address leads is looked up each time, and says how long that holds.
    is_old = response.status_code == HTTPStatus.FOUND and told
    if (
        request.method != "GET"
        or is_old
        or response.status_code not in LASTING
        or response.cookies
        or "cookie" in response.get("Vary", "").lower()
        or any(word in told for word in PRIVATE)
        or not hasattr(request, "session")  # it was answered at the door
        or request.session.accessed
    ):
        return False
    if not request.META["QUERY_STRING"]:
        return True
    context = getattr(response, "context_data", None) or {}
    address: str = context.get("canonical_url", "")
    return address.endswith(request.get_full_path())


def _has_room() -> bool:
    """Whether what nginx keeps finds room on its disk, as far as this machine knows.

    It breaks off an answer that it cannot write down: then it is not to keep it.
    """
    if not settings.FRONT_SHUT:
        return True
    try:
        return shutil.disk_usage(Path(settings.FRONT_SHUT).parent).free >= ROOM
    except OSError:
        return True  # nginx is on another machine


def _finish(request: HttpRequest, response: HttpResponse) -> None:
    """Give ``response`` a validator, ask browsers to use it, and compress it."""
    content = response.content
    if "ETag" not in response and response.status_code == HTTPStatus.OK:
        response["ETag"] = f'"{sha256(content).hexdigest()[:32]}"'
    if "Cache-Control" not in response:
        # A correction is to be seen by whoever opens the page again.
        response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    if response.get("Content-Type", "").startswith("image/png"):
        return  # packed already
    if len(content) >= LEAST and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(content, LEVEL, mtime=0)
        response["Content-Encoding"] = "gzip"
        response["Content-Length"] = str(len(response.content))


def _nothing(page: Path, status: HTTPStatus) -> HttpResponse:
    answer = HttpResponse(page.read_bytes(), status=status)
    answer["X-Accel-Expires"] = PAST
    answer["Cache-Control"] = "no-store"
    answer["X-Paper-Taken"] = "1"  # told apart from what nginx itself says of a paper that is away
    return answer
