"""Do again and again what a part of the paper needs by itself, and work on its queue; for a timer.

A command made of this works on a background queue (TASKS), too, so that one process is enough: it
looks there every second, as django_tasks_db's own worker would, but goes on when the database was
away. A ``db_worker`` beside it does no harm.
"""

from __future__ import annotations

import logging
import time
import traceback
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from django.core.exceptions import SuspiciousOperation
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import task_backends
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from .heartbeats import beat

__all__ = ["Act", "Outcome", "TendingCommand", "forget_tasks", "further", "retake_tasks"]

logger = logging.getLogger(__name__)

HOUR = 3600
LONGEST_STATEMENT = 300  # seconds on PostgreSQL, so that one that hangs ends
KEEP_TASKS = timedelta(days=14)
# Longer than any task takes, and than the claims that one leaves behind whose worker is killed. One
# that takes longer all the same may run twice at once, which each bears.
LONGEST_TASK = timedelta(minutes=15)
MOST_BEGUN = 3  # times; what ended its worker as often would end it for ever


@dataclass(frozen=True, slots=True)
class Outcome:
    """How often something was done, and how often it failed."""

    done: int
    failed: int


class GivenUp(Exception):
    """A task whose worker was killed each time; what the row says in place of an error."""


Act = Callable[[], int | Outcome]

# What apps above have done hourly by the command that works on a queue.
further: defaultdict[str, list[tuple[str, Act]]] = defaultdict(list)


def forget_tasks(queue: str) -> int:
    """Remove what the queue did, or lost half-way, two weeks ago; return how much."""
    old = DBTaskResult.objects.filter(
        backend_name=queue, started_at__lt=timezone.now() - KEEP_TASKS
    )
    return old.delete()[0]


def retake_tasks(queue: str, *, at: datetime | None = None) -> Outcome:
    """Queue again what a worker began that was killed, and give up what killed several.

    The queue itself never takes a task twice. Each row is changed only as it was found: of two
    workers one takes it, and what its own worker finished meanwhile stays finished.
    """
    begun = DBTaskResult.objects.filter(backend_name=queue, status=TaskResultStatus.RUNNING)
    retaken = given_up = 0
    for row in begun.filter(started_at__lt=(at or timezone.now()) - LONGEST_TASK):
        as_found = begun.filter(pk=row.pk, started_at=row.started_at)
        if len(row.worker_ids) < MOST_BEGUN:
            retaken += as_found.update(status=TaskResultStatus.READY, started_at=None)
            continue
        row.status, row.finished_at = TaskResultStatus.FAILED, timezone.now()
        row.exception_class_path = f"{GivenUp.__module__}.{GivenUp.__qualname__}"
        names = ("status", "finished_at", "exception_class_path")
        if as_found.update(**{name: getattr(row, name) for name in names}):
            given_up += 1
            logger.error("%s was begun %s times, never finished", row.task_path, MOST_BEGUN)
            _tell_finished(row)
    return Outcome(retaken, given_up)


def _tell_finished(row: DBTaskResult) -> None:
    """Let those know who show what became of it, as the queue's own worker would."""
    try:
        result = row.task_result
    except (ImportError, SuspiciousOperation):
        return  # of another version of the paper
    for _, error in task_finished.send_robust(sender=DatabaseBackend, task_result=result):
        if error:
            logger.error("%s: %s", row.task_path, type(error).__name__)


class TendingCommand(BaseCommand):
    """Do each part, whatever becomes of the others."""

    queue: ClassVar[str]  # in TASKS
    # What is done, in both languages, and how often: at each look, or once an hour.
    often: ClassVar[tuple[tuple[str, Act], ...]] = ()
    hourly: ClassVar[tuple[tuple[str, Act], ...]] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to do everything once, or to stay."""
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--once", action="store_true", help="do everything once (the default)")
        choice.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="stay: what is new at once, what failed every so many seconds, the rest hourly",
        )
        self.add_choices(choice)

    def add_choices(self, choice: Any) -> None:
        """Offer what else the command can do instead."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it once, and fail if a part failed; or stay, and say what failed."""
        # A queue that takes long is no silence.
        task_finished.connect(self._beat)
        connection_created.connect(self._limit_statements)
        try:
            if options["every"]:
                self._stay(options["every"])
            else:
                self._do_once()
        finally:
            # Whoever called it from another command is not this part, and may take longer.
            connection_created.disconnect(self._limit_statements)
            task_finished.disconnect(self._beat)

    def words_for(self, error: Exception) -> str:
        """Return what to say of an expected failure; nothing for one that nobody foresaw."""
        return ""

    def _do_once(self) -> None:
        went_well = [self._do(*part) for part in (*self._each_look(), *self._tidying())]
        self._beat()
        if not (self._work(self._worker()) and all(went_well)):
            raise CommandError("有的没有做成，见上 / something failed, see above.")

    def _stay(self, seconds: int) -> None:
        """Look again and again until a signal comes; a task under way is finished."""
        works = self._worker()
        works.configure_signals()
        logging.getLogger("django_tasks_db").setLevel("ERROR")  # each look there is no event
        looked = tidied = float("-inf")
        while works.running:
            now = time.monotonic()
            if now - looked >= seconds:
                looked = now
                for part in self._each_look():
                    self._do(*part)
            if now - tidied >= HOUR:
                tidied = now
                for part in self._tidying():
                    self._do(*part)
            self._work(works)
            self._beat()
            close_old_connections()
            if works.running:
                time.sleep(1)

    def _each_look(self) -> tuple[tuple[str, Act], ...]:
        label = "重新排队的中断了的任务 / tasks cut short, queued again"
        return ((label, partial(retake_tasks, self.queue)), *self.often)

    def _tidying(self) -> tuple[tuple[str, Act], ...]:
        return (*self.hourly, *further[self.queue])

    def _limit_statements(self, connection: BaseDatabaseWrapper, **signal: Any) -> None:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = '{LONGEST_STATEMENT}s'")

    def _beat(self, **signal: Any) -> None:
        beat(type(self).__module__.rpartition(".")[2])

    def _do(self, label: str, act: Act) -> bool:
        """Do one part, say what there was to do, and return whether nothing failed."""
        try:
            result = act()
        except Exception as error:
            if words := self.words_for(error):
                self.stderr.write(words)
            else:
                self._report(label, error)
            return False
        outcome = result if isinstance(result, Outcome) else Outcome(result, 0)
        if outcome.done:
            self.stdout.write(f"{label}: {outcome.done}")
        if outcome.failed:
            self.stderr.write(f"没有做成 / failed: {label}: {outcome.failed}")
        return not outcome.failed

    def _worker(self) -> Worker:
        """Return a worker that does what is queued and then returns."""
        return Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            backend_name=self.queue,
            worker_id=get_random_string(32),
            batch=True,
            interval=0,
            startup_delay=False,
            max_tasks=None,
        )

    def _work(self, works: Worker) -> bool:
        """Do what is queued; return whether the queue could be looked at."""
        if not isinstance(task_backends[self.queue], DatabaseBackend):
            return True  # done already, where it was queued
        try:
            works.run()
        except Exception as error:
            self._report("后台队列 / background queue", error)
            return False
        return True

    def _report(self, label: str, error: Exception) -> None:
        """Say what failed and where, but not in the error's words: they may quote what was sent."""
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s: %s\n%s", label, type(error).__name__, frames)
        self.stderr.write(f"没有做成 / failed: {label} ({type(error).__name__})")
