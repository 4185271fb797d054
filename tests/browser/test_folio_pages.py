"""A printed page in a real browser: enlarged by a reader, and its areas drawn by an editor."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from issues.folio_pages import PageFile, keep_pages
from issues.models import Folio, IssuePage
from tests.factories import (
    make_article,
    make_issue,
    make_page_image,
    make_printed_sample,
    make_user,
)

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def printed() -> IssuePage:
    """Return issue 450 with two printed pages, as sharp as those that are read from a PDF."""
    return make_printed_sample(2800)


def test_a_page_is_enlarged_by_buttons_and_keys_and_gets_sharper(
    page: Page, live_server: LiveServer, printed: IssuePage
) -> None:
    page.goto(f"{live_server.url}/450/folio-1/")
    scale = page.locator(".printed__scale")
    expect(scale).to_have_text("100%")
    page.get_by_role("button", name="放大").press("Enter")
    expect(scale).to_have_text("150%")
    page.keyboard.press("+")
    expect(scale).to_have_text("225%")
    # It is put there once it has come.
    expect(page.locator(".printed__image")).to_have_attribute("src", re.compile("width-2800"))
    before = page.locator("[data-sheet]").get_attribute("style")
    page.keyboard.press("ArrowRight")
    assert page.locator("[data-sheet]").get_attribute("style") != before
    page.keyboard.press("0")
    expect(scale).to_have_text("100%")


def test_an_article_is_marked_in_the_list_and_on_the_page(
    page: Page, live_server: LiveServer, printed: IssuePage
) -> None:
    page.goto(f"{live_server.url}/450/folio-2/")
    page.locator(".contents__link").first.focus()
    expect(page.locator("#area-3")).to_have_class("printed__area is-marked")
    page.locator("#area-4").hover()
    expect(page.locator("[data-marks=area-4]")).to_have_class("contents__link is-marked")
    page.locator("#area-4").click()
    page.wait_for_url("**/450/4/")
    page.get_by_role("link", name="看它在版面上").click()
    page.wait_for_url("**/450/folio-2/#area-4")


def test_areas_are_drawn_moved_undone_and_kept(desk: Callable[[str], Page]) -> None:
    issue = make_issue(451)
    make_article(issue, "头版的稿")
    make_article(issue, "又一篇")
    keep_pages(issue=issue, pages={1: PageFile(make_page_image(2800))}, by=None)
    make_user("编辑", username="编辑")
    page = desk("编辑")
    page.goto(f"/admin/desk/issues/{issue.pk}/folios/1/areas/")
    drawing = page.locator("[data-drawing]")
    box = drawing.bounding_box()
    assert box

    def spot(x: float, y: float) -> tuple[float, float]:
        now = drawing.bounding_box()
        assert now
        return now["x"] + now["width"] * x / 100, now["y"] + now["height"] * y / 100

    # A rectangle by the mouse; the first article without an area is proposed.
    page.get_by_role("button", name="画矩形").click()
    page.mouse.move(*spot(10, 10))
    page.mouse.down()
    page.mouse.move(*spot(30, 20), steps=4)
    page.mouse.up()
    shapes = page.locator(".areas__area")
    expect(shapes).to_have_count(1)
    first = page.locator("[data-polygon]").first
    assert page.locator("[data-article]").first.input_value() == "1"
    # Moved and made larger by keys, taken back, done again.
    shapes.first.focus()
    drawn = first.input_value()
    page.keyboard.press("ArrowRight")
    moved = first.input_value()
    page.keyboard.press("Shift+ArrowDown")
    larger = first.input_value()
    assert len({drawn, moved, larger}) == 3
    page.keyboard.press("Control+z")
    assert first.input_value() == moved
    page.get_by_role("button", name="撤销").click()
    assert first.input_value() == drawn
    page.get_by_role("button", name="重做").click()
    assert first.input_value() == moved
    # A polygon, corner by corner.
    page.get_by_role("button", name="画多边形").click()
    for x, y in ((50, 10), (70, 10), (60, 25)):
        page.mouse.click(*spot(x, y))
    page.keyboard.press("Enter")
    expect(shapes).to_have_count(2)
    # The list tells the drawing, too.
    page.locator("[data-article]").nth(1).select_option("2")
    page.get_by_role("button", name="保存热区").click()
    expect(page.get_by_text("第1版的热区已保存，共2块。")).to_be_visible()
    kept = Folio.objects.get(issue=issue, number=1).hot_areas
    assert [each["article"] for each in kept] == [1, 2]
    assert kept[0]["polygon"] == moved
    assert len(kept[1]["polygon"].split()) == 3
    # One is deleted by a key.
    page.locator(".areas__area").first.focus()
    page.keyboard.press("Delete")
    expect(shapes).to_have_count(1)
    page.get_by_role("button", name="保存热区").click()
    expect(page.get_by_text("共1块")).to_be_visible()
    assert [a["article"] for a in Folio.objects.get(issue=issue, number=1).hot_areas] == [2]
