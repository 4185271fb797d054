"""Fees are decided, closed and opened again by who may; a closed month stays as it was."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, PageLogEntry

from accounts.models import User
from articles.models import ArticlePage
from desk.figures.deciding import (
    FeesRefused,
    ShareWish,
    close_month,
    decide_fee,
    line_of,
    reopen_month,
)
from desk.figures.ledger import Line, by_payee, mark_of
from desk.figures.months import Ledger, ledger_of
from desk.models import FeeSheet, Grade, Unpaid
from issues.correcting import Wording, add_correction
from issues.models import IssuePage
from issues.publishing import unpublish_issue
from issues.withdrawing import withdraw_article
from tests import factories
from tests.desk.figures.factories import make_contributor, make_photo, make_piece, pay, publish
from tests.factories import make_imprint, make_issue, make_user

pytestmark = pytest.mark.django_db

AUGUST = datetime.date(2022, 8, 1)
D = Decimal


@pytest.fixture(autouse=True)
def newsroom() -> None:
    pay(100)


@pytest.fixture
def chief() -> User:
    return make_user("总编")


def the_line(article: ArticlePage) -> Line:
    line = line_of(article)
    assert line is not None
    return line


def decide(article: ArticlePage, by: User, *weights: int, **fields: object) -> None:
    """Decide the shares of ``article``, and what else is given."""
    line = the_line(article)
    wanted = {
        "grade": None,
        "is_paid": True,
        "seen": mark_of([line]),
        "shares": [ShareWish(weight, 0) for weight in weights],
        **fields,
    }
    decide_fee(article=article, by=by, **wanted)


def close(by: User) -> FeeSheet:
    return close_month(month=AUGUST, seen=mark_of(august().lines), by=by)


def august() -> Ledger:
    return ledger_of(AUGUST)


def fees(article: ArticlePage) -> list[tuple[str, str]]:
    return [(payee.name, str(payee.amount)) for payee in the_line(article).payees]


# What an article earns


def test_shares_sum_up_to_the_fee_by_hand(chief: User) -> None:
    """1,234 characters at 100 a thousand are 123.40; by 2:1:1 that is 61.70, 30.85, 30.85."""
    issue = make_issue(451)
    article = make_piece(issue, "甲", "乙", "丙", characters=1234)
    publish(issue)
    assert fees(article) == [("甲", "41.14"), ("乙", "41.13"), ("丙", "41.13")]

    decide(article, chief, 2, 1, 1)

    assert fees(article) == [("甲", "61.70"), ("乙", "30.85"), ("丙", "30.85")]
    assert the_line(article).amount == D("123.40")


def test_a_grade_an_adjustment_and_pictures_by_hand(chief: User) -> None:
    """333 at 80.50 are 26.81 (26.8065), and 50 more; two pictures at 15 are beside it."""
    pay(None, picture_fee=D(15))
    issue = make_issue(451)
    photos = (make_photo("乙 摄"), make_photo("乙 摄"))
    article = make_piece(issue, make_contributor("甲"), make_contributor("乙"), characters=333)
    pictures = make_piece(issue, make_contributor("乙"), characters=0, photos=photos)
    publish(issue)

    grade = Grade.objects.create(name="丁", rate=D("80.50"))
    decide(article, chief, 1, 0, grade=grade, adjustment=D(50))

    assert fees(article) == [("甲", "76.81"), ("乙", "0.00")]
    assert fees(pictures) == [("乙", "30.00")]


def test_a_correction_changes_no_fee_and_a_withdrawal_takes_it_away() -> None:
    issue = make_issue(451)
    corrected = make_piece(issue, "甲", characters=200)
    withdrawn = make_piece(issue, "乙", characters=200)
    publish(issue)
    told = Wording(text="人名更正。" * 20, date=issue.date)
    add_correction(article=corrected, wording=told, by=None)
    withdraw_article(article=withdrawn, reason="重复", by=None)

    assert [(line.article, str(line.amount)) for line in august().lines] == [
        (corrected.pk, "20.00")
    ]


def test_without_a_byline_nobody_is_paid_and_the_sheet_says_so() -> None:
    issue = make_issue(451)
    make_piece(issue, characters=200)
    publish(issue)

    (line,) = august().lines

    assert (line.amount, line.payees) == (0, ())
    assert "文字没有署名，稿费无人可领" in line.doubts


def test_who_is_paid_otherwise_gets_nothing() -> None:
    issue = make_issue(451)
    ours = make_contributor("甲", "本报")
    Unpaid.objects.create(contributor=ours)
    article = make_piece(issue, ours, make_contributor("乙"), characters=200)
    publish(issue)

    assert fees(article) == [("甲", "0.00"), ("乙", "10.00")]
    assert [total.name for total in by_payee(august().lines)] == ["乙"]


def test_a_new_byline_makes_the_shares_equal_again_and_asks_for_a_decision(chief: User) -> None:
    issue = make_issue(451)
    article = make_piece(issue, "甲", "乙", characters=200)
    publish(issue)
    decide(article, chief, 3, 1)

    article.bylines = list(article.bylines.all())[:1]
    factories.sign_article(article=article, revision=article.save_revision(), by=None)

    assert fees(article) == [("甲", "20.00")]
    assert any("请重新核定" in doubt for doubt in the_line(article).doubts)


def test_a_decision_is_logged_with_what_was_decided(chief: User) -> None:
    issue = make_issue(451)
    article = make_piece(issue, "甲", "乙", characters=200)
    publish(issue)

    decide(article, chief, 3, 1, adjustment=D("-2.50"), note="有误")

    entry = PageLogEntry.objects.get(action="desk.fee")
    assert entry.user == chief
    assert entry.data == {
        "grade": "",
        "is_paid": True,
        "adjustment": "-2.50",
        "note": "有误",
        "shares": [["甲", 3, 0], ["乙", 1, 0]],
    }


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"seen": "x"}, "有了变化"),
        ({"shares": []}, "有了变化"),
        ({"shares": [ShareWish(0, 0), ShareWish(0, 0)]}, "份额全是0"),
        ({"shares": [ShareWish(-1, 0), ShareWish(1, 0)]}, "不能是负数"),
        ({"shares": [ShareWish(1, 1), ShareWish(1, 0)]}, "只有0张图片"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused(
    fields: dict[str, object], told: str, chief: User
) -> None:
    issue = make_issue(451)
    article = make_piece(issue, "甲", "乙", characters=200)
    publish(issue)

    with pytest.raises(FeesRefused, match=told):
        decide(article, chief, 1, 1, **fields)
    assert not PageLogEntry.objects.filter(action="desk.fee").exists()


# A month that is closed


def test_nothing_changes_a_closed_month_until_it_is_opened_again(chief: User) -> None:
    issue = make_issue(451)
    kept = make_piece(issue, "甲", characters=200)
    withdrawn = make_piece(issue, "乙", characters=300)
    publish(issue)
    sheet = close(chief)
    assert sheet.total == D("50.00")

    kept.body = [("paragraph", f"<p>{'字' * 900}</p>")]
    factories.sign_article(article=kept, revision=kept.save_revision(), by=None)
    withdraw_article(article=withdrawn, reason="重复", by=None)
    Grade.objects.update(rate=1)

    assert [str(line.amount) for line in august().lines] == ["20.00", "30.00"]
    assert (august().late, august().gone) == (0, 1)
    with pytest.raises(FeesRefused, match="已经关账"):
        decide(kept, chief, 1)

    reopen_month(month=AUGUST, reason="漏了一篇", by=chief)

    assert [str(line.amount) for line in august().lines] == ["0.90"]
    assert FeeSheet.objects.get().total == D("50.00")
    entries = ModelLogEntry.objects.filter(user=chief, action__startswith="desk.")
    assert [entry.action for entry in entries.order_by("pk")] == [
        "desk.close_fees",
        "desk.reopen_fees",
    ]
    assert entries.latest("pk").data == {"reason": "漏了一篇"}


def test_an_issue_taken_back_and_dated_anew_is_not_paid_twice(chief: User) -> None:
    issue = make_issue(451)
    make_piece(issue, "甲", characters=200)
    publish(issue)
    close(chief)

    unpublish_issue(issue=issue, by=None)
    assert august().gone == 1
    IssuePage.objects.filter(pk=issue.pk).update(date=datetime.date(2022, 9, 6), live=True)

    (line,) = ledger_of(datetime.date(2022, 9, 1)).lines
    assert line.amount == 0
    assert line.doubts == ("已列入2022年8月的稿费表，这里不再发",)


def test_what_is_printed_in_a_closed_month_is_told(chief: User) -> None:
    issue = make_issue(451)
    make_piece(issue, "甲")
    publish(issue)
    close(chief)
    late = make_issue(452)
    make_piece(late, "乙")
    publish(late)

    assert (august().late, len(august().lines)) == (1, 1)


def test_a_month_is_closed_as_it_was_read_and_only_with_every_grade(chief: User) -> None:
    settings = pay(None)
    issue = make_issue(451)
    make_piece(issue, "甲", title="缺等级")
    publish(issue)
    seen = mark_of(august().lines)
    settings.default_grade = None
    settings.save()

    with pytest.raises(FeesRefused, match="《缺等级》还没有定稿酬等级"):
        close(chief)
    pay(90)
    with pytest.raises(FeesRefused, match="有了变化"):
        close_month(month=AUGUST, seen=seen, by=chief)
    with pytest.raises(FeesRefused, match="没有见报"):
        close_month(month=datetime.date(2022, 7, 1), seen=seen, by=chief)


@pytest.mark.parametrize("role", ["", "编辑", "责任编辑"])
def test_nobody_but_the_chief_decides_closes_or_opens(
    role: str, chief: User, client: Client
) -> None:
    issue = make_issue(451)
    article = make_piece(issue, "甲")
    publish(issue)
    user = make_user(role)
    client.force_login(user)

    with pytest.raises(FeesRefused):
        decide(article, user, 1)
    with pytest.raises(FeesRefused):
        close(user)
    close(chief)
    with pytest.raises(FeesRefused):
        reopen_month(month=AUGUST, reason="x", by=user)
    for address in (
        reverse("desk_fee", args=[article.pk]),
        reverse("desk_fee_sheet", args=["2022-08"]),
    ):
        assert client.get(address).status_code in (302, 403)
    for name in ("desk_fees_close", "desk_fees_reopen"):
        client.post(reverse(name, args=["2022-08"]), {"seen": "x", "reason": "x"})
    assert august().is_closed


# The screens


def test_a_fee_is_decided_on_its_screen(client: Client, chief: User) -> None:
    client.force_login(chief)
    issue = make_issue(451)
    article = make_piece(issue, "甲", "乙", characters=200)
    publish(issue)
    address = reverse("desk_fee", args=[article.pk])
    typed = {
        "seen": mark_of([the_line(article)]),
        "is_paid": "on",
        "adjustment": "10",
        **{"weight-0": "2", "weight-1": "1", "pictures-0": "0", "pictures-1": "0"},
    }

    assert "没有保存" in client.post(address, {**typed, "weight-0": "-1"}).content.decode()
    assert fees(article) == [("甲", "10.00"), ("乙", "10.00")]
    answer = client.post(address, typed, follow=True)

    assert "的稿费已核定" in answer.content.decode()
    assert fees(article) == [("甲", "20.00"), ("乙", "10.00")]


def test_what_can_be_decided_no_more_says_so(client: Client, chief: User) -> None:
    client.force_login(chief)
    issue = make_issue(451)
    closed = make_piece(issue, "甲", title="已关账")
    publish(issue)
    close(chief)
    draft = make_piece(make_issue(452), "乙", title="没出版")

    for article, told in (
        (closed, "2022年8月稿费表已经关账"),
        (draft, "《没出版》没有见报"),
    ):
        answer = client.get(reverse("desk_fee", args=[article.pk]), follow=True)
        assert answer.status_code == 200
        assert told in answer.content.decode()
    ledger = client.get(reverse("desk_fees", query={"month": "2022-08"})).content.decode()
    assert reverse("desk_fee", args=[closed.pk]) not in ledger


def test_the_sheet_to_sign_names_the_paper_the_people_and_the_sum(
    client: Client, chief: User
) -> None:
    make_imprint(since=datetime.date(2022, 8, 2), name="杭州工运")
    client.force_login(chief)
    issue = make_issue(451)
    make_piece(issue, make_contributor("甲", "建德市总工会"), "乙", characters=333)
    publish(issue)

    page = BeautifulSoup(
        client.get(reverse("desk_fee_sheet", args=["2022-08"])).content, "html.parser"
    )
    paper = page.select_one(".fee-sheet__paper")
    people = [
        [cell.text for cell in row.select("th, td")]
        for row in paper.select_one("table").select("tbody tr, tfoot tr")
    ]

    assert paper.h2.text == "《杭州工运》2022年8月稿费发放表（未关账）"
    assert people == [
        ["1", "乙", "", "1", "0", "16.65", "0.00", "16.65", ""],
        ["2", "甲", "建德市总工会", "1", "0", "16.65", "0.00", "16.65", ""],
        ["合计", "33.30", ""],
    ]
    assert page.title.text.endswith("杭州工运")


def test_a_grade_that_is_in_use_is_not_deleted(client: Client, chief: User) -> None:
    client.force_login(chief)
    issue = make_issue(451)
    article = make_piece(issue, "甲")
    publish(issue)
    decide(article, chief, 1, grade=Grade.objects.create(name="丁", rate=D(50)))

    for grade in Grade.objects.all():
        answer = client.post(reverse("grades:delete", args=[grade.pk]), follow=True)
        assert "没有删除：有稿件或设置在用" in answer.content.decode()
    assert Grade.objects.count() == 2


def test_a_month_without_issues_and_one_that_is_none(client: Client, chief: User) -> None:
    client.force_login(chief)

    empty = client.get(reverse("desk_fee_sheet", args=["2099-12"]))
    assert "2099年12月还没有见报的稿件。" in empty.content.decode()
    for month in ("2022-13", "9999-01", "0000-00", "\0"):
        address = reverse("desk_fee_sheet", args=["2022-08"]).replace("2022-08", month)
        assert client.get(address).status_code == 404
