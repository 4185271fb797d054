"""A worker that is killed leaves a task begun: it is taken again, once, and not for ever."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models.signals import post_init
from django.utils import timezone
from django_tasks.base import Task
from django_tasks.signals import task_finished
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from desk.proofreading.link_checking import try_links
from following.feeds.hub import tell_hub
from interchange.editions import make_editions
from newsroom.tending import LONGEST_TASK, MOST_BEGUN, Outcome, retake_tasks
from operations.access.letters import send_reset
from operations.front.renewing import go_on
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LONG_AGO = LONGEST_TASK + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def queues(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Queue in the database, as in production; the test's connection stays."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    kept = {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}
    names = ("background", "subscriptions", "editions", "front")
    settings.TASKS = {**settings.TASKS, **dict.fromkeys(names, kept)}


def begun(task: Task[..., Any], *args: Any, times: int = 1, ago: timedelta = LONG_AGO) -> Any:
    """Return the row of a task that so many workers have begun."""
    return DBTaskResult.objects.create(
        args_kwargs={"args": list(args), "kwargs": {}},
        task_path=task.module_path,
        backend_name=task.backend,
        run_after=timezone.now() - LONG_AGO,
        status="RUNNING",
        started_at=timezone.now() - ago,
        worker_ids=[f"worker{number}" for number in range(times)],
    )


@pytest.mark.parametrize(
    ("command", "task", "args"),
    [
        ("tend_contributions", send_reset, ["editor@example.org"]),
        ("tend_contributions", try_links, [0]),
        ("tend_subscriptions", tell_hub, [9]),
        ("tend_editions", make_editions, [0]),
        ("tend_front", go_on, []),
    ],
)
def test_what_a_killed_worker_had_begun_is_done_by_the_next(
    command: str, task: Task[..., Any], args: list[Any]
) -> None:
    make_user(username="editor", email="editor@example.org")
    row = begun(task, *args)
    out = StringIO()
    call_command(command, stdout=out)
    row.refresh_from_db()
    assert (row.status, len(row.worker_ids)) == ("SUCCESSFUL", 2)
    assert "tasks cut short, queued again: 1" in out.getvalue()
    assert len(mail.outbox) == (task is send_reset)


def test_what_may_still_be_done_is_left_to_its_worker() -> None:
    row = begun(send_reset, "x@example.org", ago=LONGEST_TASK - timedelta(minutes=1))
    call_command("tend_contributions", stdout=StringIO())
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == ("RUNNING", ["worker0"])


def test_another_queue_is_another_workers() -> None:
    begun(send_reset, "x@example.org")
    assert retake_tasks("editions") == Outcome(0, 0)
    assert retake_tasks("background") == Outcome(1, 0)


@pytest.fixture
def overtaken() -> Iterator[None]:
    """Let another worker, or the task's own, be quicker with each row that is read."""

    def overtake(instance: DBTaskResult[..., Any], **signal: Any) -> None:
        rows = DBTaskResult.objects.filter(pk=instance.pk)
        rows.update(started_at=timezone.now(), worker_ids=["another"])

    post_init.connect(overtake, sender=DBTaskResult)
    yield
    post_init.disconnect(overtake, sender=DBTaskResult)


@pytest.mark.parametrize("times", [1, MOST_BEGUN])
def test_of_two_workers_at_once_one_takes_it(times: int, request: pytest.FixtureRequest) -> None:
    begun(send_reset, "x@example.org", times=times)
    request.getfixturevalue("overtaken")
    assert retake_tasks("background") == Outcome(0, 0)
    assert DBTaskResult.objects.values_list("status", flat=True).get() == "RUNNING"


def test_what_kills_every_worker_is_given_up_and_said(caplog: pytest.LogCaptureFixture) -> None:
    row, told = begun(send_reset, "x@example.org", times=MOST_BEGUN), []

    def hear(task_result: Any, **signal: Any) -> None:
        told.append(task_result.status)

    task_finished.connect(hear)
    try:
        with pytest.raises(CommandError):
            call_command("tend_contributions", stderr=(err := StringIO()))
    finally:
        task_finished.disconnect(hear)
    row.refresh_from_db()
    assert (row.status, row.finished_at is None, mail.outbox) == ("FAILED", False, [])
    assert row.exception_class_path == "newsroom.tending.GivenUp"
    assert told == ["FAILED"]
    assert "failed: 重新排队的中断了的任务" in err.getvalue()
    assert "send_reset was begun 3 times, never finished" in caplog.text
    assert "example.org" not in caplog.text
    call_command("tend_contributions", stdout=StringIO())


def test_one_of_an_older_version_of_the_paper_is_given_up_too() -> None:
    row = begun(send_reset, times=MOST_BEGUN)
    DBTaskResult.objects.update(task_path="contributions.gone.deliver")
    assert retake_tasks("background") == Outcome(0, 1)
    row.refresh_from_db()
    assert row.status == "FAILED"
