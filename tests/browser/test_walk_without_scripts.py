"""A reader whose browser runs no script walks through the paper, and every way is open."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_public_issue

# What a page shows that needs a script to do anything.
IDLE = """() => [...document.querySelectorAll("button, [role=button], [data-listen], [data-act]")]
  .filter(each => each.getClientRects().length && !(each.form && each.type === "submit"))
  .map(each => each.outerHTML)"""
LETTERS = "() => parseFloat(getComputedStyle(document.documentElement).fontSize)"


@pytest.fixture
def page(page_without_javascript: Page, printed_sample: None) -> Page:
    make_public_issue(451)
    return page_without_javascript


def arrived(page: Page, address: str) -> None:
    """Wait for a page, and see that it promises nothing that needs a script."""
    page.wait_for_url(f"**{address}")
    assert page.evaluate(IDLE) == []


def test_from_the_printed_page_to_an_article_and_back(page: Page) -> None:
    page.goto("/450/")
    page.locator(".folio-pages__link").first.click()
    arrived(page, "/450/folio-1/")
    # The areas are links of the drawing over the picture, with the headline as their name.
    area = page.get_by_role("group", name="版面上的文章").get_by_role("link")
    expect(area).to_have_count(2)
    expect(area.last).to_have_accessible_name("拱墅区总工会普惠性托育解决职工难题")
    area.last.click()
    arrived(page, "/450/2/")
    page.get_by_role("link", name="看它在版面上").click()
    arrived(page, "/450/folio-1/#area-2")
    # Which of them it is, shows without a script.
    line = page.locator("#area-2 polygon").evaluate("area => getComputedStyle(area).stroke")
    assert line == "rgb(179, 18, 29)"

    # By the list, to the place, to the large picture, to the next folio, to the issue.
    page.get_by_role("link", name="版面上的位置").first.click()
    arrived(page, "/450/folio-1/#area-1")
    page.get_by_role("link", name="回本版文章").click()
    large = page.get_by_role("link", name="看大图").get_attribute("href")
    assert large
    assert page.request.get(large).headers["content-type"] == "image/webp"
    page.get_by_role("navigation", name="上一版和下一版").get_by_role("link").last.click()
    arrived(page, "/450/folio-2/")
    page.get_by_role("link", name="第450期全部文章").click()
    arrived(page, "/450/")


def test_from_article_to_article_and_into_the_other_characters(page: Page) -> None:
    page.goto("/450/2/")
    page.locator(".pager").get_by_role("link").last.click()
    arrived(page, "/450/3/")
    page.get_by_role("link", name="繁體").click()
    arrived(page, "/hant/450/3/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("展現工會擔當作為")
    page.locator(".pager").get_by_role("link").first.click()
    arrived(page, "/hant/450/2/")
    page.get_by_role("link", name="简体").click()
    arrived(page, "/450/2/")
    page.locator(".contents").get_by_role("link").last.click()
    arrived(page, "/450/4/")


def test_an_article_is_handed_on_by_its_code(page: Page) -> None:
    page.goto("/450/3/")
    page.locator(".tools__label").click()
    code = page.get_by_role("img", name="本页网址的二维码")
    expect(code).to_be_visible()
    code.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert code.evaluate("image => image.naturalWidth") > 0
    expect(page.locator(".tools__told")).to_contain_text("短码：450-3")
    expect(page.locator(".tools__address")).to_have_text(page.url)
    for address in ("/archive/", "/search/"):
        page.goto(address)
        box = "期号或日期" if address == "/archive/" else "检索本报"
        page.get_by_label(box, exact=True).last.fill("450-3")
        page.keyboard.press("Enter")
        if address == "/search/":
            page.locator(".direct__link").first.click()
        arrived(page, "/450/3/")


def test_an_issue_is_found_by_year_day_and_month(page: Page) -> None:
    page.goto("/")
    arrived(page, "/")
    page.get_by_role("link", name="往期").first.click()
    arrived(page, "/archive/")
    page.get_by_role("link", name="2022年8月2日 初五 第450期").click()
    arrived(page, "/450/")
    page.locator(".around__summary").click()
    page.get_by_role("link", name="2022年8月9日 十二 第451期").click()
    arrived(page, "/451/")


def test_words_are_found(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="检索").first.click()
    arrived(page, "/search/")
    page.get_by_label("检索本报").fill("托幼")
    page.get_by_role("button", name="检索").click()
    page.wait_for_url("**/search/?q=*")
    # Nothing of that; the nearest word leads on.
    page.get_by_role("link", name="托育").click()
    page.wait_for_url("**/search/?q=*")
    page.get_by_role("link", name="拱墅区总工会普惠性托育解决职工难题").click()
    page.wait_for_url("**/450/2/**")


def test_how_to_read_is_chosen_and_holds_everywhere(page: Page) -> None:
    page.goto("/450/3/")
    usual = page.evaluate(LETTERS)
    page.locator(".tools__label").click()
    page.locator(".tools").get_by_role("link", name="选字号").click()
    page.get_by_label("更大").check()
    page.get_by_label("深色").check()
    page.get_by_role("button", name="照这样显示").click()
    arrived(page, "/450/3/")
    for address in ("/450/3/", "/450/folio-1/", "/archive/", "/hant/450/3/"):
        page.goto(address)
        assert page.evaluate(LETTERS) == 1.5 * usual, address
        scheme = page.evaluate("getComputedStyle(document.body).colorScheme")
        assert scheme == "dark", address
