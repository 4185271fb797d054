"""Proofreading beside the text, in a real browser: it tells, it leads there, it disturbs nobody."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TypeVar

import pytest
from playwright.sync_api import APIResponse, Error, Locator, Page, Route, expect

from articles.models import ArticlePage
from desk.models import AcceptedAlarm, BannedWord
from issues.models import IssuePage
from tests.factories import make_article, make_issue, make_user

PANEL = "[data-proofreading]"
Held = TypeVar("Held")


@pytest.fixture
def issue(django_db_serialized_rollback: None, transactional_db: None) -> IssuePage:
    make_user("编辑", username="bj")
    BannedWord.objects.create(word="残废人", reason="应称残疾人")
    return make_issue()


def editor(page: Page) -> Locator:
    return page.locator(".Draftail-Editor [contenteditable=true]").first


def row(page: Page, quote: str) -> Locator:
    return page.locator(f"{PANEL} li", has=page.locator(f"q:text-is('{quote}')"))


def counter(page: Page) -> Locator:
    return page.locator("[data-side-panel-toggle=proofreading] [data-side-panel-toggle-counter]")


def first(page: Page, held: list[Held]) -> Held:
    """Return what a route holds back, once it does."""
    for _ in range(150):
        if held:
            return held[0]
        page.wait_for_timeout(100)
    raise AssertionError("nothing came that could be held back")


def open_article(page: Page, article: ArticlePage, fragment: str = "") -> None:
    with page.expect_response("**/check/"):
        page.goto(f"/admin/pages/{article.pk}/edit/{fragment}")
    page.locator("html[data-watching=yes]").wait_for()


def open_panel(page: Page) -> None:
    page.locator("[data-side-panel-toggle=proofreading]").click()


def selected(page: Page) -> str:
    return page.evaluate("String(getSelection())")


def test_a_doubled_word_is_told_led_to_and_accepted(desk, issue: IssuePage) -> None:
    article = make_article(issue, text="7月27日，比赛在建德开赛。\n请木匠做一张桌子。")
    page = desk("bj")
    open_article(page, article)
    expect(counter(page)).to_be_hidden()
    open_panel(page)

    # Typing: the alarm comes by itself, and the cursor stays where it was.
    editor(page).get_by_text("请木匠做一张桌子").click()
    page.keyboard.press("Home")
    page.keyboard.type("请大家设计设计，")
    found = row(page, "设计设计")
    expect(found).to_be_visible()
    expect(found).to_contain_text("正文")
    expect(counter(page)).to_have_text("1")
    expect(page.locator("[data-proofreading-count]")).to_have_text("校对提示1处")
    page.route("**/check/", lambda route: route.abort())  # so that it does not come in between
    page.keyboard.type("好")
    expect(editor(page)).to_contain_text("请大家设计设计，好请木匠")
    expect(page.locator("[data-proofreading-state]")).to_contain_text("连不上服务器")
    page.unroute("**/check/")

    # It leads to the place.
    page.locator("[name=title]").click()
    found.locator(".proofreading__go").click()
    assert selected(page) == "设计设计"
    assert page.evaluate("document.activeElement.isContentEditable")

    # 原文如此 quiets it, also where the words beside it were changed a moment ago; and back.
    found.get_by_role("button", name="原文如此").click()
    expect(counter(page)).to_be_hidden()
    expect(page.locator(PANEL)).to_contain_text("已接受")
    assert AcceptedAlarm.objects.get().quote == "设计设计"
    page.locator(f"{PANEL} summary").click()
    found.get_by_role("button", name="撤销认可").click()
    expect(counter(page)).to_have_text("1")
    assert not AcceptedAlarm.objects.exists()


def test_what_a_check_says_late_does_not_undo_what_was_accepted_since(
    desk, issue: IssuePage
) -> None:
    page = desk("bj")
    open_article(page, make_article(issue, text="请大家设计设计桌子。"))
    open_panel(page)
    expect(row(page, "设计设计")).to_be_visible()

    held: list[tuple[Route, APIResponse]] = []
    page.route("**/check/", lambda route: held.append((route, route.fetch())), times=1)
    with page.expect_request("**/check/"):
        page.locator("[name=title]").click()
        page.keyboard.type("好")
    row(page, "设计设计").get_by_role("button", name="原文如此").click()
    expect(counter(page)).to_be_hidden()

    late, answer = first(page, held)
    with suppress(Error):  # nobody waits for it any more
        late.fulfill(response=answer)
    page.wait_for_timeout(500)
    assert counter(page).is_hidden()
    expect(page.locator(PANEL)).to_contain_text("已接受")


def test_pressed_twice_it_accepts_what_was_pressed_and_nothing_like_it(
    desk, issue: IssuePage
) -> None:
    page = desk("bj")
    open_article(page, make_article(issue, text="请大家设计设计桌子。\n再请他们设计设计椅子。"))
    open_panel(page)
    expect(counter(page)).to_have_text("2")

    held: list[Route] = []
    page.route("**/checks/accept/", lambda route: held.append(route), times=1)
    editor(page).get_by_text("请大家设计设计桌子").click()
    page.keyboard.press("Home")
    page.keyboard.type("先")
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile("先请大家"))
    button = row(page, "设计设计").first.get_by_role("button", name="原文如此")
    button.click()
    accepting = first(page, held)
    if button.is_enabled():  # asked once more, the row was drawn anew
        button.click()
    accepting.continue_()
    expect(counter(page)).to_have_text("1")
    page.wait_for_timeout(1000)
    assert AcceptedAlarm.objects.count() == 1
    assert row(page, "设计设计").get_by_role("button", name="原文如此").count() == 1
    assert page.locator("[data-proofreading-state]").inner_text() == ""


def test_an_alarm_of_the_issue_s_screen_leads_into_the_text(desk, issue: IssuePage) -> None:
    article = make_article(issue, text="开头一段。\n请大家设计设计桌子。", kicker="设计设计周")
    page = desk("bj")
    page.goto(f"/admin/desk/issues/{issue.pk}/checks/")
    with page.expect_response("**/check/"):
        page.locator(".alarms__go", has_text="正文").filter(has_text="设计设计").first.click()
    expect(page.locator(f"{PANEL} li").first).to_be_visible()
    page.wait_for_function("String(getSelection()) === '设计设计'")
    row(page, "设计设计").filter(has_text="引题").locator(".proofreading__go").click()
    expect(page.locator("[name=kicker]")).to_be_focused()
    kicker = page.locator("[name=kicker]")
    assert kicker.evaluate("f => f.value.slice(f.selectionStart, f.selectionEnd)") == "设计设计"
    assert ArticlePage.objects.get(pk=article.pk).latest_revision_id == article.latest_revision_id


def test_on_a_phone_the_panel_makes_way_for_the_text(desk, issue: IssuePage) -> None:
    article = make_article(issue, text="请大家设计设计桌子。")
    page = desk("bj")
    page.set_viewport_size({"width": 390, "height": 844})
    open_article(page, article)
    open_panel(page)
    row(page, "设计设计").locator(".proofreading__go").click()
    expect(page.locator(PANEL)).to_be_hidden()
    assert selected(page) == "设计设计"


def test_a_new_article_is_checked_and_can_be_answered_once_it_saved_itself(
    desk, issue: IssuePage
) -> None:
    page = desk("bj")
    page.goto(f"/admin/pages/add/articles/articlepage/{issue.pk}/")
    page.locator("html[data-watching=yes]").wait_for()
    # Whichever comes first, the check or the autosave that makes it a page.
    with page.expect_response(re.compile(r"/check(-new)?/$")):
        page.locator("[name=title]").click()
        page.keyboard.type("新的设计设计")
        editor(page).click()
    page.wait_for_url("**/edit/")
    open_panel(page)
    expect(row(page, "设计设计")).to_be_visible()
    editor(page).click()
    with page.expect_response("**/check/"):
        page.keyboard.type("正文一段。")
    row(page, "设计设计").get_by_role("button", name="原文如此").click()
    expect(page.locator(f"{PANEL} summary")).to_be_visible()
    assert AcceptedAlarm.objects.get().article.title == "新的设计设计"


def test_looking_at_an_article_changes_and_saves_nothing(desk, issue: IssuePage) -> None:
    article = make_article(issue, text="请大家设计设计桌子。")
    page = desk("bj")
    saved: list[str] = []
    page.on("request", lambda r: saved.append(r.url) if f"/{article.pk}/edit" in r.url else None)
    open_article(page, article)
    open_panel(page)
    row(page, "设计设计").locator(".proofreading__go").click()
    page.wait_for_timeout(2500)
    assert len(saved) == 1  # the page itself
    page.goto("/admin/")  # nothing asks whether to leave
    assert page.url.endswith("/admin/")
    assert ArticlePage.objects.get(pk=article.pk).latest_revision_id == article.latest_revision_id


def test_it_says_so_when_it_could_not_check_and_writing_goes_on(desk, issue: IssuePage) -> None:
    article = make_article(issue, text="请大家设计设计桌子。")
    page = desk("bj")
    open_article(page, article)
    open_panel(page)
    expect(row(page, "设计设计")).to_be_visible()
    state = page.locator("[data-proofreading-state]")

    page.route("**/check/", lambda route: route.abort())
    editor(page).click()
    page.keyboard.press("End")
    page.keyboard.type("又写一句。")
    expect(state).to_contain_text("连不上服务器")
    expect(row(page, "设计设计")).to_be_visible()
    page.keyboard.type("再写一句。")
    expect(editor(page)).to_contain_text("再写一句。")

    page.unroute("**/check/")
    page.context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(state).to_contain_text("退出登录")
