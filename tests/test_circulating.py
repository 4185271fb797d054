"""How the switch is set, how soon every process goes by it, and what goes out by itself."""

from __future__ import annotations

import datetime
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.core import mail as django_mail
from django.db import InterfaceError, OperationalError, connection, router
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from desk.founding import READER
from following.feeds import hub
from following.mail import sending
from following.mail.sending import begin_sendings, send_batch
from issues.models import IssuePage
from issues.publishing import publish_issue
from newsroom import circulating, gate, wagtail_hooks
from newsroom.circulation import Extent
from newsroom.models import CirculationSettings
from tests.factories import make_article, make_imprint, make_issue, make_user
from tests.following.subscribers import make_subscription

pytestmark = pytest.mark.django_db

INSIDE, OUTSIDE = "10.1.2.3", "203.0.113.9"


@pytest.fixture(autouse=True)
def paper() -> None:
    make_imprint()


def make_news(number: int = 451) -> IssuePage:
    issue = make_issue(number, date=timezone.localdate())
    make_article(issue, "内部的头条", text="内部的话。", signed=True)
    publish_issue(issue=issue, by=None)
    return IssuePage.objects.get(pk=issue.pk)


def close(extent: Extent = Extent.EVERYTHING, **fields: Any) -> CirculationSettings:
    row = CirculationSettings(extent=extent, **fields)
    row.full_clean()
    row.save()
    return row


def status(address: str = "/", sender: str = OUTSIDE) -> int:
    return int(Client(REMOTE_ADDR=sender).get(address).status_code)


# Who sets it.


def save(by: User, sender: str = INSIDE, **fields: str) -> HttpResponse:
    client = Client(REMOTE_ADDR=sender)
    client.force_login(by)
    address = reverse("wagtailsettings:edit", args=["newsroom", "circulationsettings"])
    page = client.get(address, follow=True)
    if page.redirect_chain and page.status_code == 200 and not fields:
        return page
    at = page.redirect_chain[-1][0] if page.redirect_chain else address
    data = {"extent": "nothing", "since": "", "until": "", "networks": "", "notice": "", **fields}
    return client.post(at, data, follow=True)


def test_the_chief_editor_closes_the_paper_and_the_log_tells() -> None:
    make_news()
    chief = make_user("总编")

    answer = save(
        chief, extent="everything", networks="10.1.0.0/16 ，192.168.0.1", notice="请找工会"
    )

    assert "没有保存" not in answer.content.decode()
    assert status() == 403
    assert status(sender=INSIDE) == 200
    page = Client(REMOTE_ADDR=OUTSIDE).get("/").content.decode()
    assert "请找工会" in page
    entry = ModelLogEntry.objects.filter(action="newsroom.circulation").get()
    assert entry.user == chief
    assert "发行范围：对所有人开放→整份报纸只在内部看" in entry.message
    assert "10.1.0.0/16、192.168.0.1/32" in entry.message
    save(chief, extent="nothing")
    assert status() == 200


def test_the_form_says_where_this_computer_is_seen_from() -> None:
    assert "您这台电脑现在的地址是 10.1.2.3" in save(make_user("总编")).content.decode()


@pytest.mark.parametrize("role", ["编辑", "责任编辑", READER, ""])
def test_nobody_else_sets_it(role: str) -> None:
    save(make_user(role), extent="everything")

    assert not CirculationSettings.objects.filter(extent=Extent.EVERYTHING).exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"extent": "some_issues"}, "至少写一个"),
        ({"extent": "some_issues", "since": "2024-01-02", "until": "2024-01-01"}, "早于"),
        ({"extent": "everything", "networks": "10.0.0.0/8\n单位"}, "“单位”不是网络地址"),
        ({"extent": "everything", "networks": "0.0.0.0/0"}, "范围太大"),
    ],
)
def test_what_cannot_be_kept_to_is_refused(fields: dict[str, str], said: str) -> None:
    answer = save(make_user("总编"), **fields)

    assert said in answer.content.decode()
    assert circulating.current().is_open


def test_pictures_that_anybody_can_open_elsewhere_are_not_said_to_be_closed(settings: Any) -> None:
    settings.MEDIA_URL = "https://bucket.example.org/"

    assert "关不上" in save(make_user("总编"), extent="everything").content.decode()
    assert circulating.current().is_open


def test_what_a_paper_had_set_up_before_is_given_to_its_chief_editors() -> None:
    make_user("总编").groups.get().permissions.get(codename="change_circulationsettings")


# How soon.


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(circulating, "SECONDS", 0.5)
    monkeypatch.setattr(circulating, "_known", None)
    monkeypatch.setattr(circulating.time, "monotonic", lambda: now[0])
    return now


def test_a_process_goes_by_what_another_one_set_within_a_second(clock: list[float]) -> None:
    row = close(Extent.NOTHING)
    assert status() == 200
    CirculationSettings.objects.filter(pk=row.pk).update(extent=Extent.EVERYTHING)  # elsewhere

    clock[0] += 0.6
    assert status() == 403


def test_no_page_costs_a_query_for_it(clock: list[float]) -> None:
    circulating.current()

    with CaptureQueriesContext(connection) as captured:
        for _ in range(100):
            circulating.current()

    assert len(captured) == 0


