"""Sign pages for WeChat's own script (JS-SDK), where the paper has an account there.

With it a reader who shares a page from WeChat's menu sends our headline, opening and card instead
of what WeChat guesses. It is never in anybody's way: what WeChat does not answer in time, or
refuses, leaves the page as it is.

    account --> access token (two hours) --> ticket (two hours) --> signature of one address
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from hashlib import sha1
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.core.cache import cache

__all__ = ["is_offered", "is_ours", "signed"]

logger = logging.getLogger(__name__)

PATIENCE = 3  # seconds for each of two questions; the reader's page is there already
MOST = 20_000  # bytes of an answer
LONGEST = 2000  # characters of an address
EARLY = 300  # seconds before its end something is asked for anew
PAUSE = 60  # seconds after a failure, in which nobody asks again
ASKING = 3 * PATIENCE  # seconds for which one process asks for all
TOKEN, TICKET, FAILED, LOCK = (f"wechat.{each}" for each in ("token", "ticket", "failed", "lock"))
NO_LONGER_GOOD = {40001, 40014, 42001}  # how WeChat says so of a token


class Refused(Exception):
    """WeChat answered, but not with what was asked for; ``code`` is its number for why."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def is_offered() -> bool:
    """Whether the paper has an account with WeChat."""
    return bool(settings.WECHAT_APP_ID and settings.WECHAT_APP_SECRET)


def is_ours(url: str) -> bool:
    """Whether ``url`` is an address of this paper, so that it may be signed."""
    if len(url) > LONGEST or not (url.isascii() and url.isprintable()):
        return False
    try:
        ours, asked = urlsplit(settings.WAGTAILADMIN_BASE_URL), urlsplit(url)
    except ValueError:  # http://[
        return False
    return (
        (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)
        and asked.path.startswith("/")
        and not asked.fragment
    )


def signed(url: str) -> dict[str, Any] | None:
    """Return what WeChat's script wants to know for the page at ``url``, or None."""
    ticket = _ticket()
    if ticket is None:
        return None
    nonce, moment = secrets.token_hex(8), int(time.time())
    told = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={moment}&url={url}"
    return {
        "appId": settings.WECHAT_APP_ID,
        "timestamp": moment,
        "nonceStr": nonce,
        "signature": sha1(told.encode()).hexdigest(),  # noqa: S324  # WeChat's choice
    }


def _ticket() -> str | None:
    """Return the ticket by which pages are signed; asked for once for all processes."""
    known: str | None = cache.get(TICKET)
    if known or cache.get(FAILED) or not cache.add(LOCK, 1, ASKING):
        return known
    try:
        return _ask_for_ticket()
    except Exception as error:
        # The error's own words could hold a token.
        why = error.code if isinstance(error, Refused) else type(error).__name__
        logger.warning("WeChat gave no ticket: %s", why)
        cache.set(FAILED, 1, PAUSE)
        return None
    finally:
        cache.delete(LOCK)


def _ask_for_ticket() -> str:
    try:
        return _ticket_for(cache.get(TOKEN) or _new_token())
    except Refused as refused:
        if refused.code not in NO_LONGER_GOOD:
            raise
        return _ticket_for(_new_token())


def _new_token() -> str:
    """Return a token. A "stable" one leaves those of others who use the account as they are."""
    asked = {
        "grant_type": "client_credential",
        "appid": settings.WECHAT_APP_ID,
        "secret": settings.WECHAT_APP_SECRET,
    }
    return _kept(TOKEN, _ask("stable_token", body=asked), "access_token")


def _ticket_for(token: str) -> str:
    told = _ask(f"ticket/getticket?{urlencode({'access_token': token, 'type': 'jsapi'})}")
    return _kept(TICKET, told, "ticket")


def _kept(key: str, told: dict[str, Any], name: str) -> str:
    """Return what WeChat told, and keep it for as long as it is good."""
    value = told.get(name)
    if told.get("errcode") or not isinstance(value, str) or not value:
        code = told.get("errcode")
        raise Refused(code if isinstance(code, int) else 0)
    lasts = told.get("expires_in")
    cache.set(key, value, max(PAUSE, (lasts if isinstance(lasts, int) else 0) - EARLY))
    return value


def _ask(path: str, *, body: dict[str, str] | None = None) -> dict[str, Any]:
    data = json.dumps(body).encode() if body is not None else None
    request = Request(  # noqa: S310  # the operator names WeChat, or what stands for it
        f"{settings.WECHAT_API}/cgi-bin/{path}",
        data=data,
        headers={"Content-Type": "application/json"} if data else {},
    )
    ends = time.monotonic() + PATIENCE
    with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        told = json.loads(_read(answer, ends))
    if not isinstance(told, dict):
        raise Refused(0)
    return told


def _read(answer: Any, ends: float) -> bytes:
    """Return an answer that comes in time and is no longer than any of WeChat's."""
    content = b""
    while part := answer.read1(4096):
        content += part
        if len(content) > MOST or time.monotonic() > ends:
            raise TimeoutError
    return content
