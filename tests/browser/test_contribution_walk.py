"""A tip walks from the form to a printed article, and the paper's answer back to its receipt."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from articles.models import ArticlePage
from contributions import retention
from contributions.models import Contribution
from issues.models import IssuePage
from tests.desk.reviewing import make_readers, sign_through
from tests.factories import make_sample, make_user

from .test_compose import button, photograph

TIP = (
    "11月20日，二号车间的风扇坏了三天，车间里四十多人轮着到门口透气。\n"
    "工会小组长反映以后，当天下午就换了新的，还给每人发了一条毛巾。"
)
PHOTO = {"name": "车间.jpg", "mimeType": "image/jpeg", "buffer": photograph()}


def look_up(page: Page, code: str) -> None:
    page.goto("/contribute/status/")
    page.fill("[name=code]", code.lower())
    button(page, "查询").click()


def test_a_tip_becomes_an_article_and_its_sender_learns_of_it(page: Page, desk) -> None:
    make_sample()
    make_user("编辑", username="bj")
    make_user("总编", username="zong")

    # A reader tells what happened, without a name.
    page.goto("/contribute/")
    page.get_by_text("我有新闻线索").click()
    page.fill("[name=text]", TIP)
    page.set_input_files("[name=files]", [PHOTO])
    button(page, "提交").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已经收到")
    code = re.search(r"\b(?:[2-9A-Z]{4}-){3}[2-9A-Z]{4}\b", page.locator("main").inner_text())[0]
    assert Contribution.objects.get().is_anonymous

    # An editor finds it unread, takes it up, and asks.
    editor = desk("bj")
    editor.goto("/admin/")
    editor.get_by_role("link", name=re.compile("^来稿")).first.click()
    editor.get_by_role("link", name=re.compile("11月20日，二号车间")).click()
    expect(editor.locator("main")).to_contain_text("匿名")
    button(editor, "一审").click()
    editor.locator("form:has([value=ask]) textarea").fill("是哪一家单位？")
    button(editor, "发给投稿人").click()

    # The sender reads the question and answers it.
    look_up(page, code)
    expect(page.locator("main")).to_contain_text("一审")
    expect(page.locator("main")).to_contain_text("是哪一家单位？")
    expect(page.locator("main")).not_to_contain_text("风扇")
    page.fill("[name=text]", "杭州齿轮厂。")
    button(page, "提交").click()
    expect(page.locator("main")).to_contain_text("您的留言已经收到")

    # The editor makes an article of it, gives it a headline and hands it in.
    editor.goto("/admin/")
    button(editor, "新建下一期").click()
    expect(editor.locator(".messages")).to_contain_text("第451期")
    editor.get_by_role("link", name=re.compile("^来稿")).first.click()
    editor.get_by_role("link", name=re.compile("11月20日，二号车间")).click()
    expect(editor.locator("main")).to_contain_text("杭州齿轮厂。")
    editor.get_by_role("link", name="转为稿件…").click()
    editor.get_by_role("button", name="转为稿件").click()
    editor.locator("html[data-watching=yes]").wait_for()
    editor.fill("[name=title]", "车间换上新风扇")
    button(editor, "提交").click()
    expect(editor.locator(".messages")).to_contain_text("车间换上新风扇")
    look_up(page, code)
    expect(page.locator("main")).to_contain_text("拟用")

    # Three people sign it; the chief editor publishes the issue.
    issue = IssuePage.objects.get(number=451)
    sign_through(ArticlePage.objects.child_of(issue).get(), make_readers())
    chief = desk("zong")
    chief.goto(f"/admin/issues/{issue.pk}/publish/")
    button(chief, "立即出版第451期").click()
    expect(chief.locator(".messages")).to_contain_text("第451期已出版")

    # The receipt leads to print.
    look_up(page, code)
    expect(page.locator("main")).to_contain_text("第451期采用")
    with page.expect_download() as download:
        button(page, "下载采用证明").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    page.get_by_role("link", name="看登出来的文章").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("车间换上新风扇")
    expect(page.locator(".copy")).to_contain_text("还给每人发了一条毛巾。")
    picture = page.locator(".copy img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    # When it is erased, the article stays and the receipt finds nothing.
    retention.erase(contribution=Contribution.objects.get(), by=None)
    look_up(page, code)
    expect(page.locator("main")).to_contain_text("没有查到")
    page.goto("/451/1/")
    expect(page.get_by_role("heading", level=1)).to_have_text("车间换上新风扇")
