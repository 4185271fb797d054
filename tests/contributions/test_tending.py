"""The timer: each part does its work whatever becomes of the others; keys; settings; traces."""

from __future__ import annotations

import contextlib
import datetime
import io
import signal
import subprocess
import sys
import time
from unittest import mock

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as conf
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.utils import timezone
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult
from wagtail.log_actions import registry as log_registry

from articles.models import ArticlePage
from contributions import checks, outbox, retention, tracing, triage
from contributions.duplicates import trace_article
from contributions.intake import sender_digest
from contributions.management.commands.tend_contributions import Command
from contributions.models import Contribution, Mail, Status, Trace
from desk.review.signing import sign_article
from issues.publishing import publish_issue, unpublish_issue
from newsroom import tending
from newsroom.sealing import Unreadable
from tests.contributions.factories import make_contribution
from tests.factories import make_article, make_issue, make_public_issue, make_user

LONG = (
    "8月1日，来自全市各行各业的职工在二号车间参加技术比武，比赛分为焊接、电工和数控三个项目。" * 2
)
ANOTHER = "另一篇关于夏季送清凉活动的报道，内容完全不同。" * 3
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def tend(*args: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("tend_contributions", *args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


# The timer


@pytest.mark.django_db
def test_a_quiet_paper_needs_nothing() -> None:
    assert tend() == ("", "")


@pytest.mark.django_db
@pytest.mark.parametrize("fails", [False, True])
def test_it_is_not_alive_any_more_when_it_is_over(monkeypatch, fails: bool) -> None:
    """A command that something still holds took another's task for its own."""
    if fails:
        monkeypatch.setattr(Command, "often", (("part", lambda: 1 // 0),))
    command = Command(stderr=io.StringIO())
    with pytest.raises(CommandError) if fails else contextlib.nullcontext():
        call_command(command)
    created = mock.MagicMock(vendor="postgresql")
    with mock.patch("newsroom.tending.beat") as beat:
        task_finished.send(sender=Command, task_result=mock.MagicMock())
        connection_created.send(sender=Command, connection=created)
    assert not beat.called
    assert not created.cursor.called


@pytest.mark.django_db
def test_it_says_what_it_did() -> None:
    make_contribution(status=Status.SPAM, closed_at=timezone.now() - datetime.timedelta(days=999))
    out, _ = tend("--once")
    assert "contributions erased: 1" in out
    assert not Contribution.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("part", range(len(Command.often + Command.hourly)))
def test_a_part_that_fails_stops_no_other(monkeypatch, part: int) -> None:
    done: list[int] = []

    def act(number: int) -> int:
        if number == part:
            raise RuntimeError("王五 13800001111")
        done.append(number)
        return 0

    often, hourly = len(Command.often), len(Command.hourly)
    parts = [(f"part {n}", lambda n=n: act(n)) for n in range(often + hourly)]
    monkeypatch.setattr(Command, "often", parts[:often])
    monkeypatch.setattr(Command, "hourly", parts[often:])

    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("tend_contributions", stderr=err)
    assert done == [n for n in range(often + hourly) if n != part]
    assert f"part {part} (RuntimeError)" in err.getvalue()
    assert "13800001111" not in err.getvalue()


@pytest.mark.django_db
def test_most_of_the_vault_is_not_removed_unasked(monkeypatch) -> None:
    def refuse(**options: bool) -> tending.Outcome:
        if options:
            return tending.Outcome(30, 0)
        raise retention.TooManyOrphans("30/30")

    part = (("orphans", refuse),)
    monkeypatch.setattr(Command, "hourly", part)
    monkeypatch.setattr(retention, "remove_orphans", refuse)
    err = io.StringIO()
    with pytest.raises(CommandError):
        call_command("tend_contributions", stderr=err)
    assert "--remove-orphans" in err.getvalue()
    out, _ = tend("--remove-orphans")
    assert "30" in out


@pytest.mark.django_db
def test_a_database_that_is_away_ends_nothing(monkeypatch, settings) -> None:
    """Three looks: the database is away, back, and a signal comes."""
    settings.TASKS = {
        **settings.TASKS,
        "background": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
    }
    looks: list[str] = []

    class Unsteady(tending.Worker):
        def configure_signals(self) -> None:
            pass

        def run(self) -> None:
            looks.append("look")
            if len(looks) == 1:
                raise OperationalError("connection to 192.0.2.1 lost")
            self.running = len(looks) < 3

    monkeypatch.setattr(tending, "Worker", Unsteady)
    monkeypatch.setattr(tending, "close_old_connections", lambda: None)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    _, err = tend("--every", "60")
    assert len(looks) == 3
    assert "OperationalError" in err
    assert "192.0.2.1" not in err


@pytest.mark.django_db
def test_results_of_tasks_are_forgotten_after_two_weeks(settings) -> None:
    for days, status in ((15, "SUCCESSFUL"), (15, "RUNNING"), (1, "FAILED"), (None, "READY")):
        started = timezone.now() - datetime.timedelta(days=days) if days else None
        DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path=outbox.deliver.module_path,
            backend_name="background",
            run_after=timezone.now(),
            status=status,
            started_at=started,
        )
    assert tending.forget_tasks("background") == 2
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"FAILED", "READY"}


def test_a_signal_ends_it(tmp_path) -> None:
    """The real process, with a database of its own."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "TEST_DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.test",
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "tend_contributions", "--every", "1"],
        cwd=conf.BASE_DIR,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr as said:
        line = said.readline()  # no table is there, and it stays nevertheless
        process.send_signal(signal.SIGTERM)
        said.read()
    assert "tasks cut short, queued again" in line
    assert process.wait(timeout=20) == 0


# What was printed


def accepted(article: ArticlePage, **fields: object) -> Contribution:
    return make_contribution(article=article, status=Status.ACCEPTED, **fields)


@pytest.mark.django_db
def test_senders_hear_once_that_theirs_was_printed() -> None:
    contribution = accepted(make_public_issue().articles.get(), email="zhang@example.org")
    now = timezone.now()

    assert [triage.note_printed(at=now), triage.note_printed()] == [1, 0]

    contribution.refresh_from_db()
    assert contribution.printed_at == now
    assert contribution.mails.get().occasion == Mail.Occasion.PROGRESS
    entry = log_registry.get_logs_for_instance(contribution).get()
    assert (entry.action, entry.user) == ("contributions.printed", None)


@pytest.mark.django_db
def test_no_mail_is_owed_to_who_left_no_address() -> None:
    accepted(make_public_issue().articles.get())
    assert triage.note_printed() == 1
    assert not Mail.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("signed", [False, True])
def test_what_is_not_out_is_not_printed(signed: bool) -> None:
    accepted(make_article(make_issue(), signed=signed))
    assert triage.note_printed() == 0


@pytest.mark.django_db
def test_an_issue_taken_back_was_printed_nevertheless() -> None:
    issue = make_public_issue()
    contribution = accepted(issue.articles.get())
    triage.note_printed()
    unpublish_issue(issue=issue, by=make_user("总编"))
    publish_issue(issue=issue, by=None)

    assert triage.note_printed() == 0
    contribution.refresh_from_db()
    assert contribution.printed_at is not None


@pytest.mark.django_db
def test_the_timer_notes_it() -> None:
    accepted(make_public_issue().articles.get())
    out, _ = tend()
    assert "contributions printed: 1" in out


@pytest.mark.django_db
def test_looking_for_what_was_printed_is_one_query(django_assert_num_queries) -> None:
    for article in make_public_issue(articles=3).articles.all():
        accepted(article)
    triage.note_printed()
    with django_assert_num_queries(1):
        assert triage.note_printed() == 0


# Keys


def raw(column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM contributions_contribution ORDER BY id")
        return [value for (value,) in cursor.fetchall()]


@pytest.mark.django_db
def test_after_a_rotation_the_old_key_is_not_needed(settings) -> None:
    settings.CONTRIBUTIONS_KEYS = [OLD]
    for number in range(3):
        make_contribution(name=f"张{number}", phone="13800001111", unit="三号车间")
    settings.CONTRIBUTIONS_KEYS = [NEW, OLD]
    make_contribution(name="新来的")

    out, _ = tend("--rotate-keys")

    assert "4" in out
    settings.CONTRIBUTIONS_KEYS = [NEW]
    assert [each.name for each in Contribution.objects.order_by("pk")] == [
        "张0", "张1", "张2", "新来的",
    ]  # fmt: skip
    assert Contribution.objects.first().sender == sender_digest("新来的", "")
    assert Contribution.objects.last().sender == sender_digest("张0", "三号车间")
    for value in filter(None, raw("name") + raw("phone")):
        Fernet(NEW).decrypt(value.encode())


@pytest.mark.django_db
def test_what_no_key_opens_stays_and_is_counted(settings) -> None:
    settings.CONTRIBUTIONS_KEYS = [OLD]
    make_contribution(name="张三", unit="三号车间")
    before, sender = raw("name"), raw("sender")
    settings.CONTRIBUTIONS_KEYS = [NEW]
    make_contribution(name="李四")

    with pytest.raises(CommandError, match="有1件"):
        tend("--rotate-keys")
    assert raw("name")[:1] == before
    assert raw("sender")[:1] == sender
    assert isinstance(Contribution.objects.last().name, Unreadable)


@pytest.mark.django_db
def test_a_rotation_may_be_cut_off_and_repeated(settings, monkeypatch) -> None:
    monkeypatch.setattr("contributions.rotation.BATCH", 2)
    settings.CONTRIBUTIONS_KEYS = [OLD]
    for number in range(5):
        make_contribution(name=f"张{number}")
    settings.CONTRIBUTIONS_KEYS = [NEW, OLD]
    calls = iter([sender_digest] * 3)
    monkeypatch.setattr(
        "contributions.rotation.sender_digest", lambda name, unit: next(calls)(name, unit)
    )
    with pytest.raises(StopIteration):
        tend("--rotate-keys")
    assert {each.name for each in Contribution.objects.all()} == {f"张{n}" for n in range(5)}
    monkeypatch.setattr("contributions.rotation.sender_digest", sender_digest)
    tend("--rotate-keys")
    tend("--rotate-keys")
    settings.CONTRIBUTIONS_KEYS = [NEW]
    assert {each.name for each in Contribution.objects.all()} == {f"张{n}" for n in range(5)}


# Traces of what was printed


@pytest.mark.django_db
def test_signing_an_article_leaves_its_trace(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(make_issue(), text=LONG, signed=True)
    first = set(article.traces.values_list("value", flat=True))
    assert first

    article.body = [("paragraph", f"<p>{ANOTHER}</p>")]
    with django_capture_on_commit_callbacks(execute=True):
        sign_article(article=article, revision=article.save_revision(), by=None)
    second = set(article.traces.values_list("value", flat=True))
    assert second
    assert first.isdisjoint(second)


@pytest.mark.django_db
def test_a_draft_leaves_no_trace(django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(make_issue(), text=LONG)
    assert tracing.trace_untraced() == 0
    tracing.trace(article.pk)
    assert not Trace.objects.exists()


@pytest.mark.django_db
def test_a_trace_that_fails_leaves_the_signature(
    monkeypatch, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr(tracing, "trace_article", lambda **article: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(make_issue(), text=LONG, signed=True)
    assert article.live


@pytest.mark.django_db
def test_an_existing_archive_is_traced_bit_by_bit() -> None:
    issue = make_issue()
    articles = [make_article(issue, f"标题{n}", text=LONG, signed=True) for n in range(3)]
    assert not Trace.objects.exists()  # nothing was committed here

    assert [tracing.trace_untraced(most=2) for _ in range(3)] == [2, 1, 0]
    assert all(article.traces.exists() for article in articles)


@pytest.mark.django_db
def test_an_article_too_short_is_looked_at_once() -> None:
    article = make_article(make_issue(), text="短讯。", signed=True)

    assert [tracing.trace_untraced() for _ in range(2)] == [1, 0]
    assert article.traces.get().value == tracing.NO_SKETCH
    trace_article(article=ArticlePage.objects.get(pk=article.pk))
    assert tracing.trace_untraced() == 1


@pytest.mark.django_db
def test_an_article_that_cannot_be_traced_stops_no_other(monkeypatch) -> None:
    issue = make_issue()
    first, second = (make_article(issue, f"标题{n}", text=LONG, signed=True) for n in range(2))

    def fail_on_second(*, article: ArticlePage) -> None:
        if article.pk == second.pk:
            raise RuntimeError
        trace_article(article=article)

    monkeypatch.setattr(tracing, "trace_article", fail_on_second)
    assert tracing.trace_untraced() == 1
    assert first.traces.exists()


# Settings


def found(check) -> list[tuple[str, str]]:
    return [(error.id, error.msg) for error in check(None)]


def test_the_settings_of_the_suite_are_in_order() -> None:
    for check in (checks.keys_can_seal, checks.mail_setting_is_known, checks.vault_is_apart):
        assert check(None) == []


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, ""], ["密钥" * 22]])
def test_what_is_no_key_is_refused_and_not_printed(settings, keys: list[str]) -> None:
    settings.CONTRIBUTIONS_KEYS = keys
    ((identity, message),) = found(checks.keys_can_seal)
    assert identity == "contributions.E001"
    assert not [key for key in filter(None, keys) if key in message]


def test_an_unknown_word_for_mail_is_refused(settings) -> None:
    settings.CONTRIBUTIONS_MAIL = "weekly"
    ((identity, message),) = found(checks.mail_setting_is_known)
    assert (identity, "weekly" in message) == ("contributions.E002", True)


@pytest.mark.parametrize("served", ["MEDIA_ROOT", "STATIC_ROOT", "STATICFILES_DIRS"])
@pytest.mark.parametrize("place", ["served", "served/contributions", "."])
def test_the_vault_is_apart_from_what_is_served(settings, tmp_path, served, place) -> None:
    folder = tmp_path / "served"
    setattr(settings, served, [("prefix", folder)] if served == "STATICFILES_DIRS" else str(folder))
    settings.STORAGES = {
        **settings.STORAGES,
        "contributions": {"OPTIONS": {"location": str(tmp_path / place)}},
    }
    assert [identity for identity, _ in found(checks.vault_is_apart)] == ["contributions.E003"]


def test_a_bucket_lies_in_no_folder(settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "contributions": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {}},
    }
    assert checks.vault_is_apart(None) == []
