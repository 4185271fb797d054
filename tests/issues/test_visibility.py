"""What a reader may see: the visibility rule on every public surface there is (docs/design)."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Page, PageViewRestriction

from articles.models import ArticlePage
from desk.review.signing import sign_article
from issues.models import IssuePage, NewspaperPage
from issues.publishing import publish_due, publish_issue, schedule_issue, unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import Contributor
from tests import factories
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

SECRET = "还不能给人看的标题"


@pytest.fixture(autouse=True)
def paper() -> NewspaperPage:
    return NewspaperPage.objects.get()


def listed(address: str, client: Client) -> list[str]:
    """Return every address that a page leads to, or 404."""
    answer = client.get(address)
    if answer.status_code == 404:
        return ["404"]
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    soup = BeautifulSoup(answer.content, "html.parser")
    return [str(link["href"]) for link in soup.find_all(["a", "link"], href=True)]


def everything_public(client: Client) -> str:
    """Return all that a reader is shown anywhere: pages, lists, heads, sitemap, search."""
    addresses = ["/", "/archive/", "/corrections/", "/sections/", "/popular/?span=all"]
    addresses += [
        f"/contributors/{key}/" for key in Contributor.objects.values_list("pk", flat=True)
    ]
    addresses += [f"/archive/{year}/" for year in (2022, 2023)]
    addresses += [f"/{day}/" for day in IssuePage.objects.values_list("date", flat=True)]
    addresses += [page.url for page in Page.objects.filter(depth__gte=3).specific()]
    shown = []
    for address in addresses:
        answer = client.get(address, follow=True)
        if answer.status_code == 200:
            shown.append(answer.content.decode())
    request = client.get("/").wsgi_request
    shown += [found.title for found in ArticlePage.objects.published(request).search("标题")]
    shown += sitemap_addresses()
    return "\n".join(shown)


def sitemap_addresses() -> list[str]:
    """Return what Wagtail's own sitemap would list if somebody mounted it."""
    request = RequestFactory().get("/sitemap.xml")
    site = SimpleNamespace(domain="testserver", name="testserver")
    return [entry["location"] for entry in Sitemap(request).get_urls(site=site)]


def answers(address: str) -> int:
    return Client().get(address).status_code


# Signed off under a draft issue.


def test_an_article_under_a_draft_issue_is_not_found_at_its_address(client: Client) -> None:
    article = make_article(make_issue(451), signed=True)

    assert article.live
    assert client.get("/451/1/").status_code == 404
    assert client.get("/451/").status_code == 404


def test_an_article_under_a_draft_issue_is_in_no_list_at_all(client: Client) -> None:
    make_public_issue(450, articles=2)
    make_article(make_issue(451), SECRET, signed=True)

    shown = everything_public(client)

    assert "第1条新闻" in shown
    assert SECRET not in shown
    assert "/451/" not in shown


def test_an_unsigned_article_of_a_public_issue_is_in_no_list_and_not_found(client: Client) -> None:
    issue = make_public_issue(450, articles=2)
    make_article(issue, SECRET)

    assert SECRET not in everything_public(client)
    assert client.get("/450/3/").status_code == 404


def test_neighbours_step_over_an_article_that_is_not_signed(client: Client) -> None:
    issue = make_issue(450)
    make_article(issue, "第一篇", signed=True)
    make_article(issue, SECRET)
    make_article(issue, "第三篇", signed=True)
    publish_issue(issue=issue, by=None, without_unfinished=True)

    assert "/450/3/" in listed("/450/1/", client)
    assert "/450/1/" in listed("/450/3/", client)
    assert "/450/2/" not in listed("/450/1/", client) + listed("/450/3/", client)


def test_an_issue_names_only_public_issues_as_its_neighbours(client: Client) -> None:
    make_public_issue(449)
    make_article(make_issue(450), signed=True)
    make_public_issue(451)
    make_article(make_issue(452), signed=True)

    links = listed("/449/", client) + listed("/451/", client)

    assert "/451/" in links
    assert "/449/" in links
    assert not {"/450/", "/452/"} & set(links)


