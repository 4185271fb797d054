"""Shut the door for a while on who guesses passwords (django-axes, counted in the database).

An attempt counts before its password is looked at, and is taken back when that was right: however
many come at once, no more are let through than one after the other.
"""

from __future__ import annotations

import ipaddress
import unicodedata
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.db.models import F, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from newsroom.limits import address_of

__all__ = ["Handler", "account_named", "come_from", "open_again", "shut_out", "turned_away"]

# How often within settings.AXES_COOLOFF_TIME: one name from one address; one name from anywhere, so
# that an outsider who knows it cannot easily shut its owner out; all names from one address.
AT_HOME, FROM_ANYWHERE, BY_ONE = 5, 50, 30
NOWHERE = "::"  # the address of who has none, behind a unix socket
MOST_LETTERS = 150


def account_named(request: HttpRequest | None, credentials: dict[str, Any] | None) -> str:
    """Return the name that somebody tries, however it is written."""
    given = (credentials or {}).get("username") or ""
    return unicodedata.normalize("NFKC", str(given)).strip().casefold()[:MOST_LETTERS]


def come_from(request: HttpRequest) -> str:
    """Return the address an attempt is counted for; of IPv6 the network of a household."""
    told = address_of(request)
    try:
        address = ipaddress.ip_address(told)
    except ValueError:
        return NOWHERE
    if address.version == 4:
        return told
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


class Handler(AxesDatabaseHandler):
    """Axes's own, with three limits instead of one, counting first."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Return how far the limits are used up, in attempts of one name from one address."""
        recent = _recent()
        name, address = account_named(request, credentials), come_from(request)
        return max(
            _sum(recent.filter(username=name, ip_address=address)),
            _sum(recent.filter(username=name)) * AT_HOME // FROM_ANYWHERE,
            _sum(recent.filter(ip_address=address)) * AT_HOME // BY_ONE,
        )

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Count an attempt; tell whether it is one too many. Who is shut out stays so no longer."""
        if self.get_failures(request, credentials) >= AT_HOME:
            return True
        attempt, made = AccessAttempt.objects.get_or_create(
            username=account_named(request, credentials),
            ip_address=come_from(request),
            user_agent="",
            defaults={"failures_since_start": 1},
        )
        if not made:
            one = AccessAttempt.objects.filter(pk=attempt.pk)
            # What is older than the time of the lock counts no more.
            one.filter(attempt_time__lt=timezone.now() - settings.AXES_COOLOFF_TIME).update(
                failures_since_start=0
            )
            one.update(
                failures_since_start=F("failures_since_start") + 1, attempt_time=timezone.now()
            )
        return self.get_failures(request, credentials) > AT_HOME

    def user_login_failed(
        self,
        sender: Any,
        credentials: dict[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        """Turn away who has used the limit up; the attempt itself is counted already."""
        if request is not None and self.get_failures(request, credentials) >= AT_HOME:
            request.axes_locked_out = True  # type: ignore[attr-defined]  # axes's own
            user_locked_out.send(
                "axes",
                request=request,
                username=account_named(request, credentials),
                ip_address=come_from(request),
            )

    def reset_user_attempts(
        self, request: HttpRequest, credentials: dict[str, Any] | None = None
    ) -> int:
        """Forget the attempts of who got in: of this name at this address, and of nobody else."""
        count, _ = AccessAttempt.objects.filter(
            username=account_named(request, credentials), ip_address=come_from(request)
        ).delete()
        return int(count)


def _recent() -> Any:
    return AccessAttempt.objects.filter(
        attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME
    )


def _sum(attempts: Any) -> int:
    return attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0


def turned_away(request: HttpRequest, *_: Any) -> HttpResponse:
    """Say that the door is shut, and for how long."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    answer = render(request, "access/locked.html", {"minutes": seconds // 60}, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def shut_out() -> tuple[list[str], list[str]]:
    """Return the names that are shut out somewhere, and the addresses that all names are."""

    def over(limit: int, *by: str) -> set[str]:
        tried = _recent().values(*by).annotate(tried=Sum("failures_since_start"))
        return {row[by[0]] for row in tried if row["tried"] >= limit}

    names = over(AT_HOME, "username", "ip_address") | over(FROM_ANYWHERE, "username")
    return sorted(names), sorted(over(BY_ONE, "ip_address"))


def open_again(*, username: str = "", address: str = "") -> int:
    """Forget every attempt at ``username``, or from ``address``; return how many rows they were."""
    named = {"username": account_named(None, {"username": username})}
    which = {"ip_address": address} if address else named
    count, _ = AccessAttempt.objects.filter(**which).delete()
    return int(count)
