"""How far each article is, told of many at once; and the rounds of proof-reading."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Comment, PageLogEntry

from articles.models import ArticlePage
from desk.models import ProofMark
from desk.review.objecting import unsigned_articles
from desk.review.progress import Progress, progress_of
from desk.review.proofs import ProofRefused, tick_proof, untick_proof
from desk.review.submitting import submit_article
from issues.models import IssuePage
from tests import forms
from tests.desk.reviewing import (
    Readers,
    change,
    judge,
    log_in,
    make_readers,
    sign_through,
    stands,
)
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    return make_issue(451)


@pytest.fixture
def readers(issue: IssuePage) -> Readers:
    return make_readers()


def told(article: ArticlePage, user) -> Progress:
    return progress_of([stands(article)], user=user)[article.pk]


def test_each_state_has_its_word(issue: IssuePage, readers: Readers) -> None:
    article = make_article(issue)
    assert (told(article, readers.first).code, told(article, readers.first).label) == (
        "draft",
        "草稿",
    )
    submit_article(article=article, by=readers.writer)
    waits = told(article, readers.first)
    assert (waits.code, waits.label, waits.waits_for, waits.may_act) == (
        "review",
        "一审",
        "编辑",
        True,
    )
    assert not told(article, readers.second).may_act
    judge(log_in(readers.first), article, "return", comment="导语太长")
    back = told(article, readers.first)
    assert (back.code, back.label, back.reason) == ("returned", "已退回", "导语太长")
    assert back.waits_for == "李某"
    sign_through(article, readers)
    assert (told(article, readers.first).code, told(article, readers.first).label) == (
        "signed",
        "定稿（未出版）",
    )
    change(article, "又改了")
    assert told(article, readers.first).code == "changed"


def test_what_is_public_says_so(readers: Readers) -> None:
    article = ArticlePage.objects.child_of(make_public_issue(450)).get()
    assert (told(article, readers.first).code, told(article, readers.first).label) == (
        "public",
        "已见报",
    )


def test_open_comments_and_proofs_are_counted(issue: IssuePage, readers: Readers) -> None:
    article = make_article(issue)
    for text in ("地名请核对", "数字请核对"):
        Comment.objects.create(page=article, user=readers.first, text=text, contentpath="title")
    Comment.objects.update()
    tick_proof(article=article, round=1, by=readers.first)
    assert (told(article, readers.first).comments, told(article, readers.first).proofs) == (2, (1,))


def test_the_queries_do_not_grow_with_the_articles(issue: IssuePage, readers: Readers) -> None:
    def queries() -> int:
        articles = list(ArticlePage.objects.child_of(issue).select_related("issue", "owner"))
        with CaptureQueriesContext(connection) as captured:
            progress_of(articles, user=readers.first)
        return len(captured)

    for n in range(2):
        submit_article(article=make_article(issue, f"甲{n}"), by=readers.writer)
        make_article(issue, f"乙{n}", signed=True)
    queries()  # what is asked once and kept
    few = queries()
    for n in range(8):
        submit_article(article=make_article(issue, f"丙{n}"), by=readers.writer)
        make_article(issue, f"丁{n}", signed=True)
    assert queries() == few


def test_unsigned_articles_stand_in_the_way_and_may_stay_behind(
    issue: IssuePage, readers: Readers
) -> None:
    make_article(issue, "定了的", signed=True)
    submit_article(article=make_article(issue, "还在审的"), by=readers.writer)
    (objection,) = unsigned_articles(issue)
    assert (objection.reason, objection.waivable) == ("《还在审的》还没有定稿（在一审）。", True)


def test_a_live_text_without_signatures_is_never_waved_through(issue: IssuePage) -> None:
    article = make_article(issue, "没人签过的", signed=True)
    PageLogEntry.objects.filter(page=article, action="desk.sign").delete()
    (objection,) = unsigned_articles(issue)
    assert "没有签字记录" in objection.reason
    assert not objection.waivable


# Proofs.


def test_the_rounds_are_ticked_in_order_with_name_and_time(
    issue: IssuePage, readers: Readers
) -> None:
    article = make_article(issue)
    with pytest.raises(ProofRefused, match="请先完成一校"):
        tick_proof(article=article, round=2, by=readers.first)
    for number in (1, 2, 3):
        mark = tick_proof(article=article, round=number, by=readers.first)
        assert (mark.by, mark.revision_id) == (readers.first, article.latest_revision_id)
    with pytest.raises(ProofRefused, match="已经有人勾过了"):
        tick_proof(article=article, round=3, by=readers.second)
    logged = PageLogEntry.objects.filter(page=article, action="desk.proof").order_by("pk")
    assert [entry.data["round"] for entry in logged] == [1, 2, 3]


def test_a_tick_is_taken_back_by_who_gave_it_or_the_responsible_editor(
    issue: IssuePage, readers: Readers
) -> None:
    article = make_article(issue)
    for number in (1, 2):
        tick_proof(article=article, round=number, by=readers.first)
    with pytest.raises(ProofRefused, match="是张某勾的"):
        untick_proof(article=article, round=1, by=readers.writer)
    untick_proof(article=article, round=1, by=readers.second)
    assert not ProofMark.objects.exists()
    with pytest.raises(ProofRefused, match="本来就没有勾"):
        untick_proof(article=article, round=1, by=readers.second)


@pytest.mark.parametrize("number", [0, 4, -1, 10**30])
def test_there_are_three_rounds(issue: IssuePage, readers: Readers, number: int) -> None:
    with pytest.raises(ProofRefused, match="没有这个校次"):
        tick_proof(article=make_article(issue), round=number, by=readers.first)


@pytest.mark.parametrize("number", [None, "", "x", "٣", "9" * 99])
def test_a_garbled_round_is_told_and_ticks_nothing(
    issue: IssuePage, readers: Readers, number: str | None
) -> None:
    article = make_article(issue)
    posted = {} if number is None else {"round": number}
    answer = log_in(readers.first).post(reverse("desk_proof", args=[article.pk]), posted)
    assert "没有这个校次" in forms.messages_of(answer)
    assert not ProofMark.objects.exists()


def test_proofs_are_for_those_who_work_on_the_article(issue: IssuePage) -> None:
    article = make_article(issue)
    with pytest.raises(ProofRefused, match="没有校对这篇稿件的权限"):
        tick_proof(article=article, round=1, by=make_user(""))