def test_the_head_names_the_neighbouring_issues(client: Client) -> None:
    for number in (449, 450, 451):
        make_public_issue(number)
    head = BeautifulSoup(client.get("/450/").content, "html.parser").head

    assert head.find("link", rel="prev")["href"] == "/449/"
    assert head.find("link", rel="next")["href"] == "/451/"


def test_the_latest_issue_is_that_of_the_greatest_date_not_the_last_published(
    client: Client,
) -> None:
    make_public_issue(451)
    make_public_issue(450)
    make_article(make_issue(452), signed=True)

    front = BeautifulSoup(client.get("/").content, "html.parser")

    assert front.head.find("link", rel="canonical")["href"].endswith("/451/")


def test_of_two_issues_of_one_day_the_greater_number_is_the_latest(client: Client) -> None:
    day = datetime.date(2022, 8, 9)
    make_public_issue(452, date=day)
    make_public_issue(451, date=day)

    assert client.get("/").context["issue"].number == 452
    assert {"/451/", "/452/"} <= set(listed("/2022-08-09/", client))


def test_an_address_is_canonical_without_its_query(client: Client) -> None:
    make_public_issue(450)
    for address in ("/450/", "/450/1/", "/archive/", "/archive/2022/"):
        head = BeautifulSoup(client.get(address + "?from=wechat").content, "html.parser").head
        assert head.find("link", rel="canonical")["href"].split("/", 3)[3] == address[1:]


def test_the_date_leads_to_the_only_public_issue_of_the_day(client: Client) -> None:
    make_public_issue(450)
    make_article(make_issue(451, date=factories.FIRST_DAY), signed=True)

    answer = client.get("/2022-08-02/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/450/")


def test_a_day_and_a_year_with_draft_issues_only_are_not_found(client: Client) -> None:
    make_public_issue(450)
    make_article(make_issue(520, date=datetime.date(2023, 12, 5)), signed=True)

    assert client.get("/2023-12-05/").status_code == 404
    assert client.get("/archive/2023/").status_code == 404
    assert "/archive/2023/" not in listed("/archive/", client)


def test_the_archive_counts_public_articles_only(client: Client) -> None:
    issue = make_public_issue(450, articles=2)
    make_article(issue, SECRET)

    rows = client.get("/archive/").context["issues"]

    assert [(row.number, row.articles, row.headline) for row in rows] == [(450, 2, "第1条新闻")]


def test_search_finds_published_articles_and_no_other(client: Client) -> None:
    issue = make_issue(450)
    make_article(issue, "象棋比赛在建德", signed=True)
    make_article(issue, "象棋比赛未定稿")
    publish_issue(issue=issue, by=None, without_unfinished=True)
    make_article(make_issue(451), "象棋比赛未出版", signed=True)

    found = ArticlePage.objects.published().search("象棋比赛在建德")

    assert [article.title for article in found] == ["象棋比赛在建德"]
    assert not list(ArticlePage.objects.published().search("象棋比赛未出版"))
    assert not list(ArticlePage.objects.published().search("象棋比赛未定稿"))


def test_wagtails_sitemap_lists_public_pages_only() -> None:
    make_public_issue(450)
    make_article(make_issue(451), signed=True)

    paths = {address.split("/", 3)[3] for address in sitemap_addresses()}

    assert paths == {"", "450/", "450/1/"}


# Unpublishing and publishing are one act for the whole issue.


def test_unpublishing_an_issue_takes_all_its_articles_away(client: Client) -> None:
    make_public_issue(449)
    issue = make_public_issue(450, articles=3)
    chief = make_user("总编")

    unpublish_issue(issue=issue, by=chief)

    assert [answers(f"/450/{n}/") for n in (1, 2, 3)] == [404, 404, 404]
    assert answers("/450/") == 404
    assert answers("/2022-08-02/") == 404
    assert "/450/" not in everything_public(client)
    assert ArticlePage.objects.filter(issue=issue, live=True).count() == 3, "what is signed stays"


def test_publishing_again_brings_all_of_them_back() -> None:
    issue = make_public_issue(450, articles=3)
    unpublish_issue(issue=issue, by=make_user("总编"))

    publish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=None)

    assert [answers(f"/450/{n}/") for n in (1, 2, 3)] == [200, 200, 200]


