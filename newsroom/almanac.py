"""Say what a Chinese wall calendar prints under a day: a festival, a solar term or the lunar day.

Which days are festivals, and from when on:

- 元旦, 妇女节, 劳动节, 青年节, 儿童节, 建军节, 国庆节: 《全国年节及纪念日放假办法》 of 23
  December 1949 (政务院), in force today as revised in 2024 (国务院令第795号), which also counts
  春节, 除夕, 清明, 端午 and 中秋; from 1950 on. 建党节 (1 July, 中共中央 1941) is kept here from
  the same year on.
- 植树节: 全国人大常委会, 23 February 1979. 教师节: 全国人大常委会, 21 January 1985. 记者节: 国务院,
  2000.
- 元宵, 七夕, 重阳: 国家级非物质文化遗产代表性项目名录 of 2006 and 2008; 重阳 is 老年节 by law too
  (《老年人权益保障法》第十二条).

A festival is on the day of the plain month, never of the leap month after it (GB/T 33661-2017).
The solar terms (二十四节气) are those of borax: all 4,800 of 1901 to 2100 agree with the tables of
the Hong Kong Observatory (《公历与农历日期对照表》).
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import TermUtils

from .lunar import FIRST_YEAR, LAST_YEAR, LunarDay, lunar_day

__all__ = ["Note", "notes_of_month", "solar_term"]

# Days off for everybody come before the others where two fall on one day (国庆节 中秋节).
SOLAR_DAYS_OFF = {(1, 1): ("元旦", 1950), (5, 1): ("劳动节", 1950), (10, 1): ("国庆节", 1950)}
LUNAR_DAYS_OFF = {(1, 1): "春节", (5, 5): "端午节", (8, 15): "中秋节"}
LUNAR_FESTIVALS = {(1, 15): "元宵节", (7, 7): "七夕", (9, 9): "重阳节"}
SOLAR_FESTIVALS = {
    (3, 8): ("妇女节", 1950),
    (3, 12): ("植树节", 1979),
    (5, 4): ("青年节", 1950),
    (6, 1): ("儿童节", 1950),
    (7, 1): ("建党节", 1950),
    (8, 1): ("建军节", 1950),
    (9, 10): ("教师节", 1985),
    (11, 8): ("记者节", 2000),
}
# By twos, as they fall on the months.
TERMS = (
    *("小寒", "大寒", "立春", "雨水", "惊蛰", "春分", "清明", "谷雨"),
    *("立夏", "小满", "芒种", "夏至", "小暑", "大暑", "立秋", "处暑"),
    *("白露", "秋分", "寒露", "霜降", "立冬", "小雪", "大雪", "冬至"),
)
ONE_DAY = timedelta(days=1)
SHORTEST = 29  # days of a lunar month
LAST_MONTH = DECEMBER = 12  # a lunar year begins in January or February


@dataclass(frozen=True, slots=True)
class Note:
    """What stands under a day; ``is_named`` where it is a festival or a solar term."""

    text: str = ""
    is_named: bool = False


@lru_cache(maxsize=1500)
def notes_of_month(year: int, month: int) -> tuple[Note, ...]:
    """Return what stands under each day of a month; nothing where lunar dates are not known."""
    days = [date(year, month, 1)]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return (Note(),) * monthrange(year, month)[1]
    while (following := days[-1] + ONE_DAY).month == month:
        days.append(following)
    lunar = lunar_day(days[0])
    notes = [_note(days[0], lunar)]
    for day in days[1:]:
        # No lunar month has fewer than 29 days, so most days need no looking up.
        lunar = replace(lunar, day=lunar.day + 1) if lunar.day < SHORTEST else lunar_day(day)
        notes.append(_note(day, lunar))
    return tuple(notes)


def solar_term(day: date) -> str:
    """Return the solar term that falls on ``day``, or nothing."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return ""
    terms = _terms(day.year)
    first = 2 * (day.month - 1)
    return next((TERMS[n] for n in (first, first + 1) if terms[n] == day), "")


def _note(day: date, lunar: LunarDay) -> Note:
    if festivals := _festivals(day, lunar):
        return Note(" ".join(festivals), is_named=True)
    if term := solar_term(day):
        return Note(term, is_named=True)
    return Note(lunar.month_name if lunar.day == 1 else lunar.day_name)


def _festivals(day: date, lunar: LunarDay) -> list[str]:
    by_moon = (0, 0) if lunar.is_leap else (lunar.month, lunar.day)
    found = [
        _since(SOLAR_DAYS_OFF, day),
        LUNAR_DAYS_OFF.get(by_moon, ""),
        "除夕" if _is_new_years_eve(day, lunar) else "",
        LUNAR_FESTIVALS.get(by_moon, ""),
        _since(SOLAR_FESTIVALS, day),
    ]
    return [name for name in found if name]


def _since(festivals: dict[tuple[int, int], tuple[str, int]], day: date) -> str:
    name, since = festivals.get((day.month, day.day), ("", 0))
    return name if day.year >= since else ""


def _is_new_years_eve(day: date, lunar: LunarDay) -> bool:
    """Whether the lunar year ends with ``day``: its last month has 29 days or 30."""
    if lunar.month != LAST_MONTH or lunar.day < SHORTEST or day.month == DECEMBER:
        return False
    following = lunar_day(day + ONE_DAY)
    return (following.month, following.day) == (1, 1)


@lru_cache(maxsize=256)
def _terms(year: int) -> tuple[date, ...]:
    """Return the days of the terms in the order of the year, two in each month."""
    days = enumerate(TermUtils.parse_term_days(year))
    return tuple(date(year, n // 2 + 1, day) for n, day in days)
