"""Searching as readers do: words, results, the words in the article, and back."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

TITLE = "拱墅区总工会普惠性托育解决职工难题"
ADDRESSES = (
    "/search/",
    "/search/?q=托育",
    "/search/?q=托育 火星",
    "/search/?q=450",
    "/search/?q=工会",
)
MARKED = "[...document.querySelectorAll('mark.found')].map(mark => mark.textContent)"


def find(page: Page, words: str) -> None:
    page.goto("/450/2/")
    page.goto(f"/450/2/#find={'+'.join(map(quote, words.split()))}")


def test_from_a_word_to_its_places_and_back(page: Page, sample: None) -> None:
    page.goto("/")
    page.get_by_role("link", name="检索").click()
    page.get_by_label("检索本报").fill("托育 虞女士")
    page.get_by_role("button", name="检索").click()
    expect(page.locator(".results__count")).to_contain_text("共1篇")
    page.get_by_role("link", name=TITLE).click()

    expect(page.get_by_role("status")).to_have_text("“托育”“虞女士”在本文有31处")
    assert set(page.evaluate(MARKED)) == {"托育", "虞女士"}
    expect(page.locator("mark.found--current")).to_be_in_viewport()

    page.go_back()
    expect(page.get_by_label("检索本报")).to_have_value("托育 虞女士")


def test_the_bar_leads_from_place_to_place_by_keyboard(page: Page, sample: None) -> None:
    find(page, "虞女士 8.5折")
    expect(page.get_by_role("status")).to_have_text("“虞女士”“8.5折”在本文有2处")

    page.get_by_role("button", name="下一处").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("第2处，共2处")
    expect(page.locator("mark.found--current")).to_have_text("虞女士")
    expect(page.locator("mark.found--current")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("第1处，共2处")

    before = page.locator(".copy").inner_text()
    page.get_by_role("button", name="清除").click()
    assert page.locator("mark").count() == 0
    assert page.locator(".find-bar").count() == 0
    assert page.locator(".copy").inner_text() == before
    assert page.evaluate("location.hash") == ""
    assert page.evaluate("document.activeElement.id") == "main"


def test_words_are_known_in_either_width_and_case_and_across_spaces(
    page: Page, sample: None
) -> None:
    find(page, "ａｐｐ")
    assert page.evaluate(MARKED) == ["APP"]
    page.goto("/450/4/")
    page.goto(f"/450/4/#find={quote('运动会中国象棋')}")
    # In two lines of the headline, and in one of the text.
    assert page.evaluate(MARKED) == ["运动会", " ", "中国象棋", "运动会中国象棋"]
    expect(page.get_by_role("status")).to_have_text("“运动会中国象棋”在本文有2处")


@pytest.mark.parametrize(
    "fragment",
    [
        *("#find=", "#find=%", "#find=%E6%89", "#find=+++", "#find=[%5C", "#find=.*", "#s1"),
        *("#find=%00", "#find=" + "火+" * 500, "#find=<img src=x onerror=alert(1)>", "#", "#find"),
    ],
)
def test_a_fragment_that_makes_no_sense_leaves_the_article_alone(
    page: Page, sample: None, fragment: str
) -> None:
    page.goto("/450/2/" + fragment)

    assert page.evaluate(MARKED) == []
    assert page.locator("img[src=x]").count() == 0
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_without_scripts_the_browser_finds_the_clause(
    page_without_javascript: Page, sample: None
) -> None:
    page = page_without_javascript
    page.goto("/search/?q=虞女士")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_url(re.compile("/450/2/"))
    page.wait_for_timeout(500)

    box = page.get_by_text("虞女士意犹未尽").bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 844


def test_without_scripts_a_form_is_all_it_takes(
    page_without_javascript: Page, sample: None
) -> None:
    page = page_without_javascript
    page.goto("/archive/")
    page.goto("/search/")
    page.get_by_label("检索本报").fill("根治欠薪")
    page.keyboard.press("Enter")

    expect(page.locator(".hit__link")).to_have_text("在根治欠薪工作中展现工会担当作为")


def test_suggestions_by_keyboard(page: Page, sample: None) -> None:
    page.goto("/search/")
    box = page.get_by_role("combobox", name="检索本报")
    box.press_sequentially("托育")
    options = page.get_by_role("option")
    expect(options).to_have_count(1)
    expect(box).to_have_attribute("aria-expanded", "true")

    box.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("托育")
    box.press("ArrowDown")
    expect(options).to_have_count(1)
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/450/2/")


def test_enter_without_a_choice_searches(page: Page, sample: None) -> None:
    page.goto("/search/")
    box = page.get_by_role("combobox", name="检索本报")
    box.press_sequentially("刘魏")
    expect(page.get_by_role("option")).to_contain_text(["刘魏"])
    box.press("Enter")

    expect(page.locator(".hit__link")).to_have_text(TITLE)


def test_nothing_is_asked_while_characters_are_composed(page: Page, sample: None) -> None:
    asked: list[str] = []
    page.on(
        "request", lambda request: asked.append(request.url) if "suggest/" in request.url else None
    )
    page.goto("/search/")
    page.get_by_label("检索本报").focus()
    session = page.context.new_cdp_session(page)
    session.send(
        "Input.imeSetComposition", {"text": "tuoyu", "selectionStart": 5, "selectionEnd": 5}
    )
    page.wait_for_timeout(600)
    assert asked == []

    session.send("Input.insertText", {"text": "托育"})
    expect(page.get_by_role("option")).to_have_count(1)
    assert len(asked) == 1


def test_suggestions_may_fail_unnoticed(page: Page, sample: None) -> None:
    page.route("**/search/suggest/**", lambda route: route.abort())
    page.goto("/search/")
    page.get_by_label("检索本报").press_sequentially("托育")
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")

    expect(page.locator(".hit__link")).to_have_text(TITLE)


def test_nothing_is_kept_in_the_browser(page: Page, sample: None) -> None:
    page.goto("/search/")
    page.get_by_label("检索本报").press_sequentially("托育")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=TITLE).click()

    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])") == "[{},{}]"
    assert page.context.cookies() == []
    assert json.loads(page.evaluate("JSON.stringify([document.referrer])")) == [""]


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("size", ["100%", "200%"])
def test_pages_fit_the_window(
    browser: Browser, live_server: LiveServer, sample: None, width: int, size: str
) -> None:
    window = {"width": width, "height": 800}
    with browser.new_context(base_url=live_server.url, locale="zh-CN", viewport=window) as context:
        page = context.new_page()
        for address in (*ADDRESSES, f"/450/2/#find={quote('托育')}"):
            page.goto(address)
            page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert page.locator("h1").count() == 1
