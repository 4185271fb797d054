"""Which pages are there in traditional characters too, and where: below ``/hant/``."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

__all__ = ["PREFIX", "is_there", "twin"]

PREFIX = "/hant"
# What is read; forms, searches, files and whatever is somebody's own are not there.
PAGES = re.compile(
    r"/(?:"
    r"|[1-9][0-9]{0,4}/(?:(?:[1-9][0-9]{0,8}|folio-[1-9][0-9]?)/)?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}/"
    r"|archive/(?:[1-9][0-9]{3}/)?"
    r"|sections/(?:[-a-zA-Z0-9_]{1,80}/)?"
    r"|contributors/[1-9][0-9]{0,8}/"
    r"|(?:corrections|popular|about|accessibility|privacy)/"
    r")"
)


def is_there(path: str) -> bool:
    """Whether the page at ``path`` may be asked for in traditional characters."""
    return PAGES.fullmatch(path) is not None


def twin(address: str) -> str:
    """Return where the page at ``address`` is in traditional characters; nothing if nowhere.

    ``address`` may have a host, a query, and a place in the page.
    """
    if address.startswith("//") or not address.isprintable():
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return parts._replace(path=PREFIX + parts.path).geturl() if is_there(parts.path) else ""
