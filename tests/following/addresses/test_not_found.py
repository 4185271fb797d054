"""The page of what is not found: it offers what the address meant, and never fails itself."""

from __future__ import annotations

import datetime
from urllib.parse import unquote_to_bytes

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from following.addresses import views
from following.addresses.importing import import_addresses
from following.addresses.models import BrokenAddress
from following.addresses.tables import Row
from issues.models import IssuePage
from issues.withdrawing import withdraw_article
from tests import factories
from tests.factories import make_article, make_issue

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return factories.make_sample()


@pytest.fixture(autouse=True)
def issue(made: IssuePage) -> IssuePage:
    cache.clear()
    return factories.fresh(made)


def missed(address: str) -> HttpResponse:
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == 404, address
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    return answer


def offered(address: str) -> list[str]:
    page = BeautifulSoup(missed(address).content, "html.parser")
    lists = page.select(".prose .ways")
    return [link["href"] for link in lists[0].select("a")] if len(lists) == 2 else []


@pytest.mark.parametrize(
    "address",
    [
        *("/2022/08/02/", "/html/2022-08/02/node_1.htm", "/html/20220802/1.htm"),
        *("/450.html", "/qikan450/", "/450/99/", "/0450/", "/%B5%DA450%C6%DA/"),
    ],
)
def test_a_day_or_a_number_in_the_address_offers_its_issue(address: str) -> None:
    assert offered(address)[0] == "/450/"


def test_a_year_offers_its_part_of_the_archive() -> None:
    assert offered("/2022/") == ["/archive/2022/"]
    assert offered("/1999/") == []


@pytest.mark.parametrize(
    "address",
    [
        "/zhuye/%E6%8B%B1%E5%A2%85%E5%8C%BA%E6%99%AE%E6%83%A0%E6%80%A7%E6%89%98%E8%82%B2.htm",
        "/zhuye/%B9%B0%CA%FB%C7%F8%C6%D5%BB%DD%D0%D4%CD%D0%D3%FD.htm",
        "/news.asp?title=%E6%99%AE%E6%83%A0%E6%80%A7%E6%89%98%E8%82%B2",
    ],
)
def test_words_in_the_address_offer_the_nearest_articles(address: str) -> None:
    assert offered(address)[0] == "/450/2/"


def test_an_address_that_means_nothing_offers_the_ways_that_there_are() -> None:
    assert offered("/zhuye/content_123.htm?id=7") == []
    assert 'href="/archive/"' in missed("/zhuye/content_123.htm").content.decode()


def test_what_is_not_public_is_not_offered(issue: IssuePage) -> None:
    later = make_issue(451, date=datetime.date(2022, 8, 9))
    make_article(later, "养老服务中心开门迎客", signed=True)
    make_article(issue, "养老服务中心二期动工")
    closed = ArticlePage.objects.get(issue=issue, number=2)
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    gone = ArticlePage.objects.get(issue=issue, number=1)
    withdraw_article(article=gone, reason="有误", by=None)

    assert offered("/451.html") == offered("/2022/08/09/") == []
    for words in ("养老服务中心", closed.title, gone.title):
        found = offered(f"/{words}.htm")
        assert not {"/450/1/", "/450/2/", "/450/5/", "/451/1/"} & set(found)


@pytest.mark.parametrize(
    "address",
    [
        "/%3Cscript%3Ealert(1)%3C/script%3Ex/",
        "/x/?q=%3Cscript%3Ealert(1)%3C/script%3E",
        "/%22onmouseover=alert(1)/",
        "/%E2%80%AE%E6%8B%B1%E5%A2%85%3Cimg%20src=x%3E/",
    ],
)
def test_nothing_of_the_address_is_said_back(address: str) -> None:
    said = missed(address).content.decode()

    assert "alert(1)" not in said
    assert "<img src=x" not in said


@pytest.mark.parametrize(
    "address",
    [
        *("/%", "/%FF%FE/", "/" + "%E5" * 600 + "/", "/" + "9" * 1000 + "/", "/2022/99/99/"),
        *("/0000-00-00/", "/%EF%BC%94/", "/" + "棋" * 600 + "/", "/9999-12-31/", "/99999.htm"),
        *('/"托育/', "/托育%20OR%20*/", "/托育%00/"),
    ],
)
def test_no_address_breaks_the_page(address: str) -> None:
    missed(address)


