"""Opening an article and saving it changes nothing; changing a word changes that word."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, expect

from articles.models import ArticlePage
from interchange.pages import dump_issue, load_issue
from interchange.readers.folder import read_folder
from interchange.schema import Crosshead, Note, Paragraph, Quote, Run, Table
from interchange.writers.folder import render
from issues.models import IssuePage
from tests.factories import SAMPLE, make_sample, make_user

from .counting import Hands

# What running text can hold, and what is easily lost on the way through an editor.
EVERYTHING = (
    Paragraph(
        (
            Run("7月27日,"),
            Run("全市", bold=True),
            Run("职工", italic=True),
            Run("运动会", bold=True, italic=True),
            Run("见"),
            Run("网站", href="https://www.example.org/a?b=1&c=2"),
            Run("和"),
            Run("电话", bold=True, href="tel:057187160990"),
            Run("。"),
        )
    ),
    Paragraph.of("两个  空格，　全角空格，\n软回车，<p>&amp;\"'“”‘’，1 < 2 & 3 > 2。"),
    Paragraph.of("　　照原稿缩进的一段。"),
    Crosshead("“供”上多突破 入托有多种方式可选"),
    Paragraph.of("小标题之后。"),
    Quote("以棋会友。\n增进友谊。", source="包敏华"),
    Table((("名次", "代表队"), ("1", "余杭区  一队")), has_header=True, caption="团体"),
    Note("本文数据截至7月底。"),
    Paragraph.of("最后一段🎉。"),
)


def stored_files() -> dict[str, str]:
    return render(dump_issue(IssuePage.objects.get(number=450)))


def sample_files() -> dict[str, str]:
    return {path.name: path.read_text() for path in SAMPLE.iterdir() if path.is_file()}


def open_article(page: Page, number: int) -> None:
    article = ArticlePage.objects.get(issue__slug="450", number=number)
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.locator("html[data-watching=yes]").wait_for()


def save(page: Page) -> None:
    """Save by the button, and wait until the page is there again."""
    before = ArticlePage.objects.values_list("latest_revision_id", flat=True)
    revisions = set(before)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator(".messages")).to_contain_text("已更新")
    assert set(before.all()) != revisions


def test_saving_an_article_unchanged_changes_nothing(desk) -> None:
    make_sample()
    make_user("总编", username="zong")
    page = desk("zong")
    for number in (1, 2, 3, 4):
        open_article(page, number)
        save(page)
    assert stored_files() == sample_files()


def test_one_changed_word_is_the_only_difference(desk) -> None:
    make_sample()
    make_user("总编", username="zong")
    page = desk("zong")
    open_article(page, 2)
    hands = Hands(page)
    hands.select("王安毅")
    hands.type("李平安")
    # Draftail hands its text to the form a quarter of a second later.
    expect(page.locator("[name=body-0-value]")).to_have_value(re.compile("李平安"))
    save(page)
    expected = sample_files()
    assert expected["02.md"].count("王安毅") == 1
    expected["02.md"] = expected["02.md"].replace("王安毅", "李平安")
    assert stored_files() == expected


def test_setting_links_and_spaces_survive_saving(desk) -> None:
    make_sample()
    make_user("总编", username="zong")
    issue = read_folder(SAMPLE)
    rich = replace(issue.articles[1], body=EVERYTHING)
    load_issue(
        issue=replace(issue, articles=(issue.articles[0], rich, *issue.articles[2:])),
        picture=lambda name: b"",
    )
    page = desk("zong")
    open_article(page, 2)
    save(page)
    assert dump_issue(IssuePage.objects.get(number=450)).articles[1].body == EVERYTHING
