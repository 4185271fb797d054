"""Limit how often something is done within an hour, without keeping who did it.

While Redis is away, each process counts for itself (operations.caching); a cache that fails all the
same lets everybody pass: a paper that cannot count still works.
"""

from __future__ import annotations

import hmac
import ipaddress
import logging
import math
import secrets
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

__all__ = ["TooMany", "address_of", "count", "forwarded_address"]

LOG = logging.getLogger(__name__)

HOUR = 3600
IPV6_NETWORKS = ((64, 1), (48, 2))  # bits of a network, and its share of the limit


class TooMany(Exception):
    """The limit of this hour is reached; it is over in ``seconds_left``."""

    def __init__(self, seconds_left: int) -> None:
        super().__init__(f"Too many within the hour; {seconds_left} seconds of it are left.")
        self.seconds_left = seconds_left


def count(
    action: str, address: str, *, from_one: int, in_all: int, at: datetime | None = None
) -> None:
    """Count one ``action`` from ``address``; raise TooMany above a limit of this hour.

    ``from_one`` limits one address, ``in_all`` all of them together. What one address has too
    much is not counted in all, so that nobody alone can shut out the others.
    An address that is not known ("", behind a unix socket) is counted in all only.

    No address can be found out from the cache: it is hashed with a salt that is made for the
    hour, kept nowhere else, and gone with the counters when the hour ends.
    """
    hour, past = divmod((at or timezone.now()).timestamp(), HOUR)
    left = math.ceil(HOUR - past)
    prefix = f"limits:{int(hour)}"
    try:
        refused = (
            any(
                _counted(f"{prefix}:{action}:{_hashed(network, prefix, left)}", left)
                > from_one * share
                for network, share in _networks(address)
            )
            or _counted(f"{prefix}:{action}", left) > in_all
        )
    except Exception as error:
        # The error's own words could hold an address.
        LOG.warning("The cache failed, and everybody passes: %s", type(error).__name__)
        return
    if refused:
        raise TooMany(left)


def _counted(key: str, left: int) -> int:
    """Count one more at ``key`` until the hour ends, and return how many it makes."""
    cache.add(key, 0, timeout=left)
    number = cache.incr(key)
    # Django's own incr() for files and databases would forget the key after the default timeout:
    # https://github.com/django/django/blob/5.2/django/core/cache/backends/base.py#L263
    cache.touch(key, left)
    return number


def _hashed(network: str, prefix: str, left: int) -> str:
    """Return what stands for ``network`` during this hour."""
    key = f"{prefix}:salt"
    cache.add(key, secrets.token_hex(16), timeout=left)
    salt = cache.get(key)
    if salt is None:
        raise LookupError("The cache did not keep the salt.")
    return hmac.digest(salt.encode(), network.encode(), "sha256").hex()


def _networks(address: str) -> list[tuple[str, int]]:
    """Return whose request it is, and how many times the limit each may have.

    That is an IPv4 address; of IPv6 the /64 of a household, and the /48 which one customer may
    have all of. Nothing for an address that is not known.
    """
    if not address:
        return []
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return [(address, 1)]
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return [(str(getattr(parsed, "ipv4_mapped", None) or parsed), 1)]
    return [
        (f"{int(parsed) >> (parsed.max_prefixlen - bits)}/{bits}", share)
        for bits, share in IPV6_NETWORKS
    ]


def address_of(request: HttpRequest) -> str:
    """Return the sender's address, or "" if it is not known.

    Where our proxies do not tell it, it is that of whoever is connected: several senders may be
    counted as one, but nobody goes uncounted.
    """
    return forwarded_address(request) or request.META.get("REMOTE_ADDR") or ""


def forwarded_address(request: HttpRequest) -> str:
    """Return the sender's address only if it is told by whom it must be told, else "".

    Behind ``settings.PROXIES`` proxies of our own that is the entry of X-Forwarded-For that the
    outermost one added; those further left are the sender's to invent, and the address of the
    connection is a proxy's.
    """
    if settings.PROXIES < 1:
        return request.META.get("REMOTE_ADDR") or ""
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(entries) < settings.PROXIES:
        return ""
    try:
        return str(ipaddress.ip_address(entries[-settings.PROXIES].strip()))
    except ValueError:
        return ""