# What a parser of addresses stumbles over, in the path, behind a slash that is encoded, in a query.
UNPARSABLE = (
    *("//[x", "//[x]/", "///[x", "//]/", "//[::1/", "//[preview/", "//a[b/c/", "//x@[y/"),
    *("//\u2100.com/", "//\uff0fa/", "//a\uff1a80/", "//a:b\u2048/x"),
    *("/%09/[x", "/%0A/[x", "/%0D%09//[x", "//%09[x", "/%2F[x%FF", "/%2F%5Bx%D0%C2/", "//%5Bx"),
    *(
        "/%252F[x%FF",
        "/%252F%255Bx%FF",
        "//[x?a=[&b=%FF",
        "/a/?//[x",
        "/http://[x",
        "//[x;y",
        "/[#/",
    ),
)


@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_what_is_no_address_is_not_found(method: str) -> None:
    client = Client(raise_request_exception=False)
    for address in UNPARSABLE:
        path, _, query = address.partition("?")
        # As it comes over the wire: the client of the tests would read two slashes as a machine.
        answer = getattr(client, method)("/", PATH_INFO=raw(path), QUERY_STRING=query)
        assert answer.status_code == 404, address


def raw(path: str) -> str:
    """Return the path as a WSGI server hands it over."""
    return unquote_to_bytes(path).decode("latin-1")


def test_an_address_that_cannot_be_parsed_is_noted_and_may_be_forgotten() -> None:
    for address in ("/%2F[x%FF", "//[x", "/%252F%255Bx%FF"):
        Client().get("/", PATH_INFO=raw(address))
    assert BrokenAddress.objects.exists()
    outcome = import_addresses(rows=[Row(1, "/[x", "450")], by=None)

    assert outcome.made == 1
    assert Client().get("/", PATH_INFO="//[x")["Location"] == "/450/"
    assert not BrokenAddress.objects.filter(path="/[x").exists()


def test_a_redirect_to_what_is_no_address_leads_nowhere() -> None:
    Redirect.objects.create(old_path="/a", redirect_link="http://[x")

    missed("/a/")


def test_no_address_gets_into_the_log(monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("row with SECRET")

    monkeypatch.setattr(views, "issues_named", fail)
    monkeypatch.setattr("following.addresses.middleware.lead_from", fail)
    missed("/subscribe/confirm/SECRET450/x.htm")
    missed("/450-SECRET/450.htm")

    ours = [record for record in caplog.records if record.name.startswith("following.")]
    assert {record.name.rpartition(".")[2] for record in ours} == {"middleware", "views"}
    for record in ours:
        assert "DatabaseError" in record.getMessage()
        assert "SECRET" not in caplog.handler.format(record)


@pytest.mark.parametrize("address", ["/wp-login.php", "/.env", "/wp-admin/", "/a.sql"])
def test_a_scanner_is_answered_without_the_database(
    address: str, django_assert_num_queries
) -> None:
    with django_assert_num_queries(0):
        answer = missed(address)
    assert len(answer.content) < 1500


def test_without_the_database_a_plain_page_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("down")

    monkeypatch.setattr(views, "issues_named", fail)
    monkeypatch.setattr("following.addresses.middleware.lead_from", fail)
    monkeypatch.setattr("newsroom.models.ImprintQuerySet.current", fail)

    said = missed("/450.html").content.decode()
    assert "没有找到这个页面" in said
    assert 'href="/archive/"' in said


def test_the_search_behind_it_is_not_for_a_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "FROM_ONE", 2)
    asked = ["/普惠性托育.htm"] * 3

    assert [bool(offered(address)) for address in asked] == [True, True, False]


def test_it_costs_the_same_for_any_number_of_issues() -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            missed(address)
        return len(captured)

    addresses = ("/450.html", "/2022/08/02/", "/x/y.htm")
    for address in addresses:
        cost(address)
    few = [cost(address) for address in addresses]
    for number in range(451, 471):
        make_issue(number, live=True)

    assert [cost(address) for address in addresses] == few
    assert max(few) <= 15
