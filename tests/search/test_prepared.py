"""A query that is asked again with other words answers as one that is composed anew."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import RequestFactory
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from issues.models import IssuePage
from newsroom import prepared
from search.asking import read_query
from search.finding import find_articles, matching
from search.wish import Wish
from tests.factories import make_sample

pytestmark = pytest.mark.django_db

QUERIES = (
    *("工会", "棋", "工会数字化改革", "象棋 建德", "工会 -托育", "“根治欠薪” 平台 -象棋 -园所"),
    *(
        "APP",
        "8.5折",
        "“",
        "-工会",
        "数字化改革 -数字化改革",
        "%",
        "_",
        "\x1atitle0\x1a",
        "' OR 1=1",
    ),
)


@pytest.fixture(autouse=True)
def nothing_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_known", {})


def asked_by_anybody() -> HttpRequest:
    request = RequestFactory().get("/search/")
    request.user, request.session = AnonymousUser(), {}
    return request


def urls(queries: Iterable[str]) -> dict[str, list[str]]:
    found = {}
    for text in queries:
        hits = find_articles(read_query(text), Wish(text), asked_by_anybody()).hits
        found[text] = [hit.url.partition("#")[0] for hit in hits]
    return found


def composed_anew(text: str) -> list[str]:
    articles = matching(read_query(text), ArticlePage.objects.published()).with_issues()
    return [f"/{article.issue.slug}/{article.slug}/" for article in articles]


def test_what_is_found_does_not_depend_on_what_was_asked_before() -> None:
    make_sample()
    askable = [text for text in QUERIES if not read_query(text).is_empty]

    first, again = urls(askable), urls(reversed(askable))

    assert first == again == {text: composed_anew(text) for text in askable}
    assert any(first.values())


def test_the_same_form_is_composed_once() -> None:
    make_sample()
    urls(["工会 -托育"])
    composed = len(prepared._known)

    urls(["象棋 -托育", "改革 -工会", "霾霾 -工会"])

    assert len(prepared._known) == composed


def test_a_reader_who_may_see_less_is_not_shown_what_another_saw() -> None:
    make_sample()
    assert urls(["棋"])["棋"]
    issue = IssuePage.objects.get()
    shut = PageViewRestriction.objects.create(page=issue, restriction_type="login")

    assert urls(["棋"])["棋"] == []

    shut.delete()
    assert urls(["棋"])["棋"]


def test_forms_are_forgotten_before_they_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    make_sample()
    monkeypatch.setattr(prepared, "MOST", 6)

    for excluded in range(12):
        urls(["工会 " + " ".join(f"-词{n}" for n in range(excluded))])

    assert len(prepared._known) <= 6
    assert urls(["棋"])["棋"]
