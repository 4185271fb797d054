"""Note which addresses lead nowhere; a flood of nonsense neither fills nor slows anything."""

from __future__ import annotations

import datetime
import logging
import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.db import Error as DatabaseTrouble  # InterfaceError is no DatabaseError
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from newsroom.limits import TooMany, address_of, count

from .models import BrokenAddress
from .spellings import as_stored, asked_for, spellings

__all__ = ["forget_redirected", "note_broken"]

LOG = logging.getLogger(__name__)

MOST = 5000
ROOM = 100  # rows that make room at once for new ones
KEPT = datetime.timedelta(days=90)
FROM_ONE, IN_ALL = 20, 300  # an hour: nothing else is written
# Files, other people's screens, programs, and addresses that are secrets.
NOT_NOTED = re.compile(
    r"/(?:admin|api|static|media|preview|subscribe|unsubscribe|contribute)(?:/|\Z)|/favicon\.ico\Z"
)
HOST = re.compile(r"[a-z0-9.:-]{1,100}", re.IGNORECASE)


def note_broken(request: HttpRequest, *, at: datetime.datetime | None = None) -> None:
    """Note that the address asked for leads nowhere; whatever goes wrong, nobody is told."""
    if request.method != "GET" or NOT_NOTED.match(request.path):
        return
    path = spellings(asked_for(request).partition("?")[0])
    if not path or "\x00" in path[0]:
        return
    try:
        count("broken_address", address_of(request), from_one=FROM_ONE, in_all=IN_ALL)
        _note(path[0], _referrer(request), at or timezone.now())
    except TooMany:
        return
    except DatabaseTrouble:
        LOG.exception("an address that leads nowhere could not be noted")


def _note(path: str, referrer: str, now: datetime.datetime) -> None:
    changes: dict[str, Any] = {"count": F("count") + 1, "last_seen": now}
    if referrer:
        changes["referrer"] = referrer
    if BrokenAddress.objects.filter(path=path).update(**changes):
        return
    BrokenAddress.objects.filter(last_seen__lt=now - KEPT).delete()
    if BrokenAddress.objects.count() >= MOST:
        # What was asked for once goes before what many ask for.
        excess = max(0, BrokenAddress.objects.count() - MOST + ROOM)
        seldom = BrokenAddress.objects.order_by("count", "last_seen").values_list("pk", flat=True)
        BrokenAddress.objects.filter(pk__in=list(seldom[:excess])).delete()
    row = BrokenAddress(path=path, referrer=referrer, first_seen=now, last_seen=now)
    BrokenAddress.objects.bulk_create([row], ignore_conflicts=True)


def _referrer(request: HttpRequest) -> str:
    try:
        host = urlsplit(request.META.get("HTTP_REFERER", "")).netloc.rpartition("@")[2]
    except ValueError:
        return ""
    return host if HOST.fullmatch(host) and host != request.get_host() else ""


def forget_redirected(instance: Redirect, **kwargs: Any) -> None:
    """Take an address off the list once it leads somewhere, however that came about."""
    forms = {instance.old_path}
    with suppress(ValueError):
        forms.add(as_stored(instance.old_path))
    BrokenAddress.objects.filter(path__in=forms).delete()
