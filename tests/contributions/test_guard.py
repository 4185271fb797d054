"""The guard: tokens, honeypot, limits by the hour, and what happens when its cache is down."""

import ipaddress
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from pytest_django import Settings

from contributions import guard
from contributions.guard import (
    GuardRefused,
    check_honeypot,
    check_token,
    count,
    new_token,
    spending,
)
from newsroom import limits
from newsroom.limits import address_of

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEPT = "没有丢失"


@pytest.fixture(autouse=True)
def known_limits(settings: Settings) -> Iterator[None]:
    settings.CONTRIBUTIONS_LEAST_SECONDS = 3
    settings.CONTRIBUTIONS_LIMITS = {"send": (3, 5), "look_up": (2, 100)}
    settings.PROXIES = 0
    cache.clear()
    yield
    cache.clear()


class BrokenCache:
    """A cache whose server is gone; its errors say too much."""

    def __getattr__(self, name: str) -> Any:
        raise ConnectionError("redis://cache: 203.0.113.7 could not be counted")


@pytest.fixture
def broken_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (guard, limits):
        monkeypatch.setattr(module, "cache", BrokenCache())


# Tokens


def test_token_is_good_from_three_seconds_to_a_day() -> None:
    token = new_token(at=NOON)
    check_token(token, at=NOON + timedelta(seconds=3))
    check_token(token, at=NOON + timedelta(hours=24))


def test_token_that_is_too_fresh_asks_for_patience() -> None:
    with pytest.raises(GuardRefused, match=KEPT) as refusal:
        check_token(new_token(at=NOON), at=NOON + timedelta(seconds=1.5))
    assert (refusal.value.status, refusal.value.retry_after) == (429, 2)


def test_token_of_a_clock_that_is_ahead_asks_for_patience() -> None:
    with pytest.raises(GuardRefused) as refusal:
        check_token(new_token(at=NOON), at=NOON - timedelta(seconds=10))
    assert refusal.value.retry_after == 13


def test_token_of_the_day_before_is_refused_kindly() -> None:
    with pytest.raises(GuardRefused, match=KEPT) as refusal:
        check_token(new_token(at=NOON), at=NOON + timedelta(hours=24, seconds=1))
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "token", ["", "x", "1.2:3", ":", "\0", "稿", "9" * 1_000_000, "1764000000000.abc:def"]
)
def test_token_that_is_missing_or_forged_is_refused_kindly(token: str) -> None:
    with pytest.raises(GuardRefused, match=KEPT) as refusal:
        check_token(token)
    assert refusal.value.status == 400


def test_token_with_another_moment_is_forged() -> None:
    moment, nonce = new_token(at=NOON).split(".", 1)
    with pytest.raises(GuardRefused):
        check_token(f"{int(moment) + 1}.{nonce}", at=NOON + timedelta(minutes=1))


def test_token_is_for_one_use() -> None:
    token, other = new_token(at=NOON), new_token(at=NOON)
    assert token != other
    later = NOON + timedelta(minutes=1)
    check_token(token, at=later)
    with spending(token, on="a tip"):
        with pytest.raises(GuardRefused, match="已经提交过"), spending(token, on="another tip"):
            pytest.fail("It was used twice.")
        with spending(token, on="a tip"):
            pass  # a copy that came at the same moment
    with pytest.raises(GuardRefused, match="已经提交过"), spending(token, on="another tip"):
        pytest.fail("It was used twice.")
    with spending(other, on="another tip"):
        pass


def test_token_is_given_back_when_nothing_came_of_it() -> None:
    token = new_token(at=NOON)
    with pytest.raises(OSError, match="full"), spending(token, on="a tip"):
        raise OSError("full")
    with spending(token, on="another tip"):
        pass


def test_token_of_now_needs_no_clock_of_the_test(settings: Settings) -> None:
    settings.CONTRIBUTIONS_LEAST_SECONDS = 0
    check_token(new_token())


# The honeypot


def test_honeypot_lets_people_pass() -> None:
    check_honeypot("")


def test_honeypot_that_is_filled_in_is_refused_kindly() -> None:
    with pytest.raises(GuardRefused, match=KEPT) as refusal:
        check_honeypot("https://spam.example/")
    assert refusal.value.status == 400


# Limits


def test_one_address_is_refused_above_its_limit_until_the_hour_ends() -> None:
    at = NOON + timedelta(minutes=40)
    for _ in range(3):
        count("send", "203.0.113.7", at=at)
    with pytest.raises(GuardRefused, match="20分钟") as refusal:
        count("send", "203.0.113.7", at=at)
    assert (refusal.value.status, refusal.value.retry_after) == (429, 1200)
    assert KEPT in refusal.value.message
    count("send", "203.0.113.8", at=at)
    count("look_up", "203.0.113.7", at=at)
    count("send", "203.0.113.7", at=NOON + timedelta(minutes=60))


