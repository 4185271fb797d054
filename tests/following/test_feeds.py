"""Feeds: complete, valid, the same article under the same name for ever, and cheap to ask again."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any
from unittest import mock

import feedparser
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from lxml import etree
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageLogEntry, PageViewRestriction

from articles.copy import Line, Run, write_rich_text
from articles.models import ArticlePage, Byline
from desk.review.signing import sign_article
from following.feeds import hub
from following.feeds.entries import came_out
from following.feeds.formats import FORMATS
from issues.correcting import Wording, add_correction
from issues.models import IssuePage
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import reinstate_article, withdraw_article
from newsroom.models import Contributor, PressPhoto, PressPhotoRendition, Section
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "a&b<script>]]>\x0b\x01\ufffe\"'"


def atom(client: Client, at: str = "/") -> Any:
    response = client.get(f"{at}feed/")
    assert response.status_code == 200, at
    return etree.fromstring(response.content)


def titles(client: Client, at: str = "/") -> list[str]:
    found = [entry.findtext(f"{ATOM}title") for entry in atom(client, at).iter(f"{ATOM}entry")]
    told = json.loads(client.get(f"{at}feed.json").content)
    rss = etree.fromstring(client.get(f"{at}feed.xml").content)
    assert found == [item["title"] for item in told["items"]]
    assert found == [item.findtext("title") for item in rss.iter("item")]
    return found


def ids(client: Client) -> dict[str, str]:
    entries = atom(client).iter(f"{ATOM}entry")
    return {e.findtext(f"{ATOM}title"): e.findtext(f"{ATOM}id") for e in entries}


def illustrated(name: str, alt: str = "比赛现场") -> list[tuple[str, object]]:
    file = get_test_image_file(filename=f"{name}.png", size=(60, 40))
    image = PressPhoto.objects.create(title=name, file=file)
    photo = {"image": image, "caption": "图,说明", "credit": "张三 摄", "alt": alt}
    return [("photo", photo), ("gallery", [photo, photo]), ("paragraph", "<p>正文</p>")]


# What is in them


def test_an_article_is_there_in_full_as_readers_see_it(client) -> None:
    section = Section.objects.create(name="职工之声", slug="voice")
    contributor = Contributor.objects.create(name="张晓燕")
    issue = make_issue(451)
    article = make_article(
        issue,
        "比赛,在建德",
        text="第一段,有逗号。\n第二段。",
        kicker="引题",
        subhead="副题",
        section=section,
        signed=True,
    )
    Byline.objects.filter(article=article).update(contributor=contributor)
    publish_issue(issue=issue, by=None)

    for at in ("/", "/sections/voice/", f"/contributors/{contributor.pk}/"):
        (entry,) = atom(client, at).iter(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}title") == "比赛，在建德"
        assert entry.find(f"{ATOM}link").get("href") == "http://testserver/451/1/"
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == "张晓燕"
        assert entry.find(f"{ATOM}category").get("term") == "职工之声"
        text = entry.findtext(f"{ATOM}content")
        for words in ("引题", "副题", "第一段，有逗号。", "第二段。", "（张晓燕）", "第451期"):
            assert words in text
        (item,) = json.loads(client.get(f"{at}feed.json").content)["items"]
        assert item["content_html"] == text
        assert item["tags"] == ["职工之声"]
        assert item["authors"] == [{"name": "张晓燕"}]


def test_photos_and_links_lead_somewhere_from_anywhere(client) -> None:
    issue = make_issue(451)
    links = [Run("旧闻", href="/450/1/"), Run("下文", href="#s1"), Run("坏", href="http://[x")]
    body = [
        *illustrated("a", alt='"引"'),
        ("paragraph", write_rich_text([Line("paragraph", links)])),
    ]
    make_article(issue, body=body, signed=True)
    publish_issue(issue=issue, by=None)

    (item,) = json.loads(client.get("/feed.json").content)["items"]
    addresses = re.findall(r'(?:src|href)="([^"]*)"', item["content_html"])
    assert all(address.startswith("http://testserver/") for address in addresses), addresses
    assert "http://testserver/450/1/" in addresses
    assert "http://testserver/451/1/#s1" in addresses
    assert item["content_html"].count("<img") == 3
    assert item["content_html"].count("图，说明 张三 摄") == 3
    (rendition,) = PressPhotoRendition.objects.all()  # the page's own; none was made besides
    assert item["image"] == f"http://testserver{rendition.url}"
    rss = client.get("/feed.xml").content.decode()
    assert 'medium="image"' in rss
    assert '<media:description type="plain">"引"</media:description>' in rss


def test_the_newest_issue_comes_first_and_in_print_order(client) -> None:
    for number in (449, 451, 450):
        make_public_issue(number, articles=2)
    ArticlePage.objects.filter(issue__slug="451", number=1).update(title="头条")
    assert titles(client)[:2] == ["头条", "第2条新闻"]
    entries = list(atom(client).iter(f"{ATOM}entry"))
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]
    assert [link.split("/")[3] for link in links] == ["451", "451", "450", "450", "449", "449"]


def test_thirty_articles_but_a_long_issue_whole(client) -> None:
    make_public_issue(450, articles=20)
    make_public_issue(451, articles=20)
    assert len(titles(client)) == 30
    issue = make_public_issue(452, articles=1)
    for n in range(33):
        make_article(issue, f"增{n}")
    ArticlePage.objects.child_of(issue).update(live=True)
    assert len(titles(client)) == 34


def test_what_no_reader_gets_stands_in_no_feed(client) -> None:
    section = Section.objects.create(name="职工之声", slug="voice")
    contributor = Contributor.objects.create(name="张晓燕")
    at = ("/", "/sections/voice/", f"/contributors/{contributor.pk}/", "/corrections/")

    def article(issue: IssuePage, title: str, *, signed: bool = True) -> ArticlePage:
        made = make_article(issue, title, section=section, signed=signed)
        made.bylines.update(contributor=contributor)
        return made

    out = make_issue(451)
    article(out, "公开的")
    article(out, "没定稿的", signed=False)
    withdrawn = article(out, "撤稿的")
    publish_issue(issue=out, by=None, without_unfinished=True)
    withdraw_article(article=withdrawn, reason="有误", by=None)
    unpublished = make_issue(452)
    article(unpublished, "没出版的")
    closed = make_issue(453)
    shut = article(closed, "不公开的")
    publish_issue(issue=closed, by=None)
    add_correction(article=shut, wording=wording(closed.date, "不公开的更正"), by=None)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    assert titles(client, "/") == ["公开的"]
    assert [titles(client, each) for each in at[1:3]] == [["公开的"], ["公开的"]]
    assert titles(client, "/corrections/") == []
    client.force_login(make_user("总编"))
    assert titles(client, "/") == ["公开的"]

    unpublish_issue(issue=out, by=make_user("总编"))
    assert titles(client) == []
    assert {client.get(f"{each}feed/").status_code for each in at[1:3]} == {404}


def wording(day: datetime.date, text: str, **words: str) -> Wording:
    return Wording(text=text, date=day, **words)


def test_corrections_have_a_feed_and_stand_in_their_articles_entry(client) -> None:
    issue = make_public_issue(451)
    article = ArticlePage.objects.child_of(issue).get()
    before = atom(client).find(f"{ATOM}entry").findtext(f"{ATOM}updated")
    told = wording(issue.date, "数字有误。", wrong="八人", right="九人")
    correction = add_correction(article=article, wording=told, by=None)

    assert titles(client, "/corrections/") == ["更正：第1条新闻"]
    (item,) = json.loads(client.get("/corrections/feed.json").content)["items"]
    assert item["url"] == f"http://testserver/451/1/#correction-{correction.pk}"
    assert "九人" in item["content_html"]
    entry = atom(client).find(f"{ATOM}entry")
    assert "数字有误。" in entry.findtext(f"{ATOM}content")
    assert entry.findtext(f"{ATOM}updated") > before


@pytest.mark.parametrize("file", FORMATS)
@pytest.mark.parametrize("at", ["", "corrections/"])
def test_a_paper_without_issues_has_valid_feeds_that_stay_the_same(client, at, file) -> None:
    first = client.get(f"/{at}{file}")
    assert first.status_code == 200
    assert client.get(f"/{at}{file}").content == first.content


@pytest.mark.parametrize("file", FORMATS)
def test_feed_of_corrections_stays_the_same_while_there_are_none(client, file) -> None:
    issue = make_public_issue(451)
    first = client.get(f"/corrections/{file}").content
    make_public_issue(452)
    unpublish_issue(issue=issue, by=make_user("总编"))
    assert client.get(f"/corrections/{file}").content == first


def test_addresses_that_are_none(client) -> None:
    Section.objects.create(name="空栏目", slug="empty")
    nobody = Contributor.objects.create(name="没有稿的人")
    for address in (
        *("/sections/empty/feed/", "/sections/nothing/feed.xml", "/sections/a%0Ab/feed/"),
        *(f"/contributors/{nobody.pk}/feed/", "/contributors/0/feed/", "/contributors/01/feed/"),
        *(f"/contributors/{'9' * 18}/feed.json", f"/contributors/{'9' * 30}/feed.json"),
        "/feedxxml/",
    ):
        assert client.get(address).status_code == 404, address
    assert client.post("/feed/").status_code == 405


# Names and dates


def test_an_entry_keeps_its_name_through_edits_moves_and_another_domain(client) -> None:
    issue = make_public_issue(451, articles=2)
    before = ids(client)
    first, second = ArticlePage.objects.child_of(issue).in_print_order()
    first.title = "改过的标题"
    sign_article(article=first, revision=first.save_revision(), by=None)
    ArticlePage.objects.filter(pk=second.pk).update(folio=7)

    elsewhere = etree.fromstring(client.get("/feed/", headers={"host": "localhost"}).content)

    after = ids(client)
    assert after["改过的标题"] == before["第1条新闻"]
    assert after["第2条新闻"] == before["第2条新闻"]
    assert [e.findtext(f"{ATOM}id") for e in elsewhere.iter(f"{ATOM}entry")] == list(after.values())
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", name) for name in after.values())
    rss = feedparser.parse(client.get("/feed.xml").content)
    assert [entry.id for entry in rss.entries] == list(after.values())


def test_an_entry_keeps_its_name_when_its_issue_is_taken_in_anew(client) -> None:
    make_public_issue(451)
    before = ids(client)
    unpublish_issue(issue=IssuePage.objects.get(), by=make_user("总编"))
    IssuePage.objects.get().delete()
    make_public_issue(451)
    assert ids(client) == before


def test_a_back_number_came_out_on_its_day() -> None:
    day = datetime.date(2022, 8, 2)
    zone = timezone.get_current_timezone()
    evening_before = datetime.datetime(2022, 8, 1, 20, tzinfo=zone)
    years_later = datetime.datetime(2026, 1, 1, tzinfo=zone)
    assert came_out(evening_before, day) == evening_before
    assert came_out(years_later, day) == datetime.datetime(2022, 8, 2, tzinfo=zone)
    assert came_out(None, day) == datetime.datetime(2022, 8, 2, tzinfo=zone)


def test_signing_a_correction_of_the_text_makes_it_newer(client) -> None:
    issue = make_public_issue(451)
    before = atom(client).find(f"{ATOM}entry")
    article = ArticlePage.objects.child_of(issue).get()
    sign_article(article=article, revision=article.save_revision(), by=None)
    after = atom(client).find(f"{ATOM}entry")
    assert after.findtext(f"{ATOM}published") == before.findtext(f"{ATOM}published")
    assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")


# Asked again


@pytest.mark.parametrize("file", FORMATS)
def test_whoever_has_it_is_told_so_cheaply(client, file) -> None:
    make_public_issue(451, articles=3)
    first = client.get(f"/{file}")
    assert first["Cache-Control"] == "public, max-age=900"
    assert "Set-Cookie" not in first
    assert "Cookie" not in first.get("Vary", "")
    with (
        mock.patch("following.feeds.views.entries_of", side_effect=AssertionError),
        CaptureQueriesContext(connection) as asked,
    ):
        by_tag = client.get(f"/{file}", headers={"if-none-match": first["ETag"]})
        by_date = client.get(f"/{file}", headers={"if-modified-since": first["Last-Modified"]})
    assert [by_tag.status_code, by_date.status_code] == [304, 304]
    assert by_tag["ETag"] == first["ETag"]
    assert len(asked) <= 18


def test_what_readers_may_notice_changes_the_validators(client) -> None:
    issue = make_issue(451)
    article = make_article(issue, body=illustrated("a"), signed=True)
    other = make_article(issue, "另一篇", signed=True)
    publish_issue(issue=issue, by=None)
    seen = set()

    def noticed() -> bool:
        tag = client.get("/feed/")["ETag"]
        known = tag in seen
        seen.add(tag)
        return not known

    assert noticed()
    assert not noticed()
    article.save_revision()
    assert not noticed()
    sign_article(article=article, revision=article.save_revision(), by=None)
    assert noticed()
    add_correction(article=article, wording=wording(issue.date, "更正"), by=None)
    assert noticed()
    withdraw_article(article=other, reason="有误", by=None)
    assert noticed()
    reinstate_article(article=other, by=None)
    client.get("/feed/")
    photo = PressPhoto.objects.get()
    photo.file = get_test_image_file(filename="b.png")
    photo.save()
    assert noticed()
    make_public_issue(452)
    assert noticed()


def test_a_withdrawal_moves_the_date_on_for_those_who_ask_by_date_alone(client) -> None:
    issue = make_public_issue(451, articles=2)
    hour_ago = timezone.now() - datetime.timedelta(hours=1)
    PageLogEntry.objects.update(timestamp=hour_ago)
    before = client.get("/feed/")["Last-Modified"]
    article = ArticlePage.objects.child_of(issue).first()
    withdraw_article(article=article, reason="有误", by=None)
    assert client.get("/feed/", headers={"if-modified-since": before}).status_code == 200


def test_more_articles_and_photos_cost_no_more_queries(client) -> None:
    def cost() -> list[int]:
        counted = []
        for file in FORMATS:
            client.get(f"/{file}")
            with CaptureQueriesContext(connection) as captured:
                client.get(f"/{file}")
            counted.append(len(captured))
        return counted

    for number in (451, 452):
        issue = make_issue(number)
        for n in range(2):
            make_article(issue, body=illustrated(f"{number}{n}"), signed=True)
        publish_issue(issue=issue, by=None)
    few = cost()
    for number in (453, 454, 455):
        issue = make_issue(number)
        for n in range(5):
            made = make_article(
                issue, body=illustrated(f"{number}{n}"), names=("甲", "乙"), signed=True
            )
        publish_issue(issue=issue, by=None)
        add_correction(article=made, wording=wording(issue.date, "更正"), by=None)
    assert cost() == few
    assert max(few) <= 18


# Valid, whatever is in it


def hostile_issue() -> None:
    section = Section.objects.create(name="a&b<", slug="hostile")
    issue = make_issue(451)
    body = [
        *illustrated("a", alt=HOSTILE),
        ("crosshead", HOSTILE),
        ("quote", {"text": HOSTILE, "source": HOSTILE}),
        (
            "paragraph",
            write_rich_text([Line("paragraph", (Run(HOSTILE), Run("x", href="http://[")))]),
        ),
        ("note", HOSTILE),
    ]
    make_article(
        issue,
        HOSTILE,
        body=body,
        names=(HOSTILE, "乙"),
        kicker=HOSTILE,
        section=section,
        signed=True,
    )
    publish_issue(issue=issue, by=None)
    article = ArticlePage.objects.child_of(issue).get()
    told = wording(issue.date, HOSTILE, wrong=HOSTILE, right=f"{HOSTILE}!")
    add_correction(article=article, wording=told, by=None)


@pytest.mark.parametrize("at", ["/", "/sections/hostile/", "/corrections/"])
def test_feeds_are_well_formed_and_complete_whatever_stands_in_the_copy(
    client, at, settings
) -> None:
    settings.WEBSUB_HUB = "https://hub.example/?a=1&b=2"
    hostile_issue()
    has_hub = not at.startswith("/sections/")

    parsed = feedparser.parse(client.get(f"{at}feed/").content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    check_atom(client.get(f"{at}feed/").content, has_hub=has_hub)

    parsed = feedparser.parse(client.get(f"{at}feed.xml").content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert "<script" not in parsed.entries[0].content[0].value
    assert "<script" not in parsed.entries[0].summary
    check_rss(client.get(f"{at}feed.xml").content, has_hub=has_hub)

    told = json.loads(client.get(f"{at}feed.json").content)
    check_json(told, has_hub=has_hub)
    assert not [item for item in told["items"] if "<script" in item["content_html"]]
    for file in FORMATS:
        body = client.get(f"{at}{file}").content.decode()
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", body)
        assert file.endswith("json") or "<script>" not in body


def check_atom(content: bytes, *, has_hub: bool) -> None:
    """What RFC 4287 demands of a feed and of an entry."""
    feed = etree.fromstring(content)
    assert feed.tag == f"{ATOM}feed"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-Hans"
    links = [(link.get("rel"), link.get("href")) for link in feed.findall(f"{ATOM}link")]
    assert ("hub" in dict(links)) is has_hub
    assert {"alternate", "self"} <= set(dict(links))
    names = set()
    for part in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1, name
        datetime.datetime.fromisoformat(part.findtext(f"{ATOM}updated"))
        names.add(part.findtext(f"{ATOM}id"))
        assert part.findtext(f"{ATOM}author/{ATOM}name") or part is not feed
    assert len(names) == 1 + len(feed.findall(f"{ATOM}entry"))
    for entry in feed.iter(f"{ATOM}entry"):
        (content,) = entry.findall(f"{ATOM}content")
        assert content.get("type") == "html"
        assert len(content) == 0
        assert len([e for e in entry.findall(f"{ATOM}link") if e.get("rel") == "alternate"]) == 1


def check_rss(content: bytes, *, has_hub: bool) -> None:
    """What RSS 2.0 and the profile of its board demand."""
    rss = etree.fromstring(content)
    assert (rss.tag, rss.get("version")) == ("rss", "2.0")
    (channel,) = rss
    for name in ("title", "link", "description", "language", "lastBuildDate"):
        assert len(channel.findall(name)) == 1, name
    links = {link.get("rel") for link in channel.findall(f"{ATOM}link")}
    assert links == ({"self", "hub"} if has_hub else {"self"})
    for item in channel.findall("item"):
        for name in ("title", "link", "description", "guid", "pubDate"):
            assert len(item.findall(name)) == 1, name
        assert item.find("guid").get("isPermaLink") == "false"
        assert len(item.findall("{http://purl.org/rss/1.0/modules/content/}encoded")) == 1


def check_json(feed: dict[str, Any], *, has_hub: bool) -> None:
    """What JSON Feed 1.1 demands, and nothing that it does not know."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert ("hubs" in feed) is has_hub
    known = {
        *("version", "title", "home_page_url", "feed_url", "description", "language", "authors"),
        *("items", "hubs"),
    }
    assert set(feed) <= known
    for item in feed["items"]:
        assert {type(item[name]) for name in ("id", "url", "title", "content_html")} == {str}
        for name in ("date_published", "date_modified"):
            assert datetime.datetime.fromisoformat(item[name]).tzinfo
        assert all(set(author) == {"name"} for author in item.get("authors", []))
        assert all(isinstance(tag, str) for tag in item.get("tags", []))


