"""How the paper looks on a day: the rule itself."""

from __future__ import annotations

import datetime

import pytest

from newsroom.looks import Look, Period, look_of

BEFORE, FIRST, LAST, AFTER = (datetime.date(2025, 12, day) for day in (12, 13, 15, 16))
MOURNING = Period(Look.GREY, FIRST, LAST)
FESTIVAL = Period(Look.RED, LAST, AFTER)


def test_the_days_themselves_belong_to_it() -> None:
    looks = [look_of([MOURNING], day) for day in (BEFORE, FIRST, LAST, AFTER)]

    assert looks == [Look.PLAIN, Look.GREY, Look.GREY, Look.PLAIN]


@pytest.mark.parametrize("issue", [None, 450])
def test_the_whole_paper_is_every_page(issue: int | None) -> None:
    assert look_of([MOURNING], FIRST, issue) is Look.GREY


def test_one_issue_looks_so_on_any_day_and_no_other_page_does() -> None:
    one = [Period(Look.RED, issue=450)]

    assert look_of(one, AFTER, 450) is Look.RED
    assert look_of(one, AFTER, 451) is Look.PLAIN
    assert look_of(one, AFTER) is Look.PLAIN


def test_mourning_goes_before_a_festival() -> None:
    assert look_of([FESTIVAL, MOURNING], LAST) is Look.GREY
    assert look_of([MOURNING, Period(Look.RED, issue=450)], LAST, 450) is Look.GREY
    assert look_of([FESTIVAL, Period(Look.GREY, issue=450)], AFTER, 450) is Look.GREY


def test_a_period_without_days_covers_none() -> None:
    assert look_of([Period(Look.GREY)], FIRST) is Look.PLAIN
