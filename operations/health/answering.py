"""Answer monitors at /healthz, before anything that could refuse them or need the database.

A monitor asks by number, by the machine's own name or through a proxy: no host is refused here,
none is sent on to https, no session is opened and no cookie set. A stranger learns whether the
paper is well and nothing else; what is wrong is told to HEALTH_NETWORKS, which is this machine
unless set otherwise.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase

from newsroom.limits import address_of

from .asking import ask
from .checks import ALL, SERVING

__all__ = ["answer_monitors"]

ADDRESS = "/healthz"
# What ?ready= asks for: all of the paper, or what this process needs to serve.
ASKED = {"1": ALL, "web": SERVING}


def answer_monitors(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answer what is asked at /healthz."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        return _answer(request) if request.path_info == ADDRESS else get_response(request)

    return respond


def _answer(request: HttpRequest) -> HttpResponseBase:
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    said = ask(ASKED.get(request.GET.get("ready", ""), {}))
    is_well = not any(said.values())
    told: dict[str, object] = {"status": "ok" if is_well else "failing"}
    if _is_known(request):
        told["checks"] = {name: words or "ok" for name, words in said.items()}
    return JsonResponse(
        told,
        status=HTTPStatus.OK if is_well else HTTPStatus.SERVICE_UNAVAILABLE,
        headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
        json_dumps_params={"ensure_ascii": False},
    )


def _is_known(request: HttpRequest) -> bool:
    try:
        asking = ipaddress.ip_address(address_of(request))
    except ValueError:
        return False
    asking = getattr(asking, "ipv4_mapped", None) or asking
    return any(asking in ipaddress.ip_network(each) for each in settings.HEALTH_NETWORKS)
