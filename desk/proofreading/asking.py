"""Ask an address on the web whether it answers, without being led into our own network.

Whoever writes copy chooses the address, so the server must not fetch what only it can reach: every
connection, also one that a redirect leads to, is made to an address that was looked up and found
public just before, on the usual ports, past every proxy.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

__all__ = ["NotPublic", "ask", "is_public_address"]

PATIENCE = 5  # seconds, for each connection and each answer
MOST_REDIRECTS = 5
PORTS = (80, 443)
AGENT = "Mozilla/5.0 (link check of a newspaper)"
# What servers say who do not like to be asked by a machine, or by HEAD.
ASK_AGAIN = (400, 403, 404, 405, 406, 501, 503)
UNWILLING = (401, 403, 405, 406, 407, 418, 429, 451, 503, 521, 999)


class NotPublic(OSError):
    """The address leads to where readers could not follow: our own network, an odd port."""


def is_public_address(address: str) -> bool:
    """Whether an IP address belongs to the public network, in whichever spelling it comes."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        within = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if within:
            ip = within
        elif ip in ipaddress.ip_network("64:ff9b::/96"):
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def ask(
    address: str, *, is_public: Callable[[str], bool] = is_public_address, ports: Any = PORTS
) -> str:
    """Return what is wrong with ``address``, in Chinese, or nothing if a reader can open it.

    A server that refuses machines is none of our business: it is no dead link.
    """
    try:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return "网址写得不对"
        host = parts.hostname.encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
        asked = urllib.parse.urlunsplit(
            (
                parts.scheme,
                f"[{host}]{port}" if ":" in host else host + port,
                urllib.parse.quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._"),
                urllib.parse.quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"),
                "",
            )
        )
    except ValueError:
        return "网址写得不对"
    opener = _opener(is_public, ports)
    try:
        status = _status(opener, asked, "HEAD")
        if status in ASK_AGAIN:
            status = _status(opener, asked, "GET")
    except (OSError, http.client.HTTPException, ValueError) as error:
        return _reason(error)
    return "" if status < 400 or status in UNWILLING else _told(status)


def _told(status: int) -> str:
    known = {404: "网页不存在", 410: "网页已删除"}
    return f"{known.get(status, '网站出错')}（{status}）"


def _reason(error: Exception) -> str:
    """Return what to tell of a failure; nothing the other side said."""
    cause: Any = getattr(error, "reason", error)
    if isinstance(cause, NotPublic) or isinstance(error, NotPublic):
        return "不是公开的网址，读者打不开"
    if isinstance(error, ValueError | http.client.InvalidURL):
        return "网址写得不对"
    if isinstance(cause, TimeoutError):
        return "网站没有及时答复"
    if isinstance(cause, socket.gaierror):
        return "没有这个网站"
    if isinstance(cause, ssl.SSLError):
        return "网站的安全证书有问题"
    return "连不上网站"


def _status(opener: urllib.request.OpenerDirector, address: str, method: str) -> int:
    request = urllib.request.Request(address, method=method, headers={"User-Agent": AGENT})  # noqa: S310  # the opener knows http and https only
    try:
        with opener.open(request, timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            # Also what a circle of redirects ends with.
            return 508 if error.code in (301, 302, 303, 307, 308) else error.code


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follow a few; each is a connection of its own, asked about like the first."""

    max_redirections = MOST_REDIRECTS
    max_repeats = 2

    def redirect_request(self, req: Any, fp: Any, code: Any, msg: Any, headers: Any, newurl: Any):  # type: ignore[no-untyped-def]  # urllib's own signature
        """Stay with HEAD; urllib would go on with GET."""
        following = super().redirect_request(req, fp, code, msg, headers, newurl)
        if following is not None:
            following.method = req.get_method()
        return following


def _opener(is_public: Callable[[str], bool], ports: Any) -> urllib.request.OpenerDirector:
    """Return what opens http and https and nothing else, by connections that look where they go."""

    def connect(place: tuple[str, int], timeout: Any = None, source_address: Any = None) -> Any:
        host, port = place
        if ports is not None and port not in ports:
            raise NotPublic(f"port {port}")
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if not found or not all(is_public(str(entry[4][0])) for entry in found):
            raise NotPublic(host)
        # To the very addresses that were judged: a name may answer differently the next time.
        failure: OSError = NotPublic(host)
        for entry in found:
            try:
                return socket.create_connection((str(entry[4][0]), port), timeout, source_address)
            except OSError as error:
                failure = error
        raise failure

    class Plain(http.client.HTTPConnection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._create_connection = connect

    class Secure(http.client.HTTPSConnection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._create_connection = connect

    class PlainHandler(urllib.request.HTTPHandler):
        def http_open(self, req: Any) -> Any:
            return self.do_open(Plain, req)

    class SecureHandler(urllib.request.HTTPSHandler):
        def https_open(self, req: Any) -> Any:
            return self.do_open(Secure, req, context=ssl.create_default_context())

    opener = urllib.request.OpenerDirector()
    for handler in (
        PlainHandler(),
        SecureHandler(),
        _Redirects(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.UnknownHandler(),
    ):
        opener.add_handler(handler)
    return opener
