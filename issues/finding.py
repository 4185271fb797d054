"""Read which issue a person means: by number or day, in any form that is usual."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Wanted", "wanted_issue"]

LONGEST = 60
GREATEST_NUMBER = 99_999
YEARS = range(1901, 2101)

DIGITS = {sign: n for n, sign in enumerate("〇一二三四五六七八九")} | {
    **dict.fromkeys("零○◯", 0),
    **dict.fromkeys("两兩", 2),
}
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "萬": 10_000}
TENS = {"廿": "二十", "卅": "三十"}
NUMERAL = re.compile(f"(?<![0-9])[{''.join([*DIGITS, *UNITS, *TENS])}]+(?![0-9])")
LETTER_FOR_ZERO = re.compile(f"(?<=[{''.join(DIGITS)}])o+")  # 二O二二年, as many type it

SEPARATOR = r"[-/.,·、_‐‑–—−]"
DATE = (
    rf"(?P<year>[0-9]{{4}})(?:年|{SEPARATOR})(?P<month>[0-9]{{1,2}})(?:月|{SEPARATOR})"
    r"(?P<day>[0-9]{1,2})[日号號]?"
)
NUMBER = r"(?:总|總)?(?:第|no\.?)?(?P<number>[0-9]{1,5})[期号號]?"
# The rest of the date line, as somebody copies it: 星期二 农历壬寅年七月初五 第450期.
LINE = rf"{DATE}(?:\(?(?:星期|周|礼拜)[1-6日天]\)?)?(?:[农農][历曆][^第]*)?(?:{NUMBER})?"
# The short code under an article: 450-3, with two dashes of one as some keys write it; in words:
# 第450期第3篇.
DASH = "[-/_‐‑–—−]"
ARTICLE = (
    r"(?:总|總)?(?:第|no\.?)?(?P<number>[0-9]{1,5})"
    rf"(?:[期号號]?{DASH}{{1,2}}|[期号號])第?(?P<article>[0-9]{{1,4}})篇?"
)
FORMS = tuple(
    re.compile(form)
    for form in (
        NUMBER,
        LINE,
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})",
        rf"(?P<year>[0-9]{{4}})(?:年|{SEPARATOR})(?P<month>[0-9]{{1,2}})月?",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})",
        r"(?P<year>[0-9]{4})年",
        r"(?P<month>[0-9]{1,2})月(?P<day>[0-9]{1,2})[日号號]?",
        ARTICLE,
    )
)
ARTICLE_FORM = re.compile(ARTICLE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is meant: a number, a day, or part of one (a year, a month of it, a day of any year).

    ``article`` is the number of an article in the issue of that number. Four bare digits may be a
    number and a year, and 2022-8 an article or a month; then both are set.
    """

    number: int | None = None
    article: int | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None

    @property
    def date(self) -> datetime.date | None:
        """The day, where it is known whole."""
        if self.year and self.month and self.day:
            return datetime.date(self.year, self.month, self.day)
        return None


def wanted_issue(text: str) -> Wanted | None:
    """Return which issue ``text`` means; None where it is nothing of the kind, or no such day.

    Reads 450, 第450期, No.450, 四百五十期, 四五〇期, 2022-8-2, 20220802, 2022年8月2日,
    二〇二二年八月二日, 8月2日, 2022年8月, 2022年, the whole date line, and 450-3 (an article);
    digits of either width, with spaces anywhere.
    """
    if len(text) > LONGEST:
        return None
    plain = "".join(unicodedata.normalize("NFKC", text).lower().split())
    plain = LETTER_FOR_ZERO.sub(lambda found: "〇" * len(found[0]), plain)
    plain = NUMERAL.sub(lambda found: _in_digits(found[0]), plain)
    for form in FORMS:
        if found := form.fullmatch(plain):
            parts = {name: int(part) for name, part in found.groupdict().items() if part}
            if "number" in parts and plain == found["number"] and len(plain) == 4:
                parts["year"] = parts["number"]
            if parts.keys() == {"year", "month"} and (code := ARTICLE_FORM.fullmatch(plain)):
                parts |= {name: int(part) for name, part in code.groupdict().items()}
            return _sound(Wanted(**parts))
    return None


def _sound(wanted: Wanted) -> Wanted | None:
    """Return ``wanted`` if there can be such a number or day."""
    if wanted.number is not None:
        if not 1 <= wanted.number <= GREATEST_NUMBER:
            return None
        if wanted.article is not None:
            return _of_issue(wanted)
        # With a number a day says nothing more, and may be wrong.
        bare_year = wanted.year if wanted.month is None and wanted.year in YEARS else None
        return Wanted(number=wanted.number, year=bare_year)
    if wanted.year is not None and wanted.year not in YEARS:
        return None
    try:
        datetime.date(wanted.year or 2000, wanted.month or 1, wanted.day or 1)  # 2000 leaps
    except ValueError:
        return None
    return wanted


def _of_issue(wanted: Wanted) -> Wanted | None:
    """Return the article that is meant, and the month where it may be one."""
    is_month = wanted.year in YEARS and 1 <= (wanted.month or 0) <= 12
    year, month = (wanted.year, wanted.month) if is_month else (None, None)
    if not wanted.article:
        return None
    return Wanted(number=wanted.number, article=wanted.article, year=year, month=month)


def _in_digits(numeral: str) -> str:
    """Write a Chinese numeral in digits: 四五〇 and 四百五十 are 450, 二十 is 20, 四百五 is 450."""
    for sign, written in TENS.items():
        numeral = numeral.replace(sign, written)
    if not any(sign in UNITS for sign in numeral):
        return "".join(str(DIGITS[sign]) for sign in numeral)
    value, digit, unit = 0, None, 1
    for sign in numeral:
        if sign in UNITS:
            unit = UNITS[sign]
            value += (1 if digit is None else digit) * unit
            digit = None
        else:
            digit = DIGITS[sign]
            if digit == 0:
                unit = 10  # 四百零五: what follows is no short form
    if digit is not None:
        value += digit * (unit // 10 if unit >= 100 else 1)
    return str(value)
