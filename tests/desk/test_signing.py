"""An article is 定稿 when exactly the revision that was read is signed, and never a newer one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from accounts.models import User
from articles.models import ArticlePage, Byline
from desk.review.signing import SigningRefused, recall_article, sign_article
from issues.models import IssuePage
from newsroom.models import Contributor
from tests import factories, forms
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    factories.make_paper()
    return make_issue(451)


@pytest.fixture
def article(issue: IssuePage) -> ArticlePage:
    return make_article(issue, "原来的标题")


@pytest.fixture
def reviewer(issue: IssuePage) -> User:
    return make_user("责任编辑", username="责编")


@pytest.fixture
def writer(issue: IssuePage) -> User:
    return make_user("编辑", username="编辑")


Opener = Callable[[User], Client]


@pytest.fixture
def as_() -> Opener:
    def log_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return log_in


def stands(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def change(article: ArticlePage, title: str, by: User | None = None) -> ArticlePage:
    """Save a newer draft, as somebody else's editor would."""
    draft = stands(article).get_latest_revision_as_object()
    draft.title = title
    draft.save_revision(user=by)
    return stands(article)


# The verb.


def test_the_revision_named_becomes_the_signed_version(
    article: ArticlePage, reviewer: User
) -> None:
    revision = article.get_latest_revision()

    sign_article(article=article, revision=revision, by=reviewer)

    assert (stands(article).live, stands(article).live_revision_id) == (True, revision.pk)
    assert not stands(article).has_unpublished_changes


def test_a_revision_that_is_not_the_latest_is_refused_and_names_who_came_between(
    article: ArticlePage, reviewer: User, writer: User
) -> None:
    read = article.get_latest_revision()
    change(article, "后来改的", by=writer)

    with pytest.raises(SigningRefused, match=r"王某.*又保存过"):
        sign_article(article=article, revision=read, by=reviewer)
    assert not stands(article).live


@pytest.mark.parametrize("role", ["", "编辑"])
def test_who_may_not_sign_is_told_what_to_do(article: ArticlePage, role: str) -> None:
    with pytest.raises(SigningRefused, match="请提交审核"):
        sign_article(article=article, revision=article.get_latest_revision(), by=make_user(role))
    with pytest.raises(SigningRefused):
        sign_article(article=article, revision=article.get_latest_revision(), by=AnonymousUser())


def test_an_empty_body_is_not_signed(issue: IssuePage) -> None:
    for body in ([], [("paragraph", "")], [("paragraph", "<p> </p><p>　</p>")]):
        empty = make_article(issue, body=body)
        with pytest.raises(SigningRefused, match="正文还是空的"):
            sign_article(article=empty, revision=empty.get_latest_revision(), by=None)


def test_what_is_at_fault_is_named_by_its_label(article: ArticlePage) -> None:
    article.kicker = "长" * 101
    revision = article.save_revision(clean=False)

    with pytest.raises(SigningRefused, match="引题"):
        sign_article(article=article, revision=revision, by=None)


def test_signing_is_told_in_the_history_once(article: ArticlePage, reviewer: User) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=reviewer)

    entries = PageLogEntry.objects.filter(page=article).exclude(action__startswith="wagtail.create")
    assert [(entry.action, entry.user) for entry in entries] == [("desk.sign", reviewer)]


def test_a_signed_article_is_not_public_before_its_issue(
    article: ArticlePage, client: Client
) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)

    assert client.get("/451/1/").status_code == 404


def test_signing_credits_the_one_contributor_of_a_name(issue: IssuePage) -> None:
    known = Contributor.objects.create(name="汪燕盼", unit="拱墅区总工会")

    article = make_article(issue, names=("汪燕盼", "新来的"), signed=True)

    assert [line.contributor for line in article.bylines.all()] == [
        known,
        Contributor.objects.get(name="新来的"),
    ]


def test_a_name_that_two_bear_is_left_for_the_editor_to_say(issue: IssuePage) -> None:
    for unit in ("建德", "临安"):
        Contributor.objects.create(name="王伟", unit=unit)

    article = make_article(issue, names=("王伟",), signed=True)

    assert article.bylines.get().contributor is None
    assert Contributor.objects.filter(name="王伟").count() == 2


def test_crediting_leaves_whom_an_editor_named(issue: IssuePage) -> None:
    chosen = Contributor.objects.create(name="王伟", unit="建德")
    Contributor.objects.create(name="笔名")
    article = make_article(issue, names=())
    article.bylines = [Byline(name="笔名", contributor=chosen)]

    sign_article(article=article, revision=article.save_revision(), by=None)

    assert stands(article).bylines.get().contributor == chosen


# The editor's button.


def test_the_button_signs_what_is_on_the_screen(
    article: ArticlePage, reviewer: User, as_: Opener
) -> None:
    browser = as_(reviewer)
    data = forms.edit_form(browser, article)

    browser.post(forms.edit_url(article), {**data, "title": "最后的标题", "action-sign": "1"})

    signed = stands(article)
    assert (signed.live, signed.title) == (True, "最后的标题")
    assert signed.live_revision_id == signed.latest_revision_id


