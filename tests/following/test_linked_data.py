"""Linked data: right by the vocabulary of schema.org, and harmless inside a page."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import pytest

from following.metadata.facts import Article, Correction, Issue, Name, Paper, Part, Picture
from following.metadata.linked_data import about_article, about_folio, about_issue, data_block

from .vocabulary import faults

SITE = "https://paper.example/"
PAPER = Paper(SITE, "杭州工运", "杭州市总工会", "浙企准字第A286号")
ISSUE = Issue(
    paper=PAPER,
    url=f"{SITE}450/",
    number=450,
    title="第450期",
    date=datetime.date(2022, 8, 2),
    changed=datetime.datetime(2022, 8, 2, 9, tzinfo=datetime.UTC),
    pdf_url=f"{SITE}450/issue.pdf",
)
PICTURE = Picture(f"{SITE}media/a.jpg", 1200, 800, "比赛现场")
ARTICLE = Article(
    issue=ISSUE,
    url=f"{SITE}450/3/",
    number=3,
    headline="工会驿站升级",
    kicker="夏日送清凉",
    subhead="全市新建120家",
    description="7月27日，比赛在建德开赛。",
    section="工会动态",
    folio=2,
    names=(
        Name("张晓燕", "reporter", "记者", f"{SITE}contributors/4/"),
        Name("王　浩", "correspondent", "通讯员"),
        Name("李四", "photographer", "摄影"),
    ),
    changed=datetime.datetime(2022, 8, 9, 9, tzinfo=datetime.UTC),
    corrections=(Correction("“8817家”应为“8818家”。", datetime.date(2022, 8, 9)),),
    picture=PICTURE,
)
HOSTILE = "</script><script>alert(1)</script><!-- \"'\\ & \u2028\u2029\n👩‍👩‍👧 " + "长" * 500


def news(article: Article) -> dict:
    return about_article(article)["@graph"][0]


def test_an_article_is_right_by_the_vocabulary() -> None:
    assert faults(about_article(ARTICLE)) == []
    assert (
        faults(about_article(Article(issue=ISSUE, url=SITE, number=1, headline="题", folio=1)))
        == []
    )


def test_an_issue_and_a_folio_are_right_by_the_vocabulary() -> None:
    parts = [Part("工会驿站升级", f"{SITE}450/3/")]
    assert faults(about_issue(ISSUE, parts, PICTURE)) == []
    assert faults(about_folio(ISSUE, "第2版 综合", f"{SITE}450/folio-2/")) == []


def test_the_vocabulary_has_something_to_say() -> None:
    node = about_article(ARTICLE)
    node["@graph"][0] |= {
        "headlin": "x",
        "datePublished": "yesterday",
        "author": [{"@type": "Newspaper"}],
    }
    assert [fault.split(" ")[0] for fault in faults(node)] == [
        "NewsArticle.author",
        "NewsArticle.datePublished",
        "NewsArticle",
    ]


def test_an_article_says_where_it_was_printed_and_by_whom() -> None:
    told = news(ARTICLE)

    assert (told["headline"], told["alternativeHeadline"]) == (
        "工会驿站升级",
        "夏日送清凉 全市新建120家",
    )
    assert told["author"] == [
        {"@type": "Person", "name": "张晓燕", "jobTitle": "记者", "url": f"{SITE}contributors/4/"},
        {"@type": "Person", "name": "王浩", "jobTitle": "通讯员"},
    ]
    assert told["contributor"] == [{"@type": "Person", "name": "李四", "jobTitle": "摄影"}]
    assert (told["datePublished"], told["dateModified"][:10]) == ("2022-08-02", "2022-08-09")
    assert (told["printPage"], told["pageStart"]) == ("2", 2)
    assert told["correction"][0]["text"] == "“8817家”应为“8818家”。"
    issue = told["isPartOf"]
    assert (issue["@type"], issue["issueNumber"]) == ("PublicationIssue", "450")
    assert issue["isPartOf"]["identifier"]["value"] == "浙企准字第A286号"
    assert issue["isPartOf"]["publisher"]["name"] == "杭州市总工会"


def test_the_way_leads_from_the_paper_down() -> None:
    way = about_article(ARTICLE)["@graph"][1]["itemListElement"]
    assert [(step["position"], step["item"]["@id"]) for step in way] == [
        (1, SITE),
        (2, f"{SITE}450/"),
        (3, f"{SITE}450/3/"),
    ]


def test_without_a_name_the_publisher_is_the_author() -> None:
    assert news(replace(ARTICLE, names=()))["author"] == [
        {"@type": "Organization", "name": "杭州市总工会"}
    ]


@pytest.mark.parametrize(
    "name", ["本报讯", "本报编辑部", "市总工会办公室", "杭州市总工会", "萧山区总工会"]
)
def test_an_office_is_an_organization(name: str) -> None:
    article = replace(ARTICLE, names=(Name(name),))
    assert news(article)["author"] == [{"@type": "Organization", "name": name}]
    assert article.people == ()


@pytest.mark.parametrize("name", ["汪燕盼", "王　浩", "欧阳修远", "阿依古丽·买买提", "John Smith"])
def test_a_person_is_a_person(name: str) -> None:
    assert news(replace(ARTICLE, names=(Name(name),)))["author"][0]["@type"] == "Person"


def test_photographers_are_the_authors_of_what_nobody_wrote() -> None:
    article = replace(ARTICLE, names=(Name("李四", "photographer", "摄影"),))
    assert article.people == ("李四",)
    assert "contributor" not in news(article)


def test_headlines_are_cut_at_what_search_engines_take() -> None:
    assert len(news(replace(ARTICLE, headline="长" * 500))["headline"]) == 110
    assert news(replace(ARTICLE, headline="长" * 110))["headline"] == "长" * 110


def test_the_parts_of_an_issue_are_bounded() -> None:
    parts = [Part(f"第{n}条", f"{SITE}450/{n}/") for n in range(500)]
    assert len(about_issue(ISSUE, parts, None)["@graph"][0]["hasPart"]) == 40


def test_nothing_in_a_data_block_ends_it_or_is_lost() -> None:
    article = replace(
        ARTICLE,
        headline=HOSTILE,
        kicker=HOSTILE,
        section=HOSTILE,
        names=(Name(HOSTILE, "reporter", HOSTILE),),
        corrections=(Correction(HOSTILE, ISSUE.date),),
        issue=replace(ISSUE, paper=replace(PAPER, name=HOSTILE, publisher=HOSTILE)),
    )
    node = about_article(article)
    block = data_block(node)

    assert not {"<", ">", "&", "\u2028", "\u2029", "\n"} & set(block)
    assert json.loads(block) == node
    assert faults(node) == []
