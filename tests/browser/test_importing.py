"""A printed page is pasted, looked through and made into an issue's articles, as an editor does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from articles.models import ArticlePage
from interchange.pages import dump_issue
from interchange.readers.folder import read_folder
from interchange.schema import Article
from issues.models import IssuePage
from tests.factories import SAMPLE, make_issue, make_user

from .counting import Hands

SOURCE = (SAMPLE / "provenance" / "source.txt").read_text("utf-8")
CHECKED = [replace(article, remarks=()) for article in read_folder(SAMPLE).articles]
# From the open board to four drafts: the link, Ctrl+V, the button, nine answers, the button.
MOST_INTERACTIONS = 13
TWO = (
    "先进集体受表彰\n\n8月1日,市总工会表彰先进。会上发了奖牌。\n\n(张三)\n\n"
    "职工食堂上新\n\n8月2日,食堂上新菜。\n\n(李四)"
)
# Nothing but the bar and what scrolls by itself may be wider than the window or over something.
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


WORD_FILE = Path(__file__).parents[1] / "interchange" / "word_files" / "issue.docx"


@pytest.fixture
def issue(desk) -> IssuePage:
    make_user("编辑", username="bj", last_name="赵", first_name="甲")
    make_user("责任编辑", username="zr", last_name="钱", first_name="乙")
    return make_issue(451)


def begin(page: Page, issue: IssuePage, text: str) -> Page:
    page.goto(reverse("desk_import", args=[issue.pk]))
    page.get_by_label("粘贴整版的文字，或几篇稿件").fill(text)
    page.get_by_role("button", name="读进来看看").click()
    page.wait_for_url("**/desk/imports/**")
    return page


def log_in(page: Page, name: str) -> None:
    page.goto("/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "x")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def block(page: Page, words: str) -> Locator:
    """Find a piece by what it says, among the articles."""
    return page.locator(".importing-block", has_text=words).first


def articles(page: Page) -> Locator:
    return page.locator("article.importing-article")


def take_in(page: Page) -> Locator:
    return page.get_by_role("button", name="放进第451期")


def doubts_left(page: Page, count: int) -> None:
    bar = page.locator(".importing-bar__doubts")
    expect(bar).to_contain_text(f"还有{count}处" if count else "都定了")


def made(issue: IssuePage) -> list[Article]:
    """Return the drafts of an issue as the hand-checked folder would tell them."""
    return [replace(article, remarks=()) for article in dump_issue(issue).articles]


def test_a_printed_page_is_pasted_looked_through_and_becomes_its_hand_checked_copy(
    desk, issue: IssuePage, capsys
) -> None:
    hands = Hands(desk("bj"))
    page = hands.page
    page.goto(reverse("desk_board", args=[issue.pk]))
    hands.click(page.get_by_role("link", name="导入…"))
    expect(page.get_by_label("粘贴整版的文字，或几篇稿件")).to_be_focused()
    hands.paste(SOURCE)
    hands.click(page.get_by_role("button", name="读进来看看"))
    page.wait_for_url("**/desk/imports/**")
    expect(articles(page)).to_have_count(4)
    assert not ArticlePage.objects.child_of(issue).exists()

    for left in range(9, 0, -1):
        doubts_left(page, left)
        question = page.locator(".importing-question").first
        hands.click(question.get_by_role("button").first)
    doubts_left(page, 0)
    hands.click(take_in(page))
    page.wait_for_url("**/desk/issues/**")
    expect(page.locator(".messages")).to_contain_text("4篇稿件已放进第451期")

    assert made(issue) == CHECKED
    assert hands.clicks + hands.keystrokes <= MOST_INTERACTIONS, hands
    with capsys.disabled():
        print(f"\n整版文字到4篇草稿：{hands}")


def test_an_answer_leads_to_the_next_doubt_and_the_source_follows(desk, issue: IssuePage) -> None:
    page = begin(desk("bj"), issue, SOURCE)
    page.get_by_role("link", name="看第一处").press("Enter")
    asking = page.locator(".importing-block", has=page.locator(".importing-question"))
    expect(asking.nth(0)).to_be_focused()
    page.keyboard.press("Tab")  # 改
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    doubts_left(page, 8)
    expect(page.locator("[data-importing-said]")).to_contain_text("主题＋副题")

    here = asking.nth(0)
    expect(here).to_be_focused()
    assert "可能是一段" in here.inner_text()
    expect(here).to_be_in_viewport(ratio=1)
    source = page.locator("[data-importing-source] .importing-here")
    expect(source).to_have_count(1)
    expect(source).to_be_in_viewport()
    expect(source).to_have_attribute("href", f"#{here.get_attribute('id')}")
    block(page, "会议还邀请了").hover()  # the pointer shows its own piece, and takes nothing away
    expect(page.locator(".importing-under")).to_have_count(2)
    expect(source).to_have_count(1)
    expect(here).to_be_focused()
    here.get_by_role("link", name="先放着，看下一处").press("Enter")
    expect(asking.nth(1)).to_be_focused()
    doubts_left(page, 8)


def test_pieces_are_changed_moved_cut_joined_and_dropped_and_every_step_goes_back(
    desk, issue: IssuePage
) -> None:
    page = begin(desk("bj"), issue, TWO)

    def do(words: str, name: str) -> None:
        block(page, words).get_by_role("link", name="改").click()
        block(page, words).get_by_role("button", name=name).click()
        expect(page.locator(".importing-bar__told")).to_be_visible()
        expect(page.locator("[data-importing-form] dl")).to_have_count(0)

    def parts() -> list[str]:
        return page.locator("article .importing-block__part").all_inner_texts()

    before = parts()
    do("表彰先进", "在“会上发了奖牌。”之前")
    assert parts() == ["主题", "正文", "正文", "署名", "主题", "正文", "署名"]
    do("会上发了奖牌", "移到第2篇")
    expect(articles(page).nth(1)).to_contain_text("会上发了奖牌")
    do("会上发了奖牌", "接上一段")
    do("会上发了奖牌", "另起一段")
    do("会上发了奖牌", "不要")
    do("会上发了奖牌", "取回")
    do("会上发了奖牌", "小标题")
    do("会上发了奖牌", "从这里起另成一篇")
    expect(articles(page)).to_have_count(3)
    page.get_by_role("button", name="并到第2篇后面").last.click()
    expect(articles(page)).to_have_count(2)

    page.get_by_role("link", name="先放着，回组版台").click()
    page.get_by_role("link", name="导入…").click()
    page.get_by_role("link", name="先进集体受表彰").click()
    for _ in range(9):
        told = page.locator(".importing-bar__told").inner_text()
        page.get_by_role("button", name="退一步").click()
        expect(page.locator(".importing-bar")).not_to_contain_text(told)
    expect(page.get_by_role("button", name="退一步")).to_have_count(0)
    assert parts() == before


def test_who_decides_on_an_older_state_is_told_and_sees_the_new_one(desk, issue) -> None:
    first, second = begin(desk("bj"), issue, TWO), desk("zr")
    second.goto(first.url)
    block(second, "食堂上新菜").get_by_role("link", name="改").click()
    block(second, "食堂上新菜").get_by_role("button", name="不要").click()
    expect(second.locator(".importing-bar__told")).to_contain_text("不要")
    block(first, "表彰先进").get_by_role("link", name="改").click()  # comes with the new state
    expect(first.locator(".importing-bar__told")).to_contain_text("不要")
    block(second, "食堂上新菜").get_by_role("link", name="改").click()
    block(second, "食堂上新菜").get_by_role("button", name="取回").click()
    expect(second.locator(".importing-bar__told")).to_contain_text("取回")

    block(first, "表彰先进").get_by_role("button", name="小标题").click()
    alert = first.get_by_role("alert")
    expect(alert).to_be_in_viewport(ratio=1)
    expect(alert).to_contain_text("钱乙已改到下一步")
    expect(first.locator(".importing-bar__told")).to_contain_text("取回")
    expect(block(first, "表彰先进").locator(".importing-block__part")).to_have_text("正文")


def test_without_the_server_nothing_is_lost(desk, issue: IssuePage) -> None:
    page = begin(desk("bj"), issue, TWO)
    block(page, "表彰先进").get_by_role("link", name="改").click()
    page.context.set_offline(True)
    block(page, "表彰先进").get_by_role("button", name="小标题").click()
    expect(page.get_by_role("alert")).to_contain_text("现在连不上服务器")
    page.context.set_offline(False)
    block(page, "表彰先进").get_by_role("button", name="小标题").click()
    expect(page.locator(".importing-bar__told")).to_contain_text("改为小标题")


def test_without_script_the_same_buttons_do_the_same(
    page_without_javascript: Page, issue: IssuePage
) -> None:
    page = page_without_javascript
    page.set_viewport_size({"width": 1280, "height": 900})
    log_in(page, "bj")
    begin(page, issue, SOURCE)
    page.get_by_role("link", name="看第一处").click()
    asking = page.locator(".importing-block", has=page.locator(".importing-question"))
    expect(asking.nth(0)).to_be_in_viewport()
    for left in range(9, 0, -1):
        doubts_left(page, left)
        page.locator(".importing-question button").first.click()
    doubts_left(page, 0)
    block(page, "会议还邀请了").get_by_role("link", name="改").click()
    block(page, "会议还邀请了").get_by_role("button", name="不要").click()
    expect(page.locator(".importing-bar__told")).to_contain_text(
        "不要“会上，拱墅区".replace("，", ",")
    )
    page.get_by_role("button", name="退一步").click()
    take_in(page).click()
    page.wait_for_url("**/desk/issues/**")
    assert made(issue) == CHECKED


def test_on_a_phone_everything_is_within_reach(page: Page, issue: IssuePage) -> None:
    log_in(page, "bj")
    begin(page, issue, SOURCE)
    assert not page.evaluate(WIDER)
    page.get_by_role("link", name="看第一处").click()
    asking = page.locator(".importing-block", has=page.locator(".importing-question"))
    expect(asking.nth(0)).to_be_in_viewport(ratio=1)
    expect(take_in(page)).to_be_in_viewport(ratio=1)
    asking.nth(0).get_by_role("link", name="改").click()
    tools = page.locator(".importing-block__tools button")
    expect(tools.first).to_be_visible()
    assert not page.evaluate(WIDER)
    for button in tools.all():
        place = button.bounding_box()
        assert place is not None
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= 390
        assert place["height"] >= 24  # WCAG 2.2, 2.5.8
    top = page.locator(".importing-bar").bounding_box()
    assert top is not None
    assert top["height"] <= 140, "the bar leaves room for the text"


def test_a_word_file_is_chosen_looked_through_and_becomes_articles(desk, issue: IssuePage) -> None:
    page = desk("bj")
    page.goto(reverse("desk_import", args=[issue.pk]))
    page.set_input_files("#import-files", WORD_FILE)
    page.get_by_role("button", name="读进来看看").click()
    expect(articles(page)).to_have_count(4)
    take_in(page).click()
    expect(page.locator("[data-row]")).to_have_count(4)
