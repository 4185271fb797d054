"""The board in a real browser: by mouse, by keys, by finger, by two editors, and without script."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from articles.models import ArticlePage
from issues.models import Folio, IssuePage
from issues.placing import place
from newsroom.models import Section
from tests.factories import make_article, make_issue, make_user

from .counting import Hands

MANUSCRIPT = """市第十届职工运动会 中国象棋比赛在建德举行

　　7月27日，比赛在建德市寿昌江畔的寿昌工人文化宫开赛，来自全市的29支代表队参加。

以棋会友
　　“以棋会友，增进友谊。”杭州市公交集团包敏华说。
(张晓燕)
"""
# From the open board to the draft: the button, Ctrl+V, the button.
MOST_INTERACTIONS = 4


@pytest.fixture
def issue(desk) -> IssuePage:
    make_user("编辑", username="bj", last_name="赵", first_name="甲")
    make_user("责任编辑", username="zr", last_name="钱", first_name="乙")
    issue = make_issue(451)
    issue.folios = [Folio(number=1, name="要闻"), Folio(number=2, name="综合")]
    issue.save()
    Section.objects.create(name="文体", slug="sport")
    for title, folio in (("甲稿", 1), ("乙稿", 1), ("丙稿", 2)):
        make_article(issue, title, folio=folio)
    return issue


def open_board(page: Page, issue: IssuePage) -> Page:
    page.goto(reverse("desk_board", args=[issue.pk]))
    page.locator(".board--live").wait_for()
    return page


def printed(issue: IssuePage) -> str:
    rows = ArticlePage.objects.child_of(issue).in_print_order().values_list("folio", "title")
    return " ".join(f"{folio}{title[0]}" for folio, title in rows)


def shown(page: Page) -> str:
    """Return folio and title of the rows as they stand on the screen."""
    return page.evaluate(
        """() => [...document.querySelectorAll("[data-row]")].map(row =>
          row.closest("[data-rows]").dataset.rows + row.dataset.title[0]).join(" ")"""
    )


def row(page: Page, title: str) -> Locator:
    return page.locator(f"[data-row][data-title={title}]")


def handle(page: Page, title: str) -> Locator:
    return row(page, title).locator("[data-handle]")


def acted(page: Page):
    return page.expect_response(lambda answer: "/act/" in answer.url)


def announced(page: Page) -> Locator:
    return page.locator("[data-announce]")


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_row_is_dragged_to_another_folio(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    page.mouse.move(*middle(handle(page, "甲稿")))
    page.mouse.down()
    x, y = middle(row(page, "丙稿"))
    page.mouse.move(x, y + 10, steps=8)
    expect(page.locator(".board-drop")).to_have_count(1)
    assert shown(page) == "1甲 1乙 2丙"  # nothing moves before it is dropped
    with acted(page):
        page.mouse.up()

    expect(announced(page)).to_contain_text("《甲稿》现在在第2版第2条")
    assert shown(page) == printed(issue) == "1乙 2丙 2甲"


def test_the_way_from_a_row_to_its_alarms_opens_them_and_accepting_leads_back(
    desk, issue: IssuePage
) -> None:
    make_article(issue, "没有署名的", names=())
    page = open_board(desk("zr"), issue)
    expect(page.locator("#alarms")).not_to_have_attribute("open", "")
    row(page, "没有署名的").locator(".board-row__alarms").click()
    accept = page.locator("#alarms").get_by_role("button", name="原文如此").first
    expect(accept).to_be_visible()

    accept.click()
    page.locator(".board--live").wait_for()

    expect(page.locator("#alarms")).to_have_attribute("open", "")
    expect(page.locator("#alarms > summary")).to_be_in_viewport()


def test_a_list_that_only_has_the_focus_hides_nothing_of_what_others_do(
    desk, issue: IssuePage
) -> None:
    page = open_board(desk("bj"), issue)
    row(page, "甲稿").locator("[name^=prominence]").focus()
    with acted(page):
        row(page, "甲稿").locator("[name^=prominence]").select_option(label="头条")
    expect(row(page, "甲稿").locator("[name^=prominence]")).to_be_focused()

    place(
        article=ArticlePage.objects.get(title="甲稿"), by=User.objects.get(username="zr"), folio=2
    )

    expect(page.locator("[data-rows='2'] [data-title=甲稿]")).to_have_count(1, timeout=25_000)
    assert shown(page) == printed(issue)


def test_escape_puts_a_dragged_row_back(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    page.mouse.move(*middle(handle(page, "甲稿")))
    page.mouse.down()
    page.mouse.move(*middle(row(page, "丙稿")), steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()

    expect(page.locator(".board-drop")).to_have_count(0)
    assert shown(page) == printed(issue) == "1甲 1乙 2丙"


def test_a_finger_drags_too(browser: Browser, live_server: LiveServer, issue: IssuePage) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    page = context.new_page()
    log_in(page, "bj")
    open_board(page, issue)
    handle(page, "乙稿").scroll_into_view_if_needed()
    row(page, "甲稿").evaluate("row => row.scrollIntoView({block: 'center'})")
    x, y = middle(handle(page, "乙稿"))
    top = row(page, "甲稿").bounding_box()["y"]
    finger = page.context.new_cdp_session(page)

    def touch(kind: str, at: float | None = None) -> None:
        points = [] if at is None else [{"x": x, "y": at}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", y)
    for step in range(1, 9):
        touch("touchMove", y + (top + 5 - y) * step / 8)
    with acted(page):
        touch("touchEnd")

    expect(announced(page)).to_contain_text("《乙稿》现在在第1版第1条")
    assert shown(page) == printed(issue) == "1乙 1甲 2丙"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_keys_pick_up_move_and_put_down(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    handle(page, "甲稿").focus()
    page.keyboard.press("Space")
    expect(announced(page)).to_contain_text("拿起《甲稿》，在第1版第1条，共2条")
    page.keyboard.press("ArrowDown")
    expect(announced(page)).to_contain_text("第1版第2条")
    page.keyboard.press("ArrowDown")
    expect(announced(page)).to_contain_text("第2版第1条")
    with acted(page):
        page.keyboard.press("Enter")

    expect(announced(page)).to_contain_text("《甲稿》现在在第2版第1条")
    expect(handle(page, "甲稿")).to_be_focused()
    assert shown(page) == printed(issue) == "1乙 2甲 2丙"


def test_escape_puts_a_picked_row_back(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    handle(page, "甲稿").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")

    expect(announced(page)).to_contain_text("《甲稿》放回原处")
    assert shown(page) == printed(issue) == "1甲 1乙 2丙"
    expect(handle(page, "甲稿")).to_be_focused()


def test_alt_and_an_arrow_move_at_once_and_again(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    row(page, "甲稿").get_by_role("link", name="打开《甲稿》").focus()
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    expect(announced(page)).to_contain_text("《甲稿》现在在第2版第2条")

    assert shown(page) == printed(issue) == "1乙 2丙 2甲"
    expect(row(page, "甲稿").get_by_role("link", name="打开《甲稿》")).to_be_focused()


def test_a_stale_move_is_refused_and_the_new_order_is_shown(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    place(
        article=ArticlePage.objects.get(title="丙稿"),
        by=User.objects.get(username="zr"),
        folio=1,
        position=0,
    )
    handle(page, "乙稿").focus()
    with acted(page) as refused:
        page.keyboard.press("Alt+ArrowUp")

    assert refused.value.status == 409
    expect(page.get_by_role("alert")).to_contain_text("最后动版面的是钱乙")
    assert shown(page) == printed(issue) == "1丙 1甲 1乙"


def test_what_a_colleague_does_appears_and_is_said(desk, issue: IssuePage) -> None:
    first, second = open_board(desk("bj"), issue), open_board(desk("zr"), issue)
    handle(first, "甲稿").focus()
    with acted(second):
        row(second, "丙稿").locator("[name^=folio]").select_option("1")

    expect(first.locator("[data-rows='1'] [data-title=丙稿]")).to_be_visible(timeout=15_000)
    expect(announced(first)).to_contain_text("钱乙把《丙稿》移到了第1版")
    expect(handle(first, "甲稿")).to_be_focused()


def test_an_open_list_is_left_alone_until_it_is_closed(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    page.clock.install()
    mine = row(page, "甲稿").locator("[name^=prominence]")
    mine.focus()
    mine.evaluate("select => select.dataset.same = 'yes'")
    for title in ("甲稿", "乙稿"):
        place(article=ArticlePage.objects.get(title=title), by=None, prominence="lead")
    with page.expect_response(lambda answer: "/rows/" in answer.url):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(row(page, "乙稿")).to_have_class("board-row board-row--lead")
    assert mine.get_attribute("data-same") == "yes"
    expect(mine).to_be_focused()

    # Chosen from the stale list, it is refused; then the row is what it became.
    with acted(page) as refused:
        mine.select_option("brief")
    assert refused.value.status == 409
    expect(row(page, "甲稿").locator("[name^=prominence]")).to_have_value("lead")


def test_section_and_prominence_change_in_place(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    with acted(page):
        row(page, "乙稿").locator("[name^=section]").select_option(label="文体")
    with acted(page):
        row(page, "乙稿").locator("[name^=prominence]").select_option(label="头条")

    expect(row(page, "乙稿")).to_have_class("board-row board-row--lead")
    article = ArticlePage.objects.get(title="乙稿")
    assert (article.section.name, article.prominence) == ("文体", "lead")


def test_the_front_page_beside_the_list_follows(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    front = page.frame_locator("[data-preview] iframe")
    expect(front.locator("body")).to_contain_text("甲稿")
    headlines = front.locator("main")
    expect(headlines).to_contain_text("第2版")
    with acted(page):
        row(page, "丙稿").locator("[name^=folio]").select_option("1")

    expect(headlines).not_to_contain_text("第2版")

    page.get_by_role("button", name="收起", exact=True).click()
    page.reload()
    expect(page.get_by_role("button", name="展开", exact=True)).to_be_visible()
    expect(page.locator("[data-preview] iframe")).to_be_hidden()


def test_one_pasted_article_takes_four_interactions(desk, issue: IssuePage) -> None:
    hands = Hands(open_board(desk("bj"), issue))
    page = hands.page

    hands.click(page.get_by_role("link", name="粘贴稿件"))
    expect(page.get_by_label("一篇稿件的文字")).to_be_focused()
    hands.paste(MANUSCRIPT)
    parts = page.locator("[name=part]")
    expect(parts).to_have_count(5)
    chosen = [part.evaluate("s => s.selectedOptions[0].text") for part in parts.all()]
    assert chosen == ["主题", "正文", "小标题", "正文", "署名"]
    hands.click(page.get_by_role("button", name="放进本期", exact=True))

    expect(page.locator("[data-title^=市第十届]")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert hands.clicks + hands.keystrokes <= MOST_INTERACTIONS
    article = ArticlePage.objects.get(title__startswith="市第十届")
    assert [block.block_type for block in article.body] == ["paragraph", "crosshead", "paragraph"]
    assert [byline.name for byline in article.bylines.all()] == ["张晓燕"]


def test_the_dialog_stays_open_for_the_next_one_and_choices_survive_typing(
    desk, issue: IssuePage
) -> None:
    page = open_board(desk("bj"), issue)
    page.get_by_role("link", name="粘贴稿件").click()
    text = page.get_by_label("一篇稿件的文字")
    text.fill(MANUSCRIPT)
    part = page.get_by_label("第3行：以棋会友")
    part.select_option(label="副题")
    text.press("Control+End")
    text.type("（完）")
    expect(page.locator("[name=part]")).to_have_count(6)
    expect(page.get_by_label("第3行：以棋会友")).to_have_value("subhead")
    page.get_by_role("button", name="放进本期，再粘一篇").click()

    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("已放进第451期")
    expect(page.get_by_label("一篇稿件的文字")).to_have_value("")
    expect(page.get_by_label("一篇稿件的文字")).to_be_focused()
    assert ArticlePage.objects.get(title__startswith="市第十届").subhead == "以棋会友"


def test_in_this_place_presets_the_bar_for_a_new_article(desk, issue: IssuePage) -> None:
    page = open_board(desk("bj"), issue)
    page.locator("[data-folio='2']").get_by_role("link", name="加一篇").click()
    expect(page.get_by_label("新稿件的标题")).to_be_focused()
    page.keyboard.type("二版的新稿")
    page.keyboard.press("Enter")
    page.wait_for_url("**/edit/")

    assert ArticlePage.objects.get(title="二版的新稿").folio == 2


def log_in(page: Page, name: str) -> None:
    page.goto("/admin/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", "x")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def test_without_script_buttons_and_lists_do_the_same(
    page_without_javascript: Page, issue: IssuePage
) -> None:
    page = page_without_javascript
    page.set_viewport_size({"width": 1280, "height": 900})  # on a phone the menu needs its script
    log_in(page, "bj")
    page.goto(reverse("desk_board", args=[issue.pk]))
    page.get_by_role("button", name="下移《甲稿》").click()
    assert printed(issue) == "1乙 1甲 2丙"
    row(page, "甲稿").get_by_label("《甲稿》的版次").select_option("2")
    row(page, "甲稿").get_by_role("button", name="改").click()
    assert printed(issue) == "1乙 2丙 2甲"
    page.get_by_role("link", name="粘贴稿件").click()
    page.get_by_label("一篇稿件的文字").fill(MANUSCRIPT)
    page.get_by_role("button", name="先看看认成什么").click()
    assert page.locator("[name=part]").count() == 5
    page.get_by_role("button", name="放进本期", exact=True).click()

    assert printed(issue) == "1乙 1市 2丙 2甲"
    assert not page.locator("[data-handle]").first.is_visible()
