"""Say where a link of an article leads once the article stands in a file of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from urllib.parse import quote, urlsplit, urlunsplit

from ..schema import Issue

__all__ = ["Links", "sound_address", "web_address"]

HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*\.?", re.IGNORECASE)
LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
SAFE = "!$&'()*+,;=:@/%"


class Links:
    """The links of an issue: within the file where they can, to the site where one is named."""

    def __init__(self, issue: Issue, *, front: str, page: Callable[[int], str], site: str) -> None:
        own = f"/{issue.number}/"
        numbers = [article.number for article in issue.articles]
        self._pages = {own: front, **{f"{own}{number}/": page(number) for number in numbers}}
        self._site = site.rstrip("/")

    def __call__(self, href: str, anchors: Collection[str]) -> str:
        """Return where ``href`` leads from an article with these anchors, or nothing."""
        if href.startswith("#"):
            return href if href[1:] in anchors else ""
        if href.startswith("/"):
            page = self._pages.get(href.partition("#")[0])
            return page or (sound_address(f"{self._site}{href}") if self._site else "")
        return sound_address(href)


def web_address(words: str) -> str:
    """Return the address that the paper prints, if it is one of the web."""
    return sound_address(words) if words.startswith(("http://", "https://")) else ""


def sound_address(href: str) -> str:
    """Return an address with every sign spelt as addresses are, or nothing if it is none."""
    try:
        parts = urlsplit(href)
        netloc = _netloc(parts.netloc) if parts.scheme in ("http", "https") else ""
    except ValueError:  # of which UnicodeError is one
        return ""
    if parts.scheme in ("http", "https"):
        if not netloc:
            return ""
    elif parts.scheme not in ("mailto", "tel") or not parts.path or parts.netloc:
        return ""
    path, query, fragment = (
        quote(LONE_PERCENT.sub("%25", part), safe=f"{SAFE}?" if n else SAFE)
        for n, part in enumerate((parts.path, parts.query, parts.fragment))
    )
    return urlunsplit((parts.scheme, netloc, path, query, fragment))


def _netloc(netloc: str) -> str:
    """Return host and port; nothing for what has a user's name before it, or is no host."""
    host, _, port = netloc.partition(":")
    host = host.encode("idna").decode("ascii")
    if not HOST.fullmatch(host) or (port and not (port.isascii() and port.isdecimal())):
        return ""
    if port and int(port) > 65_535:
        return ""
    return f"{host}:{port}" if port else host
