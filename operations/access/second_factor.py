"""The second factor: a number that changes on one's phone, and codes for when that is lost.

TOTP (RFC 6238) by django-otp: it works without any network. Of the recovery codes only keyed
digests are kept.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.log_actions import log

from accounts.models import User
from accounts.sessions import end_sessions

__all__ = [
    "check", "codes_left", "device_of", "enrol", "free_again_at", "is_wanted_of", "new_codes",
    "prepare", "take_away", "waiting_for",
]  # fmt: skip

OFF, OPTIONAL, REQUIRED = "off", "optional", "required"
CODES = 10
# django-otp doubles the pause with every wrong code: up to 512 seconds, or somebody who knows the
# password shuts its owner out for days.
MOST_SLIPS = 10
# No letter or digit that is taken for another; read and typed by somebody in a hurry.
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def device_of(user: User) -> TOTPDevice | None:
    """Return the phone that ``user`` signs in with, if the paper asks for one at all."""
    if settings.SECOND_FACTOR == OFF:
        return None
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def is_wanted_of(user: User) -> bool:
    """Whether ``user`` has to enrol a phone before doing anything else."""
    return settings.SECOND_FACTOR == REQUIRED and device_of(user) is None


@transaction.atomic
def prepare(user: User) -> TOTPDevice:
    """Make a key that waits to be confirmed; whoever saw an earlier one has nothing of it."""
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    device: TOTPDevice = TOTPDevice.objects.create(user=user, name="手机", confirmed=False)
    return device


def waiting_for(user: User, key: int) -> TOTPDevice | None:
    """Return the key that waits to be confirmed, unless another took its place since."""
    return TOTPDevice.objects.filter(user=user, confirmed=False, pk=key).first()


@transaction.atomic
def enrol(*, user: User, waiting: TOTPDevice, code: str) -> list[str] | None:
    """Confirm the key that waits; return the recovery codes, or None where ``code`` is wrong.

    Every other session of ``user`` ends: they began without a second factor.
    """
    if not verify_token(user, waiting.persistent_id, _digits(code)):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    TOTPDevice.objects.filter(pk=waiting.pk).update(confirmed=True)
    log(instance=user, action="access.enrol", user=user)
    end_sessions(user)
    return new_codes(user=user)


@transaction.atomic
def new_codes(*, user: User) -> list[str]:
    """Make new recovery codes and forget the old ones; they are known only now."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="恢复码")
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(10)) for _ in range(CODES)]
    for code in codes:
        device.token_set.create(token=_digest(code))
    log(instance=user, action="access.codes", user=user)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


@transaction.atomic
def take_away(*, user: User, by: User | None) -> None:
    """Let ``user`` sign in by password alone, until a phone is enrolled anew."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    log(instance=user, action="access.take_away", user=by)
    end_sessions(user)


def check(*, user: User, code: str) -> Any:
    """Return the device that gave ``code``: the phone, or the list of recovery codes; else None."""
    kind = _kind_of(code)
    given = _digits(code) if kind is TOTPDevice else _digest(code)
    device = kind.objects.filter(user=user, confirmed=True).first()
    found = device and verify_token(user, device.persistent_id, given)
    kind.objects.filter(user=user, throttling_failure_count__gt=MOST_SLIPS).update(
        throttling_failure_count=MOST_SLIPS
    )
    if found and kind is StaticDevice:
        log(instance=user, action="access.code_used", user=user)
    return found


def free_again_at(user: User, code: str) -> datetime | None:
    """Return until when ``code`` is not looked at, after wrong ones of its kind.

    The recovery codes wait for themselves: they are what is left to whose phone is guessed at.
    """
    until = [
        told["locked_until"]
        for device in _kind_of(code).objects.filter(user=user)
        if (told := device.verify_is_allowed()[1])
    ]
    return max((at for at in until if at > timezone.now()), default=None)


def codes_left(user: User) -> int:
    """Return how many recovery codes are unused."""
    return sum(device.token_set.count() for device in StaticDevice.objects.filter(user=user))


def _plain(code: str) -> str:
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).lower()


def _is_number(code: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{6}", _plain(code)))


def _kind_of(code: str) -> Any:
    return TOTPDevice if _is_number(code) else StaticDevice


def _digits(code: str) -> str:
    return _plain(code) if _is_number(code) else ""


def _digest(code: str) -> str:
    """Return what is kept of a recovery code: without SECRET_KEY nobody finds the code from it."""
    return salted_hmac("access.recovery", _plain(code), algorithm="sha256").hexdigest()[:16]
