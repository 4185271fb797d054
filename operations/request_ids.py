"""Number each request: a person's report, the log and a mail are brought together by it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

__all__ = ["HEADER", "current", "numbered", "spoken"]

HEADER = "X-Request-ID"
SANE = re.compile(r"[0-9A-Za-z-]{8,64}")
SPOKEN = 8  # characters that a person reads out; the log's number begins with them

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """Return the number of this thread's request, or of its last one; "" if there was none."""
    return _current.get()


def spoken() -> str:
    """Return the beginning of the number, as people are shown it (编号)."""
    return current()[:SPOKEN]


def numbered(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, the outermost: take the number that our proxy gave, or make one; send it back."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "") if settings.PROXIES else ""
        number = given if SANE.fullmatch(given) else secrets.token_hex(16)
        # Not taken back: Django says what it answered when all middleware is done.
        _current.set(number)
        response = get_response(request)
        response.headers[HEADER] = number
        return response

    return respond
