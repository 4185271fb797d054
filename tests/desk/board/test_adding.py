"""An article comes into the issue from the board: empty, or from a contribution."""

from __future__ import annotations

import pytest
from django.urls import reverse

from articles.models import ArticlePage
from contributions.models import Contribution, Status
from issues.models import IssuePage
from newsroom.models import Section
from tests.contributions.factories import make_contribution
from tests.factories import make_article, make_issue, make_public_issue, make_user

from .asking import BY_SCRIPT, client_of, page_of, printed, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    issue = make_issue(451)
    make_article(issue, "一版的", folio=1)
    make_article(issue, "三版的", folio=3)
    return issue


@pytest.fixture
def client(issue: IssuePage):
    return client_of(make_user("编辑"))


def add(client, issue: IssuePage, **fields):
    return client.post(reverse("desk_board_add", args=[issue.pk]), fields)


def test_a_headline_typed_on_the_board_becomes_a_draft_in_its_folio(
    issue: IssuePage, client
) -> None:
    section = Section.objects.create(name="文体", slug="sport")

    answer = add(client, issue, title=" 象棋\n比赛 ", folio="2", section=section.pk)

    article = ArticlePage.objects.get(title="象棋 比赛")
    assert answer.headers["Location"] == reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert printed(issue) == [(1, "一版的"), (2, "象棋 比赛"), (3, "三版的")]
    assert article.section == section
    assert not article.live
    assert article.get_latest_revision() is not None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"title": " "}, "请先写标题"),
        ({}, "请先写标题"),
        ({"title": "甲" * 256}, "最多255字"),
        ({"title": "甲", "folio": "0"}, "版次从1到99"),
        ({"title": "甲", "folio": "100"}, "版次从1到99"),
        ({"title": "甲", "folio": "x"}, "版次要写数字"),
        ({"title": "甲", "folio": "\x00"}, "版次要写数字"),
        ({"title": "甲", "section": "x"}, "栏目已经不在了"),
        ({"title": "甲", "section": "99999"}, "栏目已经不在了"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(
    issue: IssuePage, client, fields: dict[str, str], reason: str
) -> None:
    answer = add(client, issue, **fields)

    assert answer.status_code in (400, 403)
    assert reason in told(answer)
    assert len(printed(issue)) == 2


def test_what_is_invisible_in_a_headline_is_left_out(issue: IssuePage, client) -> None:
    add(client, issue, title="甲\x00\u202e乙")

    assert ArticlePage.objects.filter(title="甲乙").exists()


def test_a_late_article_joins_an_issue_that_is_out_as_a_draft(client) -> None:
    public = make_public_issue(460)

    add(client, public, title="补的一篇")

    assert not ArticlePage.objects.get(title="补的一篇").live


# Contributions.


def offers(client, issue: IssuePage) -> list[str]:
    answer = client.get(reverse("desk_board_contributions", args=[issue.pk]), headers=BY_SCRIPT)
    return [title.text for title in page_of(answer).select(".board-offer__title")]


def take(client, issue: IssuePage, contribution: Contribution | str, **fields):
    key = getattr(contribution, "pk", contribution)
    data = {"contribution": key, **fields}
    return client.post(
        reverse("desk_board_contributions", args=[issue.pk]), data, headers=BY_SCRIPT
    )


def test_contributions_under_review_or_accepted_are_offered(issue: IssuePage, client) -> None:
    for status in Status.values:
        make_contribution(title=f"来稿{status}", status=status)

    assert sorted(offers(client, issue)) == ["来稿accepted", "来稿reviewing"]


def test_a_contribution_becomes_an_article_of_the_chosen_folio(issue: IssuePage, client) -> None:
    section = Section.objects.create(name="文体", slug="sport")
    contribution = make_contribution(title="来的稿", status=Status.REVIEWING)

    answer = take(client, issue, contribution, folio="2", section=section.pk)

    assert answer.status_code == 200
    assert "来稿《来的稿》已放进第451期第2版" in told(answer)
    assert printed(issue)[1] == (2, "来的稿")
    contribution.refresh_from_db()
    assert contribution.article.section == section
    assert contribution.status == Status.ACCEPTED
    assert offers(client, issue) == []


def test_a_contribution_is_not_taken_twice(issue: IssuePage, client) -> None:
    contribution = make_contribution(status=Status.REVIEWING)
    take(client, issue, contribution)

    answer = take(client, issue, contribution)

    assert answer.status_code == 403
    assert "已转为稿件" in told(answer)
    assert len(printed(issue)) == 3


@pytest.mark.parametrize("key", ["", "x", "0", "9" * 30, "\x00"])
def test_a_contribution_that_is_not_there_is_told(issue: IssuePage, client, key: str) -> None:
    answer = take(client, issue, key)

    assert answer.status_code == 409
    assert "已经不在了" in told(answer)


def test_a_source_that_is_not_there_is_told(issue: IssuePage, client) -> None:
    contribution = make_contribution(status=Status.REVIEWING)

    answer = take(client, issue, contribution, **{f"source-{contribution.pk}": "12345"})

    assert answer.status_code == 400
    assert len(printed(issue)) == 2
