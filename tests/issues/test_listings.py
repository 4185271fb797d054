"""Lists that span issues: archive, sections, contributors; what they show, and what they hide."""

from __future__ import annotations

import datetime

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage, Byline, Role
from bench.many import make_many
from issues.publishing import publish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import Contributor, Section
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

SECRET = "还不能给人看的标题"


@pytest.fixture
def section() -> Section:
    return Section.objects.create(name="职工心声", slug="workers-voice")


def page(address: str, status: int = 200) -> BeautifulSoup:
    answer = Client().get(address)
    assert answer.status_code == status, address
    assert not answer.cookies
    return BeautifulSoup(answer.content, "html.parser")


def words(soup: BeautifulSoup) -> str:
    return soup.main.get_text(" ", strip=True)


def links(soup: BeautifulSoup) -> list[str]:
    return [str(link["href"]) for link in soup.find_all("a", href=True)]


def writer(name: str = "张晓燕") -> Contributor:
    return Contributor.objects.get(name=name)


# What is hidden.


def hide_each_way(section: Section) -> list[str]:
    """Make one public article and, in every way there is, others that no reader may see."""
    issue = make_issue(450)
    make_article(issue, "公开的标题", section=section, signed=True)
    make_article(issue, f"{SECRET}（未定稿）", section=section)
    make_article(issue, f"{SECRET}（撤稿）", section=section, signed=True)
    publish_issue(issue=issue, by=None, without_unfinished=True)
    withdrawn = ArticlePage.objects.get(title__contains="撤稿")
    withdraw_article(article=withdrawn, by=make_user("总编"), reason="撤稿的原因")
    make_article(make_issue(451), f"{SECRET}（未出版）", section=section, signed=True)
    closed = make_issue(449)
    make_article(closed, f"{SECRET}（限制阅读）", section=section, signed=True)
    publish_issue(issue=closed, by=None)
    PageViewRestriction.objects.create(page=closed, restriction_type="login")
    return [
        "/archive/",
        "/archive/2022/",
        "/archive/?find=449",
        "/archive/?find=451",
        "/sections/",
        f"/sections/{section.slug}/",
        f"/sections/{section.slug}/?year=2022",
        f"/contributors/{writer().pk}/",
        "/corrections/",
    ]


def test_what_is_not_public_is_in_no_list(section: Section) -> None:
    shown = "\n".join(str(page(address)) for address in hide_each_way(section))

    assert "公开的标题" in shown
    assert SECRET not in shown
    assert "/451/" not in shown
    assert "/449/" not in shown


def test_counts_are_of_public_articles_only(section: Section) -> None:
    hide_each_way(section)

    assert "共1篇" in words(page("/sections/workers-voice/"))
    assert "共1篇" in words(page(f"/contributors/{writer().pk}/"))
    assert "近一年1篇" in words(page("/sections/"))


def test_a_section_or_contributor_without_a_public_article_is_not_found(section: Section) -> None:
    make_article(make_issue(450), section=section, signed=True)

    page("/sections/workers-voice/", 404)
    page(f"/contributors/{writer().pk}/", 404)
    assert "职工心声" not in words(page("/sections/"))


def test_what_is_not_there_is_not_found(section: Section) -> None:
    hide_each_way(section)

    for address in (
        *("/sections/no-such/", "/sections/职工/", "/contributors/", "/contributors/0/"),
        *("/contributors/999999999/", "/contributors/9999999999/", "/contributors/x/"),
        *("/archive/2021/", "/archive/0000/", "/archive/20222/"),
    ):
        page(address, 404)
    for year in ("1999", "", "x", "２０２２", "%00"):
        page(f"/sections/workers-voice/?year={year}", 404)
    for number in ("0", "-1", "x", "99999999999999999999", "%00", "2"):
        assert "公开的标题" in words(page(f"/sections/workers-voice/?page={number}")), number


# Contributors.


def test_a_contributors_page_tells_name_roles_and_articles_and_not_the_unit() -> None:
    issue = make_issue(450)
    make_article(issue, "第一篇", signed=True)
    article = make_article(issue, "第二篇", signed=True)
    publish_issue(issue=issue, by=None)
    Byline.objects.filter(article=article).update(role=Role.REPORTER)
    Contributor.objects.update(unit="不见报的单位")

    soup = page(f"/contributors/{writer().pk}/")

    assert soup.h1.get_text() == "张晓燕"
    assert "身份：记者" in words(soup)
    assert {"/450/1/", "/450/2/"} <= set(links(soup))
    assert "不见报的单位" not in str(soup)


