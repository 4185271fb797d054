"""A page becomes traditional: its words do, its structure, addresses and names do not."""

from __future__ import annotations

import random
import re

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from newsroom.hant_addresses import twin
from newsroom.traditional import convert, to_traditional
from tests import factories
from tests.effort import at_most

WORDS = ("alt", "title", "aria-label", "placeholder", "content", "href", "lang")
ADDRESSES = (
    *("/", "/450/", "/450/1/", "/450/2/", "/450/3/", "/450/4/", "/450/99/", "/archive/"),
    *("/archive/2022/", "/sections/", "/corrections/", "/popular/", "/about/", "/privacy/"),
)


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("中国工人的头发发展了", "中國工人的頭髮發展了"),
        ("皇后在后面", "皇后在後面"),
        ("为群众办实事", "為群眾辦實事"),
        ("里面的软件和网络", "裡面的軟件和網絡"),  # no word of another place
        ("干部干净", "幹部乾淨"),
        ("no words, 123", "no words, 123"),
        ("", ""),
    ],
)
def test_words_are_written_as_readers_know_them(simplified: str, traditional: str) -> None:
    assert to_traditional(simplified) == traditional


@pytest.mark.parametrize(
    ("page", "converted"),
    [
        ("<p>工会</p>", "<p>工會</p>"),
        ('<p class="工会" id="工会" data-x="工会">', '<p class="工会" id="工会" data-x="工会">'),
        ('<img alt="工会" src="/工会.jpg">', '<img alt="工會" src="/工会.jpg">'),
        ('<a aria-label="工会" href="/x/">', '<a aria-label="工會" href="/x/">'),
        ("<script>工会('</p>工会')</script>工会", "<script>工会('</p>工会')</script>工會"),
        ("<style>工会{}</style><!-- 工会 --><p>工会", "<style>工会{}</style><!-- 工会 --><p>工會"),
        ("<textarea>工会</textarea>", "<textarea>工会</textarea>"),
        ('<input value="工会" placeholder="工会">', '<input value="工会" placeholder="工會">'),
        ('<meta name="description" content="工会">', '<meta name="description" content="工會">'),
        (
            '<meta name="citation_title" content="工会">',
            '<meta name="citation_title" content="工会">',
        ),
        ('<html lang="zh-Hans"><p lang="zh-Hans">', '<html lang="zh-Hant"><p lang="zh-Hans">'),
        ("&lt;工会&gt; & 工会 < 工会 &#24037;", "&lt;工會&gt; & 工會 < 工會 &#24037;"),
        # A name, there and wherever else it stands; not where it is part of another tag.
        (
            '<p>记者范后发<b translate="no">范后发</b><i>范后发</i></p><p title="范后发的会">',
            '<p>記者范后发<b translate="no">范后发</b><i>范后发</i></p><p title="范后发的會">',
        ),
        ('<b translate="no">后<b>会</b>会</b>会', '<b translate="no">后<b>会</b>会</b>會'),
        (
            '<br translate="no">会<img translate="no" alt="会">',
            '<br translate="no">會<img translate="no" alt="会">',
        ),
        ('<b translate="no">云</b>云南的乌云', '<b translate="no">云</b>雲南的烏雲'),
    ],
)
def test_only_words_change(page: str, converted: str) -> None:
    assert convert(page) == converted


def test_what_editors_say_is_a_word_and_no_tag() -> None:
    words = {"工会": '<b>"会', '"': "x"}
    page = convert('<p title="工会">工会</p>', words=words)
    assert page == '<p title="&lt;b&gt;&quot;会">&lt;b&gt;&quot;会</p>'


def skeleton(page: str) -> list[object]:
    """What a page is made of besides words."""
    soup = BeautifulSoup(page, "html.parser")
    return [
        (tag.name, sorted((k, str(v)) for k, v in tag.attrs.items() if k not in WORDS))
        for tag in soup.find_all(True)
    ]


@pytest.mark.django_db
def test_pages_keep_their_structure_and_their_scripts() -> None:
    factories.make_sample()
    for address in ADDRESSES:
        page = Client().get(address).content.decode()
        there = convert(page, lead=lambda link: twin(link) or link)
        assert skeleton(there) == skeleton(page), address
        assert len(there) >= len(page)
        scripts = re.compile(r"<script.*?</script>", re.S)
        assert scripts.findall(there) == scripts.findall(page)
        before, after = (BeautifulSoup(each, "html.parser").get_text() for each in (page, there))
        assert len(before) == len(after)
        for one, other in zip(before, after, strict=True):
            assert one == other or "\u3400" <= one <= "\u9fff"


def test_whatever_is_no_page_of_ours_ends_and_loses_nothing() -> None:
    signs = [
        *("<", ">", "</", "<p>", "</p>", "<b translate=no>", '<b translate="no">', "</b>", "<!--"),
        *("-->", "<script>", "</script>", "<![CDATA[", "&", "&amp;", '"', "'", "=", "\r\n", "\n"),
        *("工会", "发", "𠀀", "a", " ", "<a href='/450/'", '<a href="/450/">', "<?", "\x00", "/>"),
    ]
    chance = random.Random(8)
    for _ in range(500):
        page = "".join(chance.choices(signs, k=chance.randrange(40)))
        there = convert(page)
        assert len(there) == len(page)
        assert re.sub(r"[\u3400-\u9fff]", "字", there) == re.sub(r"[\u3400-\u9fff]", "字", page)


@pytest.mark.parametrize("part", ["<p>发", "<b translate=no>名字", "&", "<", "\n发"])
def test_long_pages_do_not_take_long(part: str) -> None:
    with at_most(5):
        convert(part * 10_000)


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("/", "/hant/"),
        ("/450/", "/hant/450/"),
        ("/450/3/#a", "/hant/450/3/#a"),
        ("/450/folio-2/", "/hant/450/folio-2/"),
        ("/sections/a-b/?year=2022&amp;page=2", "/hant/sections/a-b/?year=2022&amp;page=2"),
        ("http://paper.example/450/", "http://paper.example/hant/450/"),
        *((gone, "") for gone in ("", "#a", "?page=2", "/450", "//450/", "/450/issue.pdf")),
        *((gone, "") for gone in ("/search/", "/admin/", "/contribute/", "/hant/", "/hant/450/")),
        *((gone, "") for gone in ("/preview/x/", "/feed/", "http://[", "/450/\n", "/٤٥٠/")),
    ],
)
def test_what_is_there(address: str, there: str) -> None:
    assert twin(address) == there
