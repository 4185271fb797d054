"""The issue as pages on a USB stick: the words of the site, no link that leads nowhere."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from operator import attrgetter
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from playwright.sync_api import Browser

from articles.models import Correction as CorrectionRow
from articles.models import Role as RoleOfPage
from desk.review.signing import sign_article
from interchange import for_readers as shown
from interchange.pages import dump_issue, load_issue
from interchange.schema import Article, CorrectionKind, Issue, Photo, Role
from interchange.writers.illustrations import IllustrationRefused
from interchange.writers.offline import write_offline
from issues.models import IssuePage
from issues.publishing import publish_issue
from newsroom.cjk import clean_text
from tests.browser.test_reading import CUT_OFF
from tests.factories import make_sample
from tests.interchange.written import HOSTILE, RICH, SAMPLE, SECRET, many, picture


def pages(issue: Issue, **options: str) -> dict[str, str]:
    """Return the pages of an issue by their names."""
    return {
        name.partition("/")[2]: content.decode()
        for name, content in files(issue, **options).items()
        if name.endswith(".html")
    }


def files(issue: Issue, **options: str) -> dict[str, bytes]:
    with ZipFile(BytesIO(write_offline(issue, picture=picture, **options))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_zip_holds_a_front_page_a_page_for_each_article_pictures_and_styles() -> None:
    names = list(files(RICH))
    assert names[:5] == [f"issue-7/{name}.html" for name in ("index", 3, 1, 2, 40)]
    assert names[5:9] == [f"issue-7/css/{n}.css" for n in ("tokens", "base", "components", "print")]
    assert names[9:] == [
        f"issue-7/images/{name}"
        for name in (
            *("01.png", "02.jpg", "03.png", "04.gif"),  # nameplate, photo, gallery
            *("05.png", "06.png", "07.jpg", "08.jpg"),  # a lie told, two made anew, a camera's
        )
    ]
    assert all(name.isascii() for name in names)


@pytest.mark.parametrize("issue", [SAMPLE, RICH, many(40)], ids=["sample", "rich", "40 articles"])
def test_equal_issues_make_equal_bytes(issue: Issue) -> None:
    assert write_offline(issue, picture=picture) == write_offline(replace(issue), picture=picture)


@pytest.mark.parametrize("site", ["", "https://paper.example/"])
def test_every_link_within_the_folder_leads_somewhere(site: str) -> None:
    contents = files(RICH, site=site)
    for name, content in contents.items():
        if not name.endswith(".html"):
            continue
        page = BeautifulSoup(content, "html.parser")
        for tag in page.find_all(["a", "link", "img"]):
            address = str(tag.get("href") or tag.get("src"))
            if urlsplit(address).scheme:
                assert re.match(r"(https?|mailto|tel):[!-~]+$", address)
                continue
            file, _, anchor = address.partition("#")
            target = f"issue-7/{file}" if file else name
            assert target in contents, address
            if anchor:
                assert f'id="{unquote(anchor)}"'.encode() in contents[target], address


def test_links_within_the_paper_lead_to_the_site_if_it_is_known() -> None:
    def leads(**options: str) -> list[str]:
        copy = BeautifulSoup(pages(RICH, **options)["2.html"], "html.parser").select_one(".copy")
        return [str(link["href"]) for link in copy.select("p a")]

    within = ["2.html", "index.html", "#s1"]
    web = [
        "https://example.com/?a=1&b=2",
        "https://example.com/%E4%B8%AD%E6%96%87/%3Cb%3E?q=%22'#%E7%89%87%E6%AE%B5",
        "http://xn--fsqu00a.xn--0zwm56d:8080/%5Bx%5D%5E%7By%7D%7Cz%25zz%41",
        "mailto:a@example.com?subject=%E4%BD%A0%E5%A5%BD",
        "tel:(0571)87160990",
    ]
    assert leads() == [*web, *within]
    assert leads(site="https://paper.example/") == [*web, "https://paper.example/archive/", *within]


def test_hostile_words_stay_words() -> None:
    for name, page in pages(RICH).items():
        soup = BeautifulSoup(page, "html.parser")
        assert not soup.find_all("script"), name
        assert "\ufffe" not in page
    shown = BeautifulSoup(pages(RICH)["1.html"], "html.parser")
    said = HOSTILE.replace("\ufffe\uffff", "")
    assert shown.select_one(".copy > p").get_text() == said
    assert shown.select_one("blockquote").get_text() == said
    assert shown.find("img")["alt"] == said


def test_what_is_the_newsrooms_own_is_not_told() -> None:
    assert SECRET in RICH.articles[0].remarks[0].text
    for content in files(RICH).values():
        assert SECRET.encode() not in content


def test_a_damaged_picture_is_named() -> None:
    with pytest.raises(IllustrationRefused, match=r"报头\.png 打不开"):
        write_offline(RICH, picture=lambda name: b"\x89PNG\r\n\x1a\nbroken")


def test_what_a_camera_noted_stays_at_home() -> None:
    contents = files(RICH)
    assert b"Camera of" in picture("相机.jpg")
    assert not any(b"Camera of" in content for content in contents.values())
    assert (
        '<img src="images/08.jpg" width="420" height="640"' in contents["issue-7/1.html"].decode()
    )


# As the site


def test_labels_are_those_of_the_site() -> None:
    assert {role.value: label for role, label in shown.ROLES.items() if role} == dict(
        RoleOfPage.choices
    )
    assert set(shown.ROLES) == set(Role)
    assert {kind.value: label for kind, label in shown.KINDS.items()} == dict(
        CorrectionRow.Kind.choices
    )
    assert set(shown.KINDS) == set(CorrectionKind)


# What the site alone hands out.
ONLY_ONLINE = ".downloads, .cite, .take-along, .around, .share, .origin__code, .origin__place"


def words(page: str, *parts: str) -> list[str]:
    """Return what a page says in its header, its main part and its imprint, word by word."""
    soup = BeautifulSoup(page, "html.parser")
    assert soup.title
    # A link may be missing where it would lead nowhere; a name is not parted from what it is.
    for link in soup.select(".copy p a, [translate=no]"):
        link.unwrap()
    for offered in soup.select(ONLY_ONLINE):
        offered.decompose()
    soup.smooth()
    found = [soup.title, *(tag for part in parts for tag in soup.select(part))]
    assert len(found) > len(parts)
    alternatives = [str(image["alt"]) for image in soup.select("main img")]
    return clean_text(" ".join([*(tag.get_text(" ") for tag in found), *alternatives])).split()


PARTS = (".masthead, .folio-line", "main", ".colophon")


def compare(issue: Issue) -> None:
    """Compare each page of the site with that of the folder."""
    offline = pages(issue)
    addresses = {f"/{issue.number}/": "index.html"}
    addresses |= {f"/{issue.number}/{a.number}/": f"{a.number}.html" for a in issue.articles}
    assert set(addresses.values()) == set(offline)
    for address, name in addresses.items():
        response = Client().get(address)
        assert response.status_code == 200
        assert words(offline[name], *PARTS) == words(response.content.decode(), *PARTS), address


@pytest.mark.django_db
def test_the_pages_of_the_sample_say_what_the_site_says() -> None:
    make_sample()
    compare(SAMPLE)


@pytest.mark.django_db
def test_pages_with_everything_say_what_the_site_says() -> None:
    readable = replace(
        RICH,
        imprint=replace(RICH.imprint, nameplate=""),
        articles=tuple(filter(attrgetter("body"), map(_without_avif, RICH.articles))),
    )
    page = load_issue(issue=readable, picture=picture).issue
    for article in page.get_children().specific():
        sign_article(article=article, revision=article.get_latest_revision(), by=None)
    publish_issue(issue=IssuePage.objects.get(pk=page.pk), by=None)
    compare(shown.for_readers(dump_issue(IssuePage.objects.get(pk=page.pk))))


def _without_avif(article: Article) -> Article:
    """Leave out what the library of photos does not take."""
    return replace(article, body=tuple(p for p in article.body if p != Photo("新.avif")))


# In a browser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with ZipFile(BytesIO(write_offline(RICH, picture=picture))) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "issue-7"


@pytest.mark.parametrize("width", [390, 1280])
def test_the_folder_opens_in_a_browser_without_server_or_script(
    browser: Browser, folder: Path, width: int
) -> None:
    with browser.new_context(
        java_script_enabled=False, offline=True, viewport={"width": width, "height": 800}
    ) as context:
        page = context.new_page()
        failed: list[str] = []
        asked: list[str] = []
        page.on("requestfailed", lambda request: failed.append(request.url))
        page.on("request", lambda request: asked.append(request.url))
        page.goto((folder / "index.html").as_uri())
        visited = [page.inner_text("h1")]
        page.click(".story__link >> nth=0")
        while True:
            visited.append(page.inner_text("h1"))
            assert page.evaluate(CUT_OFF) == []
            if not page.locator("[rel=next]").count():
                break
            page.click("[rel=next]")
        assert len(visited) == 1 + len(RICH.articles)
        assert visited[-1] == "没有正文"
        page.click(".folio-line__name")
        assert page.locator(".masthead").is_visible()
        broken = "[...document.images].filter(image => !image.naturalWidth).length"
        assert page.evaluate(broken) == 0
        assert failed == []
        assert all(url.startswith("file:") for url in asked)