def test_a_pen_name_is_not_given_away() -> None:
    issue = make_issue(450)
    make_article(issue, "署了真名", signed=True)
    article = make_article(issue, "用了笔名", names=("一叶",), signed=True)
    publish_issue(issue=issue, by=None)
    Byline.objects.filter(article=article).update(contributor=writer())

    assert "用了笔名" not in words(page(f"/contributors/{writer().pk}/"))
    assert f"/contributors/{writer().pk}/" not in links(page("/450/2/"))
    assert f"/contributors/{writer().pk}/" in links(page("/450/1/"))


def test_a_name_printed_with_a_space_is_the_same_name() -> None:
    issue = make_issue(450)
    article = make_article(issue, "两字的名字", names=("王　浩",), signed=True)
    publish_issue(issue=issue, by=None)
    hao = Contributor.objects.create(name="王浩")
    Byline.objects.filter(article=article).update(contributor=hao)

    assert "两字的名字" in words(page(f"/contributors/{hao.pk}/"))


def test_who_signed_an_article_twice_has_it_once() -> None:
    issue = make_issue(450)
    article = make_article(issue, names=("张晓燕", "张晓燕"), signed=True)
    publish_issue(issue=issue, by=None)
    Byline.objects.filter(article=article, sort_order=1).update(role=Role.PHOTOGRAPHER)

    soup = page(f"/contributors/{writer().pk}/")

    assert "共1篇" in words(soup)
    assert len(soup.select(".article-row")) == 1


def test_a_deleted_contributor_is_gone_and_the_byline_stays() -> None:
    make_public_issue(450)
    key = writer().pk
    Contributor.objects.all().delete()

    page(f"/contributors/{key}/", 404)
    article = page("/450/1/")
    assert "张晓燕" in words(article)
    assert not [link for link in links(article) if "/contributors/" in link]


def test_the_reading_page_leads_to_section_and_contributor(section: Section) -> None:
    issue = make_issue(450)
    make_article(issue, names=("张晓燕", "汪燕盼"), section=section, signed=True)
    publish_issue(issue=issue, by=None)

    soup = page("/450/1/")

    assert soup.select_one(".byline").get_text() == "（张晓燕 汪燕盼）"
    leads = links(soup)
    for name in ("张晓燕", "汪燕盼"):
        assert f"/contributors/{writer(name).pk}/" in leads
        page(f"/contributors/{writer(name).pk}/")
    assert "/sections/workers-voice/" in leads
    assert "/sections/workers-voice/" in links(page("/450/"))


def test_a_preview_leads_to_no_list(section: Section) -> None:
    article = make_article(make_issue(450), section=section, signed=True)
    client = Client()
    client.force_login(make_user("总编"))

    for key in (article.pk, article.issue_id):
        shown = client.get(f"/admin/pages/{key}/view_draft/").content.decode()
        assert "职工心声" in shown
        assert "/sections/workers-voice/" not in shown
        assert "/contributors/" not in shown


# Long lists.


def test_a_long_list_goes_by_year_and_page_newest_first() -> None:
    make_many(130, articles=4, sections=1, contributors=1, length=50)
    Section.objects.update(slug="long")
    ArticlePage.objects.update(section=Section.objects.get())

    first = page("/sections/long/")
    second = page("/sections/long/?year=2026&page=2")
    earlier = page("/sections/long/?year=2025")

    assert first.select_one(".article-row__part").get_text() == "2026年11月24日"
    assert first.select_one("link[rel=next]")["href"] == "?year=2026&page=2"
    assert len(first.select(".article-row")) == 60
    on_both = [
        [str(link["href"]) for link in soup.select(".article-row__link")]
        for soup in (first, second)
    ]
    assert not set(on_both[0]) & set(on_both[1])
    assert {address.split("/")[1] for address in on_both[0]} >= {"130", "129"}
    assert second.select_one("link[rel=canonical]")["href"].endswith(
        "/sections/long/?year=2026&page=2"
    )
    assert first.select_one("link[rel=canonical]")["href"].endswith("/sections/long/")
    assert "?year=2026" in str(earlier.select(".pager__link--next")[-1])
    assert "2024年" in earlier.select(".pager__link--previous")[-1].get_text()
    assert "共520篇" in words(page(f"/contributors/{Contributor.objects.get().pk}/"))


