"""An editor composes and publishes an issue, in a real browser, with her own hands."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import ArticlePage
from interchange.pages import dump_issue
from interchange.readers.folder import read_folder
from interchange.schema import Article, Crosshead
from issues.models import IssuePage
from newsroom.models import Contributor
from tests.factories import SAMPLE, make_sample, make_user

from .counting import Hands

# What the whole job may take of one person, from the login form to a public issue of four
# articles with pasted headlines and text. A screen that asks for more has got worse.
MOST_CLICKS = 29
MOST_KEYSTROKES = 80

MANUSCRIPTS = read_folder(SAMPLE).articles


def text_of(article: Article) -> str:
    """Return an article as it lies in a manuscript: a line for each paragraph."""
    return "\n".join(passage.text for passage in article.body)


def button(page: Page, name: str) -> Locator:
    """Find the one button or link of that name which is in sight."""
    either = page.get_by_role("button", name=name).or_(page.get_by_role("link", name=name))
    return either.filter(visible=True)


def editor(page: Page) -> Locator:
    """Find the place for running text."""
    return page.locator(".Draftail-Editor [contenteditable=true]").first


def write_article(hands: Hands, article: Article) -> None:
    """Paste an article into the form that has just opened, headline first."""
    page = hands.page
    page.locator("html[data-watching=yes]").wait_for()
    expect(page.locator("[name=title]")).to_be_focused()
    hands.paste(article.title)
    if article.subhead:
        hands.click(page.locator("[name=subhead]"))
        hands.paste(article.subhead)
    hands.click(editor(page))
    hands.paste(text_of(article))
    for passage in article.body:
        if isinstance(passage, Crosshead):
            hands.click(editor(page).get_by_text(passage.text, exact=True))
            hands.click(page.locator(".Draftail-Toolbar").get_by_text("小标题"))
    for byline in article.bylines:
        hands.click(page.locator("[name=bylines-0-name]"))
        hands.type(byline.name)


@pytest.mark.django_db
def test_a_public_issue_takes_few_clicks_and_keys(desk, capsys) -> None:
    make_sample()
    make_user("总编", username="zong")
    page = desk("")
    hands = Hands(page)
    hands.click(page.locator("[name=username]"))
    hands.type("zong")
    hands.press("Tab")
    hands.type("x")
    hands.press("Enter")
    hands.click(button(page, "新建下一期"))
    hands.click(button(page, "保存草稿"))
    for article in MANUSCRIPTS:
        hands.click(button(page, "写一篇稿件"))
        write_article(hands, article)
        hands.click(button(page, "定稿"))
        expect(page.locator(".messages")).to_contain_text(f"《{article.title}》已定稿")
    hands.click(button(page, "出版…"))
    hands.click(button(page, "立即出版第451期"))
    expect(page.locator(".messages")).to_contain_text("第451期已出版")

    with capsys.disabled():
        print(f"\n从登录到出版四篇稿件的一期：{hands}")
    written = dump_issue(IssuePage.objects.get(number=451, live=True)).articles
    for article, manuscript in zip(written, MANUSCRIPTS, strict=True):
        assert (article.title, article.subhead) == (manuscript.title, manuscript.subhead)
        assert article.body == manuscript.body
        assert article.bylines == manuscript.bylines
    assert hands.clicks <= MOST_CLICKS
    assert hands.keystrokes <= MOST_KEYSTROKES
