"""Write a day the way the paper's date line does: 2022年8月2日 星期二 农历壬寅年七月初五."""

from dataclasses import dataclass
from datetime import date, timedelta

from borax.calendars.lunardate import LunarDate

FIRST_YEAR = 1901
LAST_YEAR = 2100

WEEKDAYS = "一二三四五六日"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
# As 人民日报 prints them: never 冬月 or 腊月, which borax says for the last two.
MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
DIGITS = "一二三四五六七八九"

# Three new moons fall within minutes of midnight in Beijing. borax keeps the tables that the Hong
# Kong Observatory has since corrected (github.com/dotnet/coreclr/issues/19480), so it begins these
# months a day late; it ends them on the right day. Each is a plain month of 30 days.
CORRECTED_MONTHS = (
    (date(2057, 9, 28), 9),
    (date(2089, 9, 4), 8),
    (date(2097, 8, 7), 7),
)
CORRECTED_LENGTH = timedelta(days=30)


class OutOfLunarRange(ValueError):
    """Say that a day lies outside the years whose lunar dates are known."""

    def __init__(self, day: date) -> None:
        super().__init__(f"农历只能推算公历{FIRST_YEAR}年至{LAST_YEAR}年，{day.year}年不在其内。")


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar (农历)."""

    year: int
    month: int
    day: int
    is_leap: bool

    @property
    def year_name(self) -> str:
        """The year by its place in the cycle of sixty, of which the year 4 is a first: 壬寅年."""
        return f"{STEMS[(self.year - 4) % 10]}{BRANCHES[(self.year - 4) % 12]}年"

    @property
    def month_name(self) -> str:
        """The month: 正月, 闰二月."""
        return f"{'闰' if self.is_leap else ''}{MONTHS[self.month - 1]}月"

    @property
    def day_name(self) -> str:
        """The day: 初一 … 初十, 十一 … 二十, 廿一 … 三十."""
        if self.day in (10, 20, 30):
            return {10: "初十", 20: "二十", 30: "三十"}[self.day]
        return ("初", "十", "廿")[self.day // 10] + DIGITS[self.day % 10 - 1]


def lunar_day(day: date) -> LunarDay:
    """Return which day of the lunar calendar ``day`` is."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise OutOfLunarRange(day)
    lunar = LunarDate.from_solar(day)
    month, day_of_month = lunar.month, lunar.day
    for first_day, corrected_month in CORRECTED_MONTHS:
        if first_day <= day < first_day + CORRECTED_LENGTH:
            month, day_of_month = corrected_month, (day - first_day).days + 1
    return LunarDay(lunar.year, month, day_of_month, bool(lunar.leap))


def lunar_date(day: date) -> str:
    """Return the lunar date as printed, without the word 农历: ``壬寅年七月初五``."""
    lunar = lunar_day(day)
    return f"{lunar.year_name}{lunar.month_name}{lunar.day_name}"


def weekday(day: date) -> str:
    """Return the weekday as printed: ``星期二``."""
    return f"星期{WEEKDAYS[day.weekday()]}"


def printed_date(day: date) -> str:
    """Return the date as printed, without leading zeros: ``2022年8月2日``."""
    return f"{day.year}年{day.month}月{day.day}日"
