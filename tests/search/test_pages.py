"""The pages of search over the sample issue: what is found, shown, marked, and offered instead."""

from __future__ import annotations

from unittest import mock
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client, TestCase
from django.utils import timezone

from articles.models import ArticlePage, Byline
from issues.correcting import Wording, add_correction
from newsroom.models import Contributor, Section
from search.finding import ON_A_PAGE
from tests.factories import make_article, make_issue, make_sample


def search(q: str, **more: object) -> BeautifulSoup:
    answer = Client().get("/search/", {"q": q, **more})
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def headlines(soup: BeautifulSoup) -> list[str]:
    return [" ".join(link.get_text().split()) for link in soup.select(".hit__link")]


def choices(soup: BeautifulSoup) -> dict[str, str]:
    """Return what there is to narrow by: the words of each link, and where it leads."""
    return {" ".join(a.text.split()): a["href"] for a in soup.select(".narrowing__link")}


class SampleTest(TestCase):
    """Issue 450 as it is printed."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_sample()

    def test_a_word_finds_the_article_it_stands_in(self) -> None:
        soup = search("托育")

        assert headlines(soup) == ["拱墅区总工会普惠性托育解决职工难题"]
        assert soup.select_one(".results__count").text == "检索“托育”，共1篇"
        facts = " ".join(soup.select_one(".hit__facts").text.split())
        assert facts == "2022年8月2日 第450期 第1版 刘魏"

    def test_each_of_several_words_is_shown_in_the_snippet(self) -> None:
        (snippet,) = search("8.5折 虞女士").select(".hit__snippet")

        assert {mark.text for mark in snippet.select("mark")} == {"8.5折", "虞女士"}

    def test_traditional_input_finds_and_marks_what_is_printed(self) -> None:
        soup = search("託育機構")

        assert "托育机构" in {mark.text for mark in soup.select("mark")}
        assert f"#find={quote('托育机构')}" in soup.select_one(".hit__link")["href"]

    def test_the_link_carries_the_words_and_the_clause(self) -> None:
        address = search("虞女士").select_one(".hit__link")["href"]
        words, _, directive = address.partition(":~:")

        assert words == f"/450/2/#find={quote('虞女士')}"
        assert directive == f"text={quote('让正准备抚育二孩的虞女士意犹未尽')}"

    def test_a_name_under_an_article_is_found_and_marked(self) -> None:
        (hit,) = search("焦利芳").select(".hit")

        assert hit.select_one(".hit__byline mark").text == "焦利芳"
        assert len(hit.select_one(".hit__snippet").text) > 20
        assert ":~:" not in hit.select_one(".hit__link")["href"]

    def test_nothing_found_helps(self) -> None:
        soup = search("托育 火星")
        counts = [" ".join(li.text.split()) for li in soup.select(".search-help li")]

        assert "没有找到与“托育 火星”相符的文章" in soup.main.text
        assert {"托育 1篇", "火星 0篇"} <= set(counts)
        assert soup.select_one('main a[href="/archive/"]')

    def test_nothing_found_names_titles_and_names_that_are_alike(self) -> None:
        assert "拱墅区总工会普惠性托育解决职工难题" in search("普惠性托幼").main.text
        assert "汪燕盼" in search("王燕盼").main.text

    def test_nothing_found_names_words_that_are_alike(self) -> None:
        soup = search("托幼")
        near = soup.find("h2", string="相近的词").find_next("ul")
        assert "托育 1篇" in " ".join(near.text.split())

        # The other words stay as they are, and the one that is nowhere is written otherwise.
        near = search("职工 托幼").find("h2", string="相近的词").find_next("ul")
        assert "职工 托育" in near.text

    def test_every_way_out_of_nothing_finds_something(self) -> None:
        for q, more in (
            ("托育 火星", {}),
            ("托育 拱墅区 火星", {}),
            ("托育 -拱墅区", {}),
            ("王燕盼", {}),
            ("托幼", {}),
            ("拱墅区 “托幼机构” -火星", {}),
            ("托育", {"year": 1999}),
            ("托育", {"section": "no-such"}),
            ("托育", {"contributor": 987654}),
            ("托育", {"kind": "corrections"}),
        ):
            ways = search(q, **more).select(".search-help a[rel=nofollow]")
            assert ways, q
            for way in ways:
                assert b"hit__link" in self.client.get(way["href"]).content, way["href"]

    def test_every_example_finds_something(self) -> None:
        examples = search("").select(".search-help li a")

        assert len(examples) == 6
        for example in examples:
            content = self.client.get(example["href"]).content
            assert b"hit__link" in content or b"direct__link" in content, example

    def test_an_issue_named_comes_first(self) -> None:
        for q in ("450", "第450期", "2022-8-2", "2022年8月2日", "２０２２年８月２日", "四百五十期"):
            (way,) = search(q).select(".direct__link")
            assert (way["href"], way.text) == ("/450/", "第450期"), q

    def test_a_year_leads_to_the_archive(self) -> None:
        (way,) = search("2022年").select(".direct__link")

        assert way["href"] == "/archive/2022/"
        assert self.client.get(way["href"]).status_code == 200
        assert search("1999年").select(".direct__link") == []

    def test_exclusions_alone_and_marks_alone_say_what_is_missing(self) -> None:
        assert "没有写要找什么" in search("-托育").main.text
        assert "没有可以查的字" in search("，。！").main.text

    def test_too_much_is_cut_and_said(self) -> None:
        soup = search("托" * 10_000)

        assert "只查前200个字" in soup.main.text
        assert len(soup.select_one("input[name=q]")["value"]) == 200

    def test_more_than_eight_words_are_left_out_and_said(self) -> None:
        soup = search("托育 职工 工会 拱墅区 孩子 机构 优惠 服务 火星 木星")

        assert "一次最多查8个词，后面的没有查：火星、木星" in soup.main.text
        assert headlines(soup) == ["拱墅区总工会普惠性托育解决职工难题"]

    def test_results_are_for_readers_not_for_robots(self) -> None:
        answer = self.client.get("/search/", {"q": "托育"})
        head = BeautifulSoup(answer.content, "html.parser").head

        assert head.select_one("meta[name=robots]")["content"] == "noindex, follow"
        assert head.select_one("link[rel=canonical]")["href"] == "http://testserver/search/"
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "托育" in head.title.text
        assert answer.cookies == {}

    def test_it_is_read_only(self) -> None:
        for address in ("/search/", "/search/suggest/"):
            assert self.client.post(address, {"q": "托育"}).status_code == 405
            assert self.client.head(address, {"q": "托育"}).status_code == 200

    def test_every_page_has_a_way_to_search(self) -> None:
        for address in ("/", "/450/", "/450/2/", "/archive/", "/about/", "/nothing-here/"):
            soup = BeautifulSoup(self.client.get(address).content, "html.parser")
            assert soup.select_one('.site-nav form[action="/search/"] input[name=q]'), address
            assert soup.select_one('.site-nav a[href="/search/"]'), address

    def test_a_page_of_results_is_light(self) -> None:
        assert len(self.client.get("/search/", {"q": "工会"}).content) < 30_000


class ManyTest(TestCase):
    """Forty-five articles of two years, in sections, by several hands."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.news = Section.objects.create(name="要闻", slug="news")
        cls.letters = Section.objects.create(name="副刊", slug="letters")
        for number, count in ((390, 5), (450, 40)):
            issue = make_issue(number, live=True)
            for n in range(count):
                make_article(
                    issue,
                    f"职工象棋赛第{n}轮" if n == 3 else f"第{n}条新闻",
                    text=f"第{n}轮象棋比赛在建德开赛。",
                    names=("张晓燕",) if n % 3 else ("张晓燕", "王　浩"),
                    section=cls.news if n % 2 else None,
                )
        # By the short way, as signing so many would take its time.
        ArticlePage.objects.update(live=True)
        for name in ("张晓燕", "王　浩"):
            cls.wang = Contributor.objects.create(name=name)
            Byline.objects.filter(name=name).update(contributor=cls.wang)

    def test_titles_come_first_and_then_the_newest(self) -> None:
        found = headlines(search("象棋"))

        assert found[:3] == ["职工象棋赛第3轮", "职工象棋赛第3轮", "第0条新闻"]
        assert headlines(search("象棋", order="newest"))[:2] == ["第0条新闻", "第1条新闻"]

    def test_pages_hold_every_result_once(self) -> None:
        for order in ("best", "newest"):
            links = [
                link["href"]
                for page in range(1, 6)
                for link in search("象棋", page=page, order=order).select(".hit__link")
            ]
            assert len(links) == len(set(links)) == 45

    def test_a_page_beyond_the_end_is_the_last(self) -> None:
        soup = search("象棋", page=40)

        assert len(soup.select(".hit")) == 45 - 4 * ON_A_PAGE
        assert "第5页，共5页" in soup.select_one(".pager").text
        assert soup.select_one('.pager a[rel="prev"]')["href"].endswith("page=4")
        assert soup.select_one('.pager a[rel="next"]') is None

    def test_what_is_beyond_the_counted_is_found_once_it_is_asked_for(self) -> None:
        with mock.patch("search.finding.MOST_COUNTED", 10):
            everything = search("象棋").select_one(".results__count").text
            of_last_year = search("象棋", year=2021)
            of_wang = search("象棋", contributor=self.wang.pk, year=2021)

        assert everything == "检索“象棋”，结果很多，只统计前10篇"
        assert of_last_year.select_one(".results__count").text == "检索“象棋”，共5篇"
        assert of_wang.select_one(".results__count").text == "检索“象棋”，共2篇"

    def test_each_choice_finds_as_many_as_it_says(self) -> None:
        offered = choices(search("象棋"))

        assert set(offered) == {
            *("2022年 40篇", "2021年 5篇", "要闻 22篇", "张晓燕 45篇", "王 浩 16篇")
        }
        for label, address in offered.items():
            said = label.split()[-1]
            count = search_at(address).select_one(".results__count").text
            assert f"共{said}" in count, (label, count)
            assert search_at(address).select_one(".narrowing__link[aria-current]"), label

    def test_choices_add_up_and_are_dropped_again(self) -> None:
        soup = search("象棋", year=2022, section="news", contributor=self.wang.pk)
        chosen = [a.text for a in soup.select(".chosen__link")]

        assert [" ".join(each.split()) for each in chosen] == [
            "不限年份：2022年 ×",
            "不限栏目：要闻 ×",
            "不限作者：王 浩 ×",
        ]
        for link in soup.select(".chosen__link"):
            fewer = search_at(link["href"])
            assert len(fewer.select(".chosen__link")) == 2
            assert total(fewer) >= total(soup)

    def test_corrections_are_searched_too(self) -> None:
        article = ArticlePage.objects.first()
        told = Wording(
            text="第3段“8817家”应为“8818家”。", date=timezone.localdate(), wrong="8817家"
        )
        add_correction(article=article, wording=told, by=None)

        articles = search("8818家")
        soup = search("8818家", kind="corrections")

        assert "在更正里找" in articles.main.text
        assert [mark.text for mark in soup.select(".hit mark")] == ["8818家"]
        assert soup.select_one(".hit__link")["href"].startswith(article.url + "#correction-")
        assert soup.select_one(".results__count").text == "检索“8818家”，共1条更正"


