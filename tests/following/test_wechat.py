"""Signatures for WeChat's script, asked of a stand-in: no failure of it is in anybody's way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from hashlib import sha1
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from following.sharing import wechat
from tests.factories import make_public_issue

from .wechat_server import WeChat, wechat_server

SITE = "https://paper.example.org"
PAGE = f"{SITE}/450/1/?from=timeline"


@pytest.fixture(autouse=True)
def empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeChat]:
    monkeypatch.setattr(wechat, "PATIENCE", 0.5)
    settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET = "wx0123", "SECRET"
    settings.WAGTAILADMIN_BASE_URL = SITE
    with wechat_server() as told:
        settings.WECHAT_API = told.url
        yield told


def ask(url: str = PAGE) -> HttpResponse:
    return Client().get("/share/wechat.json", {"url": url})


@pytest.mark.django_db
def test_an_address_of_ours_is_signed_as_wechat_documents(server: WeChat) -> None:
    answer = ask()

    told = answer.json()
    words = (
        f"jsapi_ticket=TICKET&noncestr={told['nonceStr']}&timestamp={told['timestamp']}&url={PAGE}"
    )
    assert told["appId"] == "wx0123"
    assert told["signature"] == sha1(words.encode()).hexdigest()
    assert abs(told["timestamp"] - time.time()) < 5
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    sent = answer.content.decode()
    assert not any(secret in sent for secret in ("SECRET", "TOKEN", "TICKET"))
    assert server.bodies == [
        {"grant_type": "client_credential", "appid": "wx0123", "secret": "SECRET"}
    ]


@pytest.mark.django_db
def test_wechat_is_asked_once_for_all(server: WeChat) -> None:
    first, second = ask().json(), ask(f"{SITE}/450/").json()

    assert first["signature"] != second["signature"]
    assert server.asked == ["/cgi-bin/stable_token", "/cgi-bin/ticket/getticket"]


@pytest.mark.django_db
def test_a_token_that_is_no_longer_good_is_asked_for_anew_once(server: WeChat) -> None:
    cache.set(wechat.TOKEN, "OLD")
    assert ask().status_code == 200
    assert server.asked[0] == server.asked[-1] == "/cgi-bin/ticket/getticket"

    cache.clear()
    server.good_tokens, server.asked = set(), []
    assert ask().status_code == 204
    assert len(server.asked) == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    [
        *("", "450", "/450/", "https://evil.example/450/", f"{SITE}.evil.example/450/"),
        *("http://paper.example.org/450/", f"{SITE}:444/450/", f"{SITE}@evil.example/"),
        *(f"{SITE}/450/#s1", f"{SITE}/450/\n&url=https://evil.example/", f"{SITE}/期/", SITE),
        "http://[x",
        *(f"{SITE}/{'x' * 3000}", "javascript:alert(1)", "//paper.example.org/450/"),
    ],
)
def test_nobody_elses_address_is_signed(server: WeChat, url: str) -> None:
    assert ask(url).status_code == 404
    assert server.asked == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "trouble",
    [
        {"status": 500},
        {"token": b"<html>"},
        {"token": []},
        {"token": {"errcode": 40164, "errmsg": "invalid ip, not in whitelist"}},
        {"token": {"access_token": 7}},
        {"token": b"x" * 100_000},
        {"ticket": {"errcode": 0}},
        {"ticket": {"errcode": 48001, "ticket": "T"}},
        {"drips": True},
    ],
)
def test_whatever_wechat_does_the_page_stays_as_it_is(
    server: WeChat, trouble: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in trouble.items():
        setattr(server, name, value)

    begun = time.monotonic()
    answer = ask()
    again = ask()

    assert (answer.status_code, answer.content) == (204, b"")
    assert again.status_code == 204
    assert time.monotonic() - begun < 2
    assert len(server.asked) <= 2  # and not for a minute
    assert len(caplog.records) == 1
    assert not any(secret in caplog.text for secret in ("SECRET", "TOKEN"))


@pytest.mark.django_db
def test_a_wechat_that_is_not_there_holds_nobody_up(server: WeChat, settings: Any) -> None:
    settings.WECHAT_API = "http://127.0.0.1:1"

    assert ask().status_code == 204


@pytest.mark.django_db
def test_while_one_process_asks_the_others_do_not_wait(server: WeChat) -> None:
    cache.add(wechat.LOCK, 1)

    assert ask().status_code == 204
    assert server.asked == []


@pytest.mark.django_db
def test_a_ticket_that_ends_at_once_is_kept_a_minute(server: WeChat) -> None:
    server.ticket = {"errcode": 0, "ticket": "T", "expires_in": -5}

    assert ask().status_code == 200
    assert cache.get(wechat.TICKET) == "T"


# Where it is offered.


SHOW_POLICIES = """
from django.conf import settings
print(settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].get("script-src"))
print([p for p, each in settings.CONTENT_POLICIES.items() if "qq.com" in str(each)])
"""


@pytest.mark.parametrize(
    ("account", "allowed"),
    [
        ({}, "None"),
        ({"WECHAT_APP_ID": "wx0123"}, "None"),
        (
            {"WECHAT_APP_ID": "wx0123", "WECHAT_APP_SECRET": "x"},
            "[\"'self'\", 'https://res.wx.qq.com']",
        ),
    ],
)
def test_the_policy_allows_wechats_script_with_an_account_only(
    account: dict[str, str], allowed: str
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SHOW_POLICIES],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hzgy.settings.test", **account},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.splitlines() == [allowed, "[]"]


@pytest.fixture
def issue() -> None:
    make_public_issue(450)


@pytest.mark.django_db
def test_without_an_account_there_is_nothing_of_it(issue: None) -> None:
    page = Client().get("/450/1/")

    assert "wechat" not in page.content.decode()
    assert "qq.com" not in page["Content-Security-Policy"]
    assert Client().get("/share/wechat.json", {"url": PAGE}).status_code == 404
    assert "微信" not in Client().get("/privacy/").content.decode()


@pytest.mark.django_db
def test_with_an_account_it_stands_where_there_is_something_to_share(
    issue: None, server: WeChat
) -> None:
    for address in ("/", "/450/", "/450/1/", "/450/folio-1/"):
        assert "js/wechat" in Client().get(address).content.decode(), address
    for address in ("/archive/", "/contribute/", "/about/", "/450/99/"):
        assert "js/wechat" not in Client().get(address).content.decode(), address
    assert "微信自己的脚本" in Client().get("/privacy/").content.decode()
