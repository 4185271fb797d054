"""What people type to find an issue is read: a number or a day in any usual form."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from issues.finding import Wanted, wanted_issue

DAY = Wanted(year=2022, month=8, day=2)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "450",
            "４５０",
            " 4 5 0　",
            "0450",
            "第450",
            "第450期",
            "第 450 期",
            "450期",
            "总第450期",
        ),
        *("No.450", "no 450", "NO450", "№450", "Ｎｏ．４５０", "450號"),
        *("四五〇期", "四五〇", "四五零", "四五O期", "四百五十期", "第四百五十期", "四百五"),
        "2022年8月2日 星期二 农历壬寅年七月初五 第450期",
        "2022年8月2日 星期二 第四百五十期",
    ],
)
def test_a_number_is_read_in_any_usual_form(text: str) -> None:
    assert wanted_issue(text) == Wanted(number=450)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("十", 10), ("十二", 12), ("二十", 20), ("廿三", 23), ("卅一", 31)),
        *(("一百零五", 105), ("一百一十五", 115), ("一千二", 1200), ("一千零二十", 1020)),
        *(("两千零一", 2001), ("一万二千三百四十五", 12345), ("一〇八", 108), ("99999", 99999)),
    ],
)
def test_a_chinese_number_is_read(text: str, number: int) -> None:
    assert wanted_issue(f"第{text}期") == Wanted(number=number)


@pytest.mark.parametrize(
    "text",
    [
        *("2022-8-2", "2022-08-02", "2022/8/2", "2022.8.2", "20220802", "2022年8月2日"),
        *(
            "２０２２－８－２",
            "２０２２年８月２日",
            "2022 年 8 月 2 日",
            "2022–8–2",
            "2022年8月2号",
        ),
        *("二〇二二年八月二日", "二零二二年八月二日", "二O二二年八月二日", "2022年八月二日"),
        *("2022年8月2日星期二", "2022年8月2日（星期二）", "2022年8月2日 周二 农历壬寅年七月初五"),
    ],
)
def test_a_day_is_read_in_any_usual_form(text: str) -> None:
    assert wanted_issue(text) == DAY
    assert DAY.date == datetime.date(2022, 8, 2)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("8月2日", Wanted(month=8, day=2)),
        ("八月二十二日", Wanted(month=8, day=22)),
        ("2月29日", Wanted(month=2, day=29)),
        ("2022年8月", Wanted(year=2022, month=8)),
        ("2022-08", Wanted(number=2022, article=8, year=2022, month=8)),
        ("202208", Wanted(year=2022, month=8)),
        ("2022年", Wanted(year=2022)),
        ("2022", Wanted(number=2022, year=2022)),
        ("二〇二二", Wanted(number=2022, year=2022)),
        ("第2022期", Wanted(number=2022)),
        ("1800", Wanted(number=1800)),
    ],
)
def test_part_of_a_day_is_read_and_a_year_may_be_a_number(text: str, wanted: Wanted) -> None:
    assert wanted_issue(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("450-3", "４５０－３", "450—3", "450——3", "450–3", "450／3", " 450 - 3 ", "0450-03"),
        *("第450期-3", "第450期第3篇", "450期3", "四五〇-三", "No.450-3", "450_3"),
    ],
)
def test_the_short_code_of_an_article_is_read(text: str) -> None:
    assert wanted_issue(text) == Wanted(number=450, article=3)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2022-8", Wanted(number=2022, article=8, year=2022, month=8)),
        ("2022-13", Wanted(number=2022, article=13)),
        ("1800-3", Wanted(number=1800, article=3)),
        ("8-2", Wanted(number=8, article=2)),
    ],
)
def test_a_short_code_may_be_a_month(text: str, wanted: Wanted) -> None:
    assert wanted_issue(text) == wanted


@pytest.mark.parametrize("text", ["450-0", "0-3", "450-3-", "450---3", "450-33333", "-3", "450-"])
def test_what_is_no_short_code_is_nothing(text: str) -> None:
    assert wanted_issue(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "期",
            "第期",
            "0",
            "第0期",
            "100000",
            "-450",
            "4.5",
            "8.5折",
            "3千",
            "四5〇",
            "450\0",
        ),
        *(
            "2022-2-30",
            "2月30日",
            "2022年13月",
            "1900年1月1日",
            "2101-1-1",
            "20220230",
            "2022-8-2-1",
        ),
        *("٤٥٠", "托育", "450期工会", "万" * 50, "1" * 5000, "一" * 60, "<script>", "' OR 1=1 --"),
    ],
)
def test_what_is_no_issue_and_no_day_is_nothing(text: str) -> None:
    assert wanted_issue(text) is None


@given(st.text() | st.text(alphabet="第期年月日号0123456789〇一二两十百千万廿o-/. NO", max_size=30))
@example("\ud800")
@example("２" * 60)
def test_whatever_is_typed_is_read_without_an_error(text: str) -> None:
    wanted = wanted_issue(text)

    assert wanted is None or wanted.number is None or 1 <= wanted.number <= 99_999
