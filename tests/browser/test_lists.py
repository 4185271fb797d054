"""Finding an issue, and being counted as a reader of an article, in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from following.counts import counting
from following.counts.buffer import Buffer
from newsroom.models import Contributor
from tests.factories import make_public_issue

PERSON = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"


class Told(Buffer[counting.Address]):
    """A buffer that only collects."""

    def __init__(self) -> None:
        super().__init__(lambda reads: None)
        self._thread = threading.current_thread()

    @property
    def reads(self) -> dict[counting.Address, int]:
        return dict(self._counts)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    cache.clear()
    collected = Told()
    monkeypatch.setattr(counting, "READS", collected)
    yield collected
    cache.clear()


def find_an_issue(page: Page) -> None:
    """Walk as a reader does who has the number, or the day, of an old issue."""
    page.goto("/archive/")
    page.get_by_role("textbox", name="期号或日期").fill("第四百五十期")
    page.get_by_role("button", name="查找").click()
    page.wait_for_url("**/450/")
    page.goto("/archive/")
    page.get_by_role("textbox", name="期号或日期").fill("2022-8-3")
    page.get_by_role("textbox", name="期号或日期").press("Enter")
    expect(page.get_by_text("2022年8月3日没有出版报纸。")).to_be_visible()
    expect(page.get_by_role("textbox", name="期号或日期")).to_have_value("2022-8-3")
    page.get_by_role("link", name="第450期").click()
    page.wait_for_url("**/450/")


def test_an_issue_is_found(page: Page, sample: None) -> None:
    find_an_issue(page)


def test_an_issue_is_found_without_javascript(page_without_javascript: Page, sample: None) -> None:
    find_an_issue(page_without_javascript)


def walk_by_the_calendar(page: Page) -> None:
    """Walk as a reader does who knows the day: by keys alone, on a phone or at a desk."""
    make_public_issue(451)
    page.goto("/archive/")
    page.get_by_label("按日期查找", exact=True).last.fill("2022-08-09")
    page.get_by_role("button", name="看这一天").press("Enter")
    page.wait_for_url("**/451/")
    expect(page.get_by_role("table", name="2022年8月")).to_be_hidden()
    page.locator(".around__summary").press("Enter")
    month = page.get_by_role("table", name="2022年8月")
    expect(month).to_be_visible()
    expect(month.get_by_role("columnheader").first).to_have_text("星期一")
    expect(month.locator("[aria-current=page]")).to_have_accessible_name(
        "2022年8月9日 十二 第451期"
    )
    month.get_by_role("link", name="2022年8月2日 初五 第450期").press("Enter")
    page.wait_for_url("**/450/")
    page.locator(".around__summary").press("Enter")
    page.get_by_role("link", name="2022年各期").press("Enter")
    page.wait_for_url("**/archive/2022/#month-8")
    boxes = [link.bounding_box() for link in page.locator(".month__out, .month__link").all()]
    assert len(boxes) == 3
    assert all(box and min(box["width"], box["height"]) >= 24 for box in boxes)
    august = page.get_by_role("table", name="2022年 8月 2期")
    august.get_by_role("link", name="2022年8月9日 十二 第451期").press("Enter")
    page.wait_for_url("**/451/")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_calendar_leads_to_issues(page: Page, sample: None, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    walk_by_the_calendar(page)


def test_the_calendar_leads_to_issues_without_javascript(
    page_without_javascript: Page, sample: None
) -> None:
    walk_by_the_calendar(page_without_javascript)


def test_the_name_under_an_article_leads_to_all_they_wrote(page: Page, sample: None) -> None:
    page.goto("/450/2/")
    page.locator(".byline a").click()

    writer = Contributor.objects.get(name="刘魏")
    page.wait_for_url(f"**/contributors/{writer.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("刘魏")
    page.locator(".article-row__link").click()
    page.wait_for_url("**/450/2/")


def test_reading_for_a_while_is_counted_once_and_leaves_nothing_behind(
    browser: Browser, live_server: LiveServer, sample: None, told: Told
) -> None:
    with browser.new_context(base_url=live_server.url, user_agent=PERSON) as context:
        page = context.new_page()
        # Standing still but for what is told it: a slow machine is no reader.
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        page.goto("/450/2/")
        page.clock.run_for(4500)
        page.wait_for_timeout(300)
        assert told.reads == {}
        with page.expect_request("**/count/450/2/") as sent:
            page.clock.run_for(30_000)
        answer = sent.value.response()
        assert answer is not None
        assert answer.status == 204
        assert sent.value.post_data is None
        assert told.reads == {(450, 2): 1}
        assert context.cookies() == []
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_who_asks_not_to_be_followed_and_who_runs_no_script_send_nothing(
    browser: Browser, live_server: LiveServer, sample: None, told: Told
) -> None:
    with browser.new_context(base_url=live_server.url, user_agent=PERSON) as context:
        context.add_init_script("Object.defineProperty(navigator, 'doNotTrack', {value: '1'})")
        page = context.new_page()
        page.clock.install()
        page.goto("/450/2/")
        page.clock.run_for(30_000)
        page.wait_for_timeout(500)
    with browser.new_context(
        base_url=live_server.url, user_agent=PERSON, java_script_enabled=False
    ) as context:
        page = context.new_page()
        page.goto("/450/2/")
        page.wait_for_timeout(5500)

    assert told.reads == {}
