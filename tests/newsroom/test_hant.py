"""/hant/…: the readers' pages in traditional characters, under the same rules as the pages."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from issues.models import IssuePage
from issues.publishing import unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import TraditionalWords
from tests import factories

HOST = "http://testserver"


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return factories.make_sample()


@pytest.fixture
def sample(db: None, made: IssuePage) -> IssuePage:
    return factories.fresh(made)


def soup(address: str, status: int = 200) -> BeautifulSoup:
    answer = Client().get(address)
    assert answer.status_code == status, address
    return BeautifulSoup(answer.content, "html.parser")


@pytest.mark.parametrize(
    "address",
    [
        *("/", "/450/", "/450/1/", "/450/folio-1/", "/archive/", "/archive/2022/", "/sections/"),
        *("/corrections/", "/popular/", "/about/", "/accessibility/", "/privacy/"),
    ],
)
def test_every_page_is_there_and_each_names_the_other(sample: IssuePage, address: str) -> None:
    here, there = soup(address), soup(f"/hant{address}")
    assert (here.html["lang"], there.html["lang"]) == ("zh-Hans", "zh-Hant")
    canonical = here.find("link", rel="canonical")["href"]
    twin = canonical.replace(HOST, f"{HOST}/hant")
    assert there.find("link", rel="canonical")["href"] == twin
    for page in (here, there):
        languages = page.find_all("link", rel="alternate", hreflang=True)
        assert {link["hreflang"]: link["href"] for link in languages} == {
            "zh-Hans": canonical,
            "zh-Hant": twin,
            "x-default": canonical,
        }
    assert there.find("meta", property="og:url")["content"] == twin
    [other] = here.select(".tools__other")
    assert (other["href"], other["hreflang"], other.text) == (f"/hant{address}", "zh-Hant", "繁體")
    [back] = there.select(".tools__other")
    assert (back["href"], back["hreflang"], back.text) == (address, "zh-Hans", "简体")
    # Nothing but what is no page of its own leads back.
    for link in there.select("a[href^='/']"):
        if not link["href"].startswith("/hant/") and link is not back:
            assert not soup_exists(link["href"]), link


def soup_exists(address: str) -> bool:
    path = address.partition("?")[0].partition("#")[0]
    return Client().get(f"/hant{path}").status_code == 200


def test_words_are_converted_and_names_are_not(sample: IssuePage) -> None:
    there = soup("/hant/450/").get_text()
    assert "杭州工運" in there
    assert "責任編輯：侯英帅" in there
    assert "農曆" in there
    article = sample.get_children().specific().first()
    name = article.bylines.all()[0].name
    page = soup("/hant/450/1/")
    assert name in page.select_one(".byline").text
    assert "「" not in page.get_text()  # signs are the paper's


def test_lists_by_page_and_year_lead_on_in_the_same_characters(sample: IssuePage) -> None:
    page = soup("/hant/corrections/?page=1")
    assert page.find("link", rel="canonical")["href"] == f"{HOST}/hant/corrections/"
    answer = Client().get("/hant/2022-08-02/")
    assert (answer.status_code, answer["Location"]) == (302, "/hant/450/")


def test_what_is_withdrawn_is_gone_at_once(sample: IssuePage) -> None:
    article = sample.get_children().specific().first()
    assert Client().get("/hant/450/1/").status_code == 200
    withdraw_article(article=article, reason="事实有误", by=None)
    gone = Client().get("/hant/450/1/")
    assert gone.status_code == 410
    assert gone["X-Robots-Tag"] == "noindex"
    assert "事實有誤" in gone.content.decode()
    unpublish_issue(issue=sample, by=factories.make_user(is_superuser=True))
    for address in ("/hant/450/", "/hant/450/1/", "/hant/450/2/"):
        assert Client().get(address).status_code == 404


def test_nothing_of_it_is_kept_by_others(sample: IssuePage) -> None:
    for address in ("/hant/", "/hant/450/1/", "/hant/450/99/"):
        answer = Client().get(address, headers={"X-Paper-Keep": "1"})
        assert "X-Accel-Expires" not in answer
        assert {"private", "no-cache"} <= {*answer["Cache-Control"].split(", ")}
        assert "Last-Modified" not in answer
        again = Client().get(
            address,
            headers={"If-None-Match": "*", "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
        )
        assert again.status_code == answer.status_code


@pytest.mark.parametrize(
    "address",
    [
        *("/hant/hant/", "/hant/hant/450/", "/hant/admin/", "/hant/admin/login/", "/hant/search/"),
        *("/hant/contribute/", "/hant/preview/x/", "/hant/login/", "/hant/450/issue.pdf"),
        *("/hant/%00", "/hant/450/%00/", "/hant//450/", "/hant/../admin/", "/hant/%2e%2e/admin/"),
        *("/hant/feed/", "/hant/api/", "/hant/0450/", "/hant/media/x/", "/hantx/", "/hant/٤٥٠/"),
        "/hant/static/css/base.css",
    ],
)
def test_what_is_not_there(sample: IssuePage, address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code in (400, 404), address
    assert "登录" not in answer.content.decode()


def test_without_its_last_stroke(sample: IssuePage) -> None:
    for address in ("/hant", "/hant/450", "/hant/archive"):
        answer = Client().get(address)
        assert (answer.status_code, answer["Location"]) == (301, f"{address}/")


def test_nothing_is_sent_there(sample: IssuePage) -> None:
    assert Client().post("/hant/450/").status_code == 404
    head = Client().head("/hant/450/")
    assert (head.status_code, head.content) == (200, b"")


def test_it_asks_the_database_for_the_words_and_nothing_more(sample: IssuePage) -> None:
    for address in ("/", "/450/1/", "/archive/"):
        Client().get(address)
        with CaptureQueriesContext(connection) as here:
            Client().get(address)
        with CaptureQueriesContext(connection) as there:
            Client().get(f"/hant{address}")
        assert len(there) == len(here) + 1


def test_words_are_written_as_the_editors_say(sample: IssuePage) -> None:
    row = TraditionalWords(words=" 杭州工运 \n\n农历 = 夏曆\n")
    row.full_clean()
    row.save()
    page = soup("/hant/450/")
    assert "杭州工运" in page.title.text
    assert "夏曆" in page.get_text()
    assert "農曆" not in page.get_text()
    assert "夏曆" not in soup("/450/").get_text()


@pytest.mark.parametrize("line", ["=", "于谦=", "=于謙", "a=b=c", "长" * 31, "短=" + "长" * 31])
def test_a_line_that_is_no_word_is_refused(line: str) -> None:
    with pytest.raises(ValidationError, match="看不懂"):
        TraditionalWords(words=f"工会\n{line}").clean()


@pytest.mark.parametrize(("role", "may"), [("编辑", False), ("责任编辑", False), ("总编", True)])
def test_the_list_is_kept_by_the_chief_editor(db: None, role: str, may: bool) -> None:
    client = Client()
    client.force_login(factories.make_user(role))
    address = reverse("wagtailsettings:edit", args=["newsroom", "traditionalwords"])
    page = client.get(address, follow=True)
    assert ("单独指定的词" in page.content.decode()) is may
    if may:
        client.post(page.redirect_chain[-1][0], {"words": "工会=工會"})
    else:
        client.post(f"{address}1/", {"words": "工会=工會"})
    assert TraditionalWords.objects.filter(words="工会=工會").exists() is may
