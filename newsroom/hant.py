"""Hand out readers' pages in traditional characters below ``/hant/``: the same pages, converted.

The address without ``/hant`` is asked, by the same gate and the same view, and what it answers is
converted on its way out. So whatever is withdrawn, closed or not there is so here too, and nothing
is stored that could be out of date (docs/hant.md).
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from .hant_addresses import PREFIX, is_there, twin
from .models import TraditionalWords
from .traditional import convert, read_words

__all__ = ["hant", "is_hant"]

Respond = Callable[[HttpRequest], HttpResponseBase]

MARK = "is_hant"
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")


def is_hant(request: HttpRequest) -> bool:
    """Whether the page is asked for in traditional characters."""
    return hasattr(request, MARK)


def hant(get_response: Respond) -> Respond:
    """Middleware, before whatever looks at addresses: answer ``/hant/…`` by the page at ``/…``."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info.removeprefix(PREFIX)
        is_ours = path != request.path_info and request.method in ("GET", "HEAD")
        if not is_ours or not is_there(path):
            return get_response(request)
        asked = request.path, request.path_info
        request.path = request.path_info = path
        setattr(request, MARK, True)
        for condition in CONDITIONS:
            # It would be compared with what the page is before it is converted.
            request.META.pop(condition, None)
        try:
            return _converted(get_response(request), request)
        finally:
            request.path, request.path_info = asked

    return respond


def _converted(response: HttpResponseBase, request: HttpRequest) -> HttpResponseBase:
    host = f"{request.scheme}://{request.get_host()}/"

    def lead(address: str) -> str:
        is_own = address.startswith(host) or (address[:1] == "/" and address[1:2] != "/")
        return (twin(address) if is_own else "") or address

    if "Location" in response:
        response["Location"] = lead(response["Location"])
    is_page = response.get("Content-Type", "").startswith("text/html")
    if isinstance(response, HttpResponse) and not response.streaming and is_page:
        page = response.content.decode(response.charset)
        response.content = convert(page, lead=lead, words=_words()).encode(response.charset)
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))
    del response["ETag"]
    del response["Last-Modified"]
    if "no-store" not in response.get("Cache-Control", ""):
        # No cache on the way is told when it changes.
        patch_cache_control(response, private=True, no_cache=True)
    return response


def _words() -> dict[str, str]:
    """Return the words that the editors have said how to write; none while nobody can be asked."""
    try:
        text = TraditionalWords.objects.values_list("words", flat=True).first()
    except DatabaseError:
        return {}
    return read_words(text or "")
