"""The calendar of the archive and the month beside an issue: what they show, lead to, and hide."""

from __future__ import annotations

import datetime
from unittest.mock import patch

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageViewRestriction

from issues.publishing import unpublish_issue
from tests.factories import make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


def page(address: str, status: int = 200) -> BeautifulSoup:
    answer = Client().get(address)
    assert answer.status_code == status, address
    return BeautifulSoup(answer.content, "html.parser")


def marked(soup: BeautifulSoup) -> dict[str, str]:
    """Return the marked days by their names, each with where it leads."""
    return {str(a["aria-label"]): str(a["href"]) for a in soup.select(".month__out")}


def at(day: str):
    return patch.object(timezone, "localdate", lambda *args: datetime.date.fromisoformat(day))


def test_a_year_is_twelve_months_with_the_days_of_its_issues() -> None:
    make_public_issue(450)
    for number in (452, 453):
        make_public_issue(number, date=datetime.date(2022, 8, 16))
    make_public_issue(460, date=datetime.date(2023, 1, 3))
    make_issue(470, date=datetime.date(2022, 12, 6))

    soup = page("/archive/2022/")

    assert [table.caption.get_text(" ", strip=True) for table in soup.select("table.month")] == [
        f"2022年 {month}月 {'3期' if month == 8 else '未出版'}" for month in range(1, 13)
    ]
    assert {th["scope"] for th in soup.select("table.month th")} == {"col"}
    days = [th.get_text() for th in soup.select_one("table.month").select("th")]
    assert days == [f"星期{day}" for day in "一二三四五六日"]
    assert marked(soup) == {
        "2022年8月2日 初五 第450期": "/450/",
        "2022年8月16日 十九 第452期、第453期": "/2022-08-16/",
    }
    assert len(soup.select(".month__day")) == 363
    assert "端午节" in [small.get_text() for small in soup.select(".month__named")]
    # The list is there as before, and the months lead to it.
    assert [row.get_text() for row in soup.select(".issue-row__number")] == [
        *("第453期", "第452期", "第450期")
    ]
    assert [a["href"] for a in soup.select(".month__link")] == ["#month-8"]
    assert soup.select_one("#month-8").get_text() == "8月"
    assert soup.select_one(".calendar__past")["href"] == "#list"


def test_today_is_marked_in_its_year_only() -> None:
    make_public_issue(450)
    make_public_issue(400, date=datetime.date(2021, 8, 3))

    with at("2022-08-02"):
        today = page("/archive/2022/").select('.month [aria-current="date"]')
        before = page("/archive/2021/").select('.month [aria-current="date"]')

    assert [cell.a["href"] for cell in today] == ["/450/"]
    assert before == []


def test_the_archive_names_the_issue_of_a_year_before() -> None:
    make_public_issue(399, date=datetime.date(2021, 7, 27))
    make_public_issue(400, date=datetime.date(2021, 8, 3))
    make_public_issue(450)

    for day, said in (
        ("2022-08-02", "去年同期 第399期（2021年7月27日）第1条新闻"),
        ("2022-08-03", "去年今日 第400期（2021年8月3日）第1条新闻"),
        ("2022-08-17", "去年同期 第400期（2021年8月3日）第1条新闻"),
        ("2022-08-18", ""),
        ("2023-08-02", "去年今日 第450期（2022年8月2日）第1条新闻"),
    ):
        with at(day):
            found = page("/archive/").select_one(".year-before")
            assert (found.get_text(" ", strip=True) if found else "") == said
            assert page("/archive/2022/").select_one(".year-before") is None


def test_the_issue_of_a_year_before_is_no_line_of_the_year_on_show() -> None:
    make_public_issue(400, date=datetime.date(2021, 12, 28))
    make_public_issue(450, date=datetime.date(2022, 1, 4))

    with at("2023-01-05"):
        soup = page("/archive/")
        assert "第450期" in soup.select_one(".year-before").get_text()
        assert [row.get_text() for row in soup.select(".issue-row__number")] == ["第450期"]
    with at("2022-12-30"):
        soup = page("/archive/")
        assert "第400期" in soup.select_one(".year-before").get_text()
        assert [row.get_text() for row in soup.select(".issue-row__number")] == ["第450期"]
        assert list(marked(soup).values()) == ["/450/"]


