"""What stays inside, and which addresses are inside: the rule itself."""

from __future__ import annotations

import datetime

import pytest

from newsroom.circulation import Circulation, Extent, NoNetwork, read_networks

FIRST, MIDDLE, LAST = (datetime.date(2022, 8, day) for day in (2, 9, 16))


def some(**days: datetime.date) -> Circulation:
    return Circulation(Extent.SOME_ISSUES, **days)


def test_an_open_paper_keeps_nothing_inside() -> None:
    assert Circulation().is_open
    assert not Circulation().covers(MIDDLE)
    assert not Circulation().covers(None)
    assert not Circulation(since=FIRST).covers(MIDDLE)  # a day that is not asked for


def test_a_closed_paper_keeps_everything_inside_whatever_its_day() -> None:
    closed = Circulation(Extent.EVERYTHING, since=LAST)

    assert closed.covers(FIRST)
    assert closed.covers(None)


@pytest.mark.parametrize(
    ("days", "inside"),
    [
        ({"since": MIDDLE}, {MIDDLE, LAST}),
        ({"until": MIDDLE}, {FIRST, MIDDLE}),
        ({"since": MIDDLE, "until": MIDDLE}, {MIDDLE}),
    ],
)
def test_the_days_themselves_belong_to_what_stays_inside(
    days: dict[str, datetime.date], inside: set[datetime.date]
) -> None:
    rule = some(**days)

    assert {day for day in (FIRST, MIDDLE, LAST) if rule.covers(day)} == inside
    assert not rule.covers(None)


def test_issues_without_any_day_are_all_of_them() -> None:
    assert some().is_whole
    assert some().covers(MIDDLE)
    assert some().covers(None)
    assert not some(since=MIDDLE).is_whole


@pytest.mark.parametrize(
    ("address", "is_inside"),
    [
        *(("10.1.2.3", True), ("11.1.2.3", False), ("192.168.7.7", True), ("192.168.7.8", False)),
        *(("::ffff:10.1.2.3", True), ("240e:3a0::1", True), ("240e:3a1::1", False)),
        *(("", False), ("unknown", False), ("10.1.2", False), ("10.1.2.3, 8.8.8.8", False)),
    ],
)
def test_an_address_is_inside_by_its_network(address: str, is_inside: bool) -> None:
    networks = read_networks("10.0.0.0/8\n192.168.7.7，240e:3a0::/32")

    assert Circulation(Extent.EVERYTHING, networks=networks).lets_in(address) is is_inside


def test_networks_are_read_as_people_write_them() -> None:
    assert list(map(str, read_networks(" 10.1.2.3/8、fe80::1/64;\r\n10.0.0.0/8 "))) == [
        "10.0.0.0/8",
        "fe80::/64",
    ]
    assert read_networks("") == ()


@pytest.mark.parametrize("text", ["10.0.0.0/33", "单位", "10.0.0.1-10.0.0.9", "10.0.0/24"])
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(NoNetwork) as refused:
        read_networks(f"10.0.0.0/8\n{text}")
    assert refused.value.written == text


@pytest.mark.parametrize("text", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "2000::/3"])
def test_a_network_of_half_the_world_is_nobodys_own(text: str) -> None:
    with pytest.raises(NoNetwork) as refused:
        read_networks(text)
    assert refused.value.too_wide