def test_all_addresses_together_are_refused_above_theirs() -> None:
    for number in range(5):
        count("send", f"203.0.113.{number}", at=NOON)
    with pytest.raises(GuardRefused):
        count("send", "203.0.113.9", at=NOON)


def test_one_address_alone_cannot_shut_out_the_others() -> None:
    for _ in range(3):
        count("send", "203.0.113.7", at=NOON)
    for _ in range(100):
        with pytest.raises(GuardRefused):
            count("send", "203.0.113.7", at=NOON)
    count("send", "203.0.113.8", at=NOON)


def test_look_up_is_refused_in_words_of_its_own() -> None:
    count("look_up", "203.0.113.7", at=NOON)
    count("look_up", "203.0.113.7", at=NOON)
    with pytest.raises(GuardRefused, match="查询的次数太多"):
        count("look_up", "203.0.113.7", at=NOON)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("no address", "no other", False),
    ],
)
def test_sender_is_an_ipv4_address_or_an_ipv6_network(one: str, other: str, same: bool) -> None:
    for _ in range(3):
        count("send", one, at=NOON)
    if same:
        with pytest.raises(GuardRefused):
            count("send", other, at=NOON)
    else:
        count("send", other, at=NOON)


def test_a_network_of_many_households_has_twice_the_limit_of_one(settings: Settings) -> None:
    settings.CONTRIBUTIONS_LIMITS = {"send": (3, 100)}
    for household in range(6):
        count("send", f"2001:db8:1:{household:x}::1", at=NOON)
    with pytest.raises(GuardRefused):
        count("send", "2001:db8:1:ffff::1", at=NOON)
    count("send", "2001:db8:2::1", at=NOON)


def test_unknown_address_is_counted_in_all_only() -> None:
    for _ in range(5):
        count("send", "", at=NOON)
    with pytest.raises(GuardRefused):
        count("send", "", at=NOON)


def test_nothing_in_the_cache_tells_the_address_or_outlives_the_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: dict[str, Any] = {}
    added: list[int] = []
    touched: list[int] = []

    class WatchedCache:
        def add(self, key: str, value: Any, timeout: int) -> None:
            kept.setdefault(key, value)
            added.append(timeout)

        def get(self, key: str) -> Any:
            return kept.get(key)

        def incr(self, key: str) -> int:
            kept[key] += 1
            return int(kept[key])

        def touch(self, key: str, timeout: int) -> None:
            touched.append(timeout)

    monkeypatch.setattr(limits, "cache", WatchedCache())
    count("send", "203.0.113.7", at=NOON + timedelta(minutes=59, seconds=30))
    first = set(kept)
    count("send", "203.0.113.7", at=NOON + timedelta(minutes=60))
    assert "203.0.113" not in str(kept)
    assert added == [30, 30, 30, 3600, 3600, 3600]
    assert touched == [30, 30, 3600, 3600]
    salts = [value for key, value in kept.items() if key.endswith("salt")]
    assert len(set(salts)) == 2
    digests = [{key.split(":")[-1] for key in keys} for keys in (first, set(kept) - first)]
    assert digests[0] & digests[1] == {"salt", "send"}


# Whose request it is


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7,10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),
        (1, "203.0.113.7, unknown", "127.0.0.1"),
        (1, "203.0.113.7, <script>", "127.0.0.1"),
        (1, " 2001:DB8::1 ", "2001:db8::1"),
        (1, "," * 100_000, "127.0.0.1"),
    ],
)
def test_address_is_what_our_own_proxies_say(
    settings: Settings, proxies: int, forwarded: str, address: str
) -> None:
    settings.PROXIES = proxies
    assert address_of(RequestFactory().post("/", HTTP_X_FORWARDED_FOR=forwarded)) == address


def test_address_behind_a_unix_socket_is_unknown() -> None:
    assert address_of(RequestFactory().post("/", REMOTE_ADDR="")) == ""


# The cache is down


@pytest.mark.usefixtures("broken_cache")
def test_everybody_passes_while_the_cache_is_down(caplog: pytest.LogCaptureFixture) -> None:
    token = new_token(at=NOON)
    with caplog.at_level(logging.WARNING):
        check_token(token, at=NOON + timedelta(minutes=1))
        with spending(token, on="a tip"):
            pass
        for _ in range(10):
            count("send", "203.0.113.7", at=NOON)
    assert len(caplog.records) == 11
    for record in caplog.records:
        assert "ConnectionError" in record.getMessage()
        assert "203.0.113" not in caplog.handler.format(record)
        assert record.exc_info is None


@pytest.mark.usefixtures("broken_cache")
def test_robots_are_refused_even_while_the_cache_is_down() -> None:
    with pytest.raises(GuardRefused):
        check_token("forged")


def test_counter_that_the_cache_forgot_meanwhile_is_no_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def forgotten(key: str) -> int:
        raise ValueError(key)

    monkeypatch.setattr(cache, "incr", forgotten)
    count("send", str(ipaddress.ip_address("203.0.113.7")), at=NOON)