def test_a_year_of_the_archive_leads_to_the_years_around_it() -> None:
    for year in (2019, 2021, 2022):
        make_public_issue(year, date=datetime.date(year, 5, 1))

    soup = page("/archive/2021/")

    assert soup.select_one("link[rel=prev]")["href"] == "/archive/2019/"
    assert soup.select_one("link[rel=next]")["href"] == "/archive/2022/"
    assert [a["href"] for a in soup.select(".pager__link")] == ["/archive/2019/", "/archive/2022/"]


def test_many_years_stand_by_decade() -> None:
    make_many(30, articles=1, days_apart=366, length=50)

    soup = page("/archive/2009/")

    assert [label.get_text() for label in soup.select(".year-nav__label")] == [
        *("2020年代", "2010年代", "2000年代", "1990年代")
    ]
    assert [d.summary.get_text() for d in soup.select("details[open]")] == ["2000年代"]
    # Of the other decades, the latest year that has issues; it shows the years of its own.
    links = [a["href"] for a in soup.select("a.year-nav__label")]
    assert len(links) == 3
    assert [page(link).select_one(".year-nav [aria-current]")["href"] for link in links] == links


def test_of_a_long_history_the_years_lead_on_across_decades() -> None:
    for year in (1961, 1979, 1995, 2001):
        make_public_issue(year, date=datetime.date(year, 5, 1))
    make_issue(2005, date=datetime.date(2005, 5, 1))

    soup = page("/archive/1979/")

    assert [a["href"] for a in soup.select(".pager__link")] == ["/archive/1961/", "/archive/1995/"]
    assert [a["href"] for a in soup.select("a.year-nav__label")] == [
        *("/archive/2001/", "/archive/1995/", "/archive/1961/")
    ]
    assert [a["href"] for a in soup.select(".year-nav__link")] == ["/archive/1979/"]
    assert Client().get("/archive/1978/").status_code == 404
    assert Client().get("/archive/2005/").status_code == 404
    latest = page("/archive/")
    assert latest.select_one(".archive__heading").get_text() == "2001年"
    assert [a["href"] for a in latest.select(".pager__link")] == ["/archive/1995/"]


# Finding an issue.


LEADS_TO = [
    *(("450", "/450/"), ("第四百五十期", "/450/"), ("2022-8-2", "/450/"), ("8月2日", "/450/")),
    *(("二〇二二年八月二日", "/450/"), ("2022年8月16日", "/2022-08-16/"), ("8月9日", "/451/")),
    *(
        ("2022年", "/archive/2022/"),
        ("2022", "/archive/2022/"),
        ("2022年8月", "/archive/2022/#month-8"),
    ),
]


def test_what_is_found_is_led_to() -> None:
    make_public_issue(450)
    make_public_issue(451)
    for number in (452, 453):
        make_public_issue(number, date=datetime.date(2022, 8, 16))

    for asked, leads_to in LEADS_TO:
        answer = Client().get("/archive/", {"find": asked})
        assert (asked, answer.status_code, answer.headers["Location"]) == (asked, 302, leads_to)


NOT_THERE = [
    ("452", "没有第452期", ["第453期", "第450期"]),
    ("9", "没有第9期", ["第450期"]),
    ("2022-8-10", "2022年8月10日没有出版报纸。", ["第453期", "第450期"]),
    ("2022年9月", "2022年9月没有出版报纸。", ["第453期"]),
    ("1999年", "1999年没有出版报纸。", ["第450期"]),
    ("2月29日", "历年2月29日都没有出版报纸。", []),
]


def test_what_is_not_there_is_answered_with_what_is_nearest() -> None:
    make_public_issue(450)
    make_article(make_issue(452), signed=True)
    make_public_issue(453)

    for asked, said, nearest in NOT_THERE:
        soup = page(f"/archive/?find={asked}")
        assert said in words(soup)
        assert [row.get_text() for row in soup.select(".issue-row__number")] == nearest
        assert soup.select_one("[name=robots]")["content"] == "noindex"
        assert soup.select_one("#find")["value"] == asked


def test_a_number_that_is_a_year_too_offers_both() -> None:
    make_public_issue(450)
    make_public_issue(2022, date=datetime.date(2052, 1, 2))

    assert {"/2022/", "/archive/2022/"} <= set(links(page("/archive/?find=2022")))


def test_what_is_no_issue_gets_a_clear_page() -> None:
    make_public_issue(450)

    for asked in ("", "  ", "托育", "1" * 5000, "\0", "<b>'\"", "2022-2-30", "\ud800"):
        answer = Client().get("/archive/", {"find": asked.encode("utf-8", "surrogatepass")})
        assert answer.status_code == 200
        assert "期号" in answer.content.decode()
        assert "<b>'" not in answer.content.decode()
        assert len(answer.content) < 20_000
