"""Readers hear an editor's recording in the place of their device's voice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import ArticlePage
from tests.sounds import make_recording

from .test_listening import START, spoken, with_voices
from .test_reading import opened

SOUND = ".recording__sound"
KEPT = "() => JSON.parse(localStorage.listening || '{}')"
TIME = f"() => document.querySelector('{SOUND}').currentTime"


@pytest.fixture
def recorded(sample: None) -> None:
    """Issue 450, whose first article plays a second and a half, the third two minutes."""
    for number, seconds in ((1, 1.5), (3, 120)):
        recording = make_recording(seconds)
        ArticlePage.objects.filter(number=number).update(recording=recording)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, recorded: None) -> Iterator[Page]:
    with opened(browser, live_server, viewport={"width": 390, "height": 800}) as page:
        yield page


def play(page: Page) -> None:
    page.locator(".recording__told").click()  # a browser wants to be touched first
    page.evaluate(f"() => document.querySelector('{SOUND}').play()")


def until(page: Page, script: str) -> None:
    """Wait until it holds; the page's policy forbids Playwright to ask by itself."""
    for _ in range(100):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(script)


def at(page: Page, seconds: float) -> None:
    until(page, f"({TIME})() >= {seconds}")


def test_it_plays_and_goes_on_where_one_was(page: Page) -> None:
    page.goto("/450/3/")
    expect(page.locator(SOUND)).to_be_visible()
    expect(page.locator(".recording__told")).to_contain_text("2分钟")
    expect(page.locator(START)).to_have_count(0)
    play(page)
    at(page, 0.3)
    page.evaluate(f"() => {{ document.querySelector('{SOUND}').currentTime = 60; }}")
    at(page, 60.2)
    page.evaluate(f"() => document.querySelector('{SOUND}').pause()")
    until(page, f"({KEPT})().seconds >= 60")
    page.get_by_label("语速").select_option("快")
    assert page.evaluate(f"document.querySelector('{SOUND}').playbackRate") == 1.25

    page.reload()
    expect(page.get_by_role("status")).to_have_text("从上次听到的地方接着播放")
    expect(page.get_by_label("语速")).to_have_value("1.25")
    play(page)
    at(page, 60.1)
    assert page.evaluate(TIME) < 70
    assert page.evaluate(f"document.querySelector('{SOUND}').playbackRate") == 1.25
    expect(page.locator(".recording__said")).to_have_text("")
    assert page.evaluate(KEPT)["path"] == "/450/3/"


def test_one_that_was_heard_to_its_end_begins_anew(page: Page) -> None:
    page.goto("/450/1/")
    play(page)
    until(page, f"document.querySelector('{SOUND}').ended")
    until(page, "!localStorage.listening")
    assert page.url.endswith("/450/1/")


def test_the_issue_is_heard_through_recordings_and_the_devices_voice(page: Page) -> None:
    with_voices(page)
    page.goto("/450/")
    page.locator(START).click()
    page.wait_for_url("**/450/1/")
    expect(page.get_by_role("button", name="听完本期")).to_have_attribute("aria-pressed", "true")
    page.wait_for_url("**/450/2/")
    until(page, "spoken.length > 0")
    assert spoken(page)
    page.evaluate("() => { while (fake.current) fake.end(); }")
    page.wait_for_url("**/450/3/")
    at(page, 0.2)
    page.get_by_role("button", name="听完本期").click()
    expect(page.get_by_role("button", name="听完本期")).to_have_attribute("aria-pressed", "false")


def test_a_page_that_reads_elsewhere_has_this_one_wait(page: Page) -> None:
    page.goto("/450/3/")
    play(page)
    at(page, 0.2)
    other = page.context.new_page()
    other.goto("/450/1/")
    play(other)
    until(page, f"document.querySelector('{SOUND}').paused")
    expect(page.get_by_role("status")).to_contain_text("另一个页面")
    at(other, 0.5)


def test_what_does_not_play_says_so(
    browser: Browser, live_server: LiveServer, recorded: None
) -> None:
    with browser.new_context(base_url=live_server.url) as context:
        page = context.new_page()
        page.route("**/450/3.mp3", lambda route: route.abort())
        page.goto("/450/3/")
        page.locator(".recording__told").click()
        page.evaluate(f"() => document.querySelector('{SOUND}').play().catch(() => 0)")
        expect(page.get_by_role("status")).to_contain_text("放不出来")


def test_without_scripts_it_is_there_with_its_length(
    browser: Browser, live_server: LiveServer, recorded: None
) -> None:
    with opened(browser, live_server, java_script_enabled=False) as page:
        page.goto("/450/3/")
        expect(page.locator(SOUND)).to_be_visible()
        expect(page.locator(".recording__told")).to_contain_text("2分钟")
        expect(page.locator(".recording__controls")).to_be_hidden()
