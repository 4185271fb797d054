"""The one switch: at every address there is, for those outside and those inside."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from wagtail.contrib.redirects.models import Redirect
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage, Byline, Correction
from following.addresses.models import BrokenAddress
from following.counts import counting
from following.counts.buffer import Buffer
from following.counts.counting import add_reads
from following.counts.models import ReadCount
from issues.models import Folio, IssuePage, NewspaperPage
from issues.previewing import make_preview_link, token_of
from issues.publishing import publish_issue
from issues.withdrawing import withdraw_article
from newsroom.circulation import Extent
from newsroom.hant_addresses import twin
from newsroom.models import CirculationSettings, Contributor, PressPhoto, Section
from newsroom.traditional import to_traditional
from tests.factories import make_article, make_imprint, make_issue, make_user
from tests.following.subscribers import make_subscription

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

INSIDE, OUTSIDE = "10.1.2.3", "203.0.113.9"
NETWORKS = "10.0.0.0/8\n240e:3a0::/32"
PDF = b"%PDF-1.4\n%%EOF\n"
# Of issue 451, dated a week after 450; nothing of it may be told outside once it stays inside.
SECRETS = (
    *("职工疗养名单公布", "食堂承包人已经换人", "林内部", "内部栏目", "内部照片的说明", "内部更正"),
    *("2022-08-09", "2022年8月9日", "8月9日", "第451期", "/451/", "nei-bu", "壬寅年七月十二"),
)

# Every address of the paper by its pattern: an address that is not here fails the first test.
# "{...}" is filled in with what there is of issue 450 or 451, or with what nobody has.
PAPER = {
    r"^(?P<number>[1-9][0-9]{0,4})/folio-(?P<folio>[1-9][0-9]?)\.pdf$": "/{issue}/folio-1.pdf",
    r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})\.mp3$": "/{issue}/1.mp3",
    r"^(?P<number>[1-9][0-9]{0,4})/(?P<file>issue\.pdf|issue\-a4\.pdf|issue\.epub|issue\.zip|"
    r"issue\.docx|issue\.json|issue\-folder\.zip)$": "/{issue}/issue.json /{issue}/issue.docx "
    "/{issue}/issue.epub /{issue}/issue.zip /{issue}/issue-folder.zip",
    "search/": "/search/ /search/?q={title} /search/?q={text} /search/?q={title}&kind=corrections",
    "search/suggest/": "/search/suggest/?q={issue} /search/suggest/?q={word}",
    "api/": "/api/",
    "api/v1/": "/api/v1/",
    "api/v1/openapi.json": "/api/v1/openapi.json",
    "api/v1/issues/": "/api/v1/issues/ /api/v1/issues/?year=2022",
    "api/v1/issues/<counted:number>/": "/api/v1/issues/{issue}/",
    "api/v1/issues/<counted:number>/articles/<counted:article>/": (
        "/api/v1/issues/{issue}/articles/1/"
    ),
    "api/v1/issues/<counted:number>/folios/": "/api/v1/issues/{issue}/folios/",
    "api/v1/articles/": "/api/v1/articles/",
    "api/v1/contributors/": "/api/v1/contributors/",
    "api/v1/contributors/<counted:key>/": "/api/v1/contributors/{contributor}/",
    "api/v1/sections/": "/api/v1/sections/",
    "api/v1/corrections/": "/api/v1/corrections/",
    "api/v1/search/": "/api/v1/search/?q={title}",
    r"api/^v1/.*/\Z": "/api/v1/nothing/",
    r"^count/(?P<issue>[1-9][0-9]{0,4})/(?P<number>[1-9][0-9]{0,8})/$": "/count/{issue}/1/",
    "popular/": "/popular/ /popular/?span=all",
    "^feed/$": "/feed/",
    "^feed[.]xml$": "/feed.xml",
    "^feed[.]json$": "/feed.json",
    "^sections/(?P<slug>[-a-zA-Z0-9_]+)/feed/$": "/sections/{section}/feed/",
    "^sections/(?P<slug>[-a-zA-Z0-9_]+)/feed[.]xml$": "/sections/{section}/feed.xml",
    "^sections/(?P<slug>[-a-zA-Z0-9_]+)/feed[.]json$": "/sections/{section}/feed.json",
    "^contributors/(?P<key>[1-9][0-9]{0,17})/feed/$": "/contributors/{contributor}/feed/",
    "^contributors/(?P<key>[1-9][0-9]{0,17})/feed[.]xml$": "/contributors/{contributor}/feed.xml",
    "^contributors/(?P<key>[1-9][0-9]{0,17})/feed[.]json$": "/contributors/{contributor}/feed.json",
    "^corrections/feed/$": "/corrections/feed/",
    "^corrections/feed[.]xml$": "/corrections/feed.xml",
    "^corrections/feed[.]json$": "/corrections/feed.json",
    "subscribe/": "/subscribe/",
    "opensearch.xml": "/opensearch.xml",
    "manifest.webmanifest": "/manifest.webmanifest",
    "sw.js": "/sw.js",
    "offline/": "/offline/",
    r"^(?P<number>[1-9][0-9]{0,4})/offline\.json$": "/{issue}/offline.json",
    r"^(?P<number>[1-9][0-9]{0,4})/manifest\.json$": "/{issue}/manifest.json",
    "share/wechat.json": "/share/wechat.json /share/wechat.json?url=https://testserver/{issue}/",
    "sitemap.xml": "/sitemap.xml",
    r"^sitemap-(?P<name>lists|news|[1-9][0-9]{3})(?:-(?P<part>[2-9]|[1-9][0-9]{1,4}))?\.xml$": (
        "/sitemap-lists.xml /sitemap-news.xml /sitemap-2022.xml"
    ),
    r"^(?P<number>[1-9][0-9]{0,4})/card\.png$": "/{issue}/card.png",
    r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})/card\.png$": (
        "/{issue}/1/card.png /{issue}/3/card.png"
    ),
    r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})\.(?P<form>ris|bib)$": (
        "/{issue}/1.ris /{issue}/1.bib"
    ),
    r"^(?P<number>[1-9][0-9]{0,4})/qr\.svg$": "/{issue}/qr.svg",
    r"^(?P<number>[1-9][0-9]{0,4})/(?P<article>[1-9][0-9]{0,8})/qr\.svg$": (
        "/{issue}/1/qr.svg /{issue}/2/qr.svg /{issue}/3/qr.svg"
    ),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        "/_util/authenticate_with_password/1/1/"
    ),
    "_util/login/": "/_util/login/",
    r"^((?:[\w\-]+/)*)$": "/{issue}/ /{issue}/1/ /{issue}/2/ /{issue}/3/ /{issue}/folio-1/ "
    "/{issue} /old-{issue}/ /gone/ /0451/ /html/2022-08/{day}/node_1.htm /wp-login.php",
    # Below the root page.
    "NewspaperPage archive/": "/archive/ /archive/?find={issue}",
    "NewspaperPage ^archive/(?P<year>[1-9][0-9]{3})/$": "/archive/2022/",
    "NewspaperPage corrections/": "/corrections/",
    "NewspaperPage sections/": "/sections/",
    "NewspaperPage sections/<slug:slug>/": "/sections/{section}/",
    "NewspaperPage ^contributors/(?P<key>[1-9][0-9]{0,8})/$": "/contributors/{contributor}/",
    "NewspaperPage ^(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$": "/2022-08-{day}/",
    "NewspaperPage ": "/",
}
# Open to everybody, with nothing of the paper in them.
DOORS = {
    "login/": "/login/ /login/?next=/{issue}/",
    "logout/": "/logout/",
    "tg.htm": "/tg.htm",
    "contribute/": "/contribute/ /contribute/nothing/",
    "contribute/status/": "/contribute/status/",
    "contribute/certificate/": "/contribute/certificate/",
    "^subscribe/confirm/(?P<token>[-_a-zA-Z0-9]{1,40})/$": "/subscribe/confirm/{token}/",
    "^unsubscribe/(?P<token>[-_a-zA-Z0-9]{1,40})/$": "/unsubscribe/{token}/",
    "robots.txt": "/robots.txt",
    "about/": "/about/",
    "accessibility/": "/accessibility/",
    "privacy/": "/privacy/",
    "reading/": "/reading/",
    "reading/comfort.css": "/reading/comfort.css",
    "uploads-allowed/": "/uploads-allowed/",
}
# Not readers' addresses, or asked about in tests of their own.
APART = {
    "media/<path:path>",
    r"^preview/(?P<token>[^/]+)/$",
    r"^preview/(?P<token>[^/]+)/(?P<number>[1-9][0-9]{0,8})/$",
    r"^preview/[\s\S]*$",
}


def patterns(urls: Iterable[Any], prefix: str = "") -> Iterator[str]:
    for url in urls:
        at = prefix + str(url.pattern)
        if hasattr(url, "url_patterns"):
            # The admin asks everybody who they are (tests/desk/test_doors.py).
            yield from () if at == "admin/" else patterns(url.url_patterns, at)
        elif not at.startswith("admin/"):
            yield at


def test_no_address_is_forgotten_here() -> None:
    there = set(patterns(get_resolver().url_patterns))
    there |= {f"NewspaperPage {url.pattern}" for url in NewspaperPage.get_subpage_urls()}

    assert there == {*PAPER, *DOORS, *APART}


@dataclass
class World:
    """Issue 450, which everybody may read in part, and 451, which stays inside then."""

    open: dict[str, Any] = field(default_factory=dict)
    closed: dict[str, Any] = field(default_factory=dict)
    photos: dict[str, PressPhoto] = field(default_factory=dict)

    def addresses(self, table: dict[str, str], facts: dict[str, Any]) -> list[str]:
        filled = {name: quote(str(value)) for name, value in facts.items()}
        return [address.format(**filled) for line in table.values() for address in line.split()]


MISSING = {
    "issue": 999, "title": "没有的题", "text": "没有的话", "word": "没有", "section": "no-such",
    "contributor": 999999, "day": "23", "token": "no-such-token",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(shared_rows: None) -> World:
    make_imprint(hotline="0571-12345678")
    made = World()
    for number, title, text, name, section, slug, caption in (
        (
            450,
            "象棋比赛在建德举行",
            "比赛分两天",
            "张公开",
            "公开栏目",
            "gong-kai",
            "公开照片的说明",
        ),
        (451, *SECRETS[:2], SECRETS[2], SECRETS[3], "nei-bu", SECRETS[4]),
    ):
        file = get_test_image_file(filename=f"p{number}.png", size=(900, 600))
        photo = PressPhoto.objects.create(title=caption, file=file, caption=caption)
        made.photos[str(number)] = photo
        page_image = PressPhoto.objects.create(
            title="版面", file=get_test_image_file(filename=f"f{number}.png", size=(800, 1200))
        )
        made.photos[f"folio {number}"] = page_image
        issue = make_issue(number, lunar_date=SECRETS[-1] if number == 451 else "")
        shown = {"image": photo, "caption": caption, "credit": "", "alt": ""}
        body = [("paragraph", f"<p>{text}。</p>"), ("photo", shown)]
        section = Section.objects.create(name=section, slug=slug)
        make_article(issue, title, names=(name,), body=body, section=section, signed=True)
        make_article(issue, f"{title}续篇", names=(name,), signed=True)
        taken = make_article(issue, f"{title}撤稿", signed=True)
        folio = Folio(number=1, name="要闻", page_image=page_image)
        folio.page_pdf.save("第1版.pdf", ContentFile(PDF), save=False)
        issue.folios = [folio]
        issue.save_revision()
        issue.save()
        publish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=None)
        withdraw_article(article=ArticlePage.objects.get(pk=taken.pk), reason="重复", by=None)
        first = ArticlePage.objects.get(issue=issue, number=1)
        Correction.objects.create(
            article=first, text=f"{caption}：{SECRETS[5]}" if number == 451 else "更正。"
        )
        contributor = Contributor.objects.get(name=name)
        Byline.objects.filter(name=name).update(contributor=contributor)
        Redirect.add_redirect(f"/old-{number}/", redirect_to=issue)
        facts = made.open if number == 450 else made.closed
        facts.update(
            issue=number, title=title, text=text, word=title[:2], section=slug,
            contributor=contributor.pk, day="02" if number == 450 else "09", token="x" * 32,
        )  # fmt: skip
    add_reads({(450, 1): 3, (451, 1): 5})
    return made


@pytest.fixture
def world(made: World, settings: Any) -> World:
    settings.WEBSUB_HUB = ""
    cache.clear()  # Wagtail keeps renditions there, by numbers that other tests give as well
    return made


def close(extent: Extent = Extent.EVERYTHING, **fields: Any) -> None:
    CirculationSettings.objects.all().delete()
    row = CirculationSettings(extent=extent, networks=NETWORKS, **fields)
    row.full_clean()
    row.save()


def close_from_451() -> None:
    close(Extent.SOME_ISSUES, since=IssuePage.objects.get(number=451).date)


def client(address: str = OUTSIDE, **facts: Any) -> Client:
    return Client(REMOTE_ADDR=address, raise_request_exception=False, **facts)


def status(reader: Client, address: str) -> int:
    """Ask for a file, and read it to its end, which closes it."""
    answer = reader.get(address)
    everything(answer)
    return int(answer.status_code)


def everything(answer: HttpResponse) -> str:
    """Return all that an answer tells: its headers, its words, its bytes opened."""
    told = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers}\n{told.decode('utf-8', 'replace')}"


def without_address(answer: HttpResponse) -> str:
    """Return what does not repeat to somebody where they wanted to go, nor number the answer."""
    repeated = r"""href="/login/\?next=[^"]*"|'(?:Content-Length|X-Request-ID)': '\w+'"""
    return re.sub(repeated, "", everything(answer))


