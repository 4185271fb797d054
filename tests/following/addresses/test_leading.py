"""Where old addresses lead: in one step, to what readers get, and never in a circle."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect

from articles.models import ArticlePage
from issues.models import Folio, IssuePage, NewspaperPage
from issues.placing import transfer
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import withdraw_article
from tests import factories
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return make_public_issue(450, articles=3)


@pytest.fixture(autouse=True)
def issue(made: IssuePage) -> IssuePage:
    return factories.fresh(made)


@pytest.fixture
def renumber(django_capture_on_commit_callbacks) -> Any:
    """Give an issue another number, as the admin does, and publish its masthead if it is out."""

    def renumber(issue: IssuePage, number: int) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            draft = IssuePage.objects.get(pk=issue.pk).get_latest_revision_as_object()
            draft.number = number
            draft.full_clean()
            if not draft.live:
                draft.save(clean=False)
            draft.save_revision()
            if draft.live:
                publish_issue(issue=draft, by=None)

    return renumber


def leads(address: str, **headers: str) -> tuple[int, str]:
    answer = Client().get(address, headers=headers)
    return answer.status_code, answer.get("Location", "")


def lead(old: str, to: Any, **fields: Any) -> Redirect:
    return Redirect.add_redirect(old, to, **fields)


def article(number: int = 3) -> ArticlePage:
    return ArticlePage.objects.get(issue__issuepage__number=450, number=number)


def test_an_old_address_leads_to_a_page_for_good(issue: IssuePage) -> None:
    lead("/zhuye/content_123.htm?id=1", article())

    assert leads("/zhuye/content_123.htm?id=1") == (301, "/450/3/")
    assert leads("/ZHUYE/content_123.htm?id=1&from=timeline") == (301, "/450/3/")
    assert leads("/zhuye/content_123.htm?id=2")[0] == 404


def test_one_that_is_to_be_taken_back_leads_for_now(issue: IssuePage) -> None:
    lead("/now", issue, is_permanent=False)

    assert leads("/now/") == (302, "/450/")


def test_no_browser_keeps_for_ever_what_an_editor_may_mend(issue: IssuePage) -> None:
    lead("/old", issue)

    assert Client().get("/old/")["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("asked", ["/%D0%C2%CE%C5/1.htm", "/%E6%96%B0%E9%97%BB/1.htm"])
def test_chinese_leads_in_either_encoding(asked: str) -> None:
    lead("/新闻/1.htm", article())

    assert leads(asked) == (301, "/450/3/")


def test_what_leads_to_an_old_address_leads_on_at_once(issue: IssuePage) -> None:
    lead("/a", "/b")
    lead("/b", "http://testserver/c")
    lead("/c", issue, is_permanent=False)

    assert leads("/a") == (302, "/450/")


def test_a_circle_leads_nowhere() -> None:
    lead("/a", "/b")
    lead("/b", "/c")
    lead("/c", "/b")
    lead("/self", "/self/")

    assert [leads(address)[0] for address in ("/a/", "/b/", "/c/", "/self/")] == [404] * 4


def test_an_endless_chain_is_given_up() -> None:
    for n in range(20):
        lead(f"/step-{n}", f"/step-{n + 1}")

    assert leads("/step-0/")[0] == 404


def test_nothing_leads_to_what_readers_do_not_get(issue: IssuePage) -> None:
    draft = make_issue(451)
    lead("/draft", draft)
    lead("/unsigned", make_article(draft))
    lead("/withdrawn", article(2))
    withdraw_article(article=article(2), reason="有误", by=None)

    assert [leads(address)[0] for address in ("/draft/", "/unsigned/")] == [404, 404]
    # Its address tells that it was withdrawn.
    assert leads("/withdrawn") == (301, "/450/2/")
    unpublish_issue(issue=issue, by=make_user(is_superuser=True))
    assert leads("/withdrawn/")[0] == 404


@pytest.mark.parametrize("address", ["/%00", "/a%00b/", "/?%00", "/%FF%FE", "/" + "x" * 1900 + "/"])
def test_hostile_addresses_lead_nowhere(address: str) -> None:
    assert leads(address)[0] in (200, 404)


def test_looking_up_costs_little_however_much_is_stored() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert leads("/old/page.htm")[0] == 301
        return len(captured)

    lead("/old/page.htm", article())
    cost()
    few = cost()
    for n in range(50):
        lead(f"/old/page-{n}.htm", article())

    assert cost() == few <= 8


def test_an_issue_that_was_out_leads_from_its_old_number(issue: IssuePage, renumber: Any) -> None:
    issue.folios = [Folio(number=1, name="要闻")]
    issue.save()
    renumber(issue, 455)

    assert leads("/455/")[0] == 200
    assert leads("/450/") == (301, "/455/")
    assert leads("/450/3/") == (301, "/455/3/")
    assert leads("/450/folio-1/") == (301, "/455/folio-1/")
    assert leads("/450/issue.json") == (301, "/455/issue.json")
    assert leads("/450/99/") == (301, "/455/99/")


def test_a_second_change_makes_no_chain_and_the_way_back_no_circle(
    issue: IssuePage, renumber: Any
) -> None:
    renumber(issue, 455)
    renumber(issue, 460)
    assert leads("/450/3/") == leads("/455/3/") == (301, "/460/3/")

    renumber(issue, 450)
    assert leads("/450/3/")[0] == 200
    assert leads("/455/3/") == leads("/460/3/") == (301, "/450/3/")
    unpublish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=make_user(is_superuser=True))
    assert [leads(address)[0] for address in ("/450/", "/450/3/", "/455/")] == [404] * 3


def test_an_issue_taken_back_and_renumbered_leads_from_what_readers_had(
    issue: IssuePage, renumber: Any
) -> None:
    unpublish_issue(issue=issue, by=make_user(is_superuser=True))
    renumber(issue, 455)
    assert leads("/450/3/")[0] == 404
    publish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=None)

    assert leads("/450/3/") == (301, "/455/3/")


def test_what_never_was_out_leads_from_nowhere(renumber: Any) -> None:
    draft = make_issue(451)
    make_article(draft, signed=True)
    renumber(draft, 452)
    moved = make_article(draft)
    transfer(article=moved, issue=make_issue(453), by=None)
    draft.refresh_from_db()
    publish_issue(issue=draft, by=None)

    assert not Redirect.objects.exists()
    assert [leads(address)[0] for address in ("/451/", "/451/1/", "/452/2/")] == [404] * 3
    assert leads("/452/1/")[0] == 200


def test_a_number_given_again_belongs_to_its_new_issue(issue: IssuePage, renumber: Any) -> None:
    renumber(issue, 455)
    again = make_public_issue(450, articles=1)

    assert leads("/450/")[0] == leads("/450/1/")[0] == 200
    assert IssuePage.objects.get(number=450).pk == again.pk
    assert leads("/450/3/") == (301, "/455/3/")


def test_a_part_of_the_archive_can_be_led_to() -> None:
    paper = NewspaperPage.objects.get()
    lead("/old-archive", paper, page_route_path="/archive/2022/")

    assert leads("/old-archive") == (301, "/archive/2022/")