# Found, and told of


def test_pages_lead_to_the_feeds(client) -> None:
    make_public_issue(451)
    for address in ("/", "/451/", "/451/1/", "/archive/", "/corrections/", "/subscribe/"):
        page = client.get(address).content.decode()
        for file, form in FORMATS.items():
            assert f'rel="alternate" type="{form.media_type}"' in page, address
            assert f'href="/{file}"' in page
    assert 'href="/corrections/feed/"' in client.get("/corrections/").content.decode()


@pytest.fixture
def hub_heard(settings, monkeypatch) -> list[str]:
    settings.WEBSUB_HUB = "https://hub.example/"
    settings.WAGTAILADMIN_BASE_URL = "https://paper.example"
    heard: list[str] = []
    monkeypatch.setattr(hub, "_post", lambda fields: heard.append(fields["hub.url"]))
    return heard


def test_a_hub_hears_of_an_issue_once_it_is_out(
    hub_heard, django_capture_on_commit_callbacks
) -> None:
    issue = make_issue(451)
    with django_capture_on_commit_callbacks(execute=True):
        make_article(issue, signed=True)
    assert hub_heard == []
    with django_capture_on_commit_callbacks(execute=True):
        publish_issue(issue=issue, by=None)
    assert hub_heard == [
        f"https://paper.example/{at}{file}" for at in ("", "corrections/") for file in FORMATS
    ]


def test_nobody_is_told_where_there_is_no_hub(
    hub_heard, settings, django_capture_on_commit_callbacks
) -> None:
    settings.WEBSUB_HUB = ""
    with django_capture_on_commit_callbacks(execute=True):
        make_public_issue(451)
    assert hub_heard == []


def test_a_hub_that_is_down_stops_nothing_and_is_told_later(
    settings, monkeypatch, caplog, django_capture_on_commit_callbacks
) -> None:
    settings.WEBSUB_HUB = "http://127.0.0.1:9/"  # where nothing listens
    queued = {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}
    settings.TASKS = {**django_settings.TASKS, "subscriptions": queued}
    with django_capture_on_commit_callbacks(execute=True):
        make_public_issue(451)
    assert IssuePage.objects.get().live
    (first,) = DBTaskResult.objects.all()
    hub.tell_hub.call(0)
    again = DBTaskResult.objects.exclude(pk=first.pk).get()
    assert again.args_kwargs == {"args": [1], "kwargs": {}}
    assert again.run_after > timezone.now()
    hub.tell_hub.call(3)
    assert DBTaskResult.objects.count() == 2
    assert "the hub was not told" in caplog.text
