"""The date line: lunar date, weekday and date as printed."""

from datetime import date, timedelta

import pytest

from newsroom.lunar import OutOfLunarRange, lunar_date, printed_date, weekday


@pytest.mark.parametrize(
    ("day", "printed"),
    [
        (date(2022, 8, 2), "壬寅年七月初五"),
        (date(2023, 3, 22), "癸卯年闰二月初一"),
        (date(2033, 12, 22), "癸丑年闰十一月初一"),
        (date(2024, 2, 9), "癸卯年十二月三十"),
        (date(2024, 2, 10), "甲辰年正月初一"),
        (date(1978, 9, 17), "戊午年八月十五"),
        (date(2022, 1, 31), "辛丑年十二月廿九"),
        (date(2022, 2, 1), "壬寅年正月初一"),
        (date(1901, 1, 1), "庚子年十一月十一"),
        (date(2100, 12, 31), "庚申年十二月初一"),
    ],
)
def test_known_days_are_printed_as_the_almanac_has_them(day: date, printed: str) -> None:
    assert lunar_date(day) == printed


@pytest.mark.parametrize(
    ("first_day", "year", "previous", "month", "following"),
    [
        (date(2057, 9, 28), "丁丑", "八", "九", "十"),
        (date(2089, 9, 4), "己酉", "七", "八", "九"),
        (date(2097, 8, 7), "丁巳", "六", "七", "八"),
    ],
)
def test_corrected_months_begin_on_the_day_of_the_new_moon(
    first_day: date, year: str, previous: str, month: str, following: str
) -> None:
    def after(days: int) -> str:
        return lunar_date(first_day + timedelta(days))

    assert after(-1) == f"{year}年{previous}月廿九"
    assert after(0) == f"{year}年{month}月初一"
    assert after(1) == f"{year}年{month}月初二"
    assert after(29) == f"{year}年{month}月三十"
    assert after(30) == f"{year}年{following}月初一"


def test_two_centuries_of_days_follow_each_other_without_gap_or_repeat() -> None:
    day = date(1901, 1, 1)
    before = lunar_date(day)
    while day < date(2100, 12, 31):
        day += timedelta(1)
        today = lunar_date(day)
        if today.endswith("月初一"):
            assert before.endswith(("月廿九", "月三十"))
        else:
            assert today.rpartition("月")[0] == before.rpartition("月")[0]
            assert today != before
        before = today


def test_months_are_never_named_in_the_old_way() -> None:
    days = (date(2022, 12, 1) + timedelta(n) for n in range(60))
    assert not any("冬" in lunar_date(day) or "腊" in lunar_date(day) for day in days)


@pytest.mark.parametrize("day", [date(1900, 12, 31), date(2101, 1, 1), date.min, date.max])
def test_day_outside_the_known_years_is_refused_in_chinese(day: date) -> None:
    with pytest.raises(OutOfLunarRange, match="1901年至2100年") as caught:
        lunar_date(day)
    assert isinstance(caught.value, ValueError)


def test_weekday_and_date_are_printed_without_padding() -> None:
    assert weekday(date(2022, 8, 2)) == "星期二"
    assert weekday(date(2022, 8, 7)) == "星期日"
    assert printed_date(date(2022, 8, 2)) == "2022年8月2日"
    assert printed_date(date(2022, 12, 31)) == "2022年12月31日"
