"""An issue from pasted text to print and after: one composes, three people sign, 总编 publishes.

Each person's hands are counted: what the desk promises is that composing four articles stays a
matter of a few minutes, whatever the reviews add for others.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from articles.models import ArticlePage
from interchange.readers.folder import read_folder
from interchange.schema import Article
from issues.models import IssuePage
from newsroom.cjk import full_width
from tests.factories import SAMPLE, make_sample, make_user

from .counting import Hands
from .test_compose import button

MOST_OF_THE_WRITER = 25  # clicks, pastes and fields, from the first screen to all handed in
PEOPLE = {
    "xie": ("编辑", "李"),
    "yi": ("编辑", "张"),
    "er": ("责任编辑", "钱"),
    "zong": ("总编", "赵"),
}
MANUSCRIPTS = read_folder(SAMPLE).articles


def as_sent(article: Article) -> str:
    """Return a manuscript as mail brings it: headlines, indented text, the name at the end."""
    lines = [article.title, article.subhead, ""]
    lines += [f"　　{passage.text}" if passage.text.endswith(("。", "”")) else passage.text
              for passage in article.body]  # fmt: skip
    return "\n".join([*lines, f"({article.bylines[0].name})"])


def told(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator(".messages")).to_contain_text(words)


@pytest.mark.usefixtures("django_db_serialized_rollback")
def test_four_articles_from_pasted_text_through_three_reviews_to_print_and_after(
    desk, browser, live_server, capsys
) -> None:
    make_sample()
    for name, (role, surname) in PEOPLE.items():
        make_user(role, username=name, last_name=surname, first_name="某")
    hands = {name: Hands(desk(name)) for name in PEOPLE}
    writer, first, second, chief = hands.values()

    # 李某 composes: the next issue, four pasted manuscripts, all handed in.
    page = writer.page
    writer.click(page.get_by_role("link", name="本期", exact=True))
    writer.click(button(page, "新建下一期"))
    page.wait_for_url("**/desk/issues/**")
    issue = IssuePage.objects.get(number=451)
    writer.click(button(page, "粘贴稿件"))
    for place, manuscript in enumerate(MANUSCRIPTS, start=1):
        text = page.get_by_label("一篇稿件的文字")
        expect(text).to_be_focused()
        expect(text).to_have_value("")
        writer.paste(as_sent(manuscript))
        expect(page.locator("[data-lines-place]")).to_contain_text(manuscript.title)
        last = place == len(MANUSCRIPTS)
        name = "放进本期" if last else "放进本期，再粘一篇"
        writer.click(page.get_by_role("button", name=name, exact=True))
        expect(page.locator("[data-row]")).to_have_count(place)
    writer.click(button(page, "全部提交审核"))
    expect(page.locator("[data-told]")).to_contain_text("提交")
    composed = writer.clicks + writer.keystrokes
    written = [
        article.get_latest_revision_as_object()
        for article in ArticlePage.objects.child_of(issue).in_print_order()
    ]
    assert [article.title for article in written] == [m.title for m in MANUSCRIPTS]
    assert [article.subhead for article in written] == [m.subhead for m in MANUSCRIPTS]

    # 张某, the first reader, passes three and returns one with the reason.
    page = first.page
    page.reload()
    first.click(page.get_by_role("link", name=MANUSCRIPTS[0].title).first)
    for manuscript in MANUSCRIPTS:
        expect(page.locator("h1, header")).to_contain_text([manuscript.title])
        if manuscript is MANUSCRIPTS[1]:
            first.click(page.get_by_label("留言"))
            first.paste("标题太长，请改短。")
            first.click(button(page, "退回修改"))
            told(page, "退回给李某修改")
        else:
            first.click(button(page, "一审通过"))
            told(page, "二审（责任编辑：钱某）")

    # 李某 mends it and hands it in again.
    page = writer.page
    page.goto("/admin/")
    expect(page.locator("main")).to_contain_text("标题太长，请改短。")
    writer.click(page.get_by_role("link", name=MANUSCRIPTS[1].title).first)
    page.locator("html[data-watching=yes]").wait_for()
    writer.click(page.locator("[name=title]"))
    writer.press("Control+a")
    writer.paste("拱墅托育解职工难题")
    writer.click(button(page, "改好，重新提交审核"))
    told(page, "一审（编辑")

    # He sees what changed, character by character, and passes it; so do the two after him.
    page = first.page
    page.goto("/admin/")
    first.click(page.get_by_role("link", name="拱墅托育解职工难题").first)
    first.click(button(page, "一审通过"))
    told(page, "二审")
    for reader, step in ((second, "二审"), (chief, "三审")):
        page = reader.page
        page.goto("/admin/")
        reader.click(page.get_by_role("link", name=MANUSCRIPTS[0].title).first)
        for _ in MANUSCRIPTS:
            reader.click(button(page, f"{step}通过"))
            told(page, "签字")
    assert ArticlePage.objects.child_of(issue).live().count() == 4
    assert not IssuePage.objects.get(pk=issue.pk).live
    readers = browser.new_page(base_url=live_server.url)
    assert readers.goto("/451/").status == 404

    # 赵某 publishes: one act, all four, in order.
    page = chief.page
    chief.click(button(page, "出版…"))
    chief.click(button(page, "立即出版第451期"))
    told(page, "第451期已出版")
    readers.goto("/451/")
    titles = [m.title if m is not MANUSCRIPTS[1] else "拱墅托育解职工难题" for m in MANUSCRIPTS]
    for title, headline in zip(titles, readers.locator(".story__headline").all(), strict=True):
        expect(headline).to_have_text(full_width(title))

    # Two days later: a correction, and a withdrawal.
    fourth, third = (ArticlePage.objects.get(issue=issue, number=n) for n in (4, 3))
    chief.click(button(page, "回第451期组版台"))
    chief.click(page.get_by_role("link", name=f"更正…《{fourth.title}》"))
    chief.click(page.get_by_label("更正内容"))
    chief.paste("第三段“建德市”应为“建德市总工会”。")
    chief.click(button(page, "登出更正"))
    told(page, "更正")
    chief.click(button(page, "回第451期组版台"))
    chief.click(page.get_by_role("link", name=f"撤稿…《{third.title}》"))
    chief.click(page.get_by_label("原因"))
    chief.paste("数字未经核实。")
    chief.click(page.get_by_role("button", name="撤稿", exact=True))
    told(page, "已撤稿")
    readers.goto("/451/4/")
    expect(readers.locator("main")).to_contain_text("应为“建德市总工会”")
    assert readers.goto("/451/3/").status == 410
    expect(readers.locator("main")).to_contain_text("数字未经核实")
    readers.goto("/451/")
    expect(readers.locator("main")).not_to_contain_text(full_width(MANUSCRIPTS[2].title))
    readers.close()

    with capsys.disabled():
        print(f"\n组四篇稿件并提交：{composed}次操作")
        for name, (role, surname) in PEOPLE.items():
            print(f"{surname}某（{role}）一共：{hands[name]}")
    assert composed <= MOST_OF_THE_WRITER