def search_at(address: str) -> BeautifulSoup:
    return BeautifulSoup(Client().get(address).content, "html.parser")


def total(soup: BeautifulSoup) -> int:
    return int(soup.select_one(".results__count").text.split("共")[1].split("篇")[0])


@pytest.mark.django_db
def test_a_numeral_that_is_a_word_names_no_issue() -> None:
    make_issue(51, live=True)

    assert search("五一").select_one(".direct") is None
    assert search("第五一期").select_one(".direct__link").text == "第51期"


@pytest.mark.django_db
def test_too_many_searches_from_one_address_are_asked_to_wait(settings) -> None:
    settings.SEARCH_LIMITS = {"search": (2, 100), "suggest": (1, 100)}
    cache.clear()
    answers = [Client().get("/search/", {"q": f"托育{n}"}) for n in range(3)]
    suggested = [Client().get("/search/suggest/", {"q": "托育"}) for _ in range(2)]
    cache.clear()

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "请过" in answers[2].content.decode()
    assert 'value="托育2"' in answers[2].content.decode(), "what was typed is kept"
    assert int(answers[2]["Retry-After"]) > 0
    assert answers[2]["Cache-Control"] == "no-store"
    assert [answer.status_code for answer in suggested] == [200, 200]
    assert suggested[1].json() == {"suggestions": []}
