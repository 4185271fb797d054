"""Caches before nginx hear of what nginx hears of, and keep nobody waiting."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from wagtail.contrib.frontend_cache.backends import BaseBackend

from issues.models import IssuePage
from issues.publishing import publish_issue
from issues.withdrawing import withdraw_article
from operations.front import purging, renewing
from operations.front.models import Owed
from tests.factories import make_article, make_issue

pytestmark = pytest.mark.django_db

WAGTAILS = "wagtail.contrib.frontend_cache.backends"
PAPER = "https://paper.example"
PATIENCE = 0.4


class Heard(ThreadingHTTPServer):
    """Something that is told of changes by HTTP, and notes who asked what of which host."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, *, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status  # or 0 to hang up
        self.told: list[tuple[str, str, str]] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def urls(self) -> list[str]:
        """Return the addresses in full, in order."""
        return sorted(f"https://{host}{path}" for _, host, path in self.told)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self) -> None:
        heard: Any = self.server
        heard.told.append((self.command, self.headers["Host"], self.path))
        if heard.status:
            self.send_response(heard.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
        self.close_connection = not heard.status

    do_GET = do_PURGE = _answer  # names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def stand_in() -> Iterator[Callable[..., Heard]]:
    made: list[Heard] = []

    def make(**facts: int) -> Heard:
        made.append(Heard(**facts))
        return made[-1]

    yield make
    for heard in made:
        heard.shutdown()
        heard.server_close()


@pytest.fixture
def mute() -> Iterator[str]:
    """A cache that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    monkeypatch.setattr(purging, "PATIENCE", PATIENCE)
    monkeypatch.setattr(purging, "_busy", {})
    settings.WAGTAILADMIN_BASE_URL = PAPER
    settings.FRONT_SHUT = ""
    yield
    socket.setdefaulttimeout(None)


def named(where: str) -> dict[str, str]:
    return {"BACKEND": "operations.front.nginx.NginxBackend", "LOCATION": where}


def by_http(where: str) -> dict[str, str]:
    return {"BACKEND": f"{WAGTAILS}.HTTPBackend", "LOCATION": where}


def make_draft_issue() -> IssuePage:
    issue = make_issue(451)
    for _ in range(2):
        make_article(issue, signed=True)
    return IssuePage.objects.get(pk=issue.pk)


def test_a_cdn_hears_of_exactly_the_addresses_that_nginx_hears_of(
    stand_in: Callable[..., Heard],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []

    def post(url: str, **facts: Any) -> requests.Response:
        asked.append((url, facts))
        answer = requests.Response()
        answer.status_code, answer._content = 200, b'{"success": true, "errors": []}'
        return answer

    monkeypatch.setattr(f"{WAGTAILS}.cloudflare.requests.post", post)
    nginx, squid = stand_in(), stand_in()
    issue = make_draft_issue()
    settings.WAGTAILFRONTENDCACHE = {
        "nginx1": named(nginx.url),
        "squid": by_http(squid.url),
        "cloudflare": {
            "BACKEND": f"{WAGTAILS}.CloudflareBackend", "ZONEID": "zone", "BEARER_TOKEN": "token",
        },
    }  # fmt: skip

    def assert_all_heard_the_same() -> set[str]:
        told = nginx.urls()
        assert squid.urls() == told
        assert {method for method, _, _ in squid.told} == {"PURGE"}
        assert sorted(url for _, facts in asked for url in facts["json"]["files"]) == told
        for url, facts in asked:
            assert url == "https://api.cloudflare.com/client/v4/zones/zone/purge_cache"
            assert facts["headers"]["Authorization"] == "Bearer token"
            assert 0 < len(facts["json"]["files"]) <= 30
            assert facts["timeout"]
        for list_ in (nginx.told, squid.told, asked):
            list_.clear()
        return set(told)

    with django_capture_on_commit_callbacks(execute=True):
        publish_issue(issue=issue, by=None)
    told = assert_all_heard_the_same()
    assert {f"{PAPER}{path}" for path in ("/", "/451/", "/451/1/", "/archive/", "/feed/")} <= told
    assert len(told) > 30  # more than Cloudflare takes in one request

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_article(article=issue.articles.get(number=1).specific, reason="有误", by=None)
    assert f"{PAPER}/451/1/" in assert_all_heard_the_same()

    # What nginx is only to keep if it has not got it is no change.
    renewing.tell(["/451/"], renewing.KEEP)
    assert nginx.urls() == [f"{PAPER}/451/"]
    assert (squid.told, asked) == ([], [])


class Failing(BaseBackend):
    """A cache that fails as no backend of Wagtail's should."""

    def purge_batch(self, urls: Any) -> None:
        raise RuntimeError("an error of its own")


@pytest.mark.parametrize(
    "trouble", ["mute", "hangs up", "refuses", "away", "raises", "not described", "not there"]
)
def test_a_cdn_in_trouble_is_logged_and_keeps_neither_nginx_nor_editors(
    trouble: str,
    stand_in: Callable[..., Heard],
    mute: str,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        away = f"http://127.0.0.1:{closed.getsockname()[1]}"
    nginx = stand_in()
    issue = make_draft_issue()
    settings.WAGTAILFRONTENDCACHE = {
        # First, though the settings name it last.
        "cdn": {
            "mute": lambda: by_http(mute),
            "hangs up": lambda: by_http(stand_in(status=0).url),
            "refuses": lambda: by_http(stand_in(status=503).url),
            "away": lambda: by_http(away),
            "raises": lambda: {"BACKEND": f"{__name__}.Failing"},
            "not described": lambda: {"BACKEND": f"{WAGTAILS}.CloudflareBackend"},
            "not there": lambda: {"BACKEND": "somewhere.Backend"},
        }[trouble](),
        "nginx1": named(nginx.url),
    }

    begun = time.monotonic()
    with caplog.at_level(logging.WARNING), django_capture_on_commit_callbacks(execute=True):
        publish_issue(issue=issue, by=None)
    took = time.monotonic() - begun

    assert IssuePage.objects.get(pk=issue.pk).live
    assert {f"{PAPER}/", f"{PAPER}/451/", f"{PAPER}/451/2/"} <= set(nginx.urls())
    assert not Owed.objects.filter(tries__gt=0).exists()
    assert took < 5 * PATIENCE + 3
    assert [
        each
        for each in caplog.records
        if each.name in ("operations.front.purging", "operations.front.renewing")
        or each.name == "wagtail.frontendcache"
    ], caplog.text


def test_one_that_takes_long_goes_on_and_is_told_of_no_more_than_it_can_take(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told: list[list[str]] = []
    go_on = threading.Event()

    class Slow(BaseBackend):
        def purge_batch(self, urls: Any) -> None:
            go_on.wait(10)
            told.append(urls)

    slow = Slow({})
    for number in (1, 2):
        begun = time.monotonic()
        purging.purge("cdn", slow, [f"{PAPER}/{number}/"])
        assert PATIENCE <= time.monotonic() - begun < 2 * PATIENCE
    assert threading.active_count() < 10
    assert ["takes long" in each.message for each in caplog.records] == [True, False]
    assert "not told of 1 addresses" in caplog.records[1].message

    go_on.set()
    purging._busy["cdn"].join(10)
    purging.purge("cdn", slow, [f"{PAPER}/3/"])
    assert told == [[f"{PAPER}/1/"], [f"{PAPER}/3/"]]