def test_a_scheduled_issue_brings_everything_at_once_and_not_before() -> None:
    issue = make_issue(451)
    for title in ("第一篇", "第二篇"):
        make_article(issue, title, signed=True)
    make_article(issue, SECRET)
    at = timezone.now() + datetime.timedelta(hours=1)
    schedule_issue(issue=issue, by=make_user("总编"), at=at, without_unfinished=True)

    assert publish_due(at=at - datetime.timedelta(minutes=1)) == []
    assert [answers(f"/451/{n}/") for n in (1, 2, 3)] == [404, 404, 404]

    assert [(due.number, trouble) for due, trouble in publish_due(at=at)] == [(451, "")]
    assert [answers(f"/451/{n}/") for n in (1, 2, 3)] == [200, 200, 404]


# Drafts of what is public.


def test_an_article_with_a_pending_draft_shows_its_signed_version(client: Client) -> None:
    make_public_issue(450)
    draft = ArticlePage.objects.get()
    draft.title = SECRET
    draft.body = [("paragraph", f"<p>{SECRET}</p>")]
    draft.bylines.all()[0].name = SECRET
    draft.save_revision()

    shown = everything_public(client)

    assert "第1条新闻" in shown
    assert SECRET not in shown


def test_the_corrected_version_appears_when_it_is_signed(client: Client) -> None:
    make_public_issue(450)
    draft = ArticlePage.objects.get()
    draft.title = "改正的标题"
    sign_article(article=draft, revision=draft.save_revision(), by=None)

    assert "改正的标题" in client.get("/450/1/").content.decode()
    assert "改正的标题" in client.get("/").content.decode()


def test_an_issue_with_a_pending_masthead_shows_the_published_one(client: Client) -> None:
    issue = make_public_issue(450)
    issue.responsible_editor = SECRET
    issue.number = 777
    issue.save_revision()

    assert SECRET not in everything_public(client)
    assert client.get("/777/").status_code == 404
    assert client.get("/450/").status_code == 200


def test_remarks_are_never_shown_to_readers(client: Client) -> None:
    article = make_article(make_issue(450))
    article.remarks.create(kind="proof", text=SECRET)
    article.remarks.create(kind="proof", after="比赛", text=SECRET)
    sign_article(article=article, revision=article.save_revision(), by=None)
    publish_issue(issue=IssuePage.objects.get(number=450), by=None)

    assert SECRET not in everything_public(client)


# Withdrawn.


def test_a_withdrawn_article_is_in_no_list_at_all_and_its_address_says_so(client: Client) -> None:
    issue = make_public_issue(450, articles=2)
    article = make_article(issue, SECRET, text=SECRET, names=(SECRET,), signed=True)
    assert SECRET in everything_public(client)

    withdraw_article(article=article, reason="事实有误。", by=None)
    shown = everything_public(client)

    assert SECRET not in shown
    assert "/450/3/" not in shown
    assert "第1条新闻" in shown
    assert client.get("/450/3/").status_code == 410
    assert not ArticlePage.objects.published().filter(pk=article.pk).exists()
    assert not list(ArticlePage.objects.published().search(SECRET))
    assert client.get("/archive/").context["issues"][0].articles == 2


def test_a_withdrawn_article_under_a_draft_issue_is_not_found(client: Client) -> None:
    article = make_article(make_issue(451), signed=True)
    ArticlePage.objects.filter(pk=article.pk).update(withdrawn_at=timezone.now())

    assert client.get("/451/1/").status_code == 404


def test_a_withdrawn_article_never_leads_an_archive_line(client: Client) -> None:
    issue = make_public_issue(450, articles=2)
    withdraw_article(article=ArticlePage.objects.get(issue=issue, number=1), reason="误", by=None)

    assert client.get("/archive/").context["issues"][0].headline == "第2条新闻"


# View restrictions.


@pytest.fixture
def restricted() -> PageViewRestriction:
    """An older public issue, and a newest one behind a password."""
    make_public_issue(449)
    issue = make_public_issue(450)
    return PageViewRestriction.objects.create(
        page=issue, restriction_type=PageViewRestriction.PASSWORD, password="工会"
    )


