"""Mails: they come, they tell nothing, and none is lost or sent twice."""

from __future__ import annotations

import datetime
import smtplib
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.log_actions import registry as log_registry

from accounts.models import User
from contributions import outbox
from contributions.intake import Submission, receive
from contributions.models import Contribution, Mail
from contributions.outbox import deliver, failing, forget_old, owe, queue_again, tell_newsroom
from newsroom.sealing import Unreadable
from tests.contributions.factories import make_attachment, make_contribution
from tests.factories import make_imprint, make_user

pytestmark = pytest.mark.django_db

SECRET = ("张三", "13800001111", "三号车间", "zhang@example.org", "秘密标题", "秘密正文")
MINUTE = datetime.timedelta(minutes=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def paper(settings) -> None:
    make_imprint()
    settings.WAGTAILADMIN_BASE_URL = "https://paper.example"


@pytest.fixture
def editor() -> User:
    return make_user("编辑", email="editor@paper.example")


@pytest.fixture
def contribution() -> Contribution:
    name, phone, unit, email, title, text = SECRET
    return make_contribution(name=name, phone=phone, unit=unit, email=email, title=title, text=text)


@pytest.fixture
def queue(settings, monkeypatch) -> None:
    """Queue in the database, as the paper does; the suite runs tasks at once."""
    # The worker would close the connection, whose transaction is the test's.
    worker = "django_tasks_db.management.commands.db_worker"
    monkeypatch.setattr(f"{worker}.close_old_connections", lambda: None)
    # It takes over the signals of the process.
    monkeypatch.setattr(f"{worker}.Worker.configure_signals", lambda self: None)
    settings.TASKS = {
        **settings.TASKS,
        "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    }


class Failing(EmailBackend):
    """A mail server that refuses everything, quoting whom it refuses."""

    error: Exception = smtplib.SMTPRecipientsRefused({"zhang@example.org": (550, b"13800001111")})

    def send_messages(self, messages: Any) -> int:
        raise self.error


@pytest.fixture
def broken(settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Failing"


def owed(contribution: Contribution, occasion: str = "arrival", **fields: Any) -> Mail:
    return Mail.objects.create(contribution=contribution, occasion=occasion, **fields)


def everything(message: Any) -> str:
    return f"{message.subject}\n{message.body}\n{message.extra_headers}"


# To the newsroom


def test_editors_hear_of_a_submission(editor, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        receive(Submission(key="a" * 32, kind="tip", text="工地上没有发防暑降温费。"))

    (message,) = django_mail.outbox
    assert message.bcc == ["editor@paper.example"]
    assert message.subject == "《杭州工运》新来稿1件"
    assert f"https://paper.example/admin/contributions/{Contribution.objects.get().pk}/" in (
        message.body
    )
    assert Mail.objects.get().sent_at is not None


def test_a_mail_tells_nothing_of_what_was_sent_nor_by_whom(editor, contribution) -> None:
    make_attachment(contribution)
    for occasion in Mail.Occasion:
        deliver.call(owed(contribution, occasion).pk)

    assert len(django_mail.outbox) == 4
    for message in django_mail.outbox:
        assert not [word for word in SECRET if word in everything(message)]
    assert "附件1个" in django_mail.outbox[0].body


def test_editors_do_not_see_each_others_addresses(editor, contribution) -> None:
    make_user("总编", email="chief@paper.example")
    deliver.call(owed(contribution).pk)

    (message,) = django_mail.outbox
    assert message.recipients() == ["chief@paper.example", "editor@paper.example"]
    assert message.to == []
    assert "@" not in message.message()["To"]
    assert "chief" not in str(message.message())


def test_only_those_who_may_read_contributions_are_told(editor, contribution) -> None:
    make_user("", email="stranger@paper.example")
    make_user("编辑", email="gone@paper.example", is_active=False)
    make_user("编辑", email="")
    make_user("", email="root@paper.example", is_superuser=True)
    deliver.call(owed(contribution).pk)

    assert django_mail.outbox[0].bcc == ["editor@paper.example", "root@paper.example"]


def test_several_that_wait_go_out_in_one_mail(editor) -> None:
    rows = [owed(make_contribution()) for _ in range(60)]
    rows.append(owed(rows[0].contribution, "answer"))
    for row in rows:
        deliver.call(row.pk)

    (message,) = django_mail.outbox
    assert message.subject == "《杭州工运》新来稿60件、投稿人答复1件"
    assert "另有11项" in message.body
    assert not Mail.objects.filter(sent_at=None).exists()


def test_a_line_break_in_the_papers_name_makes_no_header(editor, contribution) -> None:
    make_imprint(name="杭州\r\nBcc: x@y.z", since=timezone.localdate())
    deliver.call(owed(contribution).pk)
    assert django_mail.outbox[0].subject.startswith("《杭州 Bcc: x@y.z》")


def test_without_anybody_to_tell_the_admin_learns_why(contribution) -> None:
    deliver.call(owed(contribution).pk)
    assert failing().get().last_error == "能看来稿的用户都没有填邮箱。"


def test_mail_may_be_switched_off(settings, editor, contribution) -> None:
    settings.CONTRIBUTIONS_MAIL = "off"
    deliver.call(owed(contribution).pk)
    deliver.call(owed(contribution, "question").pk)

    assert [message.to for message in django_mail.outbox] == [["zhang@example.org"]]
    assert not Mail.objects.filter(sent_at=None).exists()


def test_a_digest_goes_out_once_after_eight(settings, editor, contribution) -> None:
    settings.CONTRIBUTIONS_MAIL = "daily"
    eight = timezone.localtime().replace(hour=8, minute=0, second=0, microsecond=0)
    yesterday = eight - DAY
    for owed_since in (yesterday + hours * 60 * MINUTE for hours in (-1, 1, 3)):
        owed(contribution, owed_since=owed_since, next_try=yesterday)

    assert tell_newsroom(at=yesterday + 5 * MINUTE) == 1
    assert tell_newsroom(at=yesterday + 300 * MINUTE) == 0
    assert tell_newsroom(at=eight - MINUTE) == 0
    assert queue_again(at=eight - MINUTE) == 0
    assert tell_newsroom(at=eight) == 2
    assert tell_newsroom(at=eight + 2 * MINUTE) == 0
    assert len(django_mail.outbox) == 2


# To the sender


def test_the_sender_is_told_where_to_look(contribution) -> None:
    deliver.call(owed(contribution, "progress").pk)

    (message,) = django_mail.outbox
    assert message.to == ["zhang@example.org"]
    assert message.subject == "《杭州工运》来稿进展"
    assert "https://paper.example/contribute/status/" in message.body


def test_what_is_due_to_one_sender_is_one_mail(contribution) -> None:
    for occasion in ("progress", "question"):
        owed(contribution, occasion)
    deliver.call(Mail.objects.latest("pk").pk)

    assert len(django_mail.outbox) == 1
    assert not Mail.objects.filter(sent_at=None).exists()


def test_a_sender_whose_address_was_erased_is_not_written_to(contribution) -> None:
    row = owed(contribution, "question")
    Contribution.objects.update(email="")
    deliver.call(row.pk)

    assert django_mail.outbox == []
    assert not Mail.objects.exists()


@pytest.mark.parametrize("address", ["not an address", "a@b.example\nBcc: x@y.example"])
def test_an_address_that_is_none_is_no_header(contribution, address: str) -> None:
    Contribution.objects.update(email=address)
    deliver.call(owed(contribution, "question").pk)

    assert django_mail.outbox == []
    assert failing().get().last_error == "邮箱地址写得不对。"


def test_an_address_that_no_key_opens_is_not_written_to(contribution) -> None:
    Contribution.objects.update(email=Unreadable("gAAAA"))
    deliver.call(owed(contribution, "question").pk)
    assert failing().get().last_error == "邮箱地址无法解读（密钥不对）。"


# When it fails


def test_a_failure_is_told_without_what_the_server_said(broken, contribution, caplog) -> None:
    deliver.call(owed(contribution, "question").pk)

    told = failing().get().last_error
    assert told == "邮件服务器不收这个收件地址（SMTPRecipientsRefused）。"
    assert not [word for word in SECRET if word in caplog.text]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (smtplib.SMTPAuthenticationError(535, b"x"), "账号或密码"),
        (TimeoutError(), "没有及时答复"),
        (ConnectionRefusedError(), "连不上"),
        (RuntimeError("13800001111"), "没有发出（RuntimeError）"),
    ],
)
def test_the_reason_is_told_in_chinese(
    broken, contribution, monkeypatch, error: Exception, told: str
) -> None:
    monkeypatch.setattr(Failing, "error", error)
    deliver.call(owed(contribution, "question").pk)
    assert told in failing().get().last_error


def test_pauses_grow_up_to_six_hours(broken, editor, contribution) -> None:
    at = timezone.now()
    row = owed(contribution, next_try=at)
    pauses = []
    for _ in range(8):
        assert tell_newsroom(at=at) == 1
        row.refresh_from_db()
        pauses.append((row.next_try - at) // MINUTE)
        at = row.next_try
    assert pauses == [1, 5, 15, 60, 180, 360, 360, 360]
    assert row.tries == 8


def test_nothing_is_tried_before_its_time(broken, editor, contribution) -> None:
    row = owed(contribution)
    deliver.call(row.pk)
    deliver.call(row.pk)
    row.refresh_from_db()

    assert row.tries == 1
    assert queue_again() == 0


def test_what_failed_is_sent_when_the_server_is_back(settings, editor, contribution) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    row = owed(contribution)
    deliver.call(row.pk)
    settings.EMAIL_BACKEND = working
    Mail.objects.update(next_try=timezone.now())

    assert queue_again() == 1
    row.refresh_from_db()
    assert (row.last_error, len(django_mail.outbox)) == ("", 1)


def test_a_mail_that_another_worker_sends_is_left_to_it(editor, contribution) -> None:
    rows = [owed(contribution) for _ in range(3)]
    at = timezone.now()
    assert outbox._claim(outbox._due(at), at) == rows

    assert outbox._claim(outbox._due(at), at) == []
    deliver.call(rows[0].pk)
    assert django_mail.outbox == []


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, all threads share one")
def test_workers_that_come_together_send_one_mail(contribution) -> None:
    at = timezone.now()
    for _ in range(5):
        owed(contribution, "question", next_try=at)
    ready = threading.Barrier(4)

    def work(_: int) -> int:
        ready.wait()
        try:
            return outbox.tell_sender(contribution, at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [0, 0, 0, 5]
    assert len(django_mail.outbox) == 1


def test_a_worker_that_was_killed_leaves_a_claim_that_runs_out(editor, contribution) -> None:
    at = timezone.now()
    owed(contribution, next_try=at)
    assert outbox._claim(outbox._due(at), at)

    assert tell_newsroom(at=at + MINUTE) == 0
    assert tell_newsroom(at=at + 11 * MINUTE) == 1


def test_what_cannot_be_queued_fails_nothing(
    contribution, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr(outbox, "_queue", lambda key: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        owe(contribution=contribution, occasion=Mail.Occasion.ARRIVAL)
    assert Mail.objects.filter(sent_at=None).count() == 1


def test_rows_are_forgotten_after_a_month(contribution) -> None:
    now = timezone.now()
    owed(contribution, sent_at=now - 31 * DAY)
    owed(contribution, owed_since=now - 31 * DAY)
    young = {
        owed(contribution, owed_since=now - 31 * DAY, sent_at=now - 29 * DAY),
        owed(contribution, owed_since=now - 29 * DAY),
    }
    assert forget_old() == 2
    assert set(Mail.objects.all()) == young


def test_what_is_given_up_is_told(contribution, caplog) -> None:
    past = timezone.now() - 31 * DAY
    for _ in range(2):
        owed(contribution, "question", owed_since=past, tries=9, last_error="邮件服务器没有收下。")

    assert [forget_old(), forget_old()] == [2, 0]

    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "2 mails were given up, unsent for 30 days"
    ]
    entries = log_registry.get_logs_for_instance(contribution)
    assert {(entry.action, str(entry.message)) for entry in entries} == {
        ("contributions.mail_given_up", "通知邮件放弃发送")
    }
    assert entries[0].data == {"occasion": "question", "error": "邮件服务器没有收下。"}
    assert not failing().exists()


# Through the real queue


def test_the_worker_sends_what_is_queued(
    queue, editor, contribution, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = owe(contribution=contribution, occasion=Mail.Occasion.ARRIVAL)
    assert django_mail.outbox == []

    call_command("tend_contributions")

    assert len(django_mail.outbox) == 1
    row.refresh_from_db()
    assert row.sent_at is not None


def test_the_librarys_own_worker_does_too(
    queue, editor, contribution, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        owe(contribution=contribution, occasion=Mail.Occasion.ARRIVAL)
    call_command("db_worker", "--backend=background", "--batch", "--no-startup-delay", verbosity=0)
    assert len(django_mail.outbox) == 1


def test_the_task_table_keeps_a_key_and_nothing_else(
    queue, broken, contribution, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        row = owe(contribution=contribution, occasion=Mail.Occasion.QUESTION)
    call_command("tend_contributions")

    assert DBTaskResult.objects.count() == 2  # the timer could not know that it was queued
    for result in DBTaskResult.objects.all():
        assert result.args_kwargs == {"args": [row.pk], "kwargs": {}}
        assert (result.status, result.traceback, result.return_value) == ("SUCCESSFUL", "", None)
    assert failing().get().pk == row.pk