@pytest.mark.parametrize("trouble", [OperationalError, InterfaceError])
def test_without_the_database_what_was_known_stays(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, trouble: type[Exception]
) -> None:
    close()
    circulating.current()
    clock[0] += 60

    def fail(*args: Any) -> None:
        raise trouble

    monkeypatch.setattr(CirculationSettings.objects, "using", fail)

    assert circulating.current().is_whole
    circulating.forget()
    with pytest.raises(trouble):
        circulating.current()


def test_a_process_that_begins_to_serve_knows_it_before_anybody_asks(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    close()
    connections = mock.Mock()
    monkeypatch.setattr(circulating, "connections", connections)
    circulating.learn()
    clock[0] += 60
    monkeypatch.setattr(CirculationSettings.objects, "using", mock.Mock(side_effect=InterfaceError))

    assert circulating.current().is_whole
    connections.close_all.assert_called_once_with()

    # And one that begins while the database is away begins all the same.
    circulating.forget()
    circulating.learn()


def test_the_switch_is_never_read_from_a_standby(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **hints: Any) -> None:
        raise AssertionError("a router was asked")

    monkeypatch.setattr(router, "db_for_read", fail)
    assert circulating.current().is_open


def test_an_answer_that_was_being_made_while_the_paper_was_closed_is_kept_by_nobody() -> None:
    def slow(request: Any) -> HttpResponse:
        close()
        return HttpResponse("内部的头条", headers={"Cache-Control": "public, max-age=3600"})

    answer = gate.gate(slow)(RequestFactory().get("/451/1/"))

    assert answer["Cache-Control"] == "private, no-store"


def test_what_is_kept_is_thrown_away_once_everybody_goes_by_the_new_rule(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    happened: list[str] = []
    monkeypatch.setattr(circulating, "SECONDS", 0.5)
    monkeypatch.setattr(
        circulating.time, "sleep", lambda seconds: happened.append(f"{seconds:.1f}")
    )
    monkeypatch.setattr(
        circulating,
        "circulation_changed",
        [lambda: happened.append(f"open: {circulating.may_keep_for_everybody()}")],
    )

    with django_capture_on_commit_callbacks(execute=True):
        close()
        assert happened == []

    assert happened == ["0.7", "open: False"]


def test_what_could_not_be_thrown_away_is_told_and_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    happened: list[str] = []

    def fail() -> None:
        raise ConnectionError

    monkeypatch.setattr(circulating.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(
        circulating, "circulation_changed", [fail, lambda: happened.append("thrown away")]
    )
    with django_capture_on_commit_callbacks(execute=True):
        answer = save(make_user("总编"), extent="everything")
    assert happened  # the form's own page made the row, too
    row = CirculationSettings.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        row.save()
    assert row.is_still_kept
    assert answer.status_code == 200
    said: list[str] = []
    monkeypatch.setattr(wagtail_hooks.messages, "error", lambda request, text: said.append(text))
    wagtail_hooks.tell_what_is_still_kept(None, row)
    assert "没有清掉" in said[0]


# What goes out by itself.


def send() -> str:
    make_subscription()
    later = timezone.now() + datetime.timedelta(minutes=11)
    begin_sendings(at=later)
    send_batch(at=later)
    (message,) = django_mail.outbox
    return "\n".join(
        [message.subject, message.body, *(str(part[0]) for part in message.alternatives)]
    )


@pytest.mark.parametrize(
    "fields",
    [{"extent": Extent.EVERYTHING}, {"extent": Extent.SOME_ISSUES, "since": timezone.localdate()}],
)
def test_a_mail_of_what_stays_inside_leads_there_and_tells_nothing(fields: dict[str, Any]) -> None:
    make_news()
    close(**fields)

    told = send()

    assert "内部的" not in told
    assert "/451/" in told
    assert "/451/1/" not in told
    assert "请在单位的网络里打开" in told
    assert "退订" in told


def test_a_mail_of_an_issue_that_is_open_tells_all(paper: None) -> None:
    make_news()
    close(Extent.SOME_ISSUES, until=timezone.localdate() - datetime.timedelta(days=1))

    told = send()

    assert "内部的头条" in told
    assert "单位的网络" not in told


def test_a_mail_written_before_the_paper_was_closed_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_news()
    make_subscription("a@example.org")
    make_subscription("b@example.org")
    later = timezone.now() + datetime.timedelta(minutes=11)
    begin_sendings(at=later)
    post = sending.post

    def close_meanwhile(*args: Any, **kwargs: Any) -> Any:
        if circulating.current().is_open:
            close()
        return post(*args, **kwargs)

    monkeypatch.setattr(sending, "post", close_meanwhile)
    send_batch(at=later)
    assert len(django_mail.outbox) == 1
    send_batch(at=later + datetime.timedelta(minutes=1))
    assert "内部的" not in django_mail.outbox[1].body


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_hub_is_told_of_what_it_can_find(
    is_closed: bool,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    told: list[int] = []
    settings.WEBSUB_HUB = "https://hub.example.org/"
    monkeypatch.setattr(hub, "tell_hub", SimpleNamespace(enqueue=told.append))
    if is_closed:
        close(Extent.SOME_ISSUES, since=timezone.localdate())

    with django_capture_on_commit_callbacks(execute=True):
        make_news()

    assert bool(told) is not is_closed