def test_an_edit_between_opening_and_signing_is_refused_and_nothing_is_saved(
    article: ArticlePage, reviewer: User, writer: User, as_: Opener
) -> None:
    browser = as_(reviewer)
    data = forms.edit_form(browser, article)
    change(article, "别人改的", by=writer)

    answer = browser.post(
        forms.edit_url(article), {**data, "title": "我的标题", "action-sign": "1"}
    )

    assert "别人又保存过" in forms.messages_of(answer)
    assert not stands(article).live
    assert stands(article).get_latest_revision_as_object().title == "别人改的"


def test_signing_faulty_copy_from_the_editor_saves_nothing(
    article: ArticlePage, reviewer: User, as_: Opener
) -> None:
    browser = as_(reviewer)
    data = forms.edit_form(browser, article) | forms.body_data([("paragraph", "")])
    revisions = article.revisions.count()

    answer = browser.post(forms.edit_url(article), {**data, "body-0-id": "", "action-sign": "1"})

    assert "正文还是空的" in forms.messages_of(answer)
    assert article.revisions.count() == revisions
    assert not stands(article).live


def test_a_colleagues_lock_bars_signing(
    article: ArticlePage, reviewer: User, writer: User, as_: Opener
) -> None:
    browser = as_(reviewer)
    data = forms.edit_form(browser, article)
    Page.objects.filter(pk=article.pk).update(locked=True, locked_by=writer)

    browser.post(forms.edit_url(article), {**data, "action-sign": "1"})

    assert not stands(article).live


def test_signing_while_in_review_ends_the_review(
    article: ArticlePage, reviewer: User, writer: User, as_: Opener
) -> None:
    article.get_workflow().start(article, writer)
    browser = as_(reviewer)
    data = forms.edit_form(browser, article)

    browser.post(forms.edit_url(article), {**data, "action-sign": "1"})

    assert stands(article).live
    assert not stands(article).workflow_in_progress


def autosave(browser: Client, article: ArticlePage, data: dict[str, str]) -> dict:
    answer = browser.post(forms.edit_url(article), data, headers={"accept": "application/json"})
    return answer.json()


def test_a_window_left_open_does_not_write_over_the_signed_revision(
    article: ArticlePage, reviewer: User, as_: Opener
) -> None:
    browser = as_(reviewer)
    data = forms.edit_form(browser, article)
    saved = autosave(browser, article, {**data, "title": "读过的标题"})
    data["overwrite_revision_id"] = str(saved["revision_id"])
    fresh = forms.edit_form(browser, article)
    browser.post(forms.edit_url(article), {**fresh, "action-sign": "1"})
    signed = stands(article).live_revision

    told = autosave(browser, article, {**data, "title": "没人读过的标题"})

    assert told["success"]
    signed.refresh_from_db()
    assert signed.content["title"] == "读过的标题"
    assert stands(article).title == "读过的标题"
    assert stands(article).has_unpublished_changes
    assert stands(article).get_latest_revision_as_object().title == "没人读过的标题"


# Review.


def in_review(article: ArticlePage, by: User) -> ArticlePage:
    article = stands(article)
    article.save_revision(user=by)
    article.get_workflow().start(article, by)
    return stands(article)


def approve(browser: Client, article: ArticlePage) -> str:
    state = article.current_workflow_task_state
    answer = browser.post(
        reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", state.pk]),
        {"comment": ""},
    )
    return forms.messages_of(answer)


def test_approval_signs_the_revision_that_was_submitted(
    article: ArticlePage, writer: User, reviewer: User, as_: Opener
) -> None:
    article = in_review(article, writer)
    submitted = article.latest_revision_id

    approve(as_(reviewer), article)

    assert stands(article).live_revision_id == submitted


def test_approval_of_a_newer_revision_by_somebody_else_is_refused(
    article: ArticlePage, writer: User, reviewer: User, as_: Opener
) -> None:
    article = in_review(article, writer)
    other = make_user("总编", username="另一位")
    change(article, "总编改的", by=other)

    told = approve(as_(reviewer), article)

    assert "又改过这篇稿件" in told
    assert not stands(article).live
    assert stands(article).workflow_in_progress


def test_the_approver_signs_what_they_changed_themselves(
    article: ArticlePage, writer: User, reviewer: User, as_: Opener
) -> None:
    article = in_review(article, writer)
    changed = change(article, "责编改的", by=reviewer)

    approve(as_(reviewer), article)

    assert stands(article).title == "责编改的"
    assert stands(article).live_revision_id == changed.latest_revision_id