def pass_the_password(client: Client, restriction: PageViewRestriction, back_to: str) -> None:
    asked = client.get(back_to)
    answer = client.post(
        f"/_util/authenticate_with_password/{restriction.pk}/{restriction.page_id}/",
        {"password": restriction.password, "return_url": back_to},
    )
    assert asked.status_code == 200
    assert answer.status_code == 302


def test_what_is_behind_a_password_is_in_no_list_for_those_outside(
    restricted: PageViewRestriction, client: Client
) -> None:
    for address in ("/", "/archive/", "/archive/2022/", "/449/", "/449/1/"):
        assert not {"/450/", "/450/1/"} & set(listed(address, client)), address
    assert client.get("/").context["issue"].number == 449
    assert client.get("/2022-08-02/").status_code == 404
    assert not ArticlePage.objects.published().filter(issue=restricted.page).exists()
    assert not any("/450/" in address for address in sitemap_addresses())


@pytest.mark.parametrize("address", ["/450/", "/450/1/"])
def test_a_page_behind_a_password_asks_for_it_and_shows_nothing(
    restricted: PageViewRestriction, client: Client, address: str
) -> None:
    answer = client.get(address)

    assert "password" in answer.content.decode()
    assert "建德" not in answer.content.decode()


def test_what_is_behind_a_password_is_listed_for_those_inside(
    restricted: PageViewRestriction, client: Client
) -> None:
    pass_the_password(client, restricted, "/450/1/")

    assert "建德" in client.get("/450/1/").content.decode()
    assert client.get("/").context["issue"].number == 450
    assert "/450/" in listed("/archive/", client)
    assert "/450/" in listed("/449/", client)
    assert client.get("/2022-08-02/").headers["Location"] == "/450/"


def test_a_password_given_by_one_reader_opens_nothing_for_another(
    restricted: PageViewRestriction, client: Client
) -> None:
    pass_the_password(client, restricted, "/450/1/")

    assert "/450/" not in listed("/archive/", Client())


def test_an_issue_for_those_who_log_in_is_listed_for_them_alone(client: Client) -> None:
    make_public_issue(449)
    PageViewRestriction.objects.create(
        page=make_public_issue(450), restriction_type=PageViewRestriction.LOGIN
    )
    assert "/450/" not in listed("/archive/", client)
    assert client.get("/450/1/").status_code == 302

    client.force_login(make_user())
    assert "/450/" in listed("/archive/", client)
    assert client.get("/450/1/").status_code == 200


def test_an_issue_for_a_group_is_listed_for_its_members_alone(client: Client) -> None:
    make_public_issue(449)
    group = Group.objects.create(name="内刊读者")
    restriction = PageViewRestriction.objects.create(
        page=make_public_issue(450), restriction_type=PageViewRestriction.GROUPS
    )
    restriction.groups.add(group)
    outsider, member = make_user(), make_user()
    member.groups.add(group)

    client.force_login(outsider)
    assert "/450/" not in listed("/archive/", client)
    client.force_login(member)
    assert "/450/" in listed("/archive/", client)
    assert client.get("/450/1/").status_code == 200


def test_a_paper_behind_a_password_shows_nothing_but_the_question(
    paper: NewspaperPage, client: Client
) -> None:
    make_public_issue(450)
    PageViewRestriction.objects.create(
        page=paper, restriction_type=PageViewRestriction.PASSWORD, password="工会"
    )
    for address in ("/", "/450/", "/450/1/", "/archive/", "/archive/2022/", "/2022-08-02/"):
        shown = client.get(address).content.decode()
        assert "第1条新闻" not in shown, address
        assert "第450期" not in shown, address
    assert not ArticlePage.objects.published().exists()
    assert sitemap_addresses() == []


def test_a_restricted_article_is_left_out_of_its_public_issue(client: Client) -> None:
    issue = make_public_issue(450, articles=3)
    second = ArticlePage.objects.get(issue=issue, number=2)
    PageViewRestriction.objects.create(page=second, restriction_type=PageViewRestriction.LOGIN)

    assert "/450/2/" not in listed("/", client) + listed("/450/1/", client)
    assert "/450/3/" in listed("/450/1/", client)
    assert client.get("/archive/").context["issues"][0].articles == 2
