"""An article is 定稿 when exactly the revision that was read is signed, and never a newer one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, Task, Workflow
from wagtail.users.models import UserProfile

from accounts.models import User
from articles.models import ArticlePage, Byline
from desk.models import ReviewRules
from desk.review.approving import approve, return_to_writer
from desk.review.refusals import Overtaken
from desk.review.signing import SigningRefused, recall_article, sign_article
from desk.review.submitting import SubmittingRefused, next_up, submit_article
from issues.models import IssuePage
from newsroom.models import Contributor
from tests import forms
from tests.desk.reviewing import (
    Readers,
    approve_in_list,
    change,
    judge,
    log_in,
    make_readers,
    seen_of,
    sign_through,
    stands,
    step_of,
)
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    return make_issue(451)


@pytest.fixture
def article(issue: IssuePage) -> ArticlePage:
    return make_article(issue, "原来的标题")


@pytest.fixture
def readers(issue: IssuePage) -> Readers:
    return make_readers()


@pytest.fixture
def reviewer(readers: Readers) -> User:
    return readers.second


@pytest.fixture
def writer(readers: Readers) -> User:
    return readers.writer


# The verb.


def test_the_third_signature_makes_exactly_the_text_of_the_three_the_signed_one(
    article: ArticlePage, readers: Readers
) -> None:
    revision = article.get_latest_revision()

    for reader, next_step in zip(readers.in_order, ("二审", "三审", ""), strict=True):
        if not stands(article).workflow_in_progress:
            submit_article(article=article, by=readers.writer)
        assert not stands(article).live
        approve(task_state=stands(article).current_workflow_task_state, by=reader)
        if next_step:
            assert step_of(article) == next_step

    assert (stands(article).live, stands(article).live_revision_id) == (True, revision.pk)
    assert not stands(article).has_unpublished_changes
    assert stands(article).status_string == "定稿（未出版）"


def test_nobody_signs_past_the_review(article: ArticlePage, readers: Readers) -> None:
    for by in (*readers.in_order, make_user(is_superuser=True)):
        with pytest.raises(SigningRefused, match="先提交审核"):
            sign_article(article=article, revision=article.get_latest_revision(), by=by)
    sign_through(article, readers, steps=2)
    review = stands(article).current_workflow_state
    with pytest.raises(SigningRefused, match="还缺三审的签字"):
        sign_article(
            article=article,
            revision=article.get_latest_revision(),
            by=readers.third,
            review=review,
        )
    assert not stands(article).live


def test_a_revision_that_is_not_the_latest_is_refused_and_names_who_came_between(
    article: ArticlePage, writer: User
) -> None:
    read = article.get_latest_revision()
    change(article, "后来改的", by=writer)

    with pytest.raises(Overtaken, match=r"李某.*又保存过"):
        sign_article(article=article, revision=read, by=None)
    assert not stands(article).live


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


def test_the_log_keeps_who_signed_what_and_when(article: ArticlePage, readers: Readers) -> None:
    sign_through(article, readers)

    entry = PageLogEntry.objects.get(page=article, action="desk.sign")
    told = [(s["stage"], s["by"], s["name"]) for s in entry.data["signatures"]]
    assert told == [
        ("一审", readers.first.pk, "张某"),
        ("二审", readers.second.pk, "钱某"),
        ("三审", readers.third.pk, "赵某"),
    ]
    assert all(s["at"] and s["revision"] == entry.revision_id for s in entry.data["signatures"])
    assert entry.data["exceptions"] == []
    assert (entry.revision_id, entry.user) == (stands(article).live_revision_id, readers.third)


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


# Who may sign.


def test_only_the_group_of_a_step_signs_it(article: ArticlePage, readers: Readers) -> None:
    submit_article(article=article, by=readers.writer)
    state = stands(article).current_workflow_task_state
    for stranger in (readers.second, readers.third, make_user("")):
        with pytest.raises(SigningRefused, match="不归您签"):
            approve(task_state=state, by=stranger)
        with pytest.raises(SigningRefused, match="不归您签"):
            return_to_writer(task_state=state, by=stranger, reason="不行")
    left = make_user("编辑", is_active=False)
    with pytest.raises(SigningRefused, match="不归您签"):
        approve(task_state=state, by=left)
    assert step_of(article) == "一审"


def test_nobody_signs_two_steps_of_one_article(article: ArticlePage, readers: Readers) -> None:
    both = readers.first
    both.groups.add(*readers.second.groups.all())
    sign_through(article, readers, steps=1)

    with pytest.raises(SigningRefused, match="另一道审"):
        approve(task_state=stands(article).current_workflow_task_state, by=both)
    assert (
        "另一道审" in log_in(both).get(reverse("desk_review", args=[article.pk])).content.decode()
    )
    assert step_of(article) == "二审"


def test_nobody_signs_an_article_of_their_own(issue: IssuePage, readers: Readers) -> None:
    own = make_article(issue, owner=readers.first)
    submit_article(article=own, by=readers.first)

    with pytest.raises(SigningRefused, match="您建的"):
        approve(task_state=stands(own).current_workflow_task_state, by=readers.first)
    assert "通过" not in [label for _, label, _ in stands(own).current_workflow_task.get_actions(
        stands(own), readers.first
    )]  # fmt: skip


def test_a_small_paper_makes_an_exception_and_the_record_says_so(
    issue: IssuePage, readers: Readers
) -> None:
    rules = ReviewRules.load()
    rules.one_signs_several = rules.may_sign_own = True
    rules.save()
    alone = make_user("编辑", username="一人", last_name="孙")
    for reader in readers.in_order:
        alone.groups.add(*reader.groups.all())
    own = make_article(issue, owner=alone)
    submit_article(article=own, by=alone)
    for _ in range(3):
        approve(task_state=stands(own).current_workflow_task_state, by=alone)

    assert stands(own).live
    entry = PageLogEntry.objects.get(page=own, action="desk.sign")
    assert entry.data["exceptions"] == [
        "一审、二审、三审由孙某一人签字。",
        "孙某审了自己建的稿件（一审、二审、三审）。",
    ]


def test_a_paper_that_needs_fewer_steps_takes_one_out(
    article: ArticlePage, readers: Readers
) -> None:
    submit_article(article=article, by=readers.writer)
    Workflow.objects.get(active=True).workflow_tasks.filter(task__name="二审").delete()
    approve(task_state=stands(article).current_workflow_task_state, by=readers.first)
    assert step_of(article) == "三审"
    approve(task_state=stands(article).current_workflow_task_state, by=readers.third)
    assert stands(article).live


def test_a_step_switched_off_under_way_breaks_nothing(
    article: ArticlePage, readers: Readers
) -> None:
    sign_through(article, readers, steps=1)
    Task.objects.get(name="二审").specific.deactivate()
    assert step_of(article) == "三审"
    approve(task_state=stands(article).current_workflow_task_state, by=readers.third)
    assert stands(article).live


# What the signatures are for.


def test_an_edit_between_opening_and_the_third_approval_is_refused_and_goes_back(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=2)
    seen = seen_of(article)
    change(article, "趁人不备改的", by=readers.second)

    told = judge(log_in(readers.third), article, seen=seen)

    assert "钱某" in told
    assert "又改过这篇稿件" in told
    assert not stands(article).live
    assert step_of(article) == "一审"
    assert PageLogEntry.objects.filter(page=article, action="desk.send_back").exists()


def test_approval_in_a_list_of_a_text_somebody_changed_is_refused_too(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=2)
    change(article, "趁人不备改的", by=readers.second)

    told = approve_in_list(log_in(readers.third), article)

    assert "又改过这篇稿件" in told
    assert not stands(article).live
    assert step_of(article) == "一审"


def test_a_text_that_a_reader_changed_goes_to_the_earlier_readers_again(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=1)
    changed = change(article, "二审改的", by=readers.second)

    approve(task_state=changed.current_workflow_task_state, by=readers.second)
    assert step_of(article) == "一审"
    approve(task_state=stands(article).current_workflow_task_state, by=readers.first)
    assert step_of(article) == "三审"
    approve(task_state=stands(article).current_workflow_task_state, by=readers.third)

    signed = stands(article)
    assert (signed.live, signed.title) == (True, "二审改的")
    entry = PageLogEntry.objects.get(page=article, action="desk.sign")
    assert {s["revision"] for s in entry.data["signatures"]} == {signed.live_revision_id}


def test_the_last_reader_s_own_change_is_read_by_the_others_first(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=2)
    changed = change(article, "总编改的", by=readers.third)

    approve(task_state=changed.current_workflow_task_state, by=readers.third)

    assert not stands(article).live
    assert step_of(article) == "一审"


def test_a_saving_that_changes_no_copy_lets_the_signatures_stand(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=2)
    draft = article.get_latest_revision_as_object()
    draft.remarks = []
    last = draft.save_revision(user=readers.second)

    approve(task_state=stands(article).current_workflow_task_state, by=readers.third)

    assert (stands(article).live, stands(article).live_revision_id) == (True, last.pk)


def test_saving_an_untouched_text_in_the_editor_lets_the_signatures_stand(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=2)
    browser = log_in(readers.third)
    browser.post(forms.edit_url(article), forms.edit_form(browser, article) | PASS)

    assert stands(article).live


KEY = ' data-block-key="没有人读过的一句话"'


@pytest.mark.parametrize("field", ["body-0-value", "body-1-value", "body-2-value"])
def test_nothing_is_slipped_past_the_signatures_as_a_key_of_the_editor(
    issue: IssuePage, readers: Readers, field: str
) -> None:
    body = [("paragraph", "<p>正文。</p>"), ("crosshead", "小标题"), ("note", "附注")]
    article = sign_through(make_article(issue, body=body), readers, steps=2)
    browser = log_in(readers.third)
    data = forms.edit_form(browser, article)
    slipped = {
        "body-0-value": forms.rich(f"<p>正文。{KEY}</p>"),
        "body-1-value": f"小标题{KEY}",
        "body-2-value": f"附注{KEY}",
    }
    browser.post(forms.edit_url(article), {**data, field: slipped[field]})

    judge(browser, article)

    assert not stands(article).live
    assert step_of(article) == "一审"


def test_a_text_saved_over_by_itself_after_it_was_read_is_not_signed(
    article: ArticlePage, readers: Readers
) -> None:
    submit_article(article=article, by=readers.writer)
    browser = log_in(readers.writer)
    data = forms.edit_form(browser, article)
    saved = autosave(browser, article, {**data, "title": "读者看见的标题"})
    seen = seen_of(article)
    data["overwrite_revision_id"] = str(saved["revision_id"])
    autosave(browser, article, {**data, "title": "读者没有看见的标题"})
    assert stands(article).latest_revision_id == saved["revision_id"]

    told = judge(log_in(readers.first), article, seen=seen)

    assert "又改过这篇稿件" in told
    assert step_of(article) == "一审"


def test_two_who_approve_at_once_sign_one_step(article: ArticlePage, readers: Readers) -> None:
    submit_article(article=article, by=readers.writer)
    state = stands(article).current_workflow_task_state
    other = make_user("编辑", username="另一位")
    approve(task_state=state, by=readers.first)

    with pytest.raises(SigningRefused, match="已经有人处理过了"):
        approve(task_state=state, by=other)
    assert step_of(article) == "二审"


def test_approving_faulty_copy_is_refused_and_stays_in_review(
    issue: IssuePage, readers: Readers
) -> None:
    faulty = make_article(issue, names=("",))
    sign_through(faulty, readers, steps=2)

    told = judge(log_in(readers.third), faulty)

    assert "还不能定稿" in told
    assert not stands(faulty).live
    assert step_of(faulty) == "三审"


# Handing in and sending back.


def test_what_cannot_be_reviewed_is_not_handed_in(issue: IssuePage, readers: Readers) -> None:
    writer = readers.writer
    with pytest.raises(SubmittingRefused, match="正文还是空的"):
        submit_article(article=make_article(issue, body=[]), by=writer)
    article = make_article(issue)
    with pytest.raises(SubmittingRefused, match="没有编辑它的权限"):
        submit_article(article=article, by=make_user(""))
    submit_article(article=article, by=writer)
    with pytest.raises(SubmittingRefused, match="已经在审稿中"):
        submit_article(article=article, by=writer)
    signed = make_article(issue, signed=True)
    with pytest.raises(SubmittingRefused, match="没有新的修改"):
        submit_article(article=signed, by=writer)
    Workflow.objects.all().delete()
    with pytest.raises(SubmittingRefused, match="没有设置审稿流程"):
        submit_article(article=make_article(issue), by=writer)


def test_what_is_handed_in_says_to_whom_it_falls(article: ArticlePage, readers: Readers) -> None:
    assert next_up(article) == "草稿"
    submit_article(article=article, by=readers.writer)
    assert next_up(stands(article)) == "一审（编辑：李某、张某）"
    sign_through(article, readers, steps=1)
    assert next_up(stands(article)) == "二审（责任编辑：钱某）"


def test_a_return_needs_its_reason(article: ArticlePage, readers: Readers) -> None:
    submit_article(article=article, by=readers.writer)
    browser = log_in(readers.first)
    for words in ("", " \n\t", "\u200b"):
        assert "请写明" in judge(browser, article, "return", comment=words)
    state = stands(article).current_workflow_task_state
    browser.post(
        reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "reject", state.pk]),
        {"comment": ""},
    )
    assert step_of(article) == "一审"


def test_an_article_sent_back_is_mended_handed_in_again_and_read_from_the_first_step(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=1)
    judge(log_in(readers.second), article, "return", comment="导语太长")
    assert stands(article).status_string == "已退回"
    browser = log_in(readers.writer)
    assert "导语太长" in browser.get(reverse("desk_review", args=[article.pk])).content.decode()

    data = forms.edit_form(browser, article) | {"title": "改好的", "action-submit": "1"}
    browser.post(forms.edit_url(article), data)
    assert step_of(article) == "一审"
    sign_through(article, readers)

    assert (stands(article).live, stands(article).title) == (True, "改好的")


def test_one_sent_back_and_handed_in_unchanged_goes_on_where_it_was(
    article: ArticlePage, readers: Readers
) -> None:
    article = sign_through(article, readers, steps=1)
    judge(log_in(readers.second), article, "return", comment="请核对地名")
    submit_article(article=stands(article), by=readers.writer)
    assert step_of(article) == "二审"


def test_a_later_change_needs_signing_again_and_readers_get_what_was_signed(
    readers: Readers, client: Client
) -> None:
    public = make_public_issue(450)
    article = ArticlePage.objects.child_of(public).get()
    change(article, "见报后改的", by=readers.writer)
    submit_article(article=stands(article), by=readers.writer)
    for reader in readers.in_order[:2]:
        approve(task_state=stands(article).current_workflow_task_state, by=reader)
        assert "第1条新闻" in client.get("/450/1/").content.decode()
    approve(task_state=stands(article).current_workflow_task_state, by=readers.third)
    assert "见报后改的" in client.get("/450/1/").content.decode()


# In the editor.


def autosave(browser: Client, article: ArticlePage, data: dict[str, str]) -> dict:
    answer = browser.post(forms.edit_url(article), data, headers={"accept": "application/json"})
    return answer.json()


PASS = {"action-workflow-action": "true", "workflow-action-name": "approve"}


def test_approval_in_the_editor_signs_what_the_approver_sees(
    article: ArticlePage, readers: Readers
) -> None:
    submit_article(article=article, by=readers.writer)
    browser = log_in(readers.first)
    data = forms.edit_form(browser, article) | {"title": "一审在编辑器里改的", **PASS}

    browser.post(forms.edit_url(article), data)

    assert step_of(article) == "二审"
    signed = stands(article).current_workflow_state.task_states.get(status="approved")
    assert signed.revision.content["title"] == "一审在编辑器里改的"


def test_approval_in_an_editor_that_is_out_of_date_is_refused(
    article: ArticlePage, readers: Readers
) -> None:
    sign_through(article, readers, steps=2)
    browser = log_in(readers.third)
    data = forms.edit_form(browser, article) | PASS
    change(article, "二审改的", by=readers.second)

    answer = browser.post(forms.edit_url(article), data)

    assert "钱某又保存过" in forms.messages_of(answer)
    assert not stands(article).live
    assert step_of(article) == "一审"


def test_the_comment_sent_along_cannot_steer_the_review(
    article: ArticlePage, readers: Readers
) -> None:
    submit_article(article=article, by=readers.writer)
    browser = log_in(readers.first)
    smuggled = {"workflow-action-extra-data": '{"update": false, "comment": "好"}'}

    browser.post(forms.edit_url(article), forms.edit_form(browser, article) | PASS | smuggled)

    assert step_of(article) == "二审"


def test_a_window_left_open_does_not_write_over_the_signed_revision(
    article: ArticlePage, readers: Readers
) -> None:
    browser = log_in(readers.first)
    data = forms.edit_form(browser, article)
    saved = autosave(browser, article, {**data, "title": "读过的标题"})
    data["overwrite_revision_id"] = str(saved["revision_id"])
    sign_through(article, readers)
    signed = stands(article).live_revision

    told = autosave(browser, article, {**data, "title": "没人读过的标题"})

    assert told["success"]
    signed.refresh_from_db()
    assert signed.content["title"] == "读过的标题"
    assert stands(article).title == "读过的标题"
    assert stands(article).has_unpublished_changes
    assert stands(article).get_latest_revision_as_object().title == "没人读过的标题"


def test_a_submitted_revision_is_not_written_over_behind_the_approver(
    article: ArticlePage, readers: Readers
) -> None:
    browser = log_in(readers.first)
    data = forms.edit_form(browser, article)
    saved = autosave(browser, article, {**data, "title": "提交的标题"})
    submit_article(article=stands(article), by=readers.first)

    data["overwrite_revision_id"] = str(saved["revision_id"])
    autosave(browser, article, {**data, "title": "提交后偷改的标题"})
    told = approve_in_list(log_in(make_user("编辑", username="另一位")), article)

    assert "又改过这篇稿件" in told
    assert step_of(article) == "一审"


def test_what_is_with_a_later_reader_is_not_changed_by_its_writer(
    article: ArticlePage, readers: Readers
) -> None:
    browser = log_in(readers.writer)
    data = forms.edit_form(browser, article)
    sign_through(article, readers, steps=1)

    browser.post(forms.edit_url(article), {**data, "title": "送审后改的"})

    assert stands(article).get_latest_revision_as_object().title == "原来的标题"


def test_a_colleagues_lock_bars_handing_in(article: ArticlePage, readers: Readers) -> None:
    browser = log_in(readers.second)
    data = forms.edit_form(browser, article)
    Page.objects.filter(pk=article.pk).update(locked=True, locked_by=readers.writer)

    browser.post(forms.edit_url(article), {**data, "action-submit": "1"})
    with pytest.raises(SubmittingRefused, match="锁定"):
        submit_article(article=article, by=readers.second)

    assert not stands(article).workflow_in_progress


# The reviewer's page.


def test_the_reviewer_s_page_leads_on_to_what_waits_next(
    issue: IssuePage, article: ArticlePage, readers: Readers
) -> None:
    later = make_article(issue, "下一篇")
    for each in (article, later):
        submit_article(article=each, by=readers.writer)
    browser = log_in(readers.first)

    answer = browser.post(
        reverse("desk_review", args=[article.pk]),
        {"seen": seen_of(article), "verdict": "approve", "comment": "数字都核过"},
    )

    assert answer.url == reverse("desk_review", args=[later.pk])
    assert "二审（责任编辑：钱某）" in forms.messages_of(answer)
    state = stands(article).current_workflow_state.task_states.get(status="approved")
    assert (state.comment, state.finished_by) == ("数字都核过", readers.first)


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"seen": "", "verdict": "approve"},
        {"seen": "x", "verdict": "approve"},
        {"seen": "-1", "verdict": "approve"},
        {"seen": "9" * 40, "verdict": "approve"},
        {"seen": "999999", "verdict": "approve"},
        {"seen": "1", "verdict": "publish"},
        {"seen": "\0", "verdict": "\0", "comment": "\0"},
        {"seen": "1", "verdict": "approve", "comment": "长" * 10_000},
    ],
)
def test_a_garbled_verdict_signs_nothing(
    article: ArticlePage, readers: Readers, posted: dict[str, str]
) -> None:
    submit_article(article=article, by=readers.writer)
    answer = log_in(readers.first).post(reverse("desk_review", args=[article.pk]), posted)
    assert answer.status_code in (200, 302)
    assert step_of(article) == "一审"


def test_the_reviewer_s_page_is_for_those_who_work_here(
    article: ArticlePage, readers: Readers, client: Client
) -> None:
    url = reverse("desk_review", args=[article.pk])
    assert client.get(url).status_code == 302
    assert log_in(make_user("")).get(url).status_code == 302
    for reader in (readers.writer, *readers.in_order):
        assert log_in(reader).get(url).status_code == 200
    assert log_in(readers.third).get(reverse("desk_review", args=[10**9])).status_code == 404


def test_the_queue_holds_what_one_may_sign_and_nothing_else(
    issue: IssuePage, article: ArticlePage, readers: Readers
) -> None:
    own = make_article(issue, "自己的", owner=readers.first)
    for each in (article, own):
        submit_article(article=each, by=readers.writer)

    first = log_in(readers.first).get(reverse("wagtailadmin_home")).content.decode()
    second = log_in(readers.second).get(reverse("wagtailadmin_home")).content.decode()

    assert "待我审：1篇" in first
    assert reverse("desk_review", args=[article.pk]) in first
    assert reverse("desk_review", args=[own.pk]) not in first
    assert "待我审：没有" in second


def test_what_came_back_stands_on_its_writer_s_first_screen(
    article: ArticlePage, readers: Readers
) -> None:
    submit_article(article=article, by=readers.writer)
    judge(log_in(readers.first), article, "return", comment="导语<太>长")
    home = log_in(readers.writer).get(reverse("wagtailadmin_home")).content.decode()
    assert "退回给我改的" in home
    assert "导语&lt;太&gt;长" in home


# Mail.


def mails(outbox: list) -> list[tuple[str, str]]:
    return sorted((mail.to[0], mail.subject) for mail in outbox)


def with_addresses(readers: Readers) -> None:
    for user in (readers.writer, *readers.in_order):
        user.email = f"{user.pk}@example.org"
        user.save()


def test_whoever_may_sign_next_is_told_by_mail_and_so_is_who_gets_it_back(
    article: ArticlePage, readers: Readers, mailoutbox: list, django_capture_on_commit_callbacks
) -> None:
    with_addresses(readers)
    with django_capture_on_commit_callbacks(execute=True):
        submit_article(article=article, by=readers.writer)
    assert mails(mailoutbox) == [(readers.first.email, "请审《原来的标题》（一审）")]
    assert reverse("desk_review", args=[article.pk]) in mailoutbox[0].body

    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        state = stands(article).current_workflow_task_state
        return_to_writer(task_state=state, by=readers.first, reason="导语太长 & 不清")
    assert mails(mailoutbox) == [(readers.writer.email, "《原来的标题》退回修改")]
    assert "导语太长 & 不清" in mailoutbox[0].body

    mailoutbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        sign_through(article, readers)
    assert (readers.writer.email, "《原来的标题》已定稿") in mails(mailoutbox)


def test_a_paper_may_want_no_mail_and_so_may_a_reader(
    article: ArticlePage, readers: Readers, mailoutbox: list, django_capture_on_commit_callbacks
) -> None:
    with_addresses(readers)
    profile = UserProfile.get_for_user(readers.first)
    profile.submitted_notifications = False
    profile.save()
    with django_capture_on_commit_callbacks(execute=True):
        submit_article(article=article, by=readers.writer)
    assert mailoutbox == []
    rules = ReviewRules.load()
    rules.tell_by_mail = False
    rules.save()
    with django_capture_on_commit_callbacks(execute=True):
        sign_through(article, readers)
    assert mailoutbox == []


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


def test_a_recalled_article_is_signed_again_by_all_three(
    article: ArticlePage, readers: Readers
) -> None:
    sign_through(article, readers)
    recall_article(article=stands(article), by=readers.second)
    sign_through(article, readers, steps=2)
    assert not stands(article).live
    approve(task_state=stands(article).current_workflow_task_state, by=readers.third)
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


def test_an_editor_recalls_nothing(article: ArticlePage, writer: User) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)

    with pytest.raises(SigningRefused, match="没有撤回定稿的权限"):
        recall_article(article=article, by=writer)
    log_in(writer).post(reverse("desk_recall", args=[article.pk]))
    assert stands(article).live


def test_opening_the_recall_screen_changes_nothing(article: ArticlePage, reviewer: User) -> None:
    sign_article(article=article, revision=article.get_latest_revision(), by=None)

    answer = log_in(reviewer).get(reverse("desk_recall", args=[article.pk]))

    assert answer.status_code == 200
    assert stands(article).live