def assert_turned_away(answer: HttpResponse, address: str) -> None:
    assert answer.status_code == 403, address
    assert answer["Cache-Control"] == "private, no-store", address
    assert "Cookie" in answer["Vary"], address
    assert answer["X-Robots-Tag"].startswith("noindex"), address
    assert not any(cookie.value for cookie in answer.cookies.values()), address
    assert not {"ETag", "Last-Modified", "Location"} & set(answer.headers), address
    assert "Access-Control-Allow-Origin" not in answer.headers, address


def leaked(answer: HttpResponse, address: str) -> list[str]:
    """Return the secrets in an answer that were not in the question."""
    told, asked = without_address(answer), unquote(address)
    repeated = {"第451期"} if "find=451" in asked else set()
    return [each for each in SECRETS if each in told and each not in asked and each not in repeated]


# The whole paper stays inside.


def test_outside_a_closed_paper_every_address_answers_alike(world: World) -> None:
    close()
    there = {*world.addresses(PAPER, world.open), *world.addresses(PAPER, world.closed)}
    missing = world.addresses(PAPER, MISSING)
    reader = client()

    answers = {address: reader.get(address) for address in (*there, *missing)}

    for address, answer in answers.items():
        assert_turned_away(answer, address)
    assert len({without_address(answer) for answer in answers.values()}) == 1
    page = next(iter(answers.values())).content.decode()
    assert "只在内部看" in page
    assert "登录" in page
    assert "/contribute/" in page


