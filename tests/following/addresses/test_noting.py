"""What nobody finds is noted for the editors: bounded, and without who asked."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from following.addresses import noting
from following.addresses.models import BrokenAddress
from issues.models import IssuePage
from tests import factories
from tests.factories import make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return make_public_issue(450)


@pytest.fixture(autouse=True)
def issue(made: IssuePage) -> IssuePage:
    cache.clear()
    return factories.fresh(made)


@pytest.fixture
def chief() -> Client:
    client = Client()
    client.force_login(make_user("总编"))
    return client


def ask(*paths: str, referrer: str = "", **extra: str) -> None:
    for path in paths:
        headers = {"referer": referrer} if referrer else {}
        assert Client().get(path, headers=headers, **extra).status_code == 404, path


def noted() -> list[tuple[str, int]]:
    return list(BrokenAddress.objects.values_list("path", "count"))


def test_addresses_are_added_up_without_their_query() -> None:
    ask("/old/a.htm", "/old/a.htm?name=某某&phone=13800000000", "/old/b.htm")

    assert noted() == [("/old/a.htm", 2), ("/old/b.htm", 1)]


def test_of_the_referring_page_only_its_site_is_kept() -> None:
    ask("/a/", referrer="https://user:secret@www.hzgh.org/private/page?id=7")
    ask("/b/", referrer="http://testserver/450/")
    ask("/c/", referrer="https://[broken")

    found = dict(BrokenAddress.objects.values_list("path", "referrer"))
    assert found == {"/a": "www.hzgh.org", "/b": "", "/c": ""}


@pytest.mark.parametrize(
    "path",
    [
        *("/wp-login.php", "/.env", "/admin/nothing/", "/api/v1/nothing/", "/media/none.jpg"),
        *("/static/none.css", "/preview/secret-token/", "/unsubscribe/secret/", "/favicon.ico"),
    ],
)
def test_probes_and_what_may_be_secret_are_not_noted(path: str) -> None:
    Client().get(path)

    assert noted() == []


def test_what_is_found_or_asked_otherwise_is_not_noted() -> None:
    client = Client()
    client.get("/450/")
    client.head("/old/")
    client.post("/old/")

    assert noted() == []


def test_a_flood_from_one_address_is_cut_off() -> None:
    ask(*(f"/flood-{n}/" for n in range(noting.FROM_ONE + 15)))

    assert len(noted()) == noting.FROM_ONE
    with CaptureQueriesContext(connection) as captured:
        ask("/flood-x/")
    assert not [q for q in captured if "brokenaddress" in q["sql"].lower()]


def test_a_flood_from_everywhere_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting, "IN_ALL", 5)
    for n in range(12):
        ask(f"/flood-{n}/", REMOTE_ADDR=f"192.0.2.{n}")

    assert len(noted()) == 5


def test_a_full_table_makes_room_and_keeps_what_many_ask_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(noting, "MOST", 10)
    monkeypatch.setattr(noting, "ROOM", 3)
    long_ago = timezone.now() - 2 * noting.KEPT
    BrokenAddress.objects.create(path="/often", count=50)
    BrokenAddress.objects.create(path="/long-ago", count=90, last_seen=long_ago)
    for n in range(10):
        seen = timezone.now() - datetime.timedelta(minutes=n)
        BrokenAddress.objects.create(path=f"/seldom-{n}", last_seen=seen)

    ask("/new/")
    paths = [path for path, _ in noted()]
    assert len(paths) == 8
    assert {"/often", "/new", "/seldom-0"} <= set(paths)
    assert "/long-ago" not in paths


def test_a_database_that_cannot_write_disturbs_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr(noting, "_note", fail)
    ask("/old/")


@pytest.mark.parametrize("path", ["/%FF/", "/" + "x" * 1500 + "/", "/🀄/", "/a?b", "/%3Cb%3E/"])
def test_hostile_paths_are_noted_or_left(path: str, chief: Client) -> None:
    Client().get(path)
    shown = chief.get(reverse("broken_addresses")).content.decode()

    assert "<b>/" not in shown
    assert len(noted()) <= 1


def test_the_report_leads_to_a_redirect_and_the_row_goes(chief: Client, issue: IssuePage) -> None:
    ask("/old/页.htm?x=1", "/old/%E9%A1%B5.htm", "/other/")
    shown = chief.get(reverse("broken_addresses")).content.decode()
    link = f"{reverse('lead_on')}?path=%2Fold%2F%E9%A1%B5.htm"
    assert link in shown
    assert "127.0.0.1" not in shown.partition("<table")[2].partition("</table")[0]

    assert 'value="/old/页.htm"' in chief.get(link).content.decode()
    data = {"old_path": "/old/页.htm", "redirect_page": issue.pk, "is_permanent": "on"}
    answer = chief.post(reverse("lead_on"), data)

    assert (answer.status_code, answer["Location"]) == (302, reverse("broken_addresses"))
    assert noted() == [("/other", 1)]
    assert Client().get("/old/%E9%A1%B5.htm")["Location"] == "/450/"
    assert Redirect.objects.count() == 1


@pytest.mark.parametrize("typed", ["http://[x", "//[/old", "http://[::1/old"])
def test_what_is_no_address_is_told_and_kept_in_the_form(chief: Client, typed: str) -> None:
    there = Redirect.add_redirect("/there", "https://www.hzgh.org/")
    for screen in (
        reverse("lead_on"),
        reverse("wagtailredirects:add"),
        reverse("wagtailredirects:edit", args=[there.pk]),
    ):
        answer = chief.post(screen, {"old_path": typed, "redirect_link": "https://www.hzgh.org/"})
        assert answer.status_code == 200
        form = answer.context["form"]
        assert form.errors == {"old_path": ["网址写得不对。请从浏览器的地址栏里复制。"]}
        assert form["old_path"].value() == typed
    assert Redirect.objects.get() == there


def test_the_report_is_offered_sorted_and_exported(chief: Client) -> None:
    ask("/a/", "/b/", "/b/")

    assert reverse("broken_addresses") in chief.get(reverse("wagtailadmin_home")).content.decode()
    by_path = chief.get(reverse("broken_addresses_results"), {"ordering": "first_seen"})
    assert [row.path for row in by_path.context["object_list"]] == ["/a", "/b"]
    csv = chief.get(reverse("broken_addresses"), {"export": "csv"}).getvalue().decode()
    assert csv.startswith("\ufeff网址,次数"), "Excel takes it for GBK without the mark"
    assert csv.splitlines()[1].startswith("/b,2")


def test_the_report_costs_the_same_however_long(chief: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert chief.get(reverse("broken_addresses_results")).status_code == 200
        return len(captured)

    ask("/a/")
    cost()
    few = cost()
    for n in range(40):
        BrokenAddress.objects.create(path=f"/b-{n}")

    assert cost() == few
