"""Stand before every address: those from outside get what is open to them, or one page.

What the switch closes is decided in ``newsroom.circulation``; here is who comes through at all.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from .circulating import asking_from_outside, current, is_inside
from .circulation import Circulation

__all__ = ["gate", "keep_private", "turned_away"]

View = Callable[[HttpRequest], HttpResponseBase]

# What is no part of the paper: it has its own doors, and sees the whole paper through them. By
# whole folders, so that no made-up name that begins alike comes through.
NOT_THE_PAPER = ("/admin/", "/preview/")
# Open to everybody while the paper is closed: whoever works outside must be able to report, to log
# in, to leave the list of subscribers, to read what is kept of them; and robots must be allowed to
# find that there is nothing, or what they kept of an open paper stays found.
DOORS = (
    *("/login/", "/logout/", "/contribute/", "/subscribe/confirm/", "/unsubscribe/"),
    *("/about/", "/accessibility/", "/privacy/", "/reading/"),
    # Asks for itself: a photo of what never came out is no part of the paper yet.
    *(settings.MEDIA_URL, "/uploads-allowed/"),
)
DOOR_FILES = ("/tg.htm", "/robots.txt")


def gate(get_response: View) -> View:
    """Middleware: turn away who is outside, and let nobody keep what is not for everybody.

    From outside, what is closed and what does not exist get the same answer. It stands before
    whatever leads on from old addresses, and behind what knows who is logged in.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(NOT_THE_PAPER):
            return get_response(request)
        circulation = current()
        if circulation.is_open:
            response = get_response(request)
            # Closed while it was being made: this is the last copy that goes out.
            return response if current().is_open else keep_private(response)
        if is_inside(request):
            return keep_private(get_response(request))
        return keep_private(_answer_outside(request, circulation, get_response))

    return respond


def _answer_outside(
    request: HttpRequest, circulation: Circulation, get_response: View
) -> HttpResponseBase:
    path = request.path_info
    is_door = path.startswith(DOORS) or path in DOOR_FILES
    if circulation.is_whole and not is_door:
        return turned_away(request)
    with asking_from_outside(circulation):
        response = get_response(request)
    if response.status_code == HTTPStatus.NOT_FOUND and not is_door:
        return turned_away(request)
    # When something was last done to any part of the paper is not for them.
    del response["Last-Modified"]
    return response


def turned_away(request: HttpRequest) -> HttpResponseBase:
    """Say to somebody from outside what they can do, and nothing of what is inside."""
    request.is_turned_away = True  # type: ignore[attr-defined]
    answer = render(
        request,
        "newsroom/outside.html",
        {"asked_for": request.get_full_path()},
        status=HTTPStatus.FORBIDDEN,
    )
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Have nobody but the reader's own browser hold ``response``, and no other site read it.

    A page of another site that is open inside could read to its owner whatever is open to any
    origin, since a network lets in by address alone.
    """
    response["Cache-Control"] = "private, no-store"
    del response["Expires"]
    del response["Access-Control-Allow-Origin"]
    patch_vary_headers(response, ["Cookie"])
    return response
