"""Write an old address as it is stored, and in every form in which it may be asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest
from wagtail.contrib.redirects.models import Redirect

from .meaning import readable

__all__ = ["LONGEST", "as_stored", "asked_for", "spellings"]

LONGEST = 255
# An address without https:// begins with the name of a machine, as people write it.
HOST = re.compile(r"^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::[0-9]+)?(?=[/?]|$)(?<!\.html)(?<!\.htm)", re.I)
# What a parser of addresses drops: behind it two slashes may begin the name of a machine.
DROPPED = re.compile(r"[\t\r\n]")
# What WeChat and others hang on to an address that is passed on.
PASSED_ON = re.compile(
    r"from|isappinstalled|scene|clicktime|enterid|nsukey|wechat_redirect|utm_\w+|spm", re.IGNORECASE
)


def asked_for(request: HttpRequest) -> str:
    """Return the path asked for, with its query; what is no UTF-8 in it stays percent-encoded.

    ``request.get_full_path()`` would encode those percent signs once more.
    """
    path = "/" + DROPPED.sub("", request.path).lstrip("/")
    path = path.replace("?", "%3F").replace("#", "%23")
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def as_stored(address: str) -> str:
    """Return an old address of another site in the one form in which an import keeps it.

    Without the name of the site, decoded, in small letters: many old sites made no difference.
    Raises ValueError for what is no address.
    """
    address = address.strip()
    if "://" not in address:
        address = HOST.sub("", address)
    return str(Redirect.normalise_path(_decoded(address))).lower()


def spellings(address: str) -> list[str]:
    """Return under which forms what was asked for may be stored, the most exact first."""
    return [form for form in dict.fromkeys(_spellings(address)) if len(form) <= LONGEST]


def _spellings(address: str) -> Iterator[str]:
    path, _, whole = address.partition("?")
    kept = "&".join(
        pair
        for pair in whole.split("&")
        if pair and not PASSED_ON.fullmatch(pair.partition("=")[0])
    )
    for query in dict.fromkeys((whole, kept, "")):
        asked = f"{path}?{query}" if query else path
        for form in (asked, _decoded(asked)):
            try:
                stored = str(Redirect.normalise_path(form))
            except ValueError:  # decoded, it is no address at all
                continue
            yield stored
            yield stored.lower()


def _decoded(address: str) -> str:
    """Return ``address`` with Chinese in GBK written out; as it is where it is in UTF-8."""
    try:
        unquote_to_bytes(address).decode()
    except UnicodeDecodeError:
        return readable(address)
    return address
