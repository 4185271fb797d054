"""Exactly the articles are found in which the words stand, on either database."""

from __future__ import annotations

import itertools
import random
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TestCase
from modelsearch.query import And, Boost, MatchAll, Not, Or, Phrase, PlainText, SearchQuery
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from articles.reading import plain_paragraphs, printed_passages
from issues.models import IssuePage
from newsroom.models import Section
from search.asking import read_query
from search.backend import as_query
from tests.factories import make_article, make_issue, make_public_issue, make_sample
from tests.search.many import fill, index_all

CHINESE = (
    # One character.
    *("棋", "薪", "育", "会", "的", "岁", "霾"),
    # Words of two.
    *(
        "托育",
        "工会",
        "象棋",
        "改革",
        "职工",
        "数字",
        "欠薪",
        "建德",
        "杭州",
        "园所",
        "预约",
        "农民",
    ),
    *(
        "平台",
        "服务",
        "企业",
        "比赛",
        "维权",
        "政策",
        "孩子",
        "工运",
        "和服",
        "会数",
        "工作",
        "薪工",
    ),
    # Longer ones, to the clause.
    *("总工会", "数字化", "农民工", "拱墅区", "运动会", "杭州市", "托育券", "婴幼儿", "负责人"),
    *("根治欠薪", "数字改革", "中国象棋", "数字化改革", "杭州市总工会", "工会数字化改革"),
    *("数字化改革始终走在前列", "职工运动会", "欠薪工作中展现", "以棋会友", "多跨协同"),
    # Several words.
    *("工会 数字化", "托育 拱墅区", "象棋 建德", "薪 农民工", "改革 工会 职工", "棋 薪", "职工 霾"),
    # Traditional.
    *("數字化", "總工會", "農民工", "職工運動會", "杭州市總工會 數字化改革", "服務"),
    # Names, with a space between and without.
    *("王浩", "王　浩", "王 浩"),
    # Excluding.
    *("工会 -数字化", "职工 －象棋", "改革 -工会 -职工", "杭州 -数字化改革", "棋 -“中国象棋”"),
    # Phrases.
    *("“工会数字化”", '"农民工"', "「数字化改革」 工会", "“王 浩”"),
)


def made_of_sentences(articles: list[ArticlePage]) -> Iterator[tuple[str, str]]:
    """Yield articles made of the sentences of others, some with their words in another order."""
    chance = random.Random(450)
    text = "".join(part for article in articles for part in plain_paragraphs(article))
    sentences = [sentence for sentence in re.split("[。；]", text) if len(sentence) > 5]
    titles = [clause for clause in re.split(r"\W+", text) if 6 <= len(clause) <= 20]
    while True:
        lines = chance.sample(sentences, chance.randint(1, 5))
        if chance.random() < 0.5:
            clauses = re.split("([，、])", lines[0])
            chance.shuffle(clauses)
            lines[0] = "".join(clauses)
        yield chance.choice(titles), "\n".join(lines)


SIMPLE = str.maketrans("數總會農職運動務區", "数总会农职运动务区")
SPACE_BETWEEN_CHINESE = re.compile("(?<=[^ -~]) (?=[^ -~])")


def simple(text: str) -> str:
    """Return a text in simplified characters of half width, without spaces between Chinese."""
    half = unicodedata.normalize("NFKC", text).lower().translate(SIMPLE)
    return SPACE_BETWEEN_CHINESE.sub("", half)


def lines_of(article: ArticlePage) -> list[str]:
    """Return the passages of an article for looking through."""
    texts = [article.title, *printed_passages(article)]
    if article.section:
        texts.append(article.section.name)
    return [line for text in texts for line in simple(text).split("\n")]


def truth(query: str, texts: dict[int, list[str]]) -> set[int]:
    """Return what a reader with much patience would find, by looking."""
    parts = re.findall(r"([-－]?)(?:[“「\"]([^”」\"]*)[”」\"]|(\S+))", query)
    terms = [(bool(minus), simple(phrase or word)) for minus, phrase, word in parts]
    return {
        key
        for key, lines in texts.items()
        if all(any(words in line for line in lines) != minus for minus, words in terms)
    }


