"""Two editors at one article: each is told in Chinese, and nobody's text is lost silently."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from articles.models import ArticlePage
from desk.review.submitting import submit_article
from tests.desk.reviewing import step_of
from tests.factories import make_article, make_issue, make_user


@pytest.fixture
def article(desk) -> ArticlePage:
    make_user("编辑", username="bj", last_name="赵", first_name="甲")
    make_user("总编", username="zong", last_name="钱", first_name="乙")
    return make_article(make_issue(), "象棋比赛")


def open_article(page: Page, article: ArticlePage) -> None:
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.locator("html[data-watching=yes]").wait_for()


def latest(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()


def saved(page: Page):
    """Wait for the answer to a save of the form, by the button or by itself."""
    return page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.endswith("/edit/")
    )


def test_whoever_saves_second_is_warned_and_both_texts_are_kept(desk, article) -> None:
    first, second = desk("bj"), desk("zong")
    open_article(first, article)
    open_article(second, article)
    with saved(first):
        first.locator("[name=kicker]").fill("赵甲的引题")
    with saved(second) as refused:
        second.locator("[name=subhead]").fill("钱乙的副题")
    assert refused.value.status == 400
    expect(second.locator("footer")).to_contain_text("自动保存已暂停")
    assert latest(article).kicker == "赵甲的引题"

    # Wagtail asks every ten seconds who else is here; its dialog depends on that answer.
    told = second.locator(".w-editing-sessions__session--saved")
    told.wait_for(state="attached", timeout=20_000)
    second.get_by_role("button", name="保存草稿").click()
    notice = second.get_by_role("dialog")
    expect(notice).to_contain_text("赵甲 保存了新版本")
    expect(notice).to_contain_text("继续操作将覆盖 赵甲 所作的修改")
    assert second.locator("[name=subhead]").input_value() == "钱乙的副题"

    # She goes on all the same: his text is in the history.
    with saved(second):
        notice.get_by_role("button", name="保存草稿").click()
    expect(second.locator(".messages")).to_contain_text("已更新")
    assert latest(article).subhead == "钱乙的副题"
    kickers = [revision.as_object().kicker for revision in article.revisions.all()]
    assert "赵甲的引题" in kickers


@pytest.fixture
def in_review(article: ArticlePage) -> ArticlePage:
    make_user("编辑", username="yi", last_name="孙", first_name="丙")
    submit_article(article=article, by=make_user("编辑", username="xie"))
    return article


def passed(page: Page) -> Locator:
    return page.get_by_role("button", name="一审通过", exact=True).filter(visible=True)


@pytest.mark.parametrize("is_told", [False, True], ids=["at the same moment", "told of it before"])
def test_signing_a_stale_page_is_refused_and_the_text_stays_on_the_screen(
    desk, in_review, is_told: bool
) -> None:
    first, second = desk("bj"), desk("yi")
    open_article(second, in_review)
    open_article(first, in_review)
    with saved(first):
        first.locator("[name=kicker]").fill("赵甲的引题")
    second.locator("[name=subhead]").fill("孙丙的副题")
    if is_told:
        told = second.locator(".w-editing-sessions__session--saved")
        told.wait_for(state="attached", timeout=20_000)
    passed(second).click()
    refused = second.get_by_text("没有签字：您打开之后，赵甲又保存过这篇稿件").first
    go_on = second.get_by_role("dialog").get_by_role("button", name="一审通过")
    expect(refused.or_(go_on).first).to_be_visible()
    assert go_on.is_visible() or not is_told
    if go_on.is_visible():  # on a slow machine the page has learned of it in between
        go_on.click()
    expect(refused).to_be_visible()
    assert second.locator("[name=subhead]").input_value() == "孙丙的副题"
    assert step_of(in_review) == "一审"
    assert latest(in_review).kicker == "赵甲的引题"


def test_signing_at_once_after_typing_signs_what_was_typed(desk, in_review) -> None:
    page = desk("yi")
    open_article(page, in_review)
    for words in ("一", "一改", "一改再改"):
        with saved(page):
            page.locator("[name=kicker]").fill(words)
    page.locator("[name=kicker]").fill("最后的引题")
    passed(page).click()
    expect(page.locator(".messages")).to_contain_text("已签字。现在：二审")
    state = in_review.workflow_states.get().task_states.get(status="approved")
    assert state.revision.as_object().kicker == "最后的引题"
    assert step_of(in_review) == "二审"
