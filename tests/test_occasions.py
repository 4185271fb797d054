"""总编 turns the paper grey, or its nameplate red: pages and printed editions follow."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from desk.founding import set_up
from interchange.editions import edition_of
from interchange.formats import FORMATS
from interchange.models import Edition
from issues.models import IssuePage
from newsroom import dressing
from newsroom.models import Occasion
from tests.factories import make_public_issue, make_user

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
OF_450 = ("/450/", "/450/1/", "/450/folio-1/", "/hant/450/", "/hant/450/1/")
PAGES = ("/", *OF_450, "/451/", "/archive/", "/hant/archive/", "/about/")


@pytest.fixture(autouse=True, scope="module")
def issues(shared_rows: None) -> None:
    make_public_issue(450)
    make_public_issue(451)


def set_look(look: str, **fields: Any) -> Occasion:
    row = Occasion(look=look, reason="公祭日", **fields)
    row.full_clean()
    row.save()
    return row


def for_today(look: str = "grey") -> Occasion:
    return set_look(look, since=timezone.localdate(), until=timezone.localdate())


def look(address: str) -> str:
    soup = BeautifulSoup(Client().get(address, follow=True).content, "html.parser")
    sheets = [link["href"] for link in soup.find_all("link", rel="stylesheet")]
    classes: list[str] = soup.html.get("class") or []
    assert bool(classes) == any("css/looks" in sheet for sheet in sheets)
    return " ".join(classes)


def looks() -> dict[str, str]:
    return {address: look(address) for address in PAGES}


# What readers see.


def test_on_most_days_a_page_has_no_look_and_loads_nothing_for_it() -> None:
    assert set(looks().values()) == {""}


@pytest.mark.parametrize(("chosen", "shown"), [("grey", "is-mourning"), ("red", "is-festive")])
def test_the_whole_paper_looks_so_for_these_days(chosen: str, shown: str) -> None:
    row = for_today(chosen)
    assert set(looks().values()) == {shown}
    assert look("/nothing/") == shown

    today = timezone.localdate()
    row.since, row.until = today + DAY, today + 2 * DAY
    row.save()
    assert set(looks().values()) == {""}

    row.since, row.until = today - 2 * DAY, today
    row.save()
    assert set(looks().values()) == {shown}
    row.delete()
    assert set(looks().values()) == {""}


def test_one_issue_looks_so_whenever_it_is_read() -> None:
    set_look("grey", issue=450)

    grey = dict.fromkeys(OF_450, "is-mourning")
    assert looks() == {**dict.fromkeys(PAGES, ""), **grey}


def test_a_page_asks_no_more_of_the_database() -> None:
    look("/450/1/")
    with CaptureQueriesContext(connection) as plain:
        look("/450/1/")
    for_today()
    look("/450/1/")
    with CaptureQueriesContext(connection) as grey:
        look("/450/1/")

    assert len(plain) == len(grey)


def test_every_process_knows_within_a_third_of_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dressing, "SECONDS", 0.0)
    today = timezone.localdate()

    # As another process would save it: nobody here hears of it.
    Occasion.objects.bulk_create([Occasion(look="grey", since=today, until=today, reason="别处")])

    assert look("/") == "is-mourning"


def test_while_the_database_is_away_the_paper_stays_as_it_looked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for_today()
    assert dressing.look_now() == "grey"
    monkeypatch.setattr(dressing, "SECONDS", 0.0)

    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(dressing, "_read", away)
    assert dressing.look_now() == "grey"
    # A process that began meanwhile has no reason to fail.
    dressing.forget()
    assert dressing.look_now() == ""


# What is printed.


def digest(issue: IssuePage, file: str) -> str:
    return edition_of(issue, FORMATS[file]).digest


def test_the_pdf_is_as_it_was_printed_on_its_day() -> None:
    issue = IssuePage.objects.get(number=450)
    plain = {file: digest(issue, file) for file in ("issue.pdf", "issue.json")}

    for_today()  # no day on which the issue came out
    assert digest(issue, "issue.pdf") == plain["issue.pdf"]

    set_look("grey", since=issue.date, until=issue.date)
    assert digest(issue, "issue.pdf") != plain["issue.pdf"]
    assert digest(issue, "issue.json") == plain["issue.json"]


def test_the_files_of_issues_that_are_printed_otherwise_are_owed(
    django_capture_on_commit_callbacks: Any,
) -> None:
    Edition.objects.update(next_try=None)
    issues = {issue.number: issue for issue in IssuePage.objects.all()}

    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        row = set_look("red", since=issues[450].date, until=issues[450].date)
    assert len(callbacks) == 1

    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        row.since = row.until = issues[451].date
        row.save()
    assert len(callbacks) == 2  # both the one that was and the one that is

    with django_capture_on_commit_callbacks(execute=False) as callbacks:
        row.delete()
    assert len(callbacks) == 1


# Who sets it, and how.


def send(by: User, name: str = "add", *args: object, **fields: object) -> HttpResponse:
    client = Client()
    client.force_login(by)
    data = {"look": "grey", "since": "", "until": "", "issue": "", "reason": "公祭日", **fields}
    return client.post(reverse(f"occasions:{name}", args=args), data, follow=True)


def test_the_chief_editor_sets_changes_and_ends_it_and_the_log_tells() -> None:
    chief = make_user("总编")
    today = timezone.localdate().isoformat()

    send(chief, since=today, until=today)
    assert look("/450/1/") == "is-mourning"
    row = Occasion.objects.get()
    listed = Client()
    listed.force_login(chief)
    page = listed.get(reverse("occasions:index")).content.decode()
    assert "公祭日" in page
    assert "悼念：全部灰色" in page
    assert f"{today}至{today}" in page

    send(chief, "edit", row.pk, look="red", issue=450, reason="工会成立百年")
    assert (look("/450/1/"), look("/451/")) == ("is-festive", "")
    send(chief, "delete", row.pk)
    assert look("/450/1/") == ""

    entries = ModelLogEntry.objects.filter(content_type__model="occasion").order_by("pk")
    assert [entry.action for entry in entries] == [
        "wagtail.create",
        "wagtail.edit",
        "wagtail.delete",
    ]
    assert {entry.user for entry in entries} == {chief}


@pytest.mark.parametrize("role", ["编辑", "责任编辑", "读者", ""])
def test_nobody_else_sets_it(role: str) -> None:
    row = for_today()
    today = timezone.localdate().isoformat()
    other = make_user(role)

    send(other, since=today, until=today, look="red")
    send(other, "edit", row.pk, since=today, until=today, look="red")
    send(other, "delete", row.pk)

    assert [each.look for each in Occasion.objects.all()] == ["grey"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "请写明从哪天起、到哪天止"),
        ({"since": "2030-01-01"}, "请写明从哪天起、到哪天止"),
        ({"since": "2030-01-02", "until": "2030-01-01"}, "早于"),
        ({"since": "2030-01-01", "until": "2030-01-01", "issue": "450"}, "请清掉一样"),
        ({"since": "2029-12-13", "until": "2029-12-13"}, "公祭日（2029-12-12至2029-12-14）"),
        ({"since": "2029-12-01", "until": "2029-12-31"}, "请改日期，或者改那一条"),
        ({"issue": "451"}, "这一期已经设过颜色"),
    ],
)
def test_what_cannot_be_kept_to_is_refused(fields: dict[str, str], said: str) -> None:
    set_look("grey", since=datetime.date(2029, 12, 12), until=datetime.date(2029, 12, 14))
    set_look("red", issue=451)

    answer = send(make_user("总编"), **fields)

    assert said in answer.content.decode()
    assert Occasion.objects.count() == 2


def test_days_next_to_each_other_do_not_clash() -> None:
    row = set_look("grey", since=datetime.date(2029, 12, 12), until=datetime.date(2029, 12, 14))
    set_look("red", since=datetime.date(2029, 12, 15), until=datetime.date(2029, 12, 15))
    row.full_clean()  # nor with itself

    row.until = datetime.date(2029, 12, 15)
    with pytest.raises(ValidationError, match="已经设了"):
        row.full_clean()


def test_an_upgrade_gives_it_to_the_chief_editor_once() -> None:
    chief = Group.objects.get(name="总编")
    mine = Permission.objects.filter(codename__endswith="_occasion")
    assert chief.permissions.filter(pk__in=mine).count() == 4
    chief.permissions.remove(*mine)  # as before the upgrade, or as an admin wished

    set_up()

    assert chief.permissions.filter(pk__in=mine).count() == 4
    chief.permissions.remove(mine.get(codename="delete_occasion"))
    set_up()
    assert chief.permissions.filter(pk__in=mine).count() == 3
