"""A reader walks through the paper by keys alone, and sees at each stop where they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from .test_listening import CHINESE, START, VOICE
from .test_reading import opened

# More than any page has stops; whoever needs more is trapped.
MOST = 150
# A field for a date is one element and four stops: year, month, day, and its calendar.
PARTS = 4
STOP = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  await frame();
  await frame();
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const area = at.querySelector(":scope > polygon");
  const box = at.getBoundingClientRect();
  const player = document.querySelector(".player:not([hidden])");
  const foot = player && !player.contains(at) ? player.getBoundingClientRect().top : innerHeight;
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  const drawn = area && !/^(none|transparent|rgba\\(.*, 0\\))$/.test(getComputedStyle(area).stroke);
  return {
    name: at.outerHTML.slice(0, 120),
    place: [...document.querySelectorAll("*")].indexOf(at),
    isMarked: outlined || style.boxShadow !== "none" || Boolean(drawn),
    isSeen: box.width > 0 && box.height > 0
      && box.bottom > 0 && box.top < foot && box.right > 0 && box.left < innerWidth,
  };
}"""
# What Tab should come to: of radio buttons of a name one, nothing in what is closed or hidden.
STOPS = """() => {
  const groups = new Set();
  return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
    .filter(each => !each.disabled && each.type !== "hidden" && each.tabIndex >= 0
      && each.getClientRects().length && getComputedStyle(each).visibility === "visible"
      && !(each.closest("details:not([open])") && !each.matches("details > summary")))
    .filter(each => each.type !== "radio" || !groups.has(each.name) && groups.add(each.name))
    .length;
}"""


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, printed_sample: None) -> Iterator[Page]:
    with opened(browser, live_server, viewport={"width": 1280, "height": 900}) as page:
        yield page


def stop(page: Page) -> dict[str, object] | None:
    """Return where the reader is, having seen that they can see it."""
    at = page.evaluate(STOP)
    if at:
        assert at["isMarked"], f"nothing shows the focus: {at['name']}"
        assert at["isSeen"], f"out of sight: {at['name']}"
    return at


def go_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop(page)
        if target.evaluate("target => target === document.activeElement"):
            return
    pytest.fail(f"Tab does not come to {target}")


def follow(page: Page, target: Locator, address: str) -> None:
    """Go to a link by Tab, and follow it by Enter."""
    go_to(page, target)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")


def test_an_issue_is_read_by_keys_alone(page: Page) -> None:
    page.goto("/")
    # The first stop of each page leads past what is the same on all of them.
    page.keyboard.press("Tab")
    stop(page)
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")

    # By the printed page to an article, and back to its place there.
    follow(page, page.locator(".folio-pages__link").first, "/450/folio-1/")
    go_to(page, page.locator("#area-1"))
    expect(page.locator("[data-marks=area-1]")).to_have_class("contents__link is-marked")
    follow(page, page.locator("#area-2"), "/450/2/")
    follow(page, page.get_by_role("link", name="看它在版面上"), "/450/folio-1/#area-2")
    expect(page.locator("#area-2")).to_be_focused()
    stop(page)
    page.keyboard.press("Enter")
    page.wait_for_url("**/450/2/")

    # Larger and dark; the tools are shut where they were opened.
    label = page.locator(".tools__label")
    go_to(page, label)
    page.keyboard.press("Enter")
    go_to(page, page.get_by_role("button", name="更大"))
    page.keyboard.press("Enter")
    go_to(page, page.get_by_role("button", name="深色"))
    page.keyboard.press(" ")
    assert page.evaluate("({...document.documentElement.dataset})") == {
        "js": "",
        "size": "2",
        "theme": "dark",
    }
    for _ in range(MOST):
        page.keyboard.press("Shift+Tab")
        stop(page)
        if label.evaluate("label => label === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="更大")).to_be_hidden()

    # On to the next article, and to another day.
    follow(page, page.locator(".pager a").last, "/450/3/")
    follow(page, page.get_by_role("link", name="往期").first, "/archive/")
    go_to(page, page.get_by_role("textbox", name="期号或日期"))
    page.keyboard.type("2022-8-3")
    page.keyboard.press("Enter")
    page.wait_for_url("**/archive/?find=2022-8-3")
    follow(page, page.locator(".issue-row__link"), "/450/")
    go_to(page, page.locator(".around__summary"))
    page.keyboard.press("Enter")
    follow(page, page.get_by_role("link", name="2022年各期"), "/archive/2022/#month-8")
    page.keyboard.press("Tab")
    stop(page)
    follow(page, page.get_by_role("link", name="往期").first, "/archive/")
    follow(page, page.locator(".month__out"), "/450/")


def test_a_printed_page_is_enlarged_and_left_again_by_keys(page: Page) -> None:
    page.goto("/450/folio-1/")
    go_to(page, page.get_by_role("button", name="放大"))
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".printed__scale")).to_have_text("200%")
    # However large it is, whoever comes to an article of it sees where they are.
    go_to(page, page.locator("#area-1"))
    go_to(page, page.locator("#area-2"))
    page.keyboard.press("Escape")
    go_to(page, page.get_by_role("link", name="看大图"))


@pytest.mark.parametrize(
    "address", ["/", "/450/folio-1/", "/450/2/", "/archive/", "/reading/", "/search/?q=托幼"]
)
def test_tab_comes_to_everything_once_and_out_again(page: Page, address: str) -> None:
    page.add_init_script(VOICE.replace("VOICES", CHINESE))
    page.goto(address)
    page.locator(".tools__label").click()
    if page.locator(START).count():
        page.locator(START).click()
        expect(page.locator(".player")).to_be_visible()
    # From the beginning, by a key: what a script or the mouse has put there shows no focus.
    page.evaluate("scrollTo(0, 0)")
    page.locator(".skip-link").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    promised = page.evaluate(STOPS)
    places: list[object] = []
    same = 0
    for _ in range(MOST):
        at = stop(page)
        if at is None or (places and at["place"] == places[0]):
            break
        if places and at["place"] == places[-1]:
            same += 1
            assert same < PARTS, f"trapped: {at['name']}"
        else:
            same = 0
            places.append(at["place"])
        page.keyboard.press("Tab")
    else:
        pytest.fail("Tab never comes out of the page")
    assert places == sorted(set(places)), "the way follows the page"  # type: ignore[type-var]
    assert len(places) == promised
