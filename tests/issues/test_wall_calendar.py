"""Months as a wall calendar has them, with the days on which the paper came out."""

from __future__ import annotations

import datetime

import pytest

from issues.wall_calendar import Out, month_of, months_of_year
from issues.year_before import days_a_year_before, is_same_day

AUGUST = [
    Out(datetime.date(2022, 8, 2), 450, "/450/"),
    Out(datetime.date(2022, 8, 16), 453, "/453/"),
    Out(datetime.date(2022, 8, 16), 452, "/452/"),
]


def test_weeks_begin_on_monday_and_are_whole() -> None:
    for year in (1999, 2000, 2022, 2100):
        for month in months_of_year([], year, home="/"):
            assert {len(week) for week in month.weeks} == {7}
            for week in month.weeks:
                for place, day in enumerate(week):
                    if day:
                        date = datetime.date(year, month.month, day.number)
                        assert date.weekday() == place
    assert len(month_of([], 2027, 2, home="/").weeks) == 4  # 28 days from a Monday on


def test_days_on_which_the_paper_came_out_lead_to_it() -> None:
    month = month_of(
        AUGUST, 2022, 8, home="/", shown=datetime.date(2022, 8, 2), today=datetime.date(2022, 8, 9)
    )
    days = {day.number: day for week in month.weeks for day in week if day}

    assert (days[2].url, days[2].name) == ("/450/", "2022年8月2日 初五 第450期")
    assert (days[16].url, days[16].name) == ("/2022-08-16/", "2022年8月16日 十九 第452期、第453期")
    assert [n for n, day in days.items() if day.url] == [2, 16]
    assert [n for n, day in days.items() if day.is_shown] == [2]
    assert [n for n, day in days.items() if day.is_today] == [9]
    assert (month.count, month.label) == (3, "2022年8月")
    assert (days[4].note, days[4].is_named, days[5].is_named) == ("七夕", True, False)


def test_what_is_found_twice_is_marked_once_and_other_months_are_left_out() -> None:
    others = [Out(datetime.date(2021, 8, 2), 400, "/400/"), Out(datetime.date(2022, 9, 6), 455, "")]
    elsewhere = datetime.date(2022, 9, 2)

    month = month_of([*AUGUST, *AUGUST, *others], 2022, 8, home="/", shown=elsewhere)

    assert month.count == 3
    assert month.shown == 0
    assert [each.count for each in months_of_year([*AUGUST, *others], 2022, home="/")] == [
        *(0, 0, 0, 0, 0, 0, 0, 3, 1, 0, 0, 0)
    ]


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2022-08-02", "2021-07-19", "2021-08-02"),
        ("2024-02-29", "2023-02-14", "2023-02-28"),
        ("2025-02-28", "2024-02-14", "2024-02-28"),
        ("2022-01-05", "2020-12-22", "2021-01-05"),
        ("0002-01-05", "0001-01-01", "0001-01-05"),
        ("0001-12-31", "0001-01-01", "0001-01-01"),
    ],
)
def test_a_year_before_reaches_back_a_fortnight(day: str, first: str, last: str) -> None:
    dates = days_a_year_before(datetime.date.fromisoformat(day))

    assert tuple(date.isoformat() for date in dates) == (first, last)


def test_only_the_same_day_is_called_so() -> None:
    assert is_same_day(datetime.date(2021, 8, 2), datetime.date(2022, 8, 2))
    assert not is_same_day(datetime.date(2023, 2, 28), datetime.date(2024, 2, 29))