def in_traditional(addresses: list[str]) -> list[str]:
    return [there for address in addresses if (there := twin(address))]


def test_what_holds_for_a_page_holds_for_it_in_traditional_characters(world: World) -> None:
    every = [*world.addresses(PAPER, world.open), *world.addresses(PAPER, world.closed)]
    there, missing = in_traditional(every), in_traditional(world.addresses(PAPER, MISSING))
    assert len(there) > 20
    close()
    answers = {address: client().get(address) for address in (*there, *missing)}
    for address, answer in answers.items():
        assert_turned_away(answer, address)
    assert len({without_address(answer) for answer in answers.values()}) == 1

    close_from_451()
    for address in (*there, *missing):
        answer = client().get(address)
        told = without_address(answer)
        secrets = {*SECRETS, *map(to_traditional, SECRETS)}
        secrets -= {"第451期"} if "find=451" in address else set()
        assert [each for each in secrets if each in told and each not in unquote(address)] == []
        assert answer["Cache-Control"] == "private, no-store", address
    for address in ("/hant/", "/hant/451/", "/hant/451/1/"):
        answer = client(INSIDE).get(address)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
        assert to_traditional(SECRETS[0]) in answer.content.decode()


def test_outside_a_closed_paper_every_method_answers_alike(world: World) -> None:
    close()
    reader = client()

    for method in ("HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PROPFIND"):
        for address in world.addresses(PAPER, world.closed):
            answer = reader.generic(method, address)
            assert_turned_away(answer, f"{method} {address}")


