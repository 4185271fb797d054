"""Let readers' pages be read from the standby."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError, InterfaceError, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .router import REPLICA, freshness, is_held, reading

__all__ = ["ReadersPages"]

# Where somebody sees what they just did, or what only some may see; and what looks after itself.
PRIMARY = re.compile(
    r"/(admin|contribute|preview|subscribe|unsubscribe|count|healthz|metrics)(/|$)"
)

KEPT = {"X-Paper-Keep", "X-Paper-Renew"}


class ReadersPages:
    """Have GET and HEAD of people without a session read from the standby while it is fresh."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; within it the router knows what may be read where."""
        token = reading.set(_is_a_readers(request) and not is_held() and freshness().is_fresh())
        try:
            return self.answer(request)
        finally:
            reading.reset(token)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Ask the view once more, of the primary, where the standby failed half-way."""
        match = request.resolver_match
        if not reading.get() or match is None:
            return None
        if not isinstance(error, DatabaseError | InterfaceError):
            return None
        reading.set(False)
        freshness().distrust()
        connections[REPLICA].close()
        again: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        render = getattr(again, "render", None)
        return render() if callable(render) else again


def _is_a_readers(request: HttpRequest) -> bool:
    return (
        request.method in ("GET", "HEAD")
        # What our nginx keeps until it is told otherwise must not be a moment old.
        and not KEPT & request.headers.keys()
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not PRIMARY.search(request.path)
    )
