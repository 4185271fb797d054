"""Let programs in: reading only, not too often, from anywhere, with validators for caches."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import http_date

from following.changes import last_change
from newsroom.limits import TooMany, address_of, count

from .problems import not_found, problem

View = Callable[..., HttpResponse]

ALLOWED = "GET, HEAD, OPTIONS"
FRESH = 300  # seconds that a cache need not ask again
FOR_ANY_ORIGIN = {
    # Without credentials: nothing here depends on who asks.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Retry-After",
    "X-Robots-Tag": "noindex",
}
PREFLIGHT = {
    "Allow": ALLOWED,
    "Access-Control-Allow-Methods": ALLOWED,
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}


def guarded(view: View) -> View:
    """Return ``view`` behind the doors of the API."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = _answer(view, request, *args, **kwargs)
        for name, value in FOR_ANY_ORIGIN.items():
            response[name] = value
        return response

    # What is posted is refused with a word of ours, not with that of a form.
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def _answer(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)
    if request.method not in ("GET", "HEAD"):
        refused = problem(HTTPStatus.METHOD_NOT_ALLOWED, "这里只能读取，请用GET。")
        refused["Allow"] = ALLOWED
        return refused
    from_one, in_all = settings.API_LIMITS
    try:
        count("api", address_of(request), from_one=from_one, in_all=in_all)
    except TooMany as too_many:
        minutes = -(-too_many.seconds_left // 60)
        refused = problem(
            HTTPStatus.TOO_MANY_REQUESTS, f"这个小时的请求已经用完，请过{minutes}分钟再来。"
        )
        refused["Retry-After"] = str(too_many.seconds_left)
        return refused
    try:
        response = view(request, *args, **kwargs)
    except Http404:
        return not_found(request)
    return _validated(request, response) if response.status_code == HTTPStatus.OK else response


def _validated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return ``response`` with its validators, or 304 to whoever has it already."""
    tag = f'"{sha256(response.content).hexdigest()[:32]}"'
    changed = last_change()
    moment = int(changed.timestamp()) if changed else None
    answer = get_conditional_response(request, etag=tag, last_modified=moment) or response
    answer["ETag"] = tag
    if moment is not None:
        answer["Last-Modified"] = http_date(moment)
    patch_cache_control(answer, public=True, max_age=FRESH)
    return answer
