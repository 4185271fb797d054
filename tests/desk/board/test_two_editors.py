"""Two editors at one board: each sees what the other does, and nobody overwrites silently."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from articles.models import ArticlePage
from issues.models import IssuePage
from issues.placing import PlacingOvertaken, order_version, place
from newsroom.models import Section
from tests.factories import make_article, make_issue, make_user

from .asking import (
    BY_SCRIPT,
    act,
    board,
    client_of,
    fields_on,
    found,
    order_on,
    page_of,
    printed,
    told,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def issue() -> IssuePage:
    issue = make_issue(451)
    for title in ("甲", "乙", "丙"):
        make_article(issue, title)
    return issue


@pytest.fixture
def own(issue: IssuePage) -> Client:
    return client_of(make_user("编辑", last_name="赵", first_name="甲"))


@pytest.fixture
def colleague(issue: IssuePage):
    return make_user("责任编辑", last_name="钱", first_name="乙")


def titled(title: str) -> ArticlePage:
    return ArticlePage.objects.get(title=title)


def rows(client: Client, issue: IssuePage, since: object = 0, tag: str = "") -> HttpResponse:
    headers = {**BY_SCRIPT, **({"If-None-Match": tag} if tag else {})}
    address = reverse("desk_board_rows", args=[issue.pk])
    return client.get(f"{address}?since={since}", headers=headers)


@pytest.mark.parametrize("by_script", [True, False])
def test_a_stale_reorder_is_refused_with_the_new_order_and_who_made_it(
    issue: IssuePage, own: Client, colleague, by_script: bool
) -> None:
    order = order_on(board(own, issue))
    place(article=titled("丙"), by=colleague, position=0)

    answer = act(
        own,
        issue,
        by_script=by_script,
        act=f"move-{titled('甲').pk}",
        folio=1,
        position=2,
        order=order,
    )

    assert answer.status_code == 409
    assert "别人动过这一期的版面" in told(answer)
    assert "钱乙" in told(answer)
    shown = [row["data-title"] for row in page_of(answer).select("[data-row]")]
    assert shown == ["丙", "甲", "乙"]
    assert [title for _, title in printed(issue)] == ["丙", "甲", "乙"]


def test_the_new_order_can_be_changed_at_once(issue: IssuePage, own: Client, colleague) -> None:
    order = order_on(board(own, issue))
    place(article=titled("丙"), by=colleague, position=0)
    move = {"act": f"move-{titled('甲').pk}", "folio": 1, "position": 2}
    refused = act(own, issue, **move, order=order)

    answer = act(own, issue, **move, order=order_on(page_of(refused)))

    assert answer.status_code == 200
    assert [title for _, title in printed(issue)] == ["丙", "乙", "甲"]


@pytest.mark.parametrize("verb", ["up", "down"])
def test_the_buttons_are_as_careful(issue: IssuePage, own: Client, colleague, verb: str) -> None:
    fields = fields_on(board(own, issue))
    make_article(issue, "丁")

    answer = act(own, issue, by_script=False, act=f"{verb}-{titled('乙').pk}", **fields)

    assert answer.status_code == 409
    assert [title for _, title in printed(issue)] == ["甲", "乙", "丙", "丁"]


def test_a_change_in_place_of_what_a_colleague_changed_is_refused(
    issue: IssuePage, own: Client, colleague
) -> None:
    section = Section.objects.create(name="文体", slug="sport")
    fields = fields_on(board(own, issue))
    key = titled("乙").pk
    place(article=titled("乙"), by=colleague, prominence="lead")

    refused = act(own, issue, act=f"place-{key}", **{**fields, f"prominence-{key}": "brief"})
    accepted = act(own, issue, act=f"place-{key}", **{**fields, f"section-{key}": section.pk})

    assert refused.status_code == 409
    assert "别人改过《乙》" in told(refused)
    assert accepted.status_code == 200
    assert (titled("乙").prominence, titled("乙").section) == ("lead", section)


def test_an_article_that_went_away_is_told(issue: IssuePage, own: Client) -> None:
    article = titled("乙")
    order = order_on(board(own, issue))
    article.delete()

    answer = act(own, issue, act=f"move-{article.pk}", folio=1, position=0, order=order)

    assert answer.status_code == 409
    assert "已不在本期" in told(answer)


def test_nothing_new_is_answered_with_nothing(issue: IssuePage, own: Client) -> None:
    tag = rows(own, issue).headers["ETag"]

    answer = rows(own, issue, tag=tag)

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["ETag"] == tag


@pytest.mark.parametrize(
    "change",
    [
        lambda by: place(article=titled("丙"), by=by, position=0),
        lambda by: place(article=titled("丙"), by=by, folio=2),
        lambda by: place(article=titled("丙"), by=by, prominence="lead"),
        lambda by: retitle(titled("丙"), by),
        lambda by: make_article(IssuePage.objects.get(), "丁"),
        lambda by: titled("丙").delete(),
        lambda by: lock(titled("丙"), by),
    ],
    ids=["order", "folio", "prominence", "headline", "new", "gone", "lock"],
)
def test_whatever_a_colleague_changes_appears(
    issue: IssuePage, own: Client, colleague, change
) -> None:
    before = rows(own, issue)

    change(colleague)
    after = rows(own, issue, tag=before.headers["ETag"])

    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.content != before.content


def retitle(article: ArticlePage, by) -> None:
    article.title = article.draft_title = "改过的"
    article.save_revision(user=by)
    article.save()


def lock(article: ArticlePage, by) -> None:
    article.locked, article.locked_by = True, by
    article.save()


def test_what_a_colleague_moved_is_said_in_words(issue: IssuePage, own: Client, colleague) -> None:
    since = found(board(own, issue), "[data-changing]")["data-entry"]
    place(article=titled("丙"), by=colleague, folio=2)
    place(article=titled("甲"), by=colleague, prominence="lead", position=1)

    news = found(page_of(rows(own, issue, since=since)), "[data-news]")

    assert [item.text for item in news.select("li")] == [
        "钱乙把《甲》改为头条",
        "钱乙把《丙》移到了第2版",
    ]


def test_what_one_does_oneself_is_no_news(issue: IssuePage, colleague) -> None:
    since = found(board(client_of(colleague), issue), "[data-changing]")["data-entry"]
    place(article=titled("丙"), by=colleague, folio=2)

    news = found(page_of(rows(client_of(colleague), issue, since=since)), "[data-news]")

    assert not news.select("li")


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 50, "\x00"])
def test_a_garbled_since_is_no_error(issue: IssuePage, own: Client, since: str) -> None:
    assert rows(own, issue, since=since).status_code == 200


def test_the_version_of_an_order_tells_order_and_folios_apart() -> None:
    versions = {
        order_version(places)
        for places in ([], [(1, 1), (2, 1)], [(2, 1), (1, 1)], [(1, 1), (2, 2)])
    }

    assert len(versions) == 4


def test_an_expectation_that_holds_is_no_obstacle(issue: IssuePage) -> None:
    order = order_version(
        ArticlePage.objects.child_of(issue).in_print_order().values_list("pk", "folio")
    )

    place(
        article=titled("丙"),
        by=None,
        position=0,
        expected_order=order,
        expected={"prominence": "normal", "section_id": None},
    )

    assert [title for _, title in printed(issue)] == ["丙", "甲", "乙"]
    with pytest.raises(PlacingOvertaken):
        place(article=titled("丙"), by=None, position=2, expected_order=order)
