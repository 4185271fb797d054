"""What happens around an address that nothing on the site has."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.db import Error as DatabaseTrouble  # InterfaceError is no DatabaseError
from django.http import HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control

from newsroom.circulating import outside_of

from .leading import lead_from
from .noting import note_broken
from .probes import is_probe
from .views import nothing_here

LOG = logging.getLogger(__name__)

HOUR = 3600


def old_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware in the place of Wagtail's: lead on from what is not found, or note it.

    Scanners are answered before anything is looked up.
    """

    def respond(request: HttpRequest) -> HttpResponseBase:
        if is_probe(request.path):
            return nothing_here()
        response = get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND:
            return response
        try:
            lead = lead_from(request)
        except DatabaseTrouble as error:
            # Never the address itself: some are secrets.
            LOG.error("where an address leads could not be looked up: %s", type(error).__name__)
            return response
        if lead is None:
            # What stays inside is not broken, and which is which is not looked up.
            if outside_of() is None:
                note_broken(request)
            return response
        kind = HttpResponsePermanentRedirect if lead.permanent else HttpResponseRedirect
        answer = kind(lead.address)
        # A browser would keep a permanent one for ever, also after an editor has mended it.
        patch_cache_control(answer, public=True, max_age=HOUR)
        return answer

    return respond
