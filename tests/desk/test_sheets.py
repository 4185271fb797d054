"""The 审稿单: what the log knows of each signature, printed plainly."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Task

from accounts.models import User
from articles.models import ArticlePage
from desk.models import ReviewRules
from desk.review.approving import approve, return_to_writer
from desk.review.proofs import tick_proof, untick_proof
from desk.review.sheets import Sheet, sheets_of
from desk.review.signing import LOADED, recall_article
from desk.review.submitting import submit_article
from issues.models import IssuePage
from issues.placing import place
from tests.desk.reviewing import Readers, make_readers, sign_through, stands
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    return make_issue(451)


@pytest.fixture
def readers(issue: IssuePage) -> Readers:
    return make_readers()


@pytest.fixture
def article(issue: IssuePage, readers: Readers) -> ArticlePage:
    return make_article(issue, "象棋比赛举行", owner=readers.writer)


def sheet(article: ArticlePage) -> Sheet:
    (found,) = sheets_of([stands(article)], user=User.objects.first() or make_user())
    return found


def waiting(article: ArticlePage) -> Any:
    return stands(article).current_workflow_task_state


def logged(article: ArticlePage, action: str, by: User | None = None, **data: Any) -> PageLogEntry:
    """Write what an earlier version of the house, or another hand, may have left in the log."""
    return log(
        instance=article,
        action=action,
        user=by,
        revision=article.get_latest_revision(),
        data=data,
        timestamp=timezone.now(),
    )


def page(client: Client, name: str, key: int) -> str:
    response = client.get(reverse(name, args=[key]))
    assert response.status_code == 200
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


# What is on it


def test_the_three_signatures_stand_with_name_time_version_and_words(article, readers) -> None:
    submit_article(article=article, by=readers.writer)
    approve(task_state=waiting(article), by=readers.first, comment="文字通顺")
    for reader in (readers.second, readers.third):
        approve(task_state=waiting(article), by=reader)

    signed = sheet(article)

    assert [(step.done, step.by, step.remark) for step in signed.signatures] == [
        ("一审", str(readers.first), "文字通顺"),
        ("二审", str(readers.second), ""),
        ("三审", str(readers.third), ""),
    ]
    assert all(step.at and step.version.endswith("稿") for step in signed.signatures)
    assert signed.signed is not None
    assert signed.signed.by == str(readers.third)
    assert signed.exceptions == ()


def test_everything_that_happened_is_told_in_order(article, readers) -> None:
    submit_article(article=article, by=readers.writer)
    return_to_writer(task_state=waiting(article), by=readers.first, reason="缺作者署名")
    sign_through(article, readers)
    recall_article(article=stands(article), by=readers.third)

    steps = sheet(article).steps

    assert [step.done for step in steps] == [
        "提交审稿",
        "一审退回",
        "改好再交",
        "一审通过",
        "二审通过",
        "三审通过",
        "定稿",
        "撤回定稿",
    ]
    assert steps[1].remark == "缺作者署名"
    assert steps[0].by == str(readers.writer)
    assert steps == tuple(sorted(steps, key=lambda step: step.at))


def test_a_recalled_signature_no_longer_counts(article, readers) -> None:
    sign_through(article, readers)
    recall_article(article=stands(article), by=readers.third)

    recalled = sheet(article)

    assert recalled.signed is None
    assert recalled.signatures == ()


def test_a_text_sent_back_is_told_with_the_reason(article, readers) -> None:
    logged(article, "desk.send_back", readers.second, reason="陈编又改过")

    (step,) = sheet(article).steps

    assert (step.done, step.remark) == ("退回重审", "陈编又改过")


def test_the_three_proofs_are_told_as_they_stand(article, readers) -> None:
    tick_proof(article=article, round=1, by=readers.first)
    tick_proof(article=article, round=2, by=readers.second)
    untick_proof(article=article, round=2, by=readers.second)

    drawn = sheet(article)

    assert [(proof.done, proof.by) for proof in drawn.proofs] == [
        ("一校", str(readers.first)),
        ("二校", ""),
        ("三校", ""),
    ]
    assert [step.done for step in drawn.steps] == ["一校完成", "二校完成", "取消二校"]


# Exceptions


def test_one_person_at_two_steps_is_printed_as_an_exception(article, readers) -> None:
    rules = ReviewRules.load()
    rules.one_signs_several = True
    rules.save()
    boss = make_user("编辑", username="兼任", last_name="孙")
    boss.groups.add(*(readers.second.groups.all() | readers.third.groups.all()))
    submit_article(article=article, by=readers.writer)
    for reader in (boss, boss, readers.third):
        approve(task_state=waiting(article), by=reader)

    (exception,) = sheet(article).exceptions

    assert "一审、二审" in exception
    assert str(boss) in exception


def test_what_the_command_loaded_is_printed_as_such(issue) -> None:
    article = make_article(issue, signed=True)

    loaded = sheet(article)

    assert loaded.exceptions == (LOADED,)
    assert loaded.signed is not None
    assert loaded.signed.by == "系统命令"
    assert loaded.signatures == ()


# What the log no longer knows


def test_a_deleted_reader_keeps_the_name_in_the_signature(article, readers) -> None:
    sign_through(article, readers)
    name = str(readers.first)
    readers.first.delete()

    drawn = sheet(article)

    assert drawn.signatures[0].by == name
    assert "已删除的账号" in [step.by for step in drawn.steps]


def test_deleted_steps_and_versions_do_not_take_the_sheet_away(article, readers) -> None:
    sign_through(article, readers)
    Task.objects.all().delete()
    for revision in stands(article).revisions.all():
        PageLogEntry.objects.filter(revision=revision).update(revision_id=revision.pk + 10_000)

    drawn = sheet(article)

    assert [step.done for step in drawn.signatures] == ["一审", "二审", "三审"]
    assert {step.version for step in drawn.steps} == {"那一稿已不在"}


@pytest.mark.parametrize(
    "data",
    [
        {"signatures": "x", "exceptions": 3},
        {"signatures": [None, 3, "x", {}], "exceptions": [None, {}, ""]},
        {"signatures": [{"stage": 1, "by": "x", "name": [], "at": "昨天", "revision": 10**30}]},
        {"signatures": [{"by": 10**30, "at": "2022-13-45T99:00", "revision": -1, "comment": {}}]},
        {"signatures": [{"by": True, "at": "2022-08-02T10:00:00", "revision": 2**31}]},
        {"workflow": "x", "round": "一"},
        {"workflow": {"task": 3}, "round": 99},
        [],
        "x",
    ],
)
@pytest.mark.parametrize(
    "action", ["desk.sign", "desk.proof", "desk.send_back", "wagtail.workflow.approve"]
)
def test_whatever_the_log_holds_the_sheet_is_drawn(action, data, client, article) -> None:
    entry = logged(article, action)
    PageLogEntry.objects.filter(pk=entry.pk).update(data=data)
    client.force_login(make_user("总编"))

    assert "象棋比赛举行" in page(client, "desk_article_sheet", article.pk)


# The screens


def test_the_sheet_of_an_issue_has_its_articles_in_print_order(client, issue, readers) -> None:
    for title in ("第二版的", "头版的"):
        made = make_article(issue, title, owner=readers.writer)
        sign_through(made, readers)
        place(article=stands(made), by=None, folio=1, position=0)
    make_article(issue, "没审的")
    client.force_login(readers.first)

    text = page(client, "desk_issue_sheet", issue.pk)

    assert "共3篇，定稿2篇" in text
    assert text.index("头版的") < text.index("第二版的") < text.index("没审的")
    assert "还没有定稿。" in text
    assert "总编签字" in text


def test_remarks_are_shown_as_text(client, article, readers) -> None:
    logged(article, "desk.send_back", readers.second, reason="<script>alert(1)</script>")
    client.force_login(readers.first)

    response = client.get(reverse("desk_article_sheet", args=[article.pk]))

    assert b"<script>alert(1)" not in response.content


def test_the_sheet_of_an_empty_issue_says_so(client, issue) -> None:
    client.force_login(make_user("编辑"))

    assert "还没有稿件" in page(client, "desk_issue_sheet", issue.pk)


def test_forty_articles_cost_as_many_queries_as_two(client, issue, readers) -> None:
    client.force_login(readers.third)

    def fill(number: int) -> None:
        for _ in range(number):
            made = make_article(issue, owner=readers.writer, names=("甲某", "乙某"))
            logged(made, "wagtail.workflow.start", readers.writer)
            logged(made, "desk.proof", readers.first, round=1)
            logged(
                made,
                "desk.sign",
                readers.third,
                signatures=[{"stage": "一审", "by": readers.first.pk, "at": "2022-08-02T10:00Z"}],
                exceptions=[],
            )

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page(client, "desk_issue_sheet", issue.pk)
        return len(caught)

    fill(2)
    queries()
    before = queries()
    fill(38)
    assert queries() == before


@pytest.mark.parametrize("role", ["编辑", "责任编辑", "总编"])
def test_who_finds_the_issue_gets_its_sheets(role, client, issue, article) -> None:
    client.force_login(make_user(role))
    IssuePage.objects.filter(pk=issue.pk).update(live=True)

    page(client, "desk_issue_sheet", issue.pk)
    page(client, "desk_article_sheet", article.pk)


@pytest.mark.parametrize("name", ["desk_issue_sheet", "desk_article_sheet"])
def test_others_do_not(name, client, issue, article) -> None:
    url = reverse(name, args=[issue.pk if name == "desk_issue_sheet" else article.pk])
    assert "/admin/login/" in client.get(url)["Location"]
    nobody = make_user()
    nobody.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(nobody)
    refused = client.get(url)
    assert refused.status_code in (302, 403)
    assert "象棋比赛" not in refused.content.decode()


@pytest.mark.parametrize("kind", ["articles", "issues"])
@pytest.mark.parametrize("key", [0, 999_999, 10**30])
def test_what_is_not_there_is_not_found(kind, key, client, issue) -> None:
    client.force_login(make_user("总编"))

    assert client.get(f"/admin/desk/{kind}/{key}/sheet/").status_code == 404
