"""A colleague without an account reads the whole issue; publishing is undone in one click."""

from __future__ import annotations

from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from desk.founding import CHIEF_EDITOR, EDITOR
from issues.models import IssuePage
from tests.factories import make_article, make_issue, make_user

SIGNED = ["象棋比赛在建德举行", "车间换上新风扇", "技能大赛开幕"]


def make_next_issue() -> IssuePage:
    issue = make_issue(451)
    for title in SIGNED:
        make_article(issue, title, text=f"{title}的正文。", signed=True)
    make_article(issue, "没写完的评论", text="没写完的正文。")
    return issue


def test_a_link_from_the_desk_shows_a_colleague_the_issue_from_end_to_end(
    desk, browser: Browser, live_server: LiveServer
) -> None:
    issue = make_next_issue()
    make_user(EDITOR, username="bian")
    editor = desk("bian")
    editor.goto(f"/admin/issues/{issue.pk}/share/")
    editor.get_by_role("button", name="做一个预览链接").click()
    expect(editor.locator(".messages")).to_contain_text("预览链接已做好")
    expect(editor.get_by_role("button", name="复制网址")).to_be_visible()
    address = editor.get_by_label("预览网址").input_value()
    editor.get_by_role("button", name="复制网址").click()
    expect(editor.get_by_role("button", name="已复制")).to_be_visible()

    context = browser.new_context(base_url=live_server.url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".preview-bar")).to_contain_text("未出版，仅供审阅，请勿转发")
    expect(page.locator(".story__headline")).to_have_text(SIGNED)
    page.locator(".story__link").first.click()
    for place, title in enumerate(SIGNED):
        assert page.url.startswith(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        expect(page.locator(".copy")).to_contain_text(f"{title}的正文。")
        expect(page.locator(".preview-bar")).to_be_visible()
        if place + 1 < len(SIGNED):
            page.locator(".pager__link--next").click()
    expect(page.locator(".pager__link--next")).to_have_count(0)
    page.locator(".pager__link--previous").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SIGNED[1])
    page.get_by_role("navigation", name="本期要目").get_by_role("link", name=SIGNED[0]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SIGNED[0])
    for home in (page.locator(".folio-line__name"), page.get_by_role("link", name="本期头版")):
        home.click()
        assert page.url == address
        page.go_back()
    assert context.cookies() == []

    editor.get_by_role("button", name="收回").first.click()
    expect(editor.locator(".messages")).to_contain_text("已收回")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_role("heading", level=1)).to_have_text("预览链接已失效")
    context.close()


def test_publishing_without_the_unfinished_is_undone_in_one_click(
    desk, browser: Browser, live_server: LiveServer
) -> None:
    issue = make_next_issue()
    make_user(CHIEF_EDITOR, username="zong")
    chief = desk("zong")
    chief.goto(f"/admin/issues/{issue.pk}/publish/")
    expect(chief.locator(".publishing")).to_contain_text("不带：《没写完的评论》")
    chief.get_by_role("button", name="不带未定稿的1篇，出版第451期").click()
    expect(chief.locator(".messages")).to_contain_text("第451期已出版")

    reader = browser.new_page(base_url=live_server.url)
    reader.goto("/451/")
    expect(reader.locator(".story__headline")).to_have_text(SIGNED)

    chief.get_by_role("button", name="撤销出版").click()
    expect(chief.locator(".messages")).to_contain_text("已撤销出版")
    answer = reader.goto("/451/")
    assert answer is not None
    assert answer.status == 404
    reader.close()


def test_an_editor_walks_the_issue_in_the_admins_preview(desk) -> None:
    issue = make_next_issue()
    make_user(EDITOR, username="bian")
    page = desk("bian")
    page.goto(f"/admin/pages/{issue.pk}/view_draft/")
    page.locator(".story__link").first.click()
    for title in [*SIGNED, "没写完的评论"]:
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        if title != "没写完的评论":
            page.locator(".pager__link--next").click()
    page.locator(".folio-line__name").click()
    expect(page.locator(".story__headline")).to_have_count(4)
