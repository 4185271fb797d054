"""Citations, read back by packages that know nothing of us."""

from __future__ import annotations

from dataclasses import replace

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware

from following.metadata.cards import citation
from following.metadata.citing import bibtex, ris
from following.metadata.facts import Article, Correction, Name

from .test_linked_data import ARTICLE, ISSUE, SITE

TITLES = (
    "工会驿站升级",
    "{不}成对的{括号",
    "}反了{",
    "100%的 R&D 用了 $5 #1 a_b ~c ^d",
    "反\\斜\\\\杠\\",
    '引"号"和“引号”',
    "第一行\n第二行\r\nER  - \nTY  - JOUR",
    "@misc{evil,\n title={x}}",
    "\u2028行\u2029分\x00隔\x0b",
    "👩‍👩‍👧 和 𠮷",
    "长" * 500,
)


def read_ris(article: Article) -> dict:
    (record,) = rispy.loads(ris(article))
    return record


def read_bibtex(article: Article) -> dict[str, str]:
    library = bibtexparser.parse_string(
        bibtex(article), append_middleware=[LatexDecodingMiddleware()]
    )
    assert library.failed_blocks == []
    (entry,) = library.entries
    assert entry.entry_type == "article"
    # It reads the sign ^ that is printed as the one that stands over letters.
    return {field.key: field.value.replace("\u02c6", "^") for field in entry.fields}


def plain(text: str) -> str:
    return " ".join(text.split()).replace("\x00", "")


def test_a_record_of_ris_says_what_a_footnote_needs() -> None:
    assert read_ris(ARTICLE) == {
        "type_of_reference": "NEWS",
        "title": "工会驿站升级",
        "authors": ["张晓燕", "王浩"],
        "secondary_title": "杭州工运",
        "year": "2022",
        "date": "2022/08/02",
        "number": "450",
        "start_page": "2",
        "publisher": "杭州市总工会",
        "language": "zh-Hans",
        "urls": [f"{SITE}450/3/"],
        "notes": ["“8817家”应为“8818家”。"],
    }


def test_every_line_of_ris_ends_with_carriage_return_and_line_feed() -> None:
    text = ris(ARTICLE)
    assert text.endswith("ER  - \r\n")
    assert text.replace("\r\n", "").isprintable()


def test_an_entry_of_bibtex_says_what_a_footnote_needs() -> None:
    assert read_bibtex(ARTICLE) == {
        "title": "工会驿站升级",
        "author": "张晓燕 and 王浩",
        "journal": "杭州工运",
        "publisher": "杭州市总工会",
        "year": "2022",
        "month": "8",
        "date": "2022-08-02",
        "number": "450",
        "pages": "2",
        "language": "zh-Hans",
        "url": f"{SITE}450/3/",
        "note": "“8817家”应为“8818家”。",
    }


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_from_ris_as_it_was(title: str) -> None:
    assert read_ris(replace(ARTICLE, headline=title))["title"] == plain(title)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_comes_back_from_bibtex_as_it_was(title: str) -> None:
    article = replace(ARTICLE, headline=title, corrections=(Correction(title, ISSUE.date),))
    told = read_bibtex(article)
    assert told["title"] == plain(title)
    assert told["note"] == plain(title)


def test_a_name_stays_one_name() -> None:
    names = ("Smith, John and Mary", "诸葛亮", "a{b", "x\\")
    told = bibtex(replace(ARTICLE, names=tuple(map(Name, names))))
    assert "author = {{Smith, John and Mary} and 诸葛亮 and {a\\{\\vphantom{\\}}b} and " in told
    assert read_ris(replace(ARTICLE, names=tuple(map(Name, names))))["authors"] == list(names)


def test_only_people_are_cited() -> None:
    article = replace(ARTICLE, names=(Name("本报讯"), Name("张晓燕", "reporter"), Name("张晓燕")))
    cited = [tag.content for tag in citation(article) if tag.name == "citation_author"]
    assert cited == ["张晓燕"]
    assert read_ris(article)["authors"] == ["张晓燕"]
    assert read_bibtex(article)["author"] == "张晓燕"
    nobody = replace(ARTICLE, names=(Name("本报讯"),))
    assert "author" not in read_bibtex(nobody)
    assert "authors" not in read_ris(nobody)


def test_the_head_of_an_article_can_be_cited() -> None:
    assert {tag.name: tag.content for tag in citation(ARTICLE)} == {
        "citation_title": "工会驿站升级",
        "citation_author": "王浩",
        "citation_publication_date": "2022/08/02",
        "citation_journal_title": "杭州工运",
        "citation_publisher": "杭州市总工会",
        "citation_issue": "450",
        "citation_firstpage": "2",
        "citation_language": "zh-Hans",
        "citation_fulltext_html_url": f"{SITE}450/3/",
        "citation_pdf_url": f"{SITE}450/issue.pdf",
    }
