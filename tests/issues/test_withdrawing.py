"""A withdrawn article: its address says why, and it is nowhere else; and the way back."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry, PageViewRestriction

from articles.models import ArticlePage
from desk.review.signing import SigningRefused, recall_article, sign_article
from issues.models import IssuePage
from issues.placing import PlacingRefused, transfer
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import WithdrawingRefused, reinstate_article, withdraw_article
from tests import factories, forms
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

REASON = "文中事实有误，现予撤稿，并向读者致歉。"
TITLE, WORDS, NAME = "要撤的标题", "要撤的正文不能再让人看到", "要撤的署名"


@pytest.fixture(scope="module")
def made(shared_rows: None) -> ArticlePage:
    """The second of three articles of a public issue."""
    issue = make_issue(450)
    make_article(issue, "第一篇", signed=True)
    article = make_article(
        issue, TITLE, text=WORDS, names=(NAME,), kicker="要撤的引题", signed=True
    )
    make_article(issue, "第三篇", signed=True)
    publish_issue(issue=issue, by=None)
    return article


@pytest.fixture
def article(made: ArticlePage) -> ArticlePage:
    return factories.fresh(made)


@pytest.fixture
def chief():
    return make_user("总编")


def withdraw(article: ArticlePage, **fields) -> None:
    withdraw_article(article=article, by=None, **{"reason": REASON, **fields})


def fresh(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


# What readers get.


def test_its_address_answers_410_with_title_reason_and_date_and_nothing_of_the_copy(
    article, client
):
    withdraw(article)
    answer = client.get("/450/2/")
    page = BeautifulSoup(answer.content, "html.parser")
    html = answer.content.decode()

    assert answer.status_code == 410
    assert f"《{TITLE}》" in page.h1.get_text()
    assert REASON in html
    day = timezone.localdate(fresh(article).withdrawn_at)
    assert page.main.find("time")["datetime"] == day.isoformat()
    for kept in (WORDS, NAME, "要撤的引题"):
        assert kept not in html
    assert TITLE not in str(page.head)
    assert page.head.find("link", rel="canonical") is None
    assert page.head.find("meta", attrs={"name": "description"}) is None


def test_search_engines_and_caches_do_not_keep_the_notice(article, client):
    withdraw(article)
    answer = client.get("/450/2/")
    robots = BeautifulSoup(answer.content, "html.parser").find("meta", attrs={"name": "robots"})

    assert robots["content"] == "noindex"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "no-cache" in answer.headers["Cache-Control"]


def test_the_notice_leads_back_to_the_issue(article, client):
    withdraw(article)
    page = BeautifulSoup(client.get("/450/2/").content, "html.parser")
    links = {a["href"] for a in page.main.find_all("a")}

    assert {"/450/", "/", "/archive/", "/450/1/", "/450/3/"} <= links
    assert "/450/2/" not in links


def test_a_title_that_must_not_be_read_is_withdrawn_too(article, client):
    withdraw(article, with_title=True)
    html = client.get("/450/2/").content.decode()

    assert TITLE not in html
    assert "本文已撤稿" in html


def test_head_and_paths_below_answer_alike(article, client):
    withdraw(article)
    assert client.head("/450/2/").status_code == 410
    assert client.head("/450/2/").content == b""
    assert client.get("/450/2/x/").status_code == 404
    assert client.post("/450/2/").status_code == 405


def test_a_reason_is_shown_as_text(article, client):
    withdraw(article, reason="<script>alert(1)</script>\n\n第二段")
    html = client.get("/450/2/").content.decode()

    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_neighbours_step_over_it(article, client):
    withdraw(article)
    for address, neighbour in (("/450/1/", "/450/3/"), ("/450/3/", "/450/1/")):
        page = BeautifulSoup(client.get(address).content, "html.parser")
        pager = [a["href"] for a in page.select(".pager a")]
        assert pager == [neighbour]


def test_it_costs_the_issue_no_more_queries(article, client):
    def cost(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    withdraw(article)
    few = [cost(address) for address in ("/450/", "/450/2/")]
    for n in range(10):
        extra = make_article(article.issue.specific, f"另一篇{n}", signed=True)
        if n % 2:
            withdraw(extra)
    assert [cost(address) for address in ("/450/", "/450/2/")] == few


def test_an_issue_whose_every_article_is_withdrawn_still_stands(article, client):
    for one in ArticlePage.objects.all():
        withdraw(one)
    for address in ("/", "/450/", "/archive/", "/archive/2022/", "/2022-08-02/", "/corrections/"):
        assert client.get(address, follow=True).status_code == 200, address
    assert "本期的文章都已撤稿" in client.get("/450/").content.decode()
    assert "本期的文章都已撤稿" in client.get("/").content.decode()
    assert client.get("/450/1/").status_code == 410


def test_behind_a_restriction_the_notice_too_is_for_those_inside(article, client):
    withdraw(article)
    PageViewRestriction.objects.create(
        page=article.issue, restriction_type=PageViewRestriction.LOGIN
    )
    answer = client.get("/450/2/")
    assert answer.status_code == 302
    assert REASON not in answer.content.decode()


def test_of_an_issue_that_is_taken_back_nothing_is_found(article, chief, client):
    withdraw(article)
    unpublish_issue(issue=IssuePage.objects.get(number=450), by=chief)
    assert client.get("/450/2/").status_code == 404

    publish_issue(issue=IssuePage.objects.get(number=450), by=chief)
    assert client.get("/450/2/").status_code == 410
    assert client.get("/450/1/").status_code == 200


def test_reinstating_gives_back_the_very_page_there_was(article, chief, client):
    before = client.get("/450/2/").content
    withdraw(article)
    reinstate_article(article=article, by=chief)

    assert client.get("/450/2/").content == before
    assert fresh(article).withdrawn_reason == ""


# What editors get.


def test_an_editor_s_preview_still_shows_it_and_says_what_readers_get(article, chief, client):
    withdraw(article)
    client.force_login(chief)
    answer = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk]))
    html = answer.content.decode()

    assert answer.status_code == 200
    assert WORDS in html
    assert "读者打开这篇文章，只看到撤稿说明" in html
    assert REASON in html
    assert "如果现在出版" not in html


def test_the_preview_of_the_issue_is_without_it_as_the_issue_is(article, chief, client):
    withdraw(article)
    client.force_login(chief)
    shown = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.issue_id]))
    assert TITLE not in shown.content.decode()


def test_it_is_called_withdrawn_in_the_newsroom(article, chief, client):
    withdraw(article)
    client.force_login(chief)
    article = fresh(article)

    assert (article.is_withdrawn, article.is_public, article.is_out) == (True, False, True)
    assert article.status_string == "已撤稿"
    assert article.public_url is None
    for screen in (
        reverse("wagtailadmin_explore", args=[article.issue_id]),
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
    ):
        assert "已撤稿" in client.get(screen).content.decode()


def test_saving_signing_and_older_versions_leave_it_withdrawn(article, chief, client):
    first = article.get_latest_revision()
    withdraw(article)
    client.force_login(chief)
    at = fresh(article).withdrawn_at
    client.post(forms.edit_url(article), {**forms.edit_form(client, article), "title": "改了标题"})
    assert fresh(article).latest_revision_id != first.pk

    for bring in (lambda: None, lambda: first.as_object().save_revision()):
        bring()
        latest = fresh(article).get_latest_revision()
        sign_article(article=article, revision=latest, by=None)
        stands = fresh(article)
        assert stands.live_revision_id == latest.pk
        assert (stands.withdrawn_at, stands.withdrawn_reason) == (at, REASON)
        assert client.get("/450/2/").status_code == 410


def test_a_version_made_while_it_was_withdrawn_does_not_withdraw_it_again(article, chief, client):
    withdraw(article)
    fresh(article).save_revision()
    reinstate_article(article=article, by=chief)
    sign_article(article=article, revision=fresh(article).get_latest_revision(), by=None)

    assert not fresh(article).is_withdrawn
    assert client.get("/450/2/").status_code == 200


def test_withdrawing_is_no_way_round_the_rules_for_signed_articles(article, chief):
    withdraw(article)
    with pytest.raises(SigningRefused, match="已经出版"):
        recall_article(article=article, by=chief)
    with pytest.raises(PlacingRefused, match="撤回定稿"):
        transfer(article=article, issue=make_issue(451), by=chief)
    assert not article.permissions_for_user(chief).can_delete()


def test_the_search_index_knows(article, chief):
    def found() -> list[int]:
        results = ArticlePage.objects.published().search(TITLE)
        return [page.pk for page in results]

    assert article.pk in found()
    withdraw(article)
    assert article.pk not in found()
    reinstate_article(article=article, by=chief)
    assert article.pk in found()


# The verbs.


def test_the_log_tells_who_withdrew_it_why_and_who_gave_it_back(article, chief, client):
    withdraw_article(article=article, reason=REASON, by=chief)
    reinstate_article(article=article, by=chief)

    log = PageLogEntry.objects.filter(page_id=article.pk, action__startswith="issues.")
    told = {entry.action: (entry.user, entry.data["reason"]) for entry in log}
    assert told["issues.withdraw"] == told["issues.reinstate"] == (chief, REASON)
    client.force_login(chief)
    history = client.get(reverse("wagtailadmin_pages:history", args=[article.pk]))
    assert REASON in history.content.decode()


@pytest.mark.parametrize("reason", ["", "  \n", "\u200b", "字" * 501])
def test_a_reason_is_needed_and_not_endless(article, reason):
    with pytest.raises(WithdrawingRefused, match="没有撤稿"):
        withdraw(article, reason=reason)
    assert not fresh(article).is_withdrawn


@pytest.mark.parametrize("role", ["编辑", "责任编辑", ""])
def test_only_the_chief_editor_withdraws_and_reinstates(article, role):
    user = make_user(role)
    with pytest.raises(WithdrawingRefused, match="只有总编"):
        withdraw_article(article=article, reason=REASON, by=user)
    assert not fresh(article).is_withdrawn
    withdraw(article)
    with pytest.raises(WithdrawingRefused, match="只有总编"):
        reinstate_article(article=article, by=user)
    assert fresh(article).is_withdrawn


def test_only_what_readers_have_is_withdrawn_and_only_once(article):
    for unseen in (
        make_article(article.issue.specific),
        make_article(make_issue(452), signed=True),
    ):
        with pytest.raises(WithdrawingRefused, match="还没有见报"):
            withdraw(unseen)
    with pytest.raises(WithdrawingRefused, match="没有撤稿，不用恢复"):
        reinstate_article(article=article, by=None)
    withdraw(article)
    with pytest.raises(WithdrawingRefused, match="不用再撤"):
        withdraw(article, reason="另一个原因")
    assert fresh(article).withdrawn_reason == REASON


# The screen.


def screen_of(article: ArticlePage) -> str:
    return reverse("article_withdraw", args=[article.pk])


def test_the_chief_editor_withdraws_and_reinstates_on_the_screen(article, chief, client):
    client.force_login(chief)
    screen = client.get(screen_of(article)).content.decode()
    assert 'value="withdraw"' in screen
    assert not fresh(article).is_withdrawn

    answer = client.post(screen_of(article), {"act": "withdraw", "reason": REASON}, follow=True)
    assert "读者现在看到的是撤稿说明" in answer.content.decode()
    assert fresh(article).withdrawn_by == chief
    screen = client.get(screen_of(article)).content.decode()
    assert REASON in screen
    assert 'value="reinstate"' in screen

    client.post(screen_of(article), {"act": "reinstate"})
    assert not fresh(article).is_withdrawn


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"act": "withdraw"},
        {"act": "withdraw", "reason": " "},
        {"act": "withdraw", "reason": "字" * 10_000},
        {"act": "withdraw", "reason": "x\0y"},
        {"act": "\0", "reason": REASON},
        {"act": "reinstate"},
    ],
)
def test_a_garbled_form_is_shown_again_and_withdraws_nothing(article, chief, client, data):
    client.force_login(chief)
    assert client.post(screen_of(article), data).status_code == 200
    assert not fresh(article).is_withdrawn


@pytest.mark.parametrize("role", ["编辑", "责任编辑", "", None])
def test_the_screen_is_shut_to_everybody_else(article, client, role):
    if role is not None:
        client.force_login(make_user(role))
    for answer in (
        client.get(screen_of(article)),
        client.post(screen_of(article), {"act": "withdraw", "reason": REASON}),
    ):
        assert answer.status_code in (302, 403)
    assert not fresh(article).is_withdrawn


def test_what_is_no_article_is_not_found(article, chief, client):
    client.force_login(chief)
    for key in (article.issue_id, 999_999):
        assert client.get(reverse("article_withdraw", args=[key])).status_code == 404


def test_the_way_is_offered_where_it_is_open(article, chief, client):
    listing = reverse("wagtailadmin_explore", args=[article.issue_id])

    def offers() -> str:
        return client.get(listing).content.decode()

    client.force_login(make_user("责任编辑"))
    assert screen_of(article) not in offers()
    client.force_login(chief)
    assert screen_of(article) in offers()
    assert "恢复见报…" not in offers()
    withdraw(article)
    assert "恢复见报…" in offers()
    assert reverse("desk_recall", args=[article.pk]) not in offers()


def test_nothing_of_it_leaks_to_someone_who_never_had_it(article):
    withdraw(article)
    client = Client()
    for address in ("/", "/450/", "/450/1/", "/archive/", "/corrections/"):
        html = client.get(address).content.decode()
        for kept in (TITLE, WORDS, NAME):
            assert kept not in html, address
