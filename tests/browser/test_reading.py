"""The reader's pages, as browsers show them: whole, calm, and without help from scripts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from articles.models import ArticlePage
from interchange.readers.folder import read_folder
from interchange.schema import Crosshead
from newsroom.cjk import full_width
from tests.factories import SAMPLE, make_user

SAMPLE_ISSUE = read_folder(SAMPLE)
ADDRESSES = (
    "/",
    "/450/",
    "/450/1/",
    "/450/2/",
    "/450/3/",
    "/450/4/",
    "/archive/",
    "/archive/2022/",
    "/archive/?find=451",
    "/sections/",
    "/popular/",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/contribute/",
    "/450/99/",
)
# What the sample's date line, ears and colophon say.
FACTS = (
    *("2022年8月2日", "星期二", "农历壬寅年七月初五", "第450期", "杭州工运", "杭州工会 数字报"),
    *("出版：杭州市总工会", "准印证号：浙企准字第A286号", "责任编辑：侯英帅"),
    *("社址：杭州市上城区东宁路501号", "邮编：310017"),
    *("(0571)87160990", "http://www.hzgh.org/tg.htm"),
)
# Watched for before any script of the page runs.
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event =>
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""
# Text that must double; large headlines grow less, and need not.
RUNNING = (
    ".story__opening, .copy > p, main p:not([class]), .year-nav__year, .page-lead, .empty, "
    ".section-row__latest"
)
# The text that sticks out of the window, or is cut by a box around it.
CUT_OFF = """() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const width = document.documentElement.clientWidth;
  const cut = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.trim() || text.parentElement.closest(".unseen, .skip-link")) continue;
    const range = new Range();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      let out = box.left < -1 || box.right > width + 1;
      for (let outer = text.parentElement; outer; outer = outer.parentElement) {
        const {overflowX, overflowY} = getComputedStyle(outer);
        const frame = outer.getBoundingClientRect();
        out ||= overflowX !== "visible" && outer !== document.documentElement
          && (box.left < frame.left - 1 || box.right > frame.right + 1);
        out ||= overflowY !== "visible" && outer !== document.documentElement
          && (box.top + box.height / 2 < frame.top || box.bottom - box.height / 2 > frame.bottom);
      }
      if (out) { cut.push(text.data.trim()); break; }
    }
  }
  return cut;
}"""


@contextmanager
def opened(browser: Browser, live_server: LiveServer, **options) -> Iterator[Page]:
    """Open a page, and let nothing pass unnoticed that a reader's browser would complain of."""
    complaints: list[str] = []
    own_host = urlsplit(live_server.url).netloc

    def look_at(request) -> None:
        if urlsplit(request.url).netloc not in ("", own_host):
            complaints.append(f"request: {request.url}")

    with browser.new_context(base_url=live_server.url, locale="zh-CN", **options) as context:
        page = context.new_page()
        page.add_init_script(NOTE_VIOLATIONS)
        page.on("request", look_at)
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on(
            "console",
            lambda said: (
                complaints.append(f"console: {said.text}")
                if said.type in ("error", "warning") and "404 (Not Found)" not in said.text
                else None
            ),
        )
        yield page
    assert complaints == []


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_pages_fit_the_window(browser, live_server, sample, width, javascript) -> None:
    window = {"width": width, "height": 800}
    with opened(browser, live_server, viewport=window, java_script_enabled=javascript) as page:
        for address in ADDRESSES:
            answer = page.goto(address)
            assert answer.status == (404 if address == "/450/99/" else 200)
            assert "default-src 'self'" in answer.headers["content-security-policy"]
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert page.evaluate(CUT_OFF) == [], address
            assert page.locator("h1").count() == 1
            assert page.locator("html").get_attribute("lang") == "zh-Hans"
            if javascript:
                assert page.evaluate("violations") == []


@pytest.mark.parametrize("width", [320, 1280])
def test_text_of_twice_the_size_is_not_cut(browser, live_server, sample, width) -> None:
    with opened(browser, live_server, viewport={"width": width, "height": 800}) as page:
        for address in ADDRESSES:
            page.goto(address)
            # As a reader's own setting does, not as a style of the page (the policy forbids that).
            before = page.locator(RUNNING).first.evaluate(
                "e => parseFloat(getComputedStyle(e).fontSize)"
            )
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            after = page.locator(RUNNING).first.evaluate(
                "e => parseFloat(getComputedStyle(e).fontSize)"
            )
            assert after == pytest.approx(2 * before, rel=0.1), address
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address
            assert page.evaluate(CUT_OFF) == [], address


def brightness(page: Page, selector: str, what: str) -> float:
    colour = page.locator(selector).first.evaluate(
        "(element, what) => getComputedStyle(element)[what].match(/[\\d.]+/g).map(Number)", what
    )
    return sum(colour[:3]) / 3