class FindingTest(TestCase):
    """Issue 450, and issues made of its sentences."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_sample()
        sample = list(ArticlePage.objects.all())
        fill(made_of_sentences(sample), issues=15, per_issue=16, first=500)
        index_all()
        articles = ArticlePage.objects.select_related("section").prefetch_related("bylines")
        cls.texts = {article.pk: lines_of(article) for article in articles}

    def test_all_chinese_queries_find_what_stands_there_and_nothing_else(self) -> None:
        """Recall and precision are 1 for every one."""
        assert len(CHINESE) >= 60
        hits = 0
        for query in CHINESE:
            expected = truth(query, self.texts)
            found = [article.pk for article in search(query)]
            assert len(found) == len(set(found))
            assert set(found) == expected, query
            assert search(query).count() == len(expected)
            hits += bool(expected)
        assert hits >= 60  # it is no feat to find nothing

    def test_the_order_is_title_first_then_newest(self) -> None:
        for query in ("工会", "数字化", "托育", "职工 改革", "工会 -数字化", "棋"):
            found = list(search(query, in_order=True))
            words = [word for word in query.split() if word[0] != "-"]
            in_title = [all(word in article.title for word in words) for article in found]
            assert in_title == sorted(in_title, reverse=True), query
            for wanted in (True, False):
                places = [
                    (-article.issue.issuepage.date.toordinal(), article.path)
                    for article, told in zip(found, in_title, strict=True)
                    if told is wanted
                ]
                assert places == sorted(places), query
            assert len(found) > 5

    def test_without_ranking_the_order_is_the_queryset_s_own(self) -> None:
        articles = ArticlePage.objects.published().newest_first()
        found = truth("工会", self.texts)
        expected = [article for article in articles if article.pk in found]

        assert list(articles.search("工会", order_by_relevance=False)) == expected

    def test_slices_join_into_the_whole(self) -> None:
        whole = list(search("工会", in_order=True))
        slices = [list(search("工会", in_order=True)[at : at + 7]) for at in range(0, 400, 7)]

        assert list(itertools.chain(*slices)) == whole

    def test_filters_and_counts_of_the_queryset_hold(self) -> None:
        issue = IssuePage.objects.get(number=505)
        section = Section.objects.create(name="霓虹", slug="nihong")
        for article in ArticlePage.objects.filter(issue=issue)[:4]:
            ArticlePage.objects.filter(pk=article.pk).update(section=section)
        expected = truth("工会", self.texts)
        of_issue = set(ArticlePage.objects.filter(issue=issue).values_list("pk", flat=True))
        published = ArticlePage.objects.published()

        assert {a.pk for a in published.filter(issue=issue).search("工会")} == expected & of_issue
        of_year = published.filter(issue__in=IssuePage.objects.filter(date__year=issue.date.year))
        assert {a.pk for a in of_year.search("工会")} >= expected & of_issue
        counted = published.search("工会").facet("section_id")
        assert sum(counted.values()) == len(expected)
        assert counted[section.pk] <= 4

    def test_queries_put_together_by_hand(self) -> None:
        every = set(self.texts)
        of = {word: truth(word, self.texts) for word in ("托育", "象棋", "工会", "数字化改革")}
        cases: list[tuple[SearchQuery, set[int]]] = [
            (Or([Phrase("托育"), Phrase("数字化改革")]), of["托育"] | of["数字化改革"]),
            (PlainText("托育 象棋", operator="or"), of["托育"] | of["象棋"]),
            (PlainText("托育 工会"), of["托育"] & of["工会"]),
            (Not(Phrase("数字化改革")), every - of["数字化改革"]),
            (Not(And([Phrase("托育"), Phrase("工会")])), every - (of["托育"] & of["工会"])),
            (
                And([Phrase("工会"), Or([Phrase("托育"), Not(Phrase("象棋"))])]),
                of["工会"] & (of["托育"] | (every - of["象棋"])),
            ),
            (Boost(Phrase("托育"), 2.0), of["托育"]),
            (MatchAll(), every),
            (And([MatchAll(), Phrase("托育")]), of["托育"]),
            (Not(MatchAll()), set()),
            (Phrase("！"), set()),
            (Not(Phrase("！")), every),
        ]
        for query, expected in cases:
            found = ArticlePage.objects.published().search(query)
            assert {article.pk for article in found} == expected, query

    def test_the_score_tells_title_hits(self) -> None:
        for article in search("托育").annotate_score("score"):
            assert article.score == ("托育" in article.title)

    def test_the_number_of_queries_is_one(self) -> None:
        for query in ("工会", "工会 数字化改革 -托育", "数字化改革"):
            with self.assertNumQueries(1):
                list(ArticlePage.objects.live().search(as_query(read_query(query)))[:20])


def search(query: str, *, in_order: bool = False) -> Any:
    articles = ArticlePage.objects.published()
    if in_order:
        articles = articles.newest_first().with_issues()
    return articles.search(as_query(read_query(query)))


# Rules that are told to readers (docs/search.md), each with an example.
RULES = (
    # A number begins where it begins, and may go on.
    ("27条", "提出27条意见", True),
    ("27条", "提出127条意见", False),
    ("1月8日", "1月8日开赛", True),
    ("1月8日", "11月8日开赛", False),
    ("7月2日", "7月28日开赛", False),
    ("45", "第450期", True),
    ("第45期", "第450期", False),
    ("3.5", "增长3.57%", True),
    ("3.5%", "增长13.5%", False),
    ("2244人", "共2,244人", False),
    # So does a Latin word, in either width and case.
    ("app", "请下载ＡＰＰ", True),
    ("ＡＰＰ", "请下载App", True),
    ("app", "请下载eAPP", False),
    ("wi", "覆盖Wi-Fi", True),
    ("fi", "覆盖Wi-Fi", True),
    ("Café", "在CAFE里", True),
    # Punctuation and spaces inside do not matter, where the words come one after another.
    ("浙里办APP", "登录“浙里办”APP", True),
    ("0-3岁", "0-3岁婴幼儿", True),
    ("0至3岁", "0-3岁婴幼儿", False),
    ("03岁", "0-3岁婴幼儿", False),
    ("8.5折", "享8.5折优惠", True),
    ("8.5折", "享8。5折优惠", True),
    ("《工人日报》", "工人日报记者", True),
    ("艾力·买买提", "艾力•买买提", True),
    # Between two Chinese characters, though, punctuation parts.
    ("工会数字化", "工会，数字化", False),
    ("工会，数字化", "工会，数字化", True),
    # A space between two Chinese characters is none.
    ("王浩", "选手王　浩获胜", True),
    ("“王 浩”", "选手王浩获胜", True),
    # A passage is a passage.
    ("胜利", "取得全胜\n利在千秋", False),
    # Whatever the words of the language: 职工运动会 holds 工运.
    ("工运", "职工运动会", True),
    ("工运", "工作与运动", False),
    # Rare characters, younger than the databases.
    ("𬭎", "王𬭎获奖", True),
    ("王𬭎", "王𬭎获奖", True),
    ("𬭎获", "王𬭎获奖", True),
    ("鿫元素", "发现鿫元素", True),
    ("人々", "人々的", True),
    ("プロ", "プログラム", True),
)


@pytest.mark.django_db
def test_each_rule_that_readers_are_told() -> None:
    issue = make_public_issue(450)
    article = ArticlePage.objects.get(issue=issue)
    for query, text, expected in RULES:
        article.body = [("note", text)]
        article.save()
        found = list(ArticlePage.objects.published().search(as_query(read_query(query))))
        assert bool(found) is expected, (query, text)


MARKS = r"""
" "" "工会 工会" ' '' 工会' “ ”“ 「 \ 工会\ ` % _ 工%会 工_会 %%% * 工会* *工会 ^工会
title:工会 {} %s 😀 工会😀 👨‍👩‍👧 - -- -工会 － -% %(x)s !工会 工会:* (工会 工会) ((
1=1 $$ $1 'x\'' "x\"" ﷺ ᄒ ा ١٢ ② ㎏ ½ 𬭎
"""
HOSTILE = (
    *MARKS.split(),
    *(
        *("工会 AND", "OR 工会", "NOT 工会", "工会 & !会", "工会 | 会", "工会 <-> 会", "工会 + 会"),
        *("NEAR(工 会)", "{title}: 工会", "'; DROP TABLE articles_articlepage; --", "- 工会"),
        *("\x00", "工\x00会", "\x00工会", "\ud800", "工会\udfff", "\ufffe", "\u202e工会", "\u200b"),
        *("\u3000", " ", "\n", "工会\n会", "\t", "工会 -", "工会 -%", "Z\u0351\u036b\u0343"),
        *("工" * 10_000, "a" * 10_000, "工 " * 5_000, '"' * 10_000, "-" * 10_000, "é" * 300),
        *("工会 -会 " * 1_000, "ab1" * 4_000, "𬭎" * 200),
    ),
)


@pytest.mark.django_db
def test_no_query_fails() -> None:
    make_public_issue(450, articles=2)
    articles = ArticlePage.objects.published()
    for query in HOSTILE:
        for asked in (query, as_query(read_query(query)), PlainText(query), Phrase(query)):
            assert len(list(articles.search(asked))) == articles.search(asked).count(), query
        list(articles.autocomplete(query))


@pytest.mark.django_db
def test_what_readers_may_not_see_is_not_found() -> None:
    public = make_public_issue(450, articles=3)
    shown, withdrawn, closed = ArticlePage.objects.filter(issue=public).order_by("path")
    ArticlePage.objects.filter(pk=withdrawn.pk).update(withdrawn_at="2022-08-03T00:00:00Z")
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    make_article(public, "新闻未定稿")
    make_article(make_issue(451), "新闻未出版", signed=True)

    assert list(ArticlePage.objects.published().search("新闻")) == [shown]
    assert ArticlePage.objects.published().search("新闻").count() == 1
    assert ArticlePage.objects.all().search("新闻").count() == 5


@pytest.mark.django_db
def test_everything_printed_is_found_and_nothing_else() -> None:
    section = Section.objects.create(name="霓虹", slug="nihong")
    issue = make_issue(450)
    article = make_article(
        issue,
        "主题甲",
        kicker="引题乙",
        subhead="副题丙",
        standfirst="提要丁",
        section=section,
        names=("欧阳　戊",),
        body=[
            ("paragraph", "<p>段落己</p><h2>插题庚</h2><p>接<b>排</b>辛</p>"),
            ("crosshead", "小题壬"),
            ("quote", {"text": "引文癸", "source": "出处子"}),
            ("note", "附注丑"),
            (
                "table",
                {
                    "caption": "表题寅",
                    "table": {
                        "columns": [{"type": "text", "heading": "表头卯"}],
                        "rows": [{"values": ["格子辰"]}],
                        "caption": "",
                    },
                },
            ),
        ],
        signed=True,
    )
    article.remarks.create(kind="decide", text="注记不见报")
    article.save()

    for word in (
        *("主题甲", "引题乙", "副题丙", "提要丁", "霓虹", "欧阳戊", "欧阳 戊", "段落己", "插题庚"),
        *("接排辛", "小题壬", "引文癸", "出处子", "附注丑", "表题寅", "表头卯", "格子辰"),
    ):
        assert list(ArticlePage.objects.search(word)) == [article], word
    for word in (
        "注记不见报",
        "主题甲引题乙",
        "题乙副题",
        "己插",
        "庚接",
        "表头卯格子",
        "paragraph",
    ):
        assert not list(ArticlePage.objects.search(word)), word


@pytest.mark.django_db
def test_a_very_long_article_is_found_by_its_end() -> None:
    """PostgreSQL counts places up to 16,383 only."""
    text = "\n".join(
        "".join(chr(0x4E00 + (n * 37 + k) % 9000) for k in range(500)) for n in range(80)
    )
    article = make_article(make_issue(450), text=f"{text}\n末尾的霾散去了", signed=True)

    assert list(ArticlePage.objects.search("末尾的霾散去")) == [article]
    assert not list(ArticlePage.objects.search("霾散末尾"))


@pytest.mark.django_db
def test_an_article_of_any_length_can_be_indexed() -> None:
    """PostgreSQL takes a megabyte of words at most."""
    text = "".join(chr(0x20000 + (n * 7919) % 40000) for n in range(150_000))
    article = make_article(make_issue(450), "长文", text=text)

    assert list(ArticlePage.objects.search(text[50_000:50_010])) == [article]
