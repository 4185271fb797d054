"""Sort addresses into few kinds, so that a number is of use and tells of no single reader."""

from __future__ import annotations

import re

__all__ = ["kind_of"]

BY_FIRST_PART = {
    "admin": "admin",
    "api": "api",
    "archive": "archive",
    "contribute": "contribute",
    "contributors": "list",
    "corrections": "list",
    "count": "count",
    "feed": "feed",
    "feed.json": "feed",
    "feed.xml": "feed",
    "healthz": "health",
    "media": "media",
    "popular": "list",
    "preview": "preview",
    "search": "search",
    "sections": "list",
    "static": "static",
    "subscribe": "subscribe",
    "tg.htm": "contribute",
    "unsubscribe": "subscribe",
}
NUMBERED = (
    (re.compile(r"/\d{1,5}/?"), "issue"),
    (re.compile(r"/\d{4}-\d\d-\d\d/?"), "issue"),
    (re.compile(r"/\d{1,5}/\d{1,4}/?"), "article"),
    (re.compile(r"/\d{1,5}/folio-\d{1,2}/?"), "folio"),
    (re.compile(r"/\d{1,5}/[\w./-]+\.[a-z0-9]{2,5}"), "file"),
)
FEED = re.compile(r"/feed(?:\.xml|\.json|/)?$")


def kind_of(path: str) -> str:
    """Return what kind of page ``path`` is."""
    path = path.removeprefix("/hant") if path.startswith("/hant/") else path
    if path == "/":
        return "front"
    if FEED.search(path):
        return "feed"
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    if kind := BY_FIRST_PART.get(first):
        return kind
    return next((kind for form, kind in NUMBERED if form.fullmatch(path)), "other")