def test_dark_pages_are_light_on_dark(browser, live_server, sample) -> None:
    with opened(browser, live_server, color_scheme="dark") as page:
        for address in ADDRESSES:
            page.goto(address)
            assert brightness(page, "body", "backgroundColor") < 60, address
            assert brightness(page, "main h1, h1", "color") > 140, address


def test_print_leaves_out_what_paper_has_no_use_for(browser, live_server, sample) -> None:
    with opened(browser, live_server, color_scheme="dark") as page:
        page.emulate_media(media="print")
        for address in ("/450/", "/450/2/"):
            page.goto(address)
            assert not page.locator(".skip-link, .site-nav, .pager").filter(visible=True).count()
            assert brightness(page, "main p", "color") < 60
            assert page.locator(".colophon").is_visible()
        for passage in SAMPLE_ISSUE.articles[1].body:
            assert page.locator(".copy").get_by_text(full_width(passage.text)).is_visible()


FOCUSABLE = "a[href], summary, input, button"


def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    browser, live_server, sample
) -> None:
    with opened(browser, live_server) as page:
        for address in ("/450/", "/450/2/", "/archive/2022/"):
            page.goto(address)
            page.keyboard.press("Tab")
            skip = page.locator(":focus")
            assert skip.inner_text() == "跳到正文"
            assert skip.evaluate("e => e.getBoundingClientRect().top") >= 0
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.id") == "main"
            page.goto(address)
            closed = page.locator("details:not([open]) > summary")
            while closed.count():
                closed.first.press("Enter")
            page.evaluate("document.activeElement.blur()")
            page.goto(f"{address}#")
            if page.locator("[data-take]").count():  # shown once its size is known
                page.locator("[data-take]").wait_for()
            things = page.locator(FOCUSABLE).filter(visible=True).count()
            reached = set()
            for _ in range(things + 9):  # a date has a place for each part of it
                page.keyboard.press("Tab")
                focused = page.locator(":focus")
                if not focused.count():
                    continue  # within a field for a date
                look = focused.evaluate(
                    "e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).outlineWidth]"
                )
                assert look[0] != "none", focused.evaluate("e => e.outerHTML")
                assert look[1] != "0px", focused.evaluate("e => e.outerHTML")
                reached.add(
                    focused.evaluate(
                        f"e => [...document.querySelectorAll('{FOCUSABLE}')].indexOf(e)"
                    )
                )
            assert len(reached - {-1}) == things, address


def test_every_character_of_the_sample_reaches_the_reader(browser, live_server, sample) -> None:
    with opened(browser, live_server, java_script_enabled=False) as page:
        page.goto("/450/")
        front = page.locator("body").inner_text()
        for fact in FACTS:
            assert fact in front, fact
        for article in SAMPLE_ISSUE.articles:
            page.goto("/450/")
            story = page.locator(".story", has=page.locator(f"a[href$='/450/{article.number}/']"))
            told = "".join(story.first.inner_text().split())
            for words in (article.title, article.subhead, article.bylines[0].name):
                assert "".join(full_width(words).split()) in told
            page.goto(f"/450/{article.number}/")
            heading = page.locator("h1").inner_text()
            assert "".join(heading.split()) == "".join(full_width(article.title).split())
            if article.subhead:
                assert page.locator(".titles__subhead").inner_text() == full_width(article.subhead)
            lines = page.locator(".copy > p:not(.byline), .copy > h2").all_inner_texts()
            assert lines == [full_width(passage.text) for passage in article.body]
            crossheads = [one.text for one in article.body if isinstance(one, Crosshead)]
            assert page.locator(".copy > h2").all_inner_texts() == crossheads
            assert page.locator(".byline").inner_text() == f"（{article.bylines[0].name}）"
            assert "责任编辑：侯英帅" in page.locator(".colophon").inner_text()


def test_remarks_are_for_editors_only(browser, live_server, sample, desk) -> None:
    remarks = [(article, remark) for article in SAMPLE_ISSUE.articles for remark in article.remarks]
    with opened(browser, live_server) as page:
        for address in ADDRESSES:
            page.goto(address)
            html = page.content()
            for _, remark in remarks:
                assert remark.text not in html
            assert "remark" not in html

    make_user("编辑", username="bj")
    page = desk("bj")
    for article in SAMPLE_ISSUE.articles:
        stored = ArticlePage.objects.get(issue__slug="450", number=article.number)
        for mode, seen in (("", False), ("remarks", True)):
            page.goto(f"/admin/pages/{stored.pk}/view_draft/?mode={mode}")
            text = page.locator("main").inner_text()
            for remark in article.remarks:
                assert (remark.text in text) is seen
                if seen and remark.after:
                    mark = page.locator("mark.remark", has_text=remark.text)
                    before = mark.evaluate("e => e.previousSibling.textContent")
                    assert before.endswith(full_width(remark.after))