def test_outside_a_closed_paper_no_header_opens_anything(world: World) -> None:
    close()
    kept = client(INSIDE).get("/451/issue.json")
    everything(kept)
    etag = kept["ETag"]
    tried: tuple[dict[str, str], ...] = (
        {"HTTP_X_FORWARDED_FOR": INSIDE},
        {"HTTP_X_REAL_IP": INSIDE, "HTTP_FORWARDED": f"for={INSIDE}"},
        {"HTTP_CLIENT_IP": INSIDE, "HTTP_X_CLIENT_IP": INSIDE, "HTTP_TRUE_CLIENT_IP": INSIDE},
        {"HTTP_RANGE": "bytes=0-99"},
        {"HTTP_IF_NONE_MATCH": etag},
        {"HTTP_IF_NONE_MATCH": "*", "HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT"},
        {"HTTP_COOKIE": "sessionid=0123456789abcdefghij0123456789ab"},
        {"HTTP_AUTHORIZATION": "Basic YWRtaW46eA=="},
        {"HTTP_X_ORIGINAL_URI": "/contribute/", "HTTP_X_REWRITE_URL": "/contribute/"},
        {"HTTP_USER_AGENT": "Googlebot/2.1", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"},
        {"HTTP_ACCEPT": "application/json"},
    )
    for headers in tried:
        for address in ("/451/1/", "/451/issue.json", "/api/v1/articles/", "/feed/"):
            answer = client(**headers).get(address)
            assert_turned_away(answer, f"{address} {headers}")


def test_no_spelling_of_an_address_leads_in_through_a_door(world: World) -> None:
    close()
    reader = client()
    for address in (
        *("/contribute/../451/", "//451/1/", "/contribute//451/1/", "/robots.txt/451/"),
        *("/451/1/?/login/", "/%63ontribute/../451/1/", "/login/451/", "/media/../451/1/"),
        *("/healthz/451/", "/healthz-qi451/", "/healthzx/", "/robots.txt-qi451/"),
        *("/aboutx/", "/admi/", "/ADMIN/451/", "/admin/../451/1/", "/preview/../451/1/"),
    ):
        answer = reader.get(address, follow=True)
        assert answer.status_code in (403, 404) or "/admin/login/" in answer.redirect_chain[-1][0]
        assert leaked(answer, address) == [], address


def test_behind_proxies_only_what_they_tell_counts(world: World, settings: Any) -> None:
    close()
    settings.PROXIES = 1

    def status(forwarded: str | None, connected: str = "127.0.0.1") -> int:
        told = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        return int(client(connected, **told).get("/451/1/").status_code)

    assert status(INSIDE) == 200
    assert status("240e:3a0::7") == 200
    assert status("240e:3a1::7") == 403
    assert status(f"{INSIDE}, {OUTSIDE}") == 403  # the left one is the sender's to invent
    assert status(f"{OUTSIDE}, {INSIDE}") == 200
    # A proxy may well stand in a listed network; what it does not tell is nobody's address.
    assert status(None, INSIDE) == 403
    assert status("", INSIDE) == 403
    assert status("unknown", INSIDE) == 403
    settings.PROXIES = 2
    assert status(INSIDE, INSIDE) == 403
    assert status(f"{INSIDE}, 10.9.9.9", "10.9.9.8") == 200


def test_the_doors_stay_open_and_tell_nothing_of_the_paper(world: World) -> None:
    reader = client()
    make_subscription(token="x" * 32, confirmed=False)
    paths = world.addresses(DOORS, world.closed)
    before = {address: reader.get(address).status_code for address in paths}
    close()

    for address in paths:
        answer = reader.get(address)
        if not address.startswith(("/login/", "/uploads-allowed/")):
            assert answer.status_code == before[address], address
        assert answer.status_code != 403 or "uploads" in address, address
        assert leaked(answer, address) == [], address
        assert answer["Cache-Control"] == "private, no-store", address


def test_an_address_that_leads_nowhere_offers_nothing_to_those_outside(world: World) -> None:
    nowhere = "/contribute/qi451/"  # behind a door, so that the page for it does come
    assert client().get(nowhere).context["issues"]
    close_from_451()
    assert "issues" not in client().get(nowhere).context
    assert client(INSIDE).get(nowhere).context["issues"]


def test_a_tip_can_be_sent_from_outside(world: World) -> None:
    close()

    page = client().get("/contribute/")

    assert page.status_code == 200
    assert "投稿" in page.content.decode()


def test_the_admin_is_not_touched(world: World) -> None:
    close()
    chief = make_user("总编")
    desk = client()
    desk.force_login(chief)

    assert client().get("/admin/").status_code == 302
    assert client().get("/admin/login/").status_code == 200
    listing = desk.get(f"/admin/pages/{NewspaperPage.objects.get().pk}/")
    assert "第451期" in listing.content.decode()


# Who is inside.


@pytest.mark.parametrize("way", ["network", "IPv6", "log-in"])
def test_inside_everything_is_there_and_nobody_may_keep_it(world: World, way: str) -> None:
    reader = client({"network": INSIDE, "IPv6": "240e:3a0::5"}.get(way, OUTSIDE))
    paths = sorted(
        {*world.addresses(PAPER, world.open), *world.addresses(PAPER, world.closed), "/nothing/"}
    )
    before = {address: reader.get(address) for address in paths}
    close()
    if way == "log-in":
        reader.force_login(make_user())

    for address in paths:
        answer = reader.get(address)
        told, was = everything(answer), everything(before[address])
        assert answer.status_code == before[address].status_code, address
        if answer.status_code == 301:  # the slash that was missing is anybody's to add
            continue
        assert answer["Cache-Control"] == "private, no-store", address
        assert "Cookie" in answer["Vary"], address
        assert "Access-Control-Allow-Origin" not in answer.headers, address
        if address.startswith(("/api/v1/", "/feed", "/sitemap-2")) or address.endswith(".ris"):
            assert told.count("/451/") == was.count("/451/"), address


def test_what_was_kept_from_inside_is_no_proof_outside(world: World) -> None:
    close()
    inside = client(INSIDE).get("/451/issue.json")
    everything(inside)

    again = client(INSIDE, HTTP_IF_NONE_MATCH=inside["ETag"]).get("/451/issue.json")

    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-store"


def test_an_account_that_is_switched_off_is_outside(world: World) -> None:
    close()
    user = make_user()
    reader = client()
    reader.force_login(user)
    assert reader.get("/451/1/").status_code == 200

    user.is_active = False
    user.save()

    assert reader.get("/451/1/").status_code == 403


# Logging in.


def test_a_reader_logs_in_and_lands_where_they_wanted_to_go(world: World) -> None:
    close()
    user = make_user("读者", username="wang")
    reader = client()
    page = reader.get("/451/1/").content.decode()
    assert "/login/?next=%2F451%2F1%2F" in page

    answer = reader.post("/login/", {"username": "wang", "password": "x", "next": "/451/1/"})

    assert answer.status_code == 302
    assert answer["Location"] == "/451/1/"
    assert "职工疗养名单公布" in reader.get("/451/1/").content.decode()
    assert not user.has_perm("wagtailadmin.access_admin")
    assert reader.get("/admin/").status_code == 302
    assert reader.post("/logout/").status_code == 302
    assert reader.get("/451/1/").status_code == 403


def test_logging_in_leads_to_no_other_site(world: World) -> None:
    close()
    make_user(username="wang")
    for target in (
        *("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"),
    ):
        sent = {"username": "wang", "password": "x", "next": target}
        assert client().post("/login/", sent)["Location"] == "/", target


def test_a_wrong_password_and_no_account_are_told_alike(world: World) -> None:
    close()
    make_user(username="wang")
    gone = make_user(username="zhao")
    gone.is_active = False
    gone.save()

    def said(name: str) -> str:
        answer = client().post("/login/", {"username": name, "password": "y"})
        assert answer.status_code == 200
        told = re.sub(r'value="[^"]*"', "", answer.content.decode())
        return told

    assert "用户名或密码不对" in said("wang")
    assert said("wang") == said("nobody") == said("zhao")


def test_an_open_paper_has_no_door_to_try_passwords_on(world: World) -> None:
    make_user(username="wang")

    assert client().get("/login/").status_code == 404
    assert client().post("/login/", {"username": "wang", "password": "x"}).status_code == 404


# Some issues stay inside.


def test_outside_nothing_is_told_of_issues_that_stay_inside(world: World) -> None:
    close_from_451()
    reader = client()
    for address in world.addresses(PAPER, world.open):
        answer = reader.get(address)
        assert leaked(answer, address) == [], address
        assert answer["Cache-Control"] == "private, no-store", address
        assert "Last-Modified" not in answer.headers, address
        assert "Access-Control-Allow-Origin" not in answer.headers, address
    assert 'href="/login/"' in reader.get("/").content.decode()
    assert "象棋比赛在建德举行" in reader.get("/").content.decode()
    assert reader.get("/450/1/").status_code == 200
    assert reader.get("/450/3/").status_code == 410
    assert reader.get("/old-450/")["Location"] == "/450/"


def test_outside_what_stays_inside_answers_like_what_does_not_exist(world: World) -> None:
    close_from_451()
    reader = client()
    closed = world.addresses(PAPER, world.closed)
    missing = world.addresses(PAPER, MISSING)

    for address, other in zip(closed, missing, strict=True):
        answer, nothing = reader.get(address), reader.get(other)
        assert leaked(answer, address) == [], address
        assert answer.status_code == nothing.status_code, f"{address} {other}"
        if answer.status_code == 403:
            assert without_address(answer) == without_address(nothing), address
    assert_turned_away(reader.get("/451/"), "/451/")
    assert_turned_away(reader.get("/451/1/"), "/451/1/")
    assert_turned_away(reader.get("/451/3/"), "withdrawn")
    assert_turned_away(reader.get("/451/issue.json"), "file")
    assert_turned_away(reader.get("/api/v1/issues/451/"), "API")
    assert_turned_away(reader.get("/old-451/"), "old address")
    assert_turned_away(reader.get("/contributors/{contributor}/".format(**world.closed)), "")
    for method in ("HEAD", "OPTIONS"):
        assert (
            reader.generic(method, "/451/1/").status_code
            == reader.generic(method, "/999/1/").status_code
        )


def test_outside_what_stays_inside_is_noted_nowhere(world: World) -> None:
    close_from_451()

    client().get("/451/1/")
    client().get("/nothing/")

    assert not BrokenAddress.objects.exists()


def test_a_password_on_a_page_does_not_tell_that_it_is_there(world: World) -> None:
    PageViewRestriction.objects.create(
        page=IssuePage.objects.get(number=451), restriction_type="password", password="x"
    )
    close_from_451()

    answer = client().get("/451/1/")

    assert_turned_away(answer, "/451/1/")
    assert "password" not in answer.content.decode()


def test_issues_until_a_day_stay_inside_and_later_ones_are_open(world: World) -> None:
    close(Extent.SOME_ISSUES, until=IssuePage.objects.get(number=450).date)
    reader = client()

    assert reader.get("/450/1/").status_code == 403
    assert reader.get("/451/1/").status_code == 200
    assert "象棋比赛在建德举行" not in reader.get("/feed/").content.decode()
    assert "/450/" not in reader.get("/archive/2022/").content.decode()


def test_inside_an_issue_that_stays_there_is_in_every_list(world: World) -> None:
    close_from_451()

    for address in ("/", "/archive/", "/feed/", "/sitemap-2022.xml", "/popular/?span=all"):
        assert "/451/" in everything(client(INSIDE).get(address)), address
    assert status(client(INSIDE), "/451/issue.json") == 200


def test_machines_are_told_of_what_is_open_only(world: World) -> None:
    close_from_451()
    inside = client(INSIDE)

    assert "application/ld+json" in inside.get("/450/1/").content.decode()
    assert "application/ld+json" not in inside.get("/451/1/").content.decode()


# Files of photos and pages.


def media(world: World, name: str) -> list[str]:
    photo = world.photos[name]
    rendition = photo.get_rendition("width-240|format-webp")
    return [photo.file.url, rendition.url]


def test_files_of_what_stays_inside_are_closed(world: World) -> None:
    close_from_451()
    pdf = {number: Folio.objects.get(issue__number=number).page_pdf.url for number in (450, 451)}
    reader, inside = client(), client(INSIDE)

    for url in (*media(world, "450"), *media(world, "folio 450"), pdf[450]):
        assert status(reader, url) == 200, url
    for url in (*media(world, "451"), *media(world, "folio 451"), pdf[451]):
        assert_turned_away(reader.get(url), url)
        assert_turned_away(reader.head(url), url)
        assert_turned_away(client(HTTP_RANGE="bytes=0-9").get(url), url)
        assert status(inside, url) == 200, url
    nothing = reader.get("/media/images/0123456789abcdef/no.webp")
    assert without_address(nothing) == without_address(reader.get(media(world, "451")[0]))
    close()
    for url in (*media(world, "450"), pdf[450]):
        assert_turned_away(reader.get(url), url)
        assert status(inside, url) == 200, url


def test_nginx_is_told_for_each_file_whether_it_may_send_it(world: World) -> None:
    def told(url: str, address: str = OUTSIDE) -> tuple[int, str]:
        answer = client(address, HTTP_X_ORIGINAL_URI=url).get("/uploads-allowed/")
        return answer.status_code, answer["Cache-Control"]

    open_url, closed_url = media(world, "450")[1], media(world, "451")[1]
    assert told(closed_url) == (204, "public, max-age=1")
    close_from_451()
    assert told(open_url) == (204, "private, no-store")
    assert told(f"{open_url}?x=1") == (204, "private, no-store")
    for url in (closed_url, closed_url.replace("images", "%69mages"), "", "/451/1/", "/media/"):
        assert told(url) == (403, "private, no-store"), url
    assert told(closed_url, INSIDE) == (204, "private, no-store")


def test_a_photo_that_stands_in_an_open_issue_too_is_open(world: World) -> None:
    close_from_451()
    open_article = ArticlePage.objects.get(issue__issuepage__number=450, number=1)
    shown = {"image": world.photos["451"], "caption": "", "credit": "", "alt": ""}
    open_article.body = [("photo", shown)]
    open_article.save()

    assert status(client(), world.photos["451"].file.url) == 200


# What goes on as it was.


def test_a_colleague_goes_on_looking_at_an_issue_in_the_making(world: World) -> None:
    issue = make_issue(452)
    file = get_test_image_file(filename="new.png", size=(900, 600))
    photo = PressPhoto.objects.create(title="新照片", file=file)
    shown = {"image": photo, "caption": "", "credit": "", "alt": ""}
    make_article(issue, "还没出的稿", body=[("photo", shown)], signed=True)
    token = token_of(make_preview_link(issue=issue, by=make_user("编辑"), days=3))
    close()
    colleague = client()

    assert "还没出的稿" in colleague.get(f"/preview/{token}/").content.decode()
    assert colleague.get(f"/preview/{token}/1/").status_code == 200
    assert status(colleague, photo.file.url) == 200
    publish_issue(issue=IssuePage.objects.get(number=452), by=None)
    assert_turned_away(colleague.get(photo.file.url), "once it is out")
    assert colleague.get(f"/preview/{token}/", follow=True).status_code == 403


def test_reads_of_those_inside_are_counted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    close()
    told: list[dict[tuple[int, int], int]] = []
    buffer: Buffer[tuple[int, int]] = Buffer(lambda reads: told.append(dict(reads)))
    buffer._thread = threading.current_thread()  # no other one is to take what is counted
    monkeypatch.setattr(counting, "READS", buffer)

    client(INSIDE, HTTP_USER_AGENT="Mozilla/5.0").post("/count/451/1/")
    buffer.flush()
    add_reads(told[0])

    counted = ReadCount.objects.get(article__issue__issuepage__number=451, span="all").count
    assert counted == 5 + 1
