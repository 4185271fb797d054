"""What a wall calendar prints under a day: festivals, solar terms, lunar days."""

from __future__ import annotations

import datetime

import pytest

from newsroom.almanac import TERMS, notes_of_month, solar_term
from newsroom.lunar import lunar_day

# From the tables of the Hong Kong Observatory: the days of the 24 terms, two in each month.
TERMS_OF_YEARS = {
    1901: "6 21 4 19 6 21 5 21 6 22 6 22 8 23 8 24 8 24 9 24 8 23 8 22",
    1979: "6 21 4 19 6 21 5 21 6 21 6 22 8 23 8 24 8 23 9 24 8 23 8 22",
    1990: "5 20 4 19 6 21 5 20 6 21 6 21 7 23 8 23 8 23 8 24 8 22 7 22",
    2000: "6 21 4 19 5 20 4 20 5 21 5 21 7 22 7 23 7 23 8 23 7 22 7 21",
    2022: "5 20 4 19 5 20 5 20 5 21 6 21 7 23 7 23 7 23 8 23 7 22 7 22",
    2026: "5 20 4 18 5 20 5 20 5 21 5 21 7 23 7 23 7 23 8 23 7 22 7 22",
    2033: "5 20 3 18 5 20 4 20 5 21 5 21 7 22 7 23 7 23 8 23 7 22 7 21",
    2057: "5 19 3 18 5 20 4 19 5 20 5 21 6 22 7 22 7 22 8 23 7 22 6 21",
    2084: "5 20 4 19 4 19 4 19 4 20 5 20 6 22 6 22 6 22 7 22 6 21 6 21",
    2100: "5 20 4 18 5 20 5 20 5 21 5 21 7 23 7 23 7 23 8 23 7 22 7 22",
}
# 春节 and 中秋节 as the almanacs have them.
NEW_YEARS = (
    *("1901-02-19", "1949-01-29", "1985-02-20", "1990-01-27", "2000-02-05", "2008-02-07"),
    *("2022-02-01", "2023-01-22", "2024-02-10", "2026-02-17", "2033-01-31", "2034-02-19"),
    *("2050-01-23", "2057-02-04", "2100-02-09"),
)
MID_AUTUMNS = (
    *("1995-09-09", "2001-10-01", "2006-10-06", "2020-10-01", "2022-09-10", "2025-10-06"),
    *("2033-09-08", "2089-09-18", "2100-09-18"),
)
ON_DAYS = [
    ("2022-08-02", "初五"),
    ("2022-01-01", "元旦"),
    ("2022-02-15", "元宵节"),
    ("2022-03-08", "妇女节"),
    ("2022-03-12", "植树节"),
    ("2022-04-05", "清明"),
    ("2022-05-01", "劳动节"),
    ("2022-05-04", "青年节"),
    ("2022-06-01", "儿童节"),
    ("2022-06-03", "端午节"),
    ("2022-07-01", "建党节"),
    ("2022-08-01", "建军节"),
    ("2022-08-04", "七夕"),
    ("2022-10-01", "国庆节"),
    ("2022-10-04", "重阳节"),
    ("2022-11-08", "记者节"),
    # Two on a day: the one on which everybody is off comes first.
    ("2022-09-10", "中秋节 教师节"),
    ("2020-10-01", "国庆节 中秋节"),
    ("2033-06-01", "端午节 儿童节"),
    # The year ends with the 29th or the 30th; a leap month brings no festival again.
    ("2022-01-31", "除夕"),
    ("2024-02-09", "除夕"),
    ("2024-02-08", "廿九"),
    ("2020-06-25", "端午节"),
    ("2009-06-27", "初五"),
    ("2006-08-30", "初七"),
    # The first of a lunar month bears its name.
    ("2022-07-29", "七月"),
    ("2023-03-22", "闰二月"),
    ("2033-12-22", "闰十一月"),
    ("2057-09-28", "九月"),
    ("2100-12-31", "十二月"),
    # Nobody kept them yet.
    ("1984-09-10", "中秋节"),
    ("1999-11-08", "立冬"),
    ("1978-03-12", "初四"),
    ("1935-10-01", "初四"),
    ("1949-10-01", "初十"),
]


def note(day: str) -> str:
    date = datetime.date.fromisoformat(day)
    return notes_of_month(date.year, date.month)[date.day - 1].text


@pytest.mark.parametrize(("day", "text"), ON_DAYS)
def test_a_day_bears_what_the_almanac_has(day: str, text: str) -> None:
    assert note(day) == text


@pytest.mark.parametrize(("year", "days"), TERMS_OF_YEARS.items())
def test_the_terms_are_those_of_the_observatory(year: int, days: str) -> None:
    dated = [datetime.date(year, n // 2 + 1, int(day)) for n, day in enumerate(days.split())]

    assert [solar_term(day) for day in dated] == list(TERMS)
    assert sum(bool(solar_term(day)) for day in days_of(year)) == 24


def days_of(year: int) -> list[datetime.date]:
    first = datetime.date(year, 1, 1)
    days = 366 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 365
    return [first + datetime.timedelta(n) for n in range(days)]


@pytest.mark.parametrize("day", NEW_YEARS)
def test_new_year_follows_upon_its_eve(day: str) -> None:
    eve = datetime.date.fromisoformat(day) - datetime.timedelta(1)

    assert note(day) == "春节"
    assert note(eve.isoformat()) == "除夕"


@pytest.mark.parametrize("day", MID_AUTUMNS)
def test_mid_autumn_is_on_the_day_of_the_almanac(day: str) -> None:
    assert "中秋节" in note(day).split()


def test_each_year_has_each_festival_once_and_each_month_begins_with_its_name() -> None:
    once = (
        *("元旦", "春节", "除夕", "元宵节", "端午节", "七夕", "中秋节", "重阳节", "国庆节"),
        "清明",
    )
    for year in range(1990, 2101):
        texts = [
            name
            for month in range(1, 13)
            for each in notes_of_month(year, month)
            for name in each.text.split()
        ]
        assert {name: texts.count(name) for name in once} == dict.fromkeys(once, 1), year
        for day in days_of(year):
            lunar, found = lunar_day(day), notes_of_month(year, day.month)[day.day - 1]
            if not found.is_named:
                assert found.text == (lunar.month_name if lunar.day == 1 else lunar.day_name)


def test_where_lunar_days_are_not_known_nothing_stands_under_a_day() -> None:
    for year, month, days in ((1900, 12, 31), (2101, 1, 31), (1, 1, 31), (9999, 12, 31)):
        notes = notes_of_month(year, month)
        assert len(notes) == days
        assert not any(each.text for each in notes)
    assert solar_term(datetime.date(2101, 1, 5)) == ""
