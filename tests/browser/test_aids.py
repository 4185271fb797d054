"""Readers choose how to read, copy, print and pass on; what they chose is there on every page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from newsroom.cjk import full_width

from .test_reading import CUT_OFF, SAMPLE_ISSUE, opened

ADDRESSES = ("/", "/450/3/", "/archive/", "/search/", "/contribute/", "/reading/", "/nothing/")
WIDTHS = (320, 640, 1280)
# Every target that does not stand in running text, and is smaller than a thumb.
SMALL = """() => [...document.querySelectorAll("a[href], button, input, select, summary, textarea")]
  .filter(e => !e.closest("p, .skip-link, .date-line, .search-help li, dd, .choice, .kinds"))
  .map(e => [e, e.matches(".story__link") ? e.closest(".story") : e])
  .map(([e, box]) => [e, box.getBoundingClientRect()])
  .filter(([e, box]) => box.width && box.height && e.type !== "hidden" && box.height < 43.9)
  .map(([e]) => e.outerHTML.slice(0, 120))"""
KEEP = "localStorage.setItem('reading', %r)"


def letters(page: Page) -> float:
    return page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")


def tools(page: Page) -> None:
    page.locator(".tools__label").click()


def test_a_choice_holds_on_every_page_and_is_told_to_nobody(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.headers.get("cookie", "")))
        page.goto("/450/3/")
        usual = letters(page)
        tools(page)
        bigger = page.get_by_role("button", name="更大")
        expect(bigger).to_have_attribute("aria-pressed", "false")
        bigger.click()
        expect(bigger).to_have_attribute("aria-pressed", "true")
        expect(page.get_by_role("button", name="标准")).to_have_attribute("aria-pressed", "false")
        assert letters(page) == 1.5 * usual
        page.get_by_role("button", name="深色").click()

        for address in ADDRESSES:
            page.goto(address)
            assert letters(page) == 1.5 * usual
            assert page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
        page.goto("/archive/")
        tools(page)
        page.get_by_role("button", name="标准").click()
        page.get_by_role("button", name="跟随设备").click()
        page.goto("/")
        assert letters(page) == usual
        assert page.evaluate("localStorage.length") == 0
        assert page.context.cookies() == []
        assert set(sent) == {""}


def test_one_switch_in_front_makes_the_whole_paper_large(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server, viewport={"width": 390, "height": 800}) as page:
        page.goto("/")
        switch = page.locator(".site-nav__switch")
        assert switch.inner_text() == "长者版"
        switch.press("Enter")
        expect(switch).to_have_attribute("aria-pressed", "true")
        for address in ADDRESSES:
            page.goto(address)
            smallest = page.evaluate(
                """() => {
                  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                  let least = 99;
                  while (texts.nextNode()) {
                    const around = texts.currentNode.parentElement;
                    if (!texts.currentNode.data.trim() || !around.getClientRects().length) continue;
                    least = Math.min(least, parseFloat(getComputedStyle(around).fontSize));
                  }
                  return least;
                }"""
            )
            assert smallest >= 24, address  # 18 pt
            assert page.evaluate(SMALL) == [], address
        page.locator(".site-nav__switch").press(" ")
        assert letters(page) == 16


@pytest.mark.parametrize("choice", ["size-3", "elder-on", "elder-on.size-3.theme-dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_or_moved_sideways(
    browser, live_server, sample, choice: str, width: int
) -> None:
    with opened(browser, live_server, viewport={"width": width, "height": 800}) as page:
        page.add_init_script(KEEP % choice)
        for address in ADDRESSES:
            page.goto(address)
            closed = page.locator("details:not([open]) > summary")
            while closed.count():
                closed.first.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert page.evaluate(CUT_OFF) == [], address


def test_a_choice_is_there_before_anything_is_drawn(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server) as page:
        page.add_init_script(KEEP % "elder-on.theme-dark.evil-1.size-9")
        page.add_init_script("""
          new PerformanceObserver(list => {}).observe({type: "layout-shift", buffered: true});
          document.addEventListener("readystatechange", () => {
            if (document.readyState === "interactive")
              window.early = {...document.documentElement.dataset};
          });
          window.moved = 0;
          new PerformanceObserver(list => list.getEntries().forEach(e => window.moved += e.value))
            .observe({type: "layout-shift", buffered: true});
        """)
        page.goto("/450/3/")
        page.wait_for_timeout(300)
        assert page.evaluate("early") == {"js": "", "elder": "on", "theme": "dark"}
        assert page.evaluate("moved") == 0


def test_the_article_alone(browser: Browser, live_server: LiveServer, sample: None) -> None:
    with opened(browser, live_server) as page:
        page.goto("/450/3/")
        tools(page)
        page.get_by_role("button", name="专注阅读").click()
        for gone in (".site-nav", ".contents", ".site-footer", ".colophon"):
            expect(page.locator(gone)).to_be_hidden()
        page.goto("/")
        expect(page.locator(".site-nav")).to_be_visible()
        page.goto("/450/2/")
        expect(page.locator(".contents")).to_be_hidden()
        page.get_by_role("button", name="退出专注").click()
        expect(page.locator(".contents")).to_be_visible()


def copied(page: Page) -> str:
    """Paste into a field of the page what was copied."""
    return page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("secure", [True, False], ids=["clipboard", "http of an intranet"])
def test_the_whole_text_is_copied_with_its_source(
    browser, live_server, sample, secure: bool
) -> None:
    with opened(browser, live_server, permissions=["clipboard-read", "clipboard-write"]) as page:
        if not secure:
            page.add_init_script("""
              const real = navigator.clipboard;
              const get = () => window.real ? real : undefined;
              Object.defineProperty(navigator, "clipboard", {get});
            """)
        page.goto("/450/3/")
        tools(page)
        page.get_by_role("button", name="复制全文").click()
        said = page.locator(".tools [role=status]")
        expect(said).to_have_text("全文已复制，连同出处")
        page.evaluate("window.real = true")
        text = copied(page)
        article = SAMPLE_ISSUE.articles[2]
        for passage in article.body:
            assert full_width(passage.text) in text
        assert text.startswith(full_width(article.title))
        assert text.endswith(
            f"原载《杭州工运》2022年8月2日 第450期 第1版 短码：450-3\n{live_server.url}/450/3/\n"
        )
        assert page.evaluate("document.activeElement.textContent") == "复制全文"
        page.get_by_role("button", name="复制网址").click()
        expect(said).to_have_text("网址已复制")
        assert copied(page) == f"{live_server.url}/450/3/"


def test_the_address_is_handed_to_the_device_where_it_takes_it(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server) as page:
        page.add_init_script(
            "navigator.share = shared => { window.shared = shared; return Promise.reject(); }"
        )
        page.goto("/450/3/")
        tools(page)
        page.get_by_role("button", name="发给别人").click()
        shared = page.evaluate("window.shared")
        assert shared["url"] == f"{live_server.url}/450/3/"
        code = page.locator(".tools__qr")
        expect(code).to_be_visible()
        page.wait_for_function("document.querySelector('.tools__qr').naturalWidth > 0")

    with opened(browser, live_server) as page:
        page.add_init_script("delete Navigator.prototype.share")
        page.goto("/450/3/")
        tools(page)
        expect(page.get_by_role("button", name="打印")).to_be_visible()
        expect(page.get_by_role("button", name="发给别人")).to_be_hidden()


def test_without_scripts_reading_sets_it_and_only_what_works_is_shown(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server, java_script_enabled=False) as page:
        page.goto("/450/3/")
        tools(page)
        assert not page.locator(".tools button").filter(visible=True).count()
        expect(page.locator(".tools__qr")).to_be_visible()
        page.locator(".tools").get_by_role("link", name="选字号").click()
        page.get_by_role("button", name="打开长者版").click()
        page.wait_for_url("**/450/3/")
        assert letters(page) == 24
        assert page.locator(".reading").evaluate("e => getComputedStyle(e).display") == "block"
        page.goto("/")
        assert letters(page) == 24
        page.get_by_role("link", name="长者版").click()
        page.get_by_label("深色").check()
        page.get_by_label("最大").check()
        page.get_by_role("button", name="照这样显示").click()
        page.wait_for_url("**/")
        assert letters(page) == 32
        dark = page.locator("body").evaluate("e => getComputedStyle(e).color")
        assert dark == "rgb(255, 255, 255)"
        (cookie,) = page.context.cookies()
        assert (cookie["name"], cookie["path"], cookie["httpOnly"]) == (
            "reading",
            "/reading/",
            True,
        )
        page.goto("/reading/")
        page.get_by_role("button", name="回到标准版").click()
        page.goto("/450/")
        assert letters(page) == 32


def test_reading_answers_at_once_where_scripts_run(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server) as page:
        page.goto("/reading/")
        page.get_by_label("长者版").last.check()
        expect(page.locator("[data-said]")).to_have_text("已照您选的显示")
        assert letters(page) == 24
        page.reload()
        assert page.get_by_label("长者版").last.is_checked()
        assert page.context.cookies() == []


def test_a_device_that_keeps_nothing_is_told_so(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server) as page:
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})"
        )
        page.goto("/reading/")
        page.get_by_label("最大").check()
        expect(page.locator("[data-said]")).to_contain_text("要重选")
        assert letters(page) == 32


def test_another_tab_follows(browser: Browser, live_server: LiveServer, sample: None) -> None:
    with opened(browser, live_server) as page:
        page.goto("/450/3/")
        other = page.context.new_page()
        other.goto("/")
        tools(page)
        page.get_by_role("button", name="最大").click()
        other.wait_for_function("document.documentElement.dataset.size === '3'")
        expect(other.locator("[data-aid=size][data-value='3']")).to_have_attribute(
            "aria-pressed", "true"
        )


def test_paper_says_where_it_came_from(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server) as page:
        page.add_init_script(KEEP % "elder-on.theme-dark.size-3")
        page.goto("/450/3/")
        page.emulate_media(media="print")
        foot = page.locator(".print-foot")
        expect(foot).to_contain_text(f"本页网址：{live_server.url}/450/3/")
        expect(foot).to_contain_text("450-3")
        expect(page.locator(".tools")).to_be_hidden()
        assert page.locator(".copy").evaluate("e => getComputedStyle(e).columnCount") == "2"
        assert page.locator("body").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
        assert letters(page) < 13
        page.pdf()
        assert page.locator(".print-foot__qr").evaluate("e => e.naturalWidth") > 0


def test_the_short_code_opens_the_article(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    with opened(browser, live_server) as page:
        page.goto("/450/3/")
        assert "短码：450-3" in page.locator(".origin").inner_text()
        page.goto("/archive/")
        page.get_by_role("textbox", name="期号或日期").fill("４５０－３")
        page.keyboard.press("Enter")
        page.wait_for_url("**/450/3/")
        page.goto("/search/?q=450-3")
        page.locator(".direct__link").first.click()
        page.wait_for_url("**/450/3/")
