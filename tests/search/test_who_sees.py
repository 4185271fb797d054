"""No page of search tells of what readers may not see."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage, Byline, Correction
from issues.models import IssuePage
from issues.publishing import unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import Contributor, Section
from search.nearest import nearest
from tests.factories import make_article, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db

SECRET, NAME, SECTION = "绝密象棋消息", "欧阳隐", "未见报栏"
WORDS = (
    SECRET,
    "绝密",
    "象棋消息",
    "绝密象棋消患",
    NAME,
    "欧阳",
    "欧阳银",
    SECTION,
    "更正里的密语",
    "9999",
)


@pytest.fixture(autouse=True)
def public() -> IssuePage:
    """A paper with one public issue that has nothing secret."""
    return make_public_issue(450, articles=2)


def hidden_article(issue: IssuePage, *, signed: bool = True) -> ArticlePage:
    """Return an article that holds every secret there is."""
    section, _ = Section.objects.get_or_create(name=SECTION, slug="secret")
    article = make_article(
        issue, SECRET, text=f"{SECRET}，共9999人。", names=(NAME,), section=section, signed=signed
    )
    Byline.objects.filter(name=NAME).update(
        contributor=Contributor.objects.get_or_create(name=NAME)[0]
    )
    Correction.objects.create(article=article, text="更正里的密语。")
    return article


def everything(client: Client) -> str:
    """Return all that search says of what it found, whatever is asked: not the question itself."""
    shown = []
    for q in ("", "新闻", *WORDS):
        for more in ({}, {"kind": "corrections"}, {"order": "newest"}, {"section": "secret"}):
            page = BeautifulSoup(client.get("/search/", {"q": q, **more}).content, "html.parser")
            shown += [part.get_text() for part in page.select(".hit, main a")]
            links = [link["href"] for link in page.select("main a")]
            shown += [link for link in links if not link.startswith("/search/")]
        shown.append(client.get("/search/suggest/", {"q": q}).content.decode())
    request = client.get("/").wsgi_request
    shown += [way.label + way.url for q in WORDS for way in nearest(q, request)]
    return "\n".join(shown)


def tells(client: Client) -> bool:
    shown = everything(client)
    assert "第1条新闻" in shown, "what is public is found"
    addresses = [page.url for page in ArticlePage.objects.filter(title=SECRET)]
    return any(each in shown for each in ("绝密", "欧阳", SECTION, "密语", *addresses))


def test_what_is_public_is_told(client: Client, public: IssuePage) -> None:
    hidden_article(public)

    assert tells(client)
    shown = everything(client)
    assert all(each in shown for each in (SECRET, NAME, SECTION, "密语"))


def test_an_article_that_is_not_signed(client: Client, public: IssuePage) -> None:
    hidden_article(public, signed=False)

    assert not tells(client)


def test_an_article_of_an_issue_that_is_not_out(client: Client) -> None:
    hidden_article(make_issue(451))

    assert not tells(client)
    assert "direct__link" not in client.get("/search/", {"q": "451"}).content.decode()


def test_an_article_that_was_withdrawn(client: Client, public: IssuePage) -> None:
    withdraw_article(article=hidden_article(public), reason="事实有误。", by=None)

    assert not tells(client)


def test_an_issue_that_was_taken_back(client: Client) -> None:
    issue = make_public_issue(451)
    hidden_article(issue)
    unpublish_issue(issue=issue, by=make_user("总编"))

    assert not tells(client)


@pytest.mark.parametrize("kind", [PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD])
@pytest.mark.parametrize("what", ["article", "issue"])
def test_what_is_restricted(client: Client, what: str, kind: str) -> None:
    issue = make_public_issue(451)
    article = hidden_article(issue)
    PageViewRestriction.objects.create(
        page=article if what == "article" else issue, restriction_type=kind, password="x"
    )

    assert not tells(client)


def test_what_is_restricted_is_found_by_those_inside_and_kept_by_no_cache(client: Client) -> None:
    issue = make_public_issue(451)
    hidden_article(issue)
    PageViewRestriction.objects.create(page=issue, restriction_type=PageViewRestriction.LOGIN)
    client.force_login(make_user())

    answer = client.get("/search/", {"q": "绝密"})

    assert BeautifulSoup(answer.content, "html.parser").select_one(".hit__link").text == SECRET
    assert answer.headers["Cache-Control"] == "private"
    outside = Client().get("/search/suggest/", {"q": "绝密"})
    assert outside.headers["Cache-Control"] == "private"
    assert SECRET not in outside.content.decode()


def test_the_draft_of_a_public_article(client: Client, public: IssuePage) -> None:
    article = ArticlePage.objects.child_of(public).first()
    article.title = SECRET
    article.save_revision()

    assert not tells(client)


def test_who_signed_with_a_pen_name_is_not_given_away(client: Client, public: IssuePage) -> None:
    article = make_article(public, "象棋新闻", names=("闲人",), signed=True)
    bearer = Contributor.objects.create(name=NAME)
    Byline.objects.filter(article=article).update(contributor=bearer)

    shown = everything(client) + client.get("/search/", {"q": "象棋新闻"}).content.decode()
    assert NAME not in shown
    narrowed = client.get("/search/", {"q": "象棋新闻", "contributor": bearer.pk})
    assert "hit__link" not in narrowed.content.decode()
