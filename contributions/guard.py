"""Keep robots and floods from the forms, without a foreign service and without losing a sender.

Whoever is refused is told what to do and keeps the text: the view shows the form again with all
that was typed. If the cache is down, the guard lets everybody pass.
"""

from __future__ import annotations

import hashlib
import logging
import math
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.utils import timezone

from newsroom import limits

from .refusals import Refused

__all__ = [
    "HONEYPOT",
    "GuardRefused",
    "check_honeypot",
    "check_token",
    "count",
    "new_token",
    "spending",
]

LOG = logging.getLogger(__name__)

HONEYPOT = "website"  # the name of a field that people do not see, and robots fill in

TOKEN_SALT = "contributions.guard.token"  # noqa: S105 - a purpose, not a password
TOKEN_LIFE = timedelta(hours=24)
MOST_TOKEN = 200  # characters; ours have about 80

HOUR = 3600

KEPT = "您填写的内容都还在，没有丢失。"
CALL = "也可以拨打新闻热线告诉我们。"
USED = f"这一页已经提交过一次。{KEPT}如果要再投一份，请再按一次“提交”。"


class GuardRefused(Refused):
    """This was not accepted now; nothing typed is lost."""


# The form's token: signed, for one use, neither too fresh nor too old


def new_token(*, at: datetime | None = None) -> str:
    """Return a token for one showing of a form: its moment and a nonce, signed."""
    moment = int(_seconds(at) * 1000)
    return signing.Signer(salt=TOKEN_SALT).sign(f"{moment}.{secrets.token_urlsafe(12)}")


def check_token(token: str, *, at: datetime | None = None) -> None:
    """Raise GuardRefused unless ``token`` is ours, ripe and not too old."""
    content = _content(token)
    age = _seconds(at) - int(content.partition(".")[0]) / 1000
    wait = math.ceil(settings.CONTRIBUTIONS_LEAST_SECONDS - age)
    if wait > 0:
        raise GuardRefused(
            f"提交得太快了。{KEPT}请等几秒钟，再按一次“提交”。", status=429, retry_after=wait
        )
    if age > TOKEN_LIFE.total_seconds():
        raise GuardRefused(f"页面打开已超过24小时，需要再确认一次。{KEPT}请再按一次“提交”。")


@contextmanager
def spending(token: str, *, on: str) -> Iterator[None]:
    """Use up ``token`` for the one thing that ``on`` names; give it back where that fails.

    A copy of the same thing that comes at the same moment may pass: it will be found to be one.
    """
    key = _spent_key(_content(token))
    try:
        first = cache.add(key, on, timeout=int(TOKEN_LIFE.total_seconds()) + HOUR)
        used = not first and cache.get(key, on) != on
    except Exception as error:
        _log_cache_failure(error)
        first = used = False
    if used:
        raise GuardRefused(USED)
    try:
        yield
    except BaseException:
        if first:
            _give_back(key)
        raise


def _give_back(key: str) -> None:
    try:
        cache.delete(key)
    except Exception as error:
        _log_cache_failure(error)


def _content(token: str) -> str:
    """Return what was signed, or raise GuardRefused."""
    try:
        return signing.Signer(salt=TOKEN_SALT).unsign(token[:MOST_TOKEN])
    except signing.BadSignature:
        raise GuardRefused(f"页面的校验信息缺失或已失效。{KEPT}请再按一次“提交”。") from None


def _spent_key(content: str) -> str:
    return f"contributions:token:{hashlib.sha256(content.encode()).hexdigest()}"


# The honeypot


def check_honeypot(value: str) -> None:
    """Raise GuardRefused if the field that people do not see was filled in."""
    if value:
        raise GuardRefused(
            f"有一个应当留空的隐藏栏被填上了，可能是浏览器自动填写的。{KEPT}"
            f"我们已把它清空，请再按一次“提交”。{CALL}"
        )


# How often


def count(action: str, address: str, *, at: datetime | None = None) -> None:
    """Count one ``action`` from ``address``; raise GuardRefused above the limit of this hour.

    The limits are ``settings.CONTRIBUTIONS_LIMITS[action]``: from one address, and in all.
    """
    from_one, in_all = settings.CONTRIBUTIONS_LIMITS[action]
    try:
        limits.count(action, address, from_one=from_one, in_all=in_all, at=at)
    except limits.TooMany as refused:
        left = refused.seconds_left
        raise GuardRefused(_too_many(action, left), status=429, retry_after=left) from None


def _too_many(action: str, left: int) -> str:
    minutes = math.ceil(left / 60)
    if action == "look_up":
        return f"这一小时内查询的次数太多了，请过{minutes}分钟再查。{CALL}"
    return f"这一小时内提交的次数太多了。{KEPT}请过{minutes}分钟再按一次“提交”。{CALL}"


def _seconds(at: datetime | None) -> float:
    return (at or timezone.now()).timestamp()


def _log_cache_failure(error: Exception) -> None:
    """Say that the cache failed; the error's own words could hold an address or a token."""
    LOG.warning("The guard's cache failed, and everybody passes: %s", type(error).__name__)
