"""Print order is kept in the tree, whatever is moved where, and no revision brings a place back."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry

from accounts.models import User
from articles.models import ArticlePage
from desk.review.signing import recall_article, sign_article
from issues.models import IssuePage
from issues.placing import PlacingRefused, place, transfer
from newsroom.models import Section
from tests import forms
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def issue() -> IssuePage:
    return make_issue(451)


def printed(issue: IssuePage) -> list[tuple[int, str]]:
    """Return folio and title of each article in print order."""
    return list(ArticlePage.objects.child_of(issue).in_print_order().values_list("folio", "title"))


def titled(title: str) -> ArticlePage:
    return ArticlePage.objects.get(title=title)


def tree_is_sound() -> bool:
    return not any(Page.find_problems())


@pytest.mark.parametrize("seed", range(8))
def test_after_any_placings_the_tree_reads_as_asked(issue: IssuePage, seed: int) -> None:
    chance = random.Random(seed)
    names = "甲乙丙丁戊己"
    for name in names:
        make_article(issue, name)
    model: dict[int, list[str]] = {1: list(names)}
    for _ in range(25):
        name = chance.choice(names)
        stood = next(folio for folio, on_it in model.items() if name in on_it)
        index = model[stood].index(name)
        folio = chance.choice([None, 1, 2, 3])
        position = chance.choice([None, -1, 0, 1, 2, 9])

        place(article=titled(name), by=None, folio=folio, position=position)

        wanted = folio or stood
        model[stood].remove(name)
        rest = model.setdefault(wanted, [])
        stays = index if wanted == stood else len(rest)
        rest.insert(max(0, min(stays if position is None else position, len(rest))), name)
        assert printed(issue) == [(f, title) for f in sorted(model) for title in model[f]]
    assert tree_is_sound()


def test_a_new_article_on_an_earlier_folio_stands_there(issue: IssuePage, client: Client) -> None:
    make_article(issue, "二版的", folio=2)
    client.force_login(make_user("编辑"))

    client.post(forms.add_url(issue, ArticlePage), forms.new_article("一版的", folio="1"))

    assert printed(issue) == [(1, "一版的"), (2, "二版的")]


def test_a_new_article_in_an_issue_that_is_out_stands_on_its_folio_too(client: Client) -> None:
    issue = make_public_issue(460, articles=2)
    place(article=titled("第2条新闻"), by=None, folio=2)
    client.force_login(make_user("编辑"))

    client.post(forms.add_url(issue, ArticlePage), forms.new_article("补的一篇"))

    assert printed(issue) == [(1, "第1条新闻"), (1, "补的一篇"), (2, "第2条新闻")]


def test_saving_an_article_of_a_public_issue_warns_of_nothing_nobody_asked_for(
    client: Client,
) -> None:
    issue = make_public_issue(460)
    article = ArticlePage.objects.child_of(issue).get()
    client.force_login(make_user("编辑"))

    answer = client.post(forms.edit_url(article), forms.edit_form(client, article))

    assert "只有总编" not in forms.messages_of(answer)


def test_an_editor_who_asks_for_another_folio_in_a_public_issue_is_refused(
    client: Client,
) -> None:
    issue = make_public_issue(460)
    article = ArticlePage.objects.child_of(issue).get()

    with pytest.raises(PlacingRefused, match="只有总编"):
        place(article=article, by=make_user("编辑"), folio=2)
    assert printed(issue) == [(1, "第1条新闻")]


def test_someone_not_logged_in_places_nothing(issue: IssuePage) -> None:
    make_article(issue, "甲")
    make_article(issue, "乙")

    with pytest.raises(PlacingRefused):
        place(article=titled("乙"), by=AnonymousUser(), position=0)
    assert printed(issue) == [(1, "甲"), (1, "乙")]


@pytest.mark.parametrize("folio", [0, -1])
def test_there_is_no_folio_below_one(issue: IssuePage, folio: int) -> None:
    article = make_article(issue)

    with pytest.raises(PlacingRefused, match="版次从1起"):
        place(article=article, by=None, folio=folio)


def test_placing_says_so_in_the_history_and_staying_says_nothing(issue: IssuePage) -> None:
    article = make_article(issue)
    by = make_user("编辑")

    place(article=article, by=by, folio=1)
    place(article=article, by=by, folio=2, prominence="lead")

    entries = PageLogEntry.objects.filter(page=article, action="issues.place")
    assert [entry.data for entry in entries] == [{"folio": "2", "prominence": "lead"}]


def test_a_section_can_be_taken_off(issue: IssuePage) -> None:
    article = make_article(issue, section=Section.objects.create(name="要闻", slug="news"))

    place(article=article, by=None, section=None)

    assert titled(article.title).section is None


def test_placing_leaves_the_other_copy_and_the_signature_alone(issue: IssuePage) -> None:
    article = make_article(issue, signed=True)
    signed = article.live_revision_id

    place(article=article, by=None, folio=3, prominence="lead", position=0)

    article = titled(article.title)
    assert (article.live, article.live_revision_id) == (True, signed)
    assert not article.has_unpublished_changes


# What revisions do not bring back.


def placement(article: ArticlePage) -> dict[str, Any]:
    stands = ArticlePage.objects.get(pk=article.pk)
    names = ("folio", "section_id", "prominence", "number", "slug", "url_path", "issue_id", "path")
    return {name: getattr(stands, name) for name in names}


@pytest.fixture
def moved(issue: IssuePage) -> ArticlePage:
    """An article with an old revision, moved since to the head of another folio."""
    make_article(issue, "别的", folio=2)
    article = make_article(issue, "原来的标题", signed=True)
    section = Section.objects.create(name="要闻", slug="news")
    place(article=article, by=None, folio=2, position=0, section=section, prominence="lead")
    return ArticlePage.objects.get(pk=article.pk)


def test_signing_an_older_revision_does_not_move_the_article(moved: ArticlePage) -> None:
    before = placement(moved)
    older = moved.revisions.earliest("pk")

    older.publish()

    assert placement(moved) == before


def test_reverting_to_an_older_revision_does_not_move_the_article(
    moved: ArticlePage, client: Client
) -> None:
    moved.title = "改过的标题"
    moved.save_revision()
    before = placement(moved)
    client.force_login(make_user("编辑"))
    data = {**forms.edit_form(client, moved), "title": "原来的标题", "folio": "1"}
    data["shown_place"] = "1||normal"  # as the form of the old revision might have shown it

    older = moved.revisions.earliest("pk")
    client.post(reverse("wagtailadmin_pages:revisions_revert", args=[moved.pk, older.pk]), data)

    moved = ArticlePage.objects.get(pk=moved.pk)
    assert moved.get_latest_revision_as_object().title == "原来的标题"
    assert placement(moved) == before
    sign_article(article=moved, revision=moved.get_latest_revision(), by=None)
    assert placement(moved) == before


def test_a_form_opened_before_somebody_else_moved_the_article_does_not_move_it_back(
    issue: IssuePage, client: Client
) -> None:
    article = make_article(issue)
    client.force_login(make_user("编辑"))
    data = forms.edit_form(client, article)
    place(article=article, by=None, folio=4, prominence="lead")

    client.post(forms.edit_url(article), {**data, "kicker": "只改引题"})

    stands = ArticlePage.objects.get(pk=article.pk)
    assert (stands.folio, stands.prominence) == (4, "lead")
    assert stands.get_latest_revision_as_object().kicker == "只改引题"


# Drag and drop in the listing.


def drag(article: ArticlePage, position: object, by: User) -> int:
    client = Client()
    client.force_login(by)
    address = reverse("wagtailadmin_pages:set_page_position", args=[article.pk])
    return client.post(f"{address}?position={position}").status_code


@pytest.mark.parametrize(
    ("name", "position", "order"),
    [
        ("甲", 1, "1乙 1甲 2丙 2丁"),
        ("丁", 2, "1甲 1乙 2丁 2丙"),
        ("丁", 0, "1丁 1甲 1乙 2丙"),
        ("甲", 3, "1乙 2丙 2丁 2甲"),
        ("乙", 2, "1甲 2丙 2乙 2丁"),
        ("甲", 99, "1乙 2丙 2丁 2甲"),
        ("甲", "x", "1乙 2丙 2丁 2甲"),
        ("丁", -5, "1丁 1甲 1乙 2丙"),
    ],
)
def test_an_article_dropped_among_others_joins_their_folio(
    issue: IssuePage, name: str, position: object, order: str
) -> None:
    for title, folio in zip("甲乙丙丁", (1, 1, 2, 2), strict=True):
        make_article(issue, title, folio=folio)

    assert drag(titled(name), position, make_user("编辑")) == 200

    assert " ".join(f"{folio}{title}" for folio, title in printed(issue)) == order


# Holding over to another issue.


def test_an_article_held_over_gets_a_new_number_where_its_own_is_taken(issue: IssuePage) -> None:
    other = make_issue(452)
    for title in ("对方第一篇", "对方第二篇"):
        make_article(other, title)
    article = make_article(issue, "挪走的")

    transfer(article=article, issue=other, by=make_user("编辑"))

    moved = titled("挪走的")
    assert (moved.number, moved.slug, moved.issue_id) == (3, "3", other.pk)
    assert moved.url_path.endswith("/452/3/")
    assert moved.get_parent().pk == other.pk
    assert moved.get_latest_revision_as_object().number == 3
    assert tree_is_sound()


def test_a_number_left_behind_is_not_given_again(issue: IssuePage) -> None:
    article = make_article(issue)
    transfer(article=article, issue=make_issue(452), by=None)

    assert make_article(issue).number == 2


def test_an_article_held_over_stands_at_the_end_of_its_folio(issue: IssuePage) -> None:
    other = make_issue(452)
    make_article(other, "对方一版", folio=1)
    make_article(other, "对方三版", folio=3)
    article = make_article(issue, "挪走的", folio=2)

    transfer(article=article, issue=other, by=None)

    assert printed(other) == [(1, "对方一版"), (2, "挪走的"), (3, "对方三版")]


def test_a_signed_article_is_not_held_over(issue: IssuePage) -> None:
    article = make_article(issue, signed=True)

    with pytest.raises(PlacingRefused, match="撤回定稿"):
        transfer(article=article, issue=make_issue(452), by=None)
    assert titled(article.title).issue_id == issue.pk


def test_an_article_whose_signature_was_taken_back_is_held_over(issue: IssuePage) -> None:
    article = make_article(issue, signed=True)
    recall_article(article=article, by=None)
    other = make_issue(452)

    transfer(article=article, issue=other, by=None)

    assert titled(article.title).issue_id == other.pk


def test_an_article_that_readers_have_seen_keeps_its_address(issue: IssuePage) -> None:
    public = make_public_issue(460)
    IssuePage.objects.filter(pk=public.pk).update(live=False)
    article = ArticlePage.objects.child_of(public).get()
    recall_article(article=article, by=None)

    with pytest.raises(PlacingRefused, match="网址"):
        transfer(article=article, issue=issue, by=None)


def test_what_stayed_behind_in_an_issue_that_is_out_is_held_over_by_the_chief_editor(
    issue: IssuePage,
) -> None:
    left_behind = make_article(make_public_issue(450), "留下的")

    with pytest.raises(PlacingRefused, match="已经出版"):
        transfer(article=left_behind, issue=issue, by=make_user("编辑"))
    transfer(article=left_behind, issue=issue, by=make_user("总编"))

    assert titled("留下的").issue_id == issue.pk


def test_nothing_is_held_over_into_an_issue_that_is_out(issue: IssuePage) -> None:
    article = make_article(issue)
    public = make_public_issue(450)

    for by in (make_user("总编"), None):
        with pytest.raises(PlacingRefused, match="已经出版"):
            transfer(article=article, issue=public, by=by)
    assert titled(article.title).issue_id == issue.pk


def test_an_article_is_not_held_over_to_where_it_is(issue: IssuePage) -> None:
    with pytest.raises(PlacingRefused, match="已经在第451期"):
        transfer(article=make_article(issue), issue=issue, by=None)


@pytest.mark.parametrize("number", ["9" * 30, "-1", "x", "0", ""])
def test_an_issue_that_there_is_none_is_no_place_to_hold_over_to(
    issue: IssuePage, client: Client, number: str
) -> None:
    article = make_article(issue, "留到下期")
    client.force_login(make_user("编辑"))

    answer = client.post(reverse("article_hold_over", args=[article.pk]), {"issue": number})

    assert answer.status_code == 200
    assert titled("留到下期").issue_id == issue.pk
