"""Reading without a network, in a real browser."""

from __future__ import annotations

import time
from threading import Event

import pytest
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, Locator, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import ArticlePage
from tests.factories import make_illustrated_issue

STARTED = "() => navigator.serviceWorker.controller !== null"
OPENED = """
async (addresses) => (await Promise.all(addresses.map((each) => caches.match(each)))).every(Boolean)
"""
NOTHING_KEPT = "caches.keys().then((names) => names.length === 0)"
SECONDS = 20


def open_issue(page: Page) -> None:
    """Open the sample until the worker looks after it, and its articles have come along."""
    page.goto("/450/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    until(page, STARTED)
    until(page, OPENED, [f"/450/{n}/" for n in (1, 2, 3, 4)])


def until(page: Page, promised: str, *told: list[str]) -> None:
    """Wait until a promise of the page's comes true (Playwright's own wait takes any for true)."""
    end = time.monotonic() + SECONDS
    while not page.evaluate(promised, *told):
        assert time.monotonic() < end, promised
        time.sleep(0.1)


def test_an_issue_that_was_opened_is_read_without_a_network(page: Page, sample: None) -> None:
    open_issue(page)
    page.context.set_offline(True)

    page.goto("/450/2/")  # which was never opened
    expect(page.get_by_role("heading", level=1)).to_contain_text("托育")
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != "", "styled"
    page.goto("/")
    expect(page.get_by_role("link", name="第450期").first).to_be_visible()

    # What was not kept is told, and what was kept is offered.
    page.goto("/archive/")
    expect(page.get_by_text("现在没有网络，这一页也没有存在这台设备上。")).to_be_visible()
    page.get_by_role("link", name="第450期").click()
    page.wait_for_url("**/450/")


def test_a_whole_issue_is_kept_on_purpose_and_deleted_again(page: Page, sample: None) -> None:
    open_issue(page)
    page.locator(".take-along").scroll_into_view_if_needed()
    page.get_by_role("button", name="存到手机").click()
    expect(page.get_by_text("存好了：没有网络也能读。")).to_be_visible(timeout=30_000)

    page.goto("/offline/")
    expect(page.get_by_text("整期已存")).to_be_visible()
    page.get_by_role("button", name="从这台设备删去第450期").click()
    expect(page.get_by_text("这台设备上还没有存报纸。")).to_be_visible()
    assert not page.evaluate("caches.has('issue-450')")


def seen(page: Page, picture: Locator) -> int:
    """Scroll to a picture, and return how wide it is once it has come, or has failed to."""
    picture.scroll_into_view_if_needed()
    page.wait_for_function("picture => picture.complete", arg=picture.element_handle())
    return picture.evaluate("picture => picture.naturalWidth")


def test_photos_and_printed_pages_of_a_kept_issue_are_seen_without_a_network(
    page: Page, live_server: LiveServer, django_db_serialized_rollback: None
) -> None:
    make_illustrated_issue(451)
    page.goto("/451/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    until(page, STARTED)
    page.locator(".take-along").scroll_into_view_if_needed()
    page.get_by_role("button", name="存到手机").click()
    expect(page.get_by_text("存好了：没有网络也能读。")).to_be_visible(timeout=30_000)

    page.context.set_offline(True)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto("/451/1/")  # which was never opened
    # The page asks for the small one, as phones do; kept is the large one, which stands for it.
    assert seen(page, page.locator(".photo__image")) > 0
    shown = page.locator(".photo__image").evaluate("picture => picture.currentSrc")
    assert "width-480" in shown
    assert [answer.from_service_worker for answer in answers if answer.url == shown] == [True]
    page.goto("/451/folio-1/")
    assert seen(page, page.locator(".printed__image")) > 0

    # And it was the kept one: gone from the device, it is not there.
    page.goto("/451/1/")
    page.evaluate("caches.delete('issue-451')")
    page.evaluate("document.querySelector('.photo__image').removeAttribute('loading')")
    page.evaluate("document.querySelector('.photo__image').src += '?again'")
    page.evaluate("document.querySelector('.photo__image').removeAttribute('srcset')")
    assert seen(page, page.locator(".photo__image")) == 0


def test_a_photo_that_was_looked_at_is_seen_again_without_a_network(
    page: Page, live_server: LiveServer, django_db_serialized_rollback: None
) -> None:
    make_illustrated_issue(451)
    page.goto("/451/1/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    until(page, STARTED)
    assert seen(page, page.locator(".photo__image")) > 0
    shown = page.locator(".photo__image").evaluate("picture => picture.currentSrc")
    until(page, OPENED, [shown])

    page.context.set_offline(True)
    page.goto("/451/1/")
    assert seen(page, page.locator(".photo__image")) > 0


def test_a_kept_page_is_never_shown_while_there_is_a_newer_one(page: Page, sample: None) -> None:
    open_issue(page)
    article = ArticlePage.objects.get(number=1)
    article.title = "后来改正的标题"
    article.save()
    page.goto("/450/1/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("后来改正的标题")

    # Withdrawn: gone from the device as well.
    ArticlePage.objects.filter(number=1).update(live=False)
    page.goto("/450/1/")
    until(page, "caches.match('/450/1/').then((kept) => !kept)")


def test_a_reader_switches_it_off(page: Page, sample: None) -> None:
    open_issue(page)
    page.goto("/offline/")
    page.get_by_label("不在这台设备上存报纸").check()
    until(page, NOTHING_KEPT)
    page.goto("/450/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("navigator.serviceWorker.getRegistration().then((there) => !there)")
    assert page.evaluate(NOTHING_KEPT)

    page.goto("/offline/")
    page.get_by_label("不在这台设备上存报纸").uncheck()
    page.evaluate("navigator.serviceWorker.ready")


def test_what_is_under_way_as_it_is_switched_off_is_not_kept_either(
    page: Page, sample: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for, may_answer = Event(), Event()

    def late(article: ArticlePage, request: HttpRequest) -> HttpResponse:
        if article.number == 4:
            asked_for.set()
            may_answer.wait(SECONDS)
        return whole(article, request)

    whole = ArticlePage.serve
    monkeypatch.setattr(ArticlePage, "serve", late)
    page.goto("/450/")
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    assert asked_for.wait(SECONDS), "the worker takes the articles along"
    page.goto("/offline/")
    page.get_by_label("不在这台设备上存报纸").check()
    until(page, NOTHING_KEPT)

    may_answer.set()
    for _ in range(10):
        assert page.evaluate(NOTHING_KEPT)
        time.sleep(0.1)

    # Switched on again before that worker has gone, it keeps again, and has its own page too.
    page.get_by_label("不在这台设备上存报纸").uncheck()
    open_issue(page)
    until(page, OPENED, ["/offline/"])
    page.context.set_offline(True)
    page.goto("/archive/")
    expect(page.get_by_text("这一页也没有存在这台设备上")).to_be_visible()


def test_switched_off_in_one_window_nothing_is_kept_by_the_other(page: Page, sample: None) -> None:
    open_issue(page)
    page.locator(".take-along").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="存到手机")).to_be_visible()
    other = page.context.new_page()
    other.goto("/offline/")
    other.get_by_label("不在这台设备上存报纸").check()
    until(other, NOTHING_KEPT)

    page.get_by_role("button", name="存到手机").click()
    expect(page.get_by_text("离线阅读已经关掉，没有存。")).to_be_visible()
    # The worker still looks after this window; browsers end and start it as they please.
    browser_itself = page.context.new_cdp_session(page)
    browser_itself.send("ServiceWorker.enable")
    browser_itself.send("ServiceWorker.stopAllWorkers")
    page.evaluate("fetch(document.querySelector('link[rel=stylesheet]').href, {cache: 'reload'})")
    for _ in range(10):
        assert page.evaluate(NOTHING_KEPT)
        time.sleep(0.1)


def test_what_is_ones_own_is_not_kept(page: Page, sample: None) -> None:
    open_issue(page)
    for address in ("/contribute/", "/search/?q=托育", "/subscribe/", "/contribute/status/"):
        page.goto(address)
    page.wait_for_load_state("networkidle")
    kept = page.evaluate(
        "caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name)"
        ".then((cache) => cache.keys()))))"
        ".then((all) => all.flat().map((request) => new URL(request.url).pathname))"
    )
    assert "/450/" in kept
    assert not [path for path in kept if path.startswith(("/contribute", "/search", "/subscribe"))]


def test_without_scripts_nothing_is_promised(
    browser: Browser, live_server: LiveServer, sample: None
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/450/")
    expect(page.get_by_text("存到手机")).to_be_hidden()
    page.goto("/offline/")
    expect(page.get_by_text("您的浏览器不能离线保存网页")).to_be_visible()
    context.close()