def test_beside_an_issue_stands_its_month() -> None:
    make_public_issue(400, date=datetime.date(2021, 7, 27))
    for number in (450, 451, 460):
        make_public_issue(number)

    soup = page("/450/")
    aside = soup.select_one(".around")

    assert aside.details.get("open") is None
    assert aside.summary.get_text() == "出版日历：2022年8月"
    assert marked(aside) == {
        "2022年8月2日 初五 第450期": "/450/",
        "2022年8月9日 十二 第451期": "/451/",
    }
    assert [a["href"] for a in aside.select('[aria-current="page"]')] == ["/450/"]
    assert aside.select_one(".around__line").get_text() == "去年同期：第400期（2021年7月27日）"
    ways = [a["href"] for a in aside.select(".around__ways a")]
    assert ways == ["/400/", "/archive/2022/#month-8", "/451/"]
    assert page("/archive/2022/").select_one("#month-8")
    assert [a["href"] for a in soup.select(".pager__link")] == ["/400/", "/451/"]
    assert marked(page("/").select_one(".around")) == {"2022年10月11日 十六 第460期": "/460/"}


def test_the_same_day_of_a_year_before_is_called_so() -> None:
    make_public_issue(400, date=datetime.date(2021, 8, 2))
    make_public_issue(450)

    assert "去年同日：第400期" in page("/450/").select_one(".around__line").get_text()
    assert page("/400/").select_one(".around__line") is None


def test_what_readers_may_not_see_is_on_no_calendar() -> None:
    make_public_issue(450)
    make_public_issue(451)
    make_issue(452)
    taken_back = make_public_issue(453)
    closed = make_public_issue(454)
    unpublish_issue(issue=taken_back, by=make_user("总编"))
    PageViewRestriction.objects.create(page=closed, restriction_type="login")

    for address in ("/archive/", "/archive/2022/", "/450/", "/"):
        assert list(marked(page(address)).values()) == ["/450/", "/451/"]


def test_an_issue_that_is_made_stands_in_the_calendar_of_its_editors_only() -> None:
    make_public_issue(450)
    draft = make_issue(451)
    chief = Client()
    chief.force_login(make_user("总编"))

    soup = BeautifulSoup(
        chief.get(reverse("wagtailadmin_pages:view_draft", args=[draft.pk])).content, "html.parser"
    )

    assert list(marked(soup).values()) == ["/450/", "/451/"]
    assert list(marked(page("/450/")).values()) == ["/450/"]


def test_a_day_leads_to_its_issue_or_tells_which_are_nearest() -> None:
    make_public_issue(450)
    make_public_issue(451)

    assert page("/archive/").select_one("#find-day")["type"] == "date"
    answer = Client().get("/archive/", {"find": "2022-08-09"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/451/")
    for day, said in (
        (
            "2022-08-03",
            "2022年8月3日没有出版报纸。之前最近的一期是2022年8月2日的第450期（早1天）；"
            "之后最近的一期是2022年8月9日的第451期（晚6天）。",
        ),
        (
            "2030-01-01",
            "2030年1月1日没有出版报纸。之前最近的一期是2022年8月9日的第451期（早2702天）。",
        ),
        (
            "1949-10-01",
            "1949年10月1日没有出版报纸。之后最近的一期是2022年8月2日的第450期（晚26603天）。",
        ),
    ):
        soup = page(f"/archive/?find={day}")
        assert soup.select_one(".page-lead").get_text() == said
        assert soup.select_one("#find-day")["value"] == day


HOSTILE = [
    *("0", "00000", "99999", "²", "２０２２", "-1", "1e3", "2022.0", "0x7e6", "%00", ".."),
    *("' OR 1", "1000", "1900", "2101", "9999", "0001"),
]


@pytest.mark.parametrize("year", HOSTILE)
def test_what_is_no_year_of_the_paper_is_not_found(year: str) -> None:
    make_public_issue(450)

    assert Client().get(f"/archive/{year}/").status_code == 404


def test_the_first_and_the_last_year_have_a_calendar() -> None:
    make_public_issue(1, date=datetime.date(1901, 1, 1))
    make_public_issue(2, date=datetime.date(2100, 12, 31))

    for year, address in ((1901, "/1/"), (2100, "/2/")):
        soup = page(f"/archive/{year}/")
        assert list(marked(soup).values()) == [address]
        assert list(marked(page(address)).values()) == [address]
    assert "第2期" in page("/archive/").select_one(".issue-row__number").get_text()


def test_a_paper_without_issues_has_no_calendar() -> None:
    for address in ("/archive/", "/"):
        assert page(address).select(".month") == []


def test_however_large_the_archive_a_month_costs_the_same() -> None:
    def cost(address: str) -> int:
        Client().get(address)
        with CaptureQueriesContext(connection) as asked:
            Client().get(address)
        return len(asked)

    make_public_issue(450)
    few = {address: cost(address) for address in ("/450/", "/archive/", "/archive/2022/")}
    for n in range(1, 40):
        make_issue(450 - n, live=True, date=datetime.date(2022, 8, 2) - datetime.timedelta(n))
    for n in range(1, 10):
        make_issue(600 + n, live=True, date=datetime.date(2021, 8, 2) - datetime.timedelta(n))

    assert {address: cost(address) for address in few} == few
