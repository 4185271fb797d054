"""Find dates in the copy that do not exist, or disagree with their weekday or lunar date."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from newsroom.lunar import FIRST_YEAR, LAST_YEAR, WEEKDAYS, lunar_date, printed_date, weekday

from .texts import Finding, Sheet, Stretch

DATE = re.compile(
    r"(?:(?<!\d)(?P<year>\d{4})年)?(?<![\d.])(?P<month>\d{1,2})月(?P<day>\d{1,3})[日号]"
)
DATED = re.compile(rf"{DATE.pattern}|(?<!\d)(?P<alone>\d{{4}})年")
LUNAR_BEFORE = re.compile(r"农历$|阴历$")
# 7月29日(星期五) · 7月29日,周五; not 29日(周五至周日), nor the end of 27日至29日.
NAMED_DAY = re.compile(rf"[\s,(]{{0,2}}(?:星期|周|礼拜)([{WEEKDAYS}天末])(?![至到—~、和\-两])")
FROM = re.compile(r"(?:[至到和、~]|—+|-)\s*(?:\d{4}年)?$")
NAMED_LUNAR = re.compile(
    r"[\s,(]{0,2}(?:是|即|为)?(?:农历|阴历)(?:[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?"
    r"(闰?(?:正|[一二三四五六七八九十冬腊]{1,2})月"
    r"(?:初[一二三四五六七八九十]|(?:廿|二?十)[一二三四五六七八九]|[二三]?十))"
)
# A lunar year has twelve months, or one of them twice; a lunar month has thirty days at most.
NO_LUNAR = re.compile(
    r"(?:农历|阴历)[^,。;:()\d]{0,8}?(?:十[三四五六七八九]月|月三十[一二三四五六七八九])"
)
TIME = re.compile(
    r"(?<![\d.:])(\d{1,3})[时点](\d{1,2})分(?!之|[钟数])|(?<![\d.:])(\d{1,2}):([0-5]\d)(?![\d:])(?=分?[,。;、]?[^\d:]{0,3}(?:开始|举行|许|左右|至))"
)
FAR_AHEAD, LONG_AGO = 40, 1000
FAR_MONTHS = 5
MONTH_NAMES = {"冬": "十一", "腊": "十二"}


def impossible_date(sheet: Sheet) -> Iterator[Finding]:
    """Find a day or an hour that no calendar and no clock has: 2月30日, 25时10分."""
    for stretch in sheet.stretches:
        for found in DATE.finditer(stretch.folded):
            month, day = int(found["month"]), int(found["day"])
            year = int(found["year"]) if found["year"] else 2000  # a leap year, to be lenient
            lunar = LUNAR_BEFORE.search(stretch.folded, max(0, found.start() - 2), found.start())
            if not lunar and not _exists(year, month, day):
                yield stretch.mark(*found.span(), f"没有“{_written(stretch, found)}”这一天。")
        for found in NO_LUNAR.finditer(stretch.folded):
            yield stretch.mark(*found.span(), f"没有“{_written(stretch, found)}”这个日子。")
        for found in TIME.finditer(stretch.folded):
            hour, minute = int(found[1] or found[3]), int(found[2] or found[4])
            if hour > 24 or minute > 59:
                yield stretch.mark(*found.span(), f"没有“{_written(stretch, found)}”这个时刻。")


def strange_year(sheet: Sheet) -> Iterator[Finding]:
    """Find a date whose year lies far from that of the issue: 2202年8月2日."""
    if sheet.day is None:
        return
    for stretch in sheet.stretches:
        for found in re.finditer(r"(?<!\d)(\d{3,6})年(?=\d{1,2}月)", stretch.folded):
            year = int(found[1])
            if not LONG_AGO <= year <= sheet.day.year + FAR_AHEAD:
                yield stretch.mark(*found.span(), f"年份“{found[1]}”很不寻常。")


def wrong_weekday(sheet: Sheet) -> Iterator[Finding]:
    """Find a date with another weekday than it has."""
    for stretch, found, days in _dated(sheet):
        named = NAMED_DAY.match(stretch.folded, found.end())
        if not named or named[1] == "末":
            continue
        if FROM.search(stretch.folded, max(0, found.start() - 8), found.start()):
            continue
        written = WEEKDAYS.index("日" if named[1] == "天" else named[1])
        if all(written != day.weekday() for day in days):
            told = f"{printed_date(days[0])}是{weekday(days[0])}，与写的不符。"
            yield stretch.mark(found.start(), named.end(), told)


def wrong_lunar_date(sheet: Sheet) -> Iterator[Finding]:
    """Find a date with another lunar date than it has."""
    for stretch, found, days in _dated(sheet):
        named = NAMED_LUNAR.match(stretch.folded, found.end())
        if not named or not all(FIRST_YEAR <= day.year <= LAST_YEAR for day in days):
            continue
        written = f"年{_plain_lunar(named[1])}"
        if not any(lunar_date(day).endswith(written) for day in days):
            told = f"{printed_date(days[0])}是农历{lunar_date(days[0])}，与写的不符。"
            yield stretch.mark(found.start(), named.end(), told)


def _dated(sheet: Sheet) -> Iterator[tuple[Stretch, re.Match[str], list[date]]]:
    """Yield the dates in the copy, each with the days that it may mean, the likeliest first.

    The year is the written one, or the only one named before, or the one of the issue; half a year
    away from the issue it may be the one before or after as well.
    """
    for stretch in sheet.stretches:
        years: set[int] = set()
        for found in DATED.finditer(stretch.folded):
            if found["alone"]:
                years.add(int(found["alone"]))
                continue
            month, number = int(found["month"]), int(found["day"])
            if found["year"]:
                candidates = [int(found["year"])]
                years.update(candidates)
            elif len(years) == 1:
                candidates = [*years]
            elif years or sheet.day is None:
                continue
            else:
                candidates = _likely_years(sheet.day, month)
            days = [date(y, month, number) for y in candidates if _exists(y, month, number)]
            if days:
                yield stretch, found, days


def _likely_years(day: date, month: int) -> list[int]:
    """Return the years that a month may belong to in an issue of that day."""
    apart = month - day.month
    if abs(apart) < FAR_MONTHS:
        return [day.year]
    return [day.year, day.year - 1 if apart > 0 else day.year + 1]


def _exists(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= year <= 9999 and 1 <= day <= monthrange(year, month)[1]


def _plain_lunar(written: str) -> str:
    """Return a lunar day as ``newsroom.lunar`` writes it: 冬月 is 十一月, 二十一 is 廿一."""
    for name, plain in MONTH_NAMES.items():
        written = written.replace(f"{name}月", f"{plain}月")
    return re.sub("二十(?=.)", "廿", written)


def _written(stretch: Stretch, found: re.Match[str]) -> str:
    return stretch.text[found.start() : found.end()]
