"""Every address of the site, asked as no browser would: odd paths, queries, methods and headers."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern, RoutePattern
from django.utils.regex_helper import normalize

from issues.models import NewspaperPage

PARAMETER = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")
# Whoever is logged out gets no further; the other is a page of Wagtail's that fails on purpose.
LEFT_OUT = ("logout", "failwhale")
# What Wagtail finds by its tree, and a middleware before it: no route says so.
IN_THE_TREE = ("<number>/", "<number>/folio-<folio>/", "<number>/<article>/", "html/<old>")
BESIDE_ROUTES = ("healthz", "<nowhere>")
IN_TRADITIONAL = "hant/"

NUMBERS = ["1", "0", "2147483648", "9223372036854775808", "9" * 40]
WORDS = ["x", '"', "'", "\x00", "%", "长" * 300, "a" * 5000, "..", "１", "\ud83d\ude00"]
UUIDS = ["00000000-0000-4000-8000-000000000000"]
BAD = [
    '"',
    '"unbalanced (',
    "' OR 1=1 --",
    "\x00",
    "-1",
    "99999999999999999999",
    "2022-13-45",
    "　",
    " ",
    "x" * 9000,
    "棋" * 2000,
    "{}",
    "[]",
    "*",
    "\\",
    "NaN",
    "1e400",
    "\u202e\ufeff",
]
RAW = ["%FF", "%ED%A0%80", "%", "%zz", "%u68CB", "a%00b"]
NAMES = (
    *("q", "p", "page", "ordering", "sort", "year", "from", "to", "since", "until", "section"),
    *("kind", "marks", "per_page", "format", "export", "next", "id", "pk", "parent", "tag"),
    *("collection_id", "status", "type", "genre", "contributor", "date", "month", "issue", "order"),
    *("order_by", "offset", "limit", "cursor", "locale", "results_only", "user", "object_type"),
    *("timestamp_before", "timestamp_after", "allow_external_link", "page_type", "multiple"),
    *("date_from", "date_to", "number", "code", "number_from", "number_to", "next_url", "actions"),
    *("show_inactive", "is_shown", "label", "action", "content_type", "assignee", "filter", "mode"),
    *("find", "span", "url", "path", "ready", "step", "original", "position", "another", "version"),
    *("folio", "article", "block", "level", "a", "b"),
)
METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "OPTIONS", "HEAD", "GET\u00e9")
HEADERS: list[dict[str, str]] = [
    {"range": "bytes=9999999999999999999-1,x"},
    {"if-modified-since": "Sun, 99 Foo 99999 99:99:99 XXX"},
    {"if-modified-since": "Sat, 01 Jan 0000 00:00:00 GMT", "if-none-match": 'W/"'},
    {"if-unmodified-since": "x" * 500, "if-match": ",,,"},
    {"accept": "text/html;q=x,*/*;q=;;;,/", "accept-language": "zz-" + "x" * 300},
    {"accept": "application/json", "x-requested-with": "XMLHttpRequest"},
    {"cookie": 'sessionid="\x01;=;=; csrftoken=%00; messages=x; a'},
    {"x-forwarded-for": ", ,x,999.1.1.1", "x-forwarded-proto": "gopher"},
    {"host": "evil.example:99999"},
    {"host": "\u00e9\u00e9", "referer": "http://[::1"},
    {"origin": "null", "referer": "x" * 3000, "user-agent": "\x00\xff"},
    {"content-type": "multipart/form-data; boundary=" + "x" * 300},
    {"accept-encoding": "gzip;q=x, br;;", "accept-charset": "\xff"},
]
BODIES = [
    ("application/x-www-form-urlencoded", b"a=%00&b=%ff&title=%00&q=%ED%A0%80&c[]=1&c[x]=2"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"\xff\xfea=1"),
    ("application/x-www-form-urlencoded; charset=zlib", b"a=1"),
    ("multipart/form-data", b"no boundary"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="\x00"\r\n\r\n',
    ),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="files[]"; filename="../\x00.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\r\n--b--\r\n",
    ),
    ("application/json", b"{"),
    ("application/json", b'[[["\x00"]]]'),
    ("text/plain", b"\x00\xff"),
    ("", b""),
]


@dataclass(frozen=True)
class Odd:
    """A request."""

    path: str  # percent-encoded
    method: str = "GET"
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    kind: str = "application/octet-stream"

    def __str__(self) -> str:
        return (
            f"{self.method} {self.path[:120]}?{self.query[:160]} {self.headers} {self.body[:80]!r}"
        )


def addresses(values: dict[str, list[str]], chance: random.Random) -> Iterator[list[str]]:
    """Yield for each pattern of the site several paths, the first of them likely to exist."""
    for route in (*_routes(get_resolver().url_patterns), *routes_of_pages(), *BESIDE_ROUTES):
        if any(word in route for word in LEFT_OUT):
            continue
        paths = [_filled(route, values, chance, place) for place in range(6)]
        yield list(dict.fromkeys(paths))


def odd_requests(paths: list[str]) -> Iterator[Odd]:
    """Yield what is asked of one pattern."""
    first = paths[0]
    for path in paths:
        yield Odd(path)
        yield Odd(path, "POST", body=b"x=1", kind="application/x-www-form-urlencoded")
    for value in map(quote, BAD):
        yield Odd(first, query="&".join(f"{name}={value}" for name in NAMES))
    for value in RAW:
        yield Odd(first, query="&".join(f"{name}={value}" for name in NAMES))
    yield Odd(first, query="&".join(f"{name}[]=1&{name}[x]=2&{name}=1&{name}=" for name in NAMES))
    yield Odd(first, query="&".join(["q=1"] * 3000))
    yield Odd(first, query="?&=&==&%&;;#")
    for method in METHODS:
        yield Odd(first, method)
    for headers in HEADERS:
        yield Odd(first, headers=headers)
    for kind, body in BODIES:
        yield Odd(first, "POST", body=body, kind=kind)


def routes_of_pages() -> Iterator[str]:
    """Yield the routes below the root page, each also in traditional characters."""
    for route in dict.fromkeys((*_routes(NewspaperPage.get_subpage_urls()), *IN_THE_TREE)):
        yield route
        yield IN_TRADITIONAL + route


def _routes(patterns: Iterable[Any], before: str = "") -> Iterator[str]:
    """Yield every route of the site, with <kind:name> where something varies."""
    for each in patterns:
        for part in _parts(each.pattern):
            if isinstance(each, URLResolver):
                yield from _routes(each.url_patterns, before + part)
            elif isinstance(each, URLPattern):
                yield before + part


def _parts(pattern: Any) -> list[str]:
    if isinstance(pattern, RoutePattern):
        return [str(pattern)]
    assert isinstance(pattern, RegexPattern)
    parts = [
        form % {name: f"<{name}>" for name in names} for form, names in normalize(str(pattern))
    ]
    return parts[:2]


def _filled(route: str, values: dict[str, list[str]], chance: random.Random, place: int) -> str:
    def fill(found: re.Match[str]) -> str:
        kind, name = found["kind"], found["name"]
        likely = values.get(name, [])
        if kind == "int":
            odd = NUMBERS
        elif kind == "uuid":
            odd = UUIDS
        else:
            odd = [*WORDS, *NUMBERS]
        if place == 0:
            return quote((likely or odd)[0])
        return quote(chance.choice([*likely, *odd]), errors="surrogatepass")

    return "/" + PARAMETER.sub(fill, route)
