"""Reads are counted: of what is public, by people, now and then, without telling who they are."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator, Mapping

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from following.counts import counting, views
from following.counts.buffer import Buffer
from following.counts.counting import add_reads
from following.counts.models import ReadCount, Span
from issues.withdrawing import withdraw_article
from tests.factories import make_article, make_issue, make_public_issue, make_user

PERSON = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
DAY = datetime.date(2026, 11, 28)  # a Saturday


class Collected(Buffer[counting.Address]):
    """A buffer without a thread, which the tests flush by hand."""

    def __init__(self) -> None:
        super().__init__(add_reads)
        self._thread = threading.current_thread()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collected]:
    cache.clear()
    collected = Collected()
    monkeypatch.setattr(counting, "READS", collected)
    yield collected
    cache.clear()


def send(address: str = "/count/450/1/", agent: str = PERSON, **headers: str) -> int:
    answer = Client(enforce_csrf_checks=True).post(
        address,
        headers={"user-agent": agent, **headers},
        REMOTE_ADDR=headers.pop("at", "192.0.2.1"),
    )
    assert not answer.cookies
    return answer.status_code


def counted(span: Span = Span.ALL) -> dict[str, int]:
    rows = ReadCount.objects.filter(span=span).select_related("article__issue")
    return {f"{row.article.issue.slug}/{row.article.number}": row.count for row in rows}


def test_a_read_is_counted_in_every_span(db: None, reads: Collected) -> None:
    make_public_issue(450, articles=2)

    assert [send(), send("/count/450/2/"), send()] == [204] * 3
    reads.flush()

    assert all(counted(span) == {"450/1": 2, "450/2": 1} for span in Span)


def test_a_read_costs_no_query_and_a_hundred_one_statement(db: None, reads: Collected) -> None:
    make_public_issue(450, articles=3)
    with CaptureQueriesContext(connection) as while_reading:
        for number in (1, 2, 3):
            send(f"/count/450/{number}/")
    with CaptureQueriesContext(connection) as while_writing:
        reads.flush()

    assert len(while_reading) == 0
    assert len([q for q in while_writing if "INSERT" in q["sql"]]) == 1
    assert counted() == {"450/1": 1, "450/2": 1, "450/3": 1}


def test_only_what_is_public_is_counted(db: None, reads: Collected) -> None:
    issue = make_public_issue(450, articles=2)
    make_article(issue)
    make_article(make_issue(451), signed=True)
    withdraw_article(article=ArticlePage.objects.get(number=2), reason="撤稿", by=None)

    for address in ("450/1", "450/2", "450/3", "451/1", "450/9", "99999/999999999"):
        assert send(f"/count/{address}/") == 204
    reads.flush()

    assert counted() == {"450/1": 1}


@pytest.mark.parametrize(
    ("agent", "headers"),
    [
        ("", {}),
        ("Mozilla/5.0 (compatible; Baiduspider/2.0)", {}),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", {}),
        ("Mozilla/5.0 (X11) HeadlessChrome/130.0", {}),
        ("python-requests/2.32", {}),
        (PERSON, {"dnt": "1"}),
        (PERSON, {"sec-gpc": "1"}),
        (PERSON, {"sec-fetch-site": "cross-site"}),
    ],
)
def test_robots_and_those_who_ask_not_to_be_are_not_counted(
    reads: Collected, agent: str, headers: dict[str, str]
) -> None:
    assert send(agent=agent, **headers) == 204
    assert not reads._counts


@pytest.mark.parametrize("agent", [PERSON, f"{PERSON} MicroMessenger/8.0.50", "Mozilla/5.0 (iPad)"])
def test_people_are_counted(reads: Collected, agent: str) -> None:
    send(agent=agent, **{"dnt": "0", "sec-fetch-site": "same-origin"})

    assert reads._counts == {(450, 1): 1}


def test_who_reads_again_and_again_is_counted_a_few_times_and_nobody_else_suffers(
    reads: Collected,
) -> None:
    for _ in range(100):
        send(at="192.0.2.1")
    send("/count/450/2/", at="192.0.2.1")
    send(at="192.0.2.2")

    assert reads._counts == {(450, 1): views.OF_ONE_ARTICLE + 1, (450, 2): 1}


def test_no_address_is_kept(reads: Collected) -> None:
    send(at="203.0.113.77")

    assert "203.0.113.77" not in str(cache._cache)


def test_what_is_no_article_is_not_found(db: None, reads: Collected) -> None:
    for address in (
        *("/count/450/", "/count/0/1/", "/count/450/0/", "/count/450/1", "/count/x/1/"),
        *("/count/450/1/x/", "/count/99999999999999999/1/", "/count/450/１/", "/count/-1/1/"),
    ):
        assert Client().post(address, headers={"user-agent": PERSON}).status_code in (301, 404)
    assert not reads._counts


def test_reading_is_told_by_post_alone(reads: Collected) -> None:
    for method in ("get", "head", "put", "delete", "options"):
        assert getattr(Client(), method)("/count/450/1/").status_code == 405
    assert not reads._counts


def test_counts_add_up_over_days_weeks_months_and_years(db: None) -> None:
    make_public_issue(450)
    for day in ("2025-12-31", "2026-11-01", "2026-11-22", "2026-11-23", "2026-11-28"):
        add_reads({(450, 1): 2}, day=datetime.date.fromisoformat(day))

    def of(span: Span) -> int:
        return ReadCount.objects.get(span=span, since=span.first_day(DAY)).count

    assert [of(span) for span in Span] == [4, 8, 8, 10]


def test_old_weeks_and_months_go_and_years_stay(db: None) -> None:
    make_public_issue(450)
    add_reads({(450, 1): 1}, day=datetime.date(2020, 1, 1))

    add_reads({(450, 1): 1}, day=DAY)

    kept = {span: ReadCount.objects.filter(span=span).count() for span in Span}
    assert kept == {Span.WEEK: 1, Span.MONTH: 1, Span.YEAR: 2, Span.ALL: 1}


def test_a_deleted_article_takes_its_counts_along(db: None) -> None:
    make_public_issue(450)
    add_reads({(450, 1): 1})
    ArticlePage.objects.get().delete()

    add_reads({(450, 1): 1})

    assert not ReadCount.objects.exists()


# The buffer.


def test_what_could_not_be_written_is_written_the_next_time() -> None:
    written: list[Mapping[str, int]] = []
    away = [True]

    def write(counts: Mapping[str, int]) -> None:
        if away.pop() if away else False:
            raise OSError
        written.append(counts)

    buffer: Buffer[str] = Buffer(write, seconds=60)
    buffer._thread = threading.current_thread()
    buffer.add("a")
    buffer.flush()
    buffer.add("a")
    buffer.flush()
    buffer.flush()

    assert written == [{"a": 2}]


def test_a_buffer_holds_no_more_than_it_may() -> None:
    buffer: Buffer[int] = Buffer(lambda counts: None, most=10)
    buffer._thread = threading.current_thread()
    for key in range(100):
        buffer.add(key)
    buffer.add(1)

    assert len(buffer._counts) == 10
    assert buffer._counts[1] == 2


@pytest.mark.parametrize(("seconds", "enough"), [(0.05, 1000), (60, 3)])
def test_a_buffer_writes_after_a_while_or_when_there_is_enough(seconds: float, enough: int) -> None:
    written = threading.Event()
    total: list[int] = []

    def write(counts: Mapping[str, int]) -> None:
        total.append(sum(counts.values()))
        written.set()

    buffer: Buffer[str] = Buffer(write, seconds=seconds, enough=enough)
    for _ in range(3):
        buffer.add("a")

    assert written.wait(10)
    buffer.flush()
    assert sum(total) == 3


# What is shown of it.


def test_popular_lists_the_most_read_public_articles_first(db: None, client: Client) -> None:
    make_public_issue(450, articles=4)
    add_reads({(450, 1): 3, (450, 2): 7, (450, 3): 5, (450, 4): 9})
    withdraw_article(article=ArticlePage.objects.get(number=4), reason="撤稿", by=None)

    for address in ("/popular/", *(f"/popular/?span={span}" for span in Span)):
        answer = client.get(address)
        assert [row.url for row in answer.context["articles"]] == ["/450/2/", "/450/3/", "/450/1/"]
        assert not answer.cookies
    assert "热门文章" in client.get("/archive/").content.decode()


def test_what_is_closed_to_a_reader_is_not_popular(db: None, client: Client) -> None:
    issue = make_public_issue(450)
    add_reads({(450, 1): 3})
    PageViewRestriction.objects.create(page=issue, restriction_type="login")
    add_reads({(450, 1): 3})

    assert client.get("/popular/").context["articles"] == ()
    assert counted() == {"450/1": 3}


def test_popular_takes_any_query(db: None, client: Client) -> None:
    for span in ("", "x", "week' --", "%00", "１", "all"):
        assert client.get(f"/popular/?span={span}").status_code == 200


def test_a_span_that_is_over_counts_no_more(db: None, client: Client) -> None:
    make_public_issue(450)
    add_reads({(450, 1): 1}, day=timezone.localdate() - datetime.timedelta(days=400))

    assert client.get("/popular/?span=week").context["articles"] == ()
    assert len(client.get("/popular/?span=all").context["articles"]) == 1
    assert len(client.get("/popular/").context["articles"]) == 1, (
        "the shortest one of which something is known"
    )


def test_the_script_is_on_public_articles_alone(db: None) -> None:
    make_public_issue(450)
    draft = make_article(make_issue(451), signed=True)
    chief = Client()
    chief.force_login(make_user("总编"))

    assert 'data-address="/count/450/1/"' in Client().get("/450/1/").content.decode()
    for shown in (
        chief.get(f"/admin/pages/{draft.pk}/view_draft/"),
        Client().get("/450/"),
        Client().get("/archive/"),
    ):
        assert shown.status_code == 200
        assert "count.js" not in shown.content.decode()


# The newsroom's reports.


def test_the_reports_show_and_export_what_was_read(db: None) -> None:
    make_public_issue(450, articles=2)
    ArticlePage.objects.filter(number=1).update(title="=1+1")
    add_reads({(450, 1): 3, (450, 2): 7})
    editor = Client()
    editor.force_login(make_user("编辑"))

    rows = editor.get("/admin/reads/").context["object_list"]
    assert [(row["count"], row["week"]) for row in rows] == [(7, 7), (3, 3)]
    rows = editor.get("/admin/reads/?ordering=count&number=450").context["object_list"]
    assert [row["count"] for row in rows] == [3, 7]
    assert [row["count"] for row in editor.get("/admin/reads/issues/").context["object_list"]] == [
        10
    ]
    table = b"".join(editor.get("/admin/reads/?export=csv").streaming_content).decode("utf-8-sig")
    assert table.splitlines()[0] == "稿件,期,出版日期,本周,本月,今年,全部"
    assert "'=1+1,第450期,2022-08-02,3,3,3,3" in table
    for address in (
        "/admin/reads/?export=xlsx",
        "/admin/reads/issues/?export=xlsx",
        "/admin/reads/results/",
    ):
        assert editor.get(address).status_code == 200
    assert editor.get("/admin/reads/?number=x").status_code == 200
    assert Client().get("/admin/reads/").status_code == 302
    menu = editor.get("/admin/").content.decode()
    assert "/admin/reads/" in menu
