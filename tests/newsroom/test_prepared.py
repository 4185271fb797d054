"""What is asked again with other values answers as the queryset that it was made of."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.db.models import DateField, F, QuerySet
from django.db.models.functions import Cast
from django.test.utils import CaptureQueriesContext

from articles.models import ArticlePage, Byline
from issues.models import IssuePage
from newsroom import prepared
from newsroom.models import Contributor
from newsroom.prepared import (
    Among,
    Prepared,
    converted_together,
    fetch_along,
    keys_for,
    mark,
    marked,
)
from tests.factories import make_public_issue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_composed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_known", {})


@pytest.fixture
def issues() -> list[IssuePage]:
    return [make_public_issue(450, articles=3), make_public_issue(451, articles=2)]


def in_full(found: object) -> dict[str, object]:
    kept = {name: value for name, value in vars(found).items() if not name.startswith("_")}
    return {**kept, "body": str(kept.get("body", ""))}


def test_objects_are_those_of_the_queryset(issues: list[IssuePage]) -> None:
    def of(issue: object) -> QuerySet:
        articles = ArticlePage.objects.filter(issue=issue).in_print_order()
        return articles.annotate(doubled=F("number") * 2).select_related("section", "issue")

    asked = Prepared(of(marked("issue")))

    for issue in [*issues, issues[0]]:
        found, plain = asked.objects(issue=issue.pk), list(of(issue.pk))
        assert found == plain
        assert plain
        assert [in_full(each) for each in found] == [in_full(each) for each in plain]
        with CaptureQueriesContext(connection) as queries:
            assert {article.issue.pk for article in found} == {issue.pk}
        assert not queries


def test_columns_that_are_left_out_are_fetched_when_needed(issues: list[IssuePage]) -> None:
    asked = Prepared(IssuePage.objects.filter(slug=mark("slug")).only("title")[:1])

    found = asked.first(slug="451")

    assert found.get_deferred_fields() >= {"date"}
    assert (found.title, found.date) == ("第451期", issues[1].date)
    assert asked.first(slug="452") is None


def test_rows_are_those_of_values_list(issues: list[IssuePage]) -> None:
    found = IssuePage.objects.order_by("number").values_list("number", "date", "live")
    asked = Prepared(found.filter(Among("pk", mark("keys"))))

    keys = keys_for(asked.using, [issue.pk for issue in issues])

    assert [tuple(row) for row in asked.converted(keys=keys)] == list(found)
    assert list(asked.converted(keys=keys_for(asked.using, []))) == []


def test_several_values_are_asked_in_one_statement(issues: list[IssuePage]) -> None:
    asked = Prepared(IssuePage.objects.filter(slug=mark("slug")).values_list("number")[:1])

    with CaptureQueriesContext(connection) as queries:
        rows = asked.rows_of_each([{mark("slug"): slug} for slug in ("451", "9", "450")])

    assert sorted(rows) == [(450,), (451,)]
    assert len(queries) == 1


def test_of_several_values_the_other_conditions_stay(issues: list[IssuePage]) -> None:
    first, last = (Cast(marked(name), DateField()) for name in ("first", "last"))
    found = IssuePage.objects.filter(date__gte=first, date__lte=last, title__contains="期")
    asked = Prepared(found.exclude(title="100%").order_by("-date").values_list("number")[:1])
    days = [issue.date.isoformat() for issue in issues]
    none = {mark("first"): "1901-01-01", mark("last"): "1901-12-31"}

    rows = asked.rows_of_each([*({mark("first"): day, mark("last"): day} for day in days), none])
    ever = asked.rows_of_each([{mark("last"): days[-1], mark("first"): "1901-01-01"}])

    assert sorted(rows) == [(450,), (451,)]
    assert ever == [(451,)]


def test_several_queries_are_asked_in_one_statement(issues: list[IssuePage]) -> None:
    columns = IssuePage.objects.values_list("number", "date")
    by_slug = Prepared(columns.filter(slug=mark("slug")).order_by("-number")[:1])
    by_day = Prepared(columns.filter(date__gte=marked("first")).order_by("date"))
    nothing = Prepared(columns.none())
    first = issues[0].date.isoformat()

    with CaptureQueriesContext(connection) as queries:
        rows = converted_together(
            (nothing, {}), (by_slug, {"slug": "451"}), (by_day, {"first": first})
        )

    expected = [(issue.number, issue.date) for issue in issues]
    assert sorted(tuple(row) for row in rows) == sorted([*expected, expected[1]])
    assert len(queries) == 1
    assert converted_together((nothing, {})) == []


def test_a_queryset_of_nothing_finds_nothing(issues: list[IssuePage]) -> None:
    asked = Prepared(IssuePage.objects.none())

    with CaptureQueriesContext(connection) as queries:
        assert asked.objects() == asked.rows({}) == list(asked.converted()) == []
        assert asked.rows_of_each([{}]) == []
    assert not queries


def test_what_points_to_objects_is_fetched_along(issues: list[IssuePage]) -> None:
    writer = Contributor.objects.create(name="某某")
    first = ArticlePage.objects.filter(issue=issues[0]).order_by("path").first()
    Byline.objects.create(article=first, name="某某", contributor=writer, sort_order=9)
    articles = list(ArticlePage.objects.order_by("path"))

    with CaptureQueriesContext(connection) as queries:
        fetch_along(articles, "bylines", "contributor")
        fetch_along(articles, "corrections")
        fetch_along([], "bylines")
        names = [[(b.name, b.contributor) for b in each.bylines.all()] for each in articles]
        assert [list(each.corrections.all()) for each in articles] == [[]] * 5

    assert len(queries) == 2
    assert names[0][-1] == ("某某", writer)
    assert names == [
        [(b.name, b.contributor) for b in Byline.objects.filter(article=each)] for each in articles
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_threads_ask_over_connections_of_their_own() -> None:
    make_public_issue(450, articles=2)
    asked = Prepared(ArticlePage.objects.order_by("path").select_related("section"))
    here, found = asked.objects(), []

    def ask() -> None:
        found.append(asked.objects())
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [here] * 4
    assert len(here) == 2
