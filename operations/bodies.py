"""Refuse a body that is shorter than announced, wherever it was sent.

gunicorn and wsgiref hand a body that a lost connection cut to the application, as if it had ended
there (https://github.com/benoitc/gunicorn/issues/3234), and Django parses it: an upload would be
stored without its end. A view that says ``guards_its_body`` does so itself: the forms for senders
show again what came of the text (contributions.receiving).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase

from .error_pages import error_page

__all__ = ["BodyCut", "WholeBodies"]

LENGTH = re.compile("[0-9]{1,15}")


class BodyCut(UnreadablePostError, BadRequest):
    """Less came than was announced. To Django both a lost connection and a bad request."""


class Announced:
    """A stream that must hold as many bytes as were announced."""

    def __init__(self, stream: Any, announced: int) -> None:
        self.stream = stream
        self.left = announced
        self.is_cut = False

    def read(self, size: int | None = -1, /) -> bytes:
        """Read as much as is asked for and was announced; raise BodyCut where it did not come."""
        wanted = self.left if size is None or size < 0 else min(size, self.left)
        pieces = []
        while wanted > 0:
            pieces.append(self._taken(self.stream.read(wanted)))
            wanted -= len(pieces[-1])
        return b"".join(pieces)

    def readline(self, size: int | None = -1, /) -> bytes:
        """Read a line; raise BodyCut where none came."""
        if self.left == 0 or size == 0:
            return b""
        return self._taken(self.stream.readline(-1 if size is None else size))

    def close(self) -> None:
        """Close the stream."""
        self.stream.close()

    def _taken(self, data: bytes) -> bytes:
        if not data:
            self.is_cut = True
            raise BodyCut
        self.left -= len(data)
        return data


class WholeBodies:
    """Middleware, behind that of CSRF, which takes a body it cannot read for an empty one."""

    def __init__(self, get_response: Callable[[WSGIRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: WSGIRequest) -> HttpResponseBase:
        """Watch what is read of the body; refuse one whose length cannot be known."""
        told = request.META.get("CONTENT_LENGTH") or ""
        if told and not LENGTH.fullmatch(told):
            return error_page(request, HTTPStatus.BAD_REQUEST)
        if not told and "HTTP_TRANSFER_ENCODING" in request.META:
            # Django would take it for an empty one.
            return error_page(request, HTTPStatus.LENGTH_REQUIRED)
        # Django has bound the stream already: wrapping environ["wsgi.input"] would come too late.
        request._stream = Announced(request._stream, int(told or 0))  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: WSGIRequest, view: Callable[..., HttpResponseBase], *args: Any
    ) -> HttpResponse | None:
        """Let no view have a body that was cut while the CSRF token was looked for."""
        stream = request._stream
        if isinstance(stream, Announced):
            if stream.is_cut:
                return error_page(request, HTTPStatus.BAD_REQUEST, cut=True)
            if getattr(view, "guards_its_body", False):
                request._stream = stream.stream
        return None
