"""What a reader gets at an address that leads nowhere."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from newsroom.circulating import current, is_inside
from newsroom.limits import TooMany, address_of, count
from search.direct import issues_named
from search.nearest import nearest
from search.ways import Way

from .meaning import meant_by
from .probes import is_probe
from .spellings import asked_for

LOG = logging.getLogger(__name__)

PLAIN = settings.BASE_DIR / "templates" / "404_plain.html"
MOST_ARTICLES = 5
FROM_ONE, IN_ALL = 60, 1200  # an hour: beyond that nobody's words are looked for


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say that nothing is here, and offer what the address may have meant.

    The same for everybody; where the database cannot be asked, without an offer.
    """
    if is_probe(request.path):
        return nothing_here()
    try:
        answer = render(request, "404.html", _offers(request), status=HTTPStatus.NOT_FOUND)
    except Exception as error:
        # Never the address itself: some are secrets.
        LOG.error("what was meant could not be looked up: %s", type(error).__name__)
        return nothing_here()
    # It may be published any moment.
    patch_cache_control(answer, no_cache=True)
    return answer


def nothing_here() -> HttpResponse:
    """Say so in a page that needs nothing but its own file."""
    return HttpResponse(PLAIN.read_bytes(), status=HTTPStatus.NOT_FOUND)


def _offers(request: HttpRequest) -> dict[str, Any]:
    # While some of the paper stays inside, those outside are offered nothing at all.
    if request.path.startswith("/admin/") or not (current().is_open or is_inside(request)):
        return {}
    meant = meant_by(asked_for(request))
    # Asked for nobody in particular: what is closed to some is offered to none.
    return {
        "issues": issues_named(meant.issue, None) if meant.issue else (),
        "articles": _articles(meant.words, request),
    }


def _articles(words: str, request: HttpRequest) -> list[Way]:
    """Return the articles whose headlines are nearest to the words of the address."""
    if not words:
        return []
    try:
        count("not_found", address_of(request), from_one=FROM_ONE, in_all=IN_ALL)
    except TooMany:
        return []
    return nearest(words, None, most=MOST_ARTICLES)
