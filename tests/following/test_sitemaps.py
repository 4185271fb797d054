"""Sitemaps: everything public, nothing else, each with the day when readers last saw a change."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from itertools import chain

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree
from wagtail.models import PageLogEntry, PageViewRestriction

from articles.models import ArticlePage
from desk.review.signing import sign_article
from following.metadata import sitemaps as gathered
from following.metadata.sitemap_xml import Address, index, urlset
from issues.correcting import Wording, add_correction, remove_correction
from issues.models import Folio, IssuePage
from issues.placing import place
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import reinstate_article, withdraw_article
from newsroom.models import Section
from tests import factories
from tests.factories import make_article, make_issue, make_public_issue, make_user
from tests.test_queries import illustrated

from .test_heads import a_photo

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
XML = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
LONG_AGO = datetime.datetime(2022, 8, 2, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def paper() -> None:
    cache.clear()  # of renditions that another test made


def fetch(address: str) -> etree._Element:
    answer = Client().get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    return judged(answer.content)


def judged(xml: bytes) -> etree._Element:
    """Return a sitemap that keeps the rules of sitemaps.org and of the two extensions.

    Element by element, in the order that the schemas give; the schemas themselves are in no
    package that could be had.
    """
    root = etree.fromstring(xml)
    assert len(xml) < 50 * 1024 * 1024
    assert len(root) <= 50_000
    entry, allowed = {
        "urlset": ("url", ["loc", "lastmod", "news", "image"]),
        "sitemapindex": ("sitemap", ["loc", "lastmod"]),
    }[etree.QName(root).localname]
    for child in root:
        assert child.tag == f"{{{XML['s']}}}{entry}"
        names = [etree.QName(part).localname for part in child]
        assert names[0] == "loc"
        assert names == sorted(names, key=allowed.index)
        assert names.count("loc") == 1
        assert names.count("lastmod") <= 1
        assert names.count("image") <= 1000
        for moment in child.findall("s:lastmod", XML):
            assert datetime.datetime.fromisoformat(moment.text).utcoffset() is not None
        for image in child.findall("image:image", XML):
            assert [etree.QName(part).localname for part in image] == ["loc"]
        for news in child.findall("news:news", XML):
            parts = [etree.QName(part).localname for part in news]
            assert parts == ["publication", "publication_date", "title"]
            assert news.findtext("news:publication/news:language", None, XML) == "zh-cn"
            datetime.date.fromisoformat(news.findtext("news:publication_date", None, XML))
    for place_ in root.iter("{*}loc"):
        assert place_.text.startswith((SITE, "https://paper.example/"))
        assert len(place_.text) < 2048
    return root


def addresses(sitemap: str) -> dict[str, datetime.datetime | None]:
    """Return what a sitemap lists, without the host, and when each changed."""
    listed = {}
    for url in fetch(sitemap):
        changed = url.findtext("s:lastmod", None, XML)
        listed[url.findtext("s:loc", None, XML).removeprefix(SITE)] = (
            datetime.datetime.fromisoformat(changed) if changed else None
        )
    return listed


def everything() -> Iterator[str]:
    """Yield every address that any sitemap lists."""
    for sitemap in addresses("/sitemap.xml"):
        yield from addresses(sitemap)


def long_ago() -> None:
    """Make everything as if it had been signed, published and logged long ago."""
    ArticlePage.objects.update(last_published_at=LONG_AGO)
    IssuePage.objects.update(last_published_at=LONG_AGO)
    PageLogEntry.objects.update(timestamp=LONG_AGO)


# What is listed.


def test_everything_that_is_listed_answers() -> None:
    factories.make_sample()
    section = Section.objects.create(name="工会动态", slug="news")
    make_article(make_issue(451, date=datetime.date(2023, 1, 3)), section=section, signed=True)
    publish_issue(issue=IssuePage.objects.get(number=451), by=None)

    listed = list(everything())

    assert len(listed) == len(set(listed))
    assert {"/450/", "/450/1/", "/451/", "/archive/", "/archive/2022/", "/about/"} <= set(listed)
    assert "/" not in listed, "it says of itself that it is the latest issue"
    for address in listed:
        answer = Client().get(address)
        assert answer.status_code == 200, address
        canonical = f'<link rel="canonical" href="{SITE}{address}">'
        assert canonical in answer.content.decode(), address


def test_a_year_lists_its_issues_with_folios_and_articles() -> None:
    make_public_issue(450, articles=2)
    issue = make_public_issue(451, articles=1)
    issue.folios = [
        Folio(number=1, name="要闻", page_image=a_photo("page")),
        Folio(number=2, name="综合"),
    ]
    issue.save()

    assert list(addresses("/sitemap-2022.xml")) == [
        *("/451/", "/451/folio-1/", "/451/1/"),
        *("/450/", "/450/1/", "/450/2/"),
    ]
    assert list(addresses("/sitemap.xml")) == ["/sitemap-2022.xml", "/sitemap-lists.xml"]


def test_sections_and_contributors_are_listed_once_something_public_is_there() -> None:
    used, unused = (Section.objects.create(name=n, slug=n) for n in ("used", "unused"))
    issue = make_issue(450)
    article = make_article(issue, section=used, names=("张晓燕",), signed=True)
    make_article(issue, section=unused, names=("李四",))
    bearer = article.bylines.get().contributor_id

    assert not {"/sections/used/", f"/contributors/{bearer}/"} & set(
        addresses("/sitemap-lists.xml")
    )
    publish_issue(issue=issue, by=None, without_unfinished=True)

    listed = list(addresses("/sitemap-lists.xml"))
    assert [a for a in listed if a.startswith("/sections/")] == ["/sections/", "/sections/used/"]
    assert [a for a in listed if a.startswith("/contributors/")] == [f"/contributors/{bearer}/"]


def test_what_is_not_public_is_listed_nowhere() -> None:
    issue = make_public_issue(450, articles=3)
    make_article(issue, "没有定稿")  # 4
    gone, shut = (ArticlePage.objects.get(issue=issue, number=n) for n in (2, 3))
    withdraw_article(article=gone, reason="内容有误。", by=None)
    PageViewRestriction.objects.create(page=shut, restriction_type=PageViewRestriction.LOGIN)
    make_article(make_issue(451), signed=True)
    closed = make_public_issue(452)
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    unpublish_issue(issue=make_public_issue(453), by=make_user("总编"))

    listed = [address for address in everything() if address[1].isdigit()]

    assert listed == ["/450/", "/450/1/"]


def test_pictures_are_those_that_readers_are_shown() -> None:
    issue = make_issue(450)
    article = make_article(issue, body=illustrated("photo"), signed=True)
    publish_issue(issue=issue, by=None)
    Client().get("/450/1/")  # makes the sizes that the page shows
    article.body = illustrated("draft")
    article.save_revision()
    editor = Client()
    editor.force_login(make_user("总编"))
    editor.get(f"/admin/pages/{article.pk}/view_draft/")

    pictures = fetch("/sitemap-2022.xml").findall(".//image:loc", XML)

    assert len(pictures) == 1
    assert "/photo." in pictures[0].text
    assert pictures[0].text.removeprefix(SITE) in Client().get("/450/1/").content.decode()


# When it changed.


def test_a_change_is_dated_when_readers_could_see_it() -> None:
    issue = make_public_issue(450, articles=2)
    first, _ = ArticlePage.objects.filter(issue=issue).in_print_order()
    correction = None
    chief = make_user("总编")
    wording = Wording(text="第1段有误。", date=issue.date)

    def correct() -> None:
        nonlocal correction
        correction = add_correction(article=first, wording=wording, by=None)

    def sign_again() -> None:
        first.title = "改过的标题"
        sign_article(article=first, revision=first.save_revision(), by=None)

    acts = (
        correct,
        lambda: remove_correction(correction=correction, by=chief),
        lambda: place(article=first, folio=2, by=None),
        sign_again,
        lambda: withdraw_article(article=first, reason="有误。", by=None),
        lambda: reinstate_article(article=first, by=None),
    )
    for act in acts:
        long_ago()
        assert set(addresses("/sitemap-2022.xml").values()) == {LONG_AGO}
        before = timezone.now().replace(microsecond=0)
        act()

        changed = addresses("/sitemap-2022.xml")
        assert changed["/450/"] >= before
        assert changed["/450/2/"] == LONG_AGO
        assert changed.get("/450/1/", before) >= before
        assert addresses("/sitemap.xml")["/sitemap-2022.xml"] == changed["/450/"]
        first.refresh_from_db()


def test_a_corrected_masthead_changes_the_issue_and_its_articles() -> None:
    issue = make_public_issue(450)
    long_ago()
    publish_issue(issue=issue, by=None)
    changed = addresses("/sitemap-2022.xml")
    assert changed["/450/"] == changed["/450/1/"] > LONG_AGO


def test_a_draft_changes_nothing_for_readers() -> None:
    issue = make_public_issue(450)
    article = ArticlePage.objects.get(issue=issue)
    long_ago()
    article.title = "新的草稿"
    article.save_revision()
    make_article(issue, "还没定稿")
    assert set(addresses("/sitemap-2022.xml").values()) == {LONG_AGO}


def test_asking_again_gets_nothing_new_until_something_is() -> None:
    issue = make_public_issue(450)
    for address in ("/sitemap.xml", "/sitemap-2022.xml", "/sitemap-lists.xml"):
        tag = Client().get(address)["ETag"]
        again = Client().get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
    article = ArticlePage.objects.get(issue=issue)
    PageViewRestriction.objects.create(page=article, restriction_type=PageViewRestriction.LOGIN)
    tag = Client().get("/sitemap-2022.xml")["ETag"]
    assert "/450/1/" not in addresses("/sitemap-2022.xml")
    assert Client().get("/sitemap-2022.xml")["Cache-Control"] == "public, max-age=3600"
    assert Client().get("/sitemap-2022.xml", headers={"If-None-Match": tag}).status_code == 304


# News.


def test_the_news_are_those_of_today_and_yesterday() -> None:
    today = timezone.localdate()
    for number, days in ((450, 2), (451, 1), (452, 0)):
        make_public_issue(number, date=today - datetime.timedelta(days=days))

    news = fetch("/sitemap-news.xml")

    assert [url.findtext("s:loc", None, XML) for url in news] == [
        f"{SITE}/452/1/",
        f"{SITE}/451/1/",
    ]
    told = news[0].find("news:news", XML)
    assert told.findtext("news:publication/news:name", None, XML) == "杭州工运"
    assert told.findtext("news:publication_date", None, XML) == today.isoformat()
    assert told.findtext("news:title", None, XML) == "第1条新闻"
    assert "/sitemap-news.xml" in addresses("/sitemap.xml")


def test_without_news_there_is_an_empty_list_that_the_index_does_not_name() -> None:
    make_public_issue(450)
    assert len(fetch("/sitemap-news.xml")) == 0
    assert "/sitemap-news.xml" not in addresses("/sitemap.xml")


# Limits.


def test_a_long_sitemap_goes_on_in_a_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    make_public_issue(450, articles=6)
    make_public_issue(451, articles=3)
    whole = list(addresses("/sitemap-2022.xml"))
    lists = list(addresses("/sitemap-lists.xml"))
    monkeypatch.setattr(gathered, "MOST", 4)
    monkeypatch.setattr("following.metadata.views.MOST", 4)

    named = list(addresses("/sitemap.xml"))

    assert named[:3] == ["/sitemap-2022.xml", "/sitemap-2022-2.xml", "/sitemap-2022-3.xml"]
    parts = [list(addresses(name)) for name in named]
    assert max(map(len, parts)) == 4
    assert list(chain.from_iterable(parts)) == whole + lists


@pytest.mark.parametrize(
    "name", ["2021", "0000", "2022-1", "2022-2", "2022-0", "news-2", "lists-9", "x", "20222"]
)
def test_there_is_no_other_sitemap(name: str) -> None:
    make_public_issue(450)
    assert Client().get(f"/sitemap-{name}.xml").status_code == 404


def test_a_paper_without_issues_has_a_sitemap() -> None:
    assert list(addresses("/sitemap.xml")) == ["/sitemap-lists.xml"]
    assert "/archive/" in addresses("/sitemap-lists.xml")


def test_more_articles_cost_no_more_queries() -> None:
    def costs() -> list[int]:
        counted = []
        for address in (
            "/sitemap.xml",
            "/sitemap-2022.xml",
            "/sitemap-lists.xml",
            "/sitemap-news.xml",
        ):
            with CaptureQueriesContext(connection) as captured:
                Client().get(address)
            counted.append(len(captured))
        return counted

    def add(number: int) -> None:
        issue = make_public_issue(number, articles=2)
        make_article(issue, body=illustrated(str(number)), names=(f"某{number}",), signed=True)
        issue.folios = [Folio(number=1, page_image=a_photo(str(number)))]
        issue.save()

    add(450)
    few = costs()
    for number in range(451, 460):
        add(number)

    assert costs() == few
    assert max(few) <= 14


# The form.


def test_nothing_that_stands_in_a_title_spoils_the_xml() -> None:
    today = timezone.localdate()
    issue = make_public_issue(450, date=today)
    ArticlePage.objects.filter(issue=issue).update(
        title="]]></title><b> & \"'\x0b\x01 👩‍👩‍👧 \u2028"
    )
    title = fetch("/sitemap-news.xml").findtext(".//news:title", None, XML)
    assert title == "]]></title><b> & \"' 👩‍👩‍👧 \u2028"


def test_an_address_has_at_most_a_thousand_pictures() -> None:
    many = Address(f"{SITE}/", pictures=tuple(f"{SITE}/{n}.webp" for n in range(1500)))
    assert len(judged(urlset([many]))[0].findall("image:image", XML)) == 1000


def test_ten_thousand_addresses_keep_the_limits() -> None:
    moment = datetime.datetime(2022, 8, 2, 9, tzinfo=datetime.UTC)
    url = f"{SITE}/{'x' * 200}"
    addresses_ = [Address(url, moment, (url, url))] * gathered.MOST
    judged(urlset(addresses_))
    judged(index(addresses_))