def test_a_submitted_revision_is_not_written_over_behind_the_approver(
    article: ArticlePage, reviewer: User, as_: Opener
) -> None:
    submitter = make_user("责任编辑", username="提交人")
    browser = as_(submitter)
    data = forms.edit_form(browser, article)
    saved = autosave(browser, article, {**data, "title": "提交的标题"})
    article = stands(article)
    article.get_workflow().start(article, submitter)

    data["overwrite_revision_id"] = str(saved["revision_id"])
    autosave(browser, article, {**data, "title": "提交后偷改的标题"})
    told = approve(as_(reviewer), stands(article))

    assert "又改过这篇稿件" in told
    assert not stands(article).live


def test_approval_in_the_editor_signs_what_the_approver_sees(
    article: ArticlePage, writer: User, reviewer: User, as_: Opener
) -> None:
    article = in_review(article, writer)
    browser = as_(reviewer)
    data = forms.edit_form(browser, article) | {
        "title": "责编在编辑器里改的",
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
    }

    browser.post(forms.edit_url(article), data)

    assert (stands(article).live, stands(article).title) == (True, "责编在编辑器里改的")


def test_approval_in_an_editor_that_is_out_of_date_is_refused(
    article: ArticlePage, writer: User, reviewer: User, as_: Opener
) -> None:
    article = in_review(article, writer)
    browser = as_(reviewer)
    data = forms.edit_form(browser, article) | {
        "action-workflow-action": "true",
        "workflow-action-name": "approve",
    }
    change(article, "总编改的", by=make_user("总编", username="总编"))

    answer = browser.post(forms.edit_url(article), data)

    assert "别人又保存过" in forms.messages_of(answer)
    assert not stands(article).live


def test_approving_faulty_copy_is_refused_and_stays_in_review(
    issue: IssuePage, writer: User, reviewer: User, as_: Opener
) -> None:
    article = in_review(make_article(issue, body=[]), writer)

    told = approve(as_(reviewer), article)

    assert "正文还是空的" in told
    assert not stands(article).live
    assert stands(article).workflow_in_progress


def test_what_is_in_review_is_not_changed_by_its_writer(
    article: ArticlePage, writer: User, as_: Opener
) -> None:
    browser = as_(writer)
    data = forms.edit_form(browser, article)
    article = in_review(article, writer)

    browser.post(forms.edit_url(article), {**data, "title": "送审后改的"})

    assert article.get_latest_revision_as_object().title == "原来的标题"


def test_an_article_sent_back_is_handed_in_again_and_signed(
    article: ArticlePage, writer: User, reviewer: User, as_: Opener
) -> None:
    article = in_review(article, writer)
    state = article.current_workflow_task_state
    as_(reviewer).post(
        reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "reject", state.pk]),
        {"comment": "导语太长"},
    )
    browser = as_(writer)
    data = forms.edit_form(browser, article) | {"title": "改好的", "action-submit": "1"}
    browser.post(forms.edit_url(article), data)

    approve(as_(reviewer), stands(article))

    assert (stands(article).live, stands(article).title) == (True, "改好的")


# Taking it back.


def test_a_recalled_article_is_a_draft_with_its_latest_text(
    article: ArticlePage, reviewer: User
) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    change(article, "定稿后改的")

    recall_article(article=article, by=reviewer)

    recalled = stands(article)
    assert (recalled.live, recalled.title, recalled.live_revision) == (False, "定稿后改的", None)
    assert PageLogEntry.objects.filter(page=article, action="desk.recall", user=reviewer).exists()


def test_a_recalled_article_is_signed_again(article: ArticlePage, reviewer: User) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    recall_article(article=article, by=reviewer)

    again = stands(article)
    sign_article(article=again, revision=again.get_latest_revision(), by=reviewer)

    assert stands(article).live


def test_a_recalled_article_that_nobody_read_may_be_deleted_after_more_saving(
    article: ArticlePage, writer: User
) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)
    change(article, "定稿后改的")
    recall_article(article=article, by=None)
    draft = stands(article).get_latest_revision_as_object()
    draft.save()

    assert stands(article).permissions_for_user(writer).can_delete()


def test_a_draft_is_not_recalled(article: ArticlePage, reviewer: User) -> None:
    with pytest.raises(SigningRefused, match="还没有定稿"):
        recall_article(article=article, by=reviewer)


def test_an_article_of_a_public_issue_is_not_recalled_by_anybody(issue: IssuePage) -> None:
    public = make_public_issue(450)
    article = ArticlePage.objects.child_of(public).get()

    for by in (None, make_user("总编"), make_user(is_superuser=True)):
        with pytest.raises(SigningRefused, match="已经出版"):
            recall_article(article=article, by=by)
    assert stands(article).live


def test_an_editor_recalls_nothing(article: ArticlePage, writer: User, as_: Opener) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)

    with pytest.raises(SigningRefused, match="没有撤回定稿的权限"):
        recall_article(article=article, by=writer)
    as_(writer).post(reverse("desk_recall", args=[article.pk]))
    assert stands(article).live


def test_opening_the_recall_screen_changes_nothing(
    article: ArticlePage, reviewer: User, as_: Opener
) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)

    answer = as_(reviewer).get(reverse("desk_recall", args=[article.pk]))

    assert answer.status_code == 200
    assert stands(article).live
