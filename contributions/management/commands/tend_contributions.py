"""Do what contributions need by themselves: mails, erasing, tidying; for a timer.

It works on the background queue, too, so that one process is enough: it looks there every second,
as django_tasks_db's own worker would, but goes on when the database was away. A ``db_worker``
beside it does no harm, and is wanted once something slow is queued.
"""

from __future__ import annotations

import logging
import time
import traceback
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks import task_backends
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from contributions import outbox, retention
from contributions.rotation import rotate_keys
from contributions.tracing import trace_untraced
from contributions.triage import note_printed

logger = logging.getLogger(__name__)

QUEUE = "background"  # in TASKS
HOUR = 3600
KEEP_TASKS = timedelta(days=14)

Act = Callable[[], int | retention.Outcome]


def forget_tasks() -> int:
    """Remove what the queue did, or lost half-way, two weeks ago; return how much."""
    old = DBTaskResult.objects.filter(
        backend_name=QUEUE, started_at__lt=timezone.now() - KEEP_TASKS
    )
    return old.delete()[0]


# What is done, in both languages, and how often: at each look, or once an hour.
OFTEN: tuple[tuple[str, Act], ...] = (
    ("重新排队的邮件 / mails queued again", outbox.queue_again),
    ("见报的来稿 / contributions printed", note_printed),
    ("补记的已定稿稿件 / signed articles traced", trace_untraced),
)
HOURLY: tuple[tuple[str, Act], ...] = (
    ("到期彻底删除的来稿 / contributions erased", retention.erase_due),
    ("到期清除联系方式的来稿 / contacts erased", retention.forget_due),
    ("清除的无主文件 / orphaned files removed", retention.remove_orphans),
    ("清除的邮件记录 / rows of old mails removed", outbox.forget_old),
    ("清除的任务记录 / rows of old tasks removed", forget_tasks),
)


class Command(BaseCommand):
    """Do each part, whatever becomes of the others."""

    help = "Note what was printed, send mails, erase what is due, trace what was signed, tidy."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--once", action="store_true", help="do everything once (the default)")
        choice.add_argument(
            "--every",
            type=int,
            metavar="SECONDS",
            help="stay: new mails at once, failed ones every so many seconds, the rest hourly",
        )
        choice.add_argument(
            "--rotate-keys",
            action="store_true",
            help="seal contact data anew with the first of CONTRIBUTIONS_KEYS",
        )
        choice.add_argument(
            "--remove-orphans",
            action="store_true",
            help="remove files without a row even if that is most of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it once, and fail if a part failed; or stay, and say what failed."""
        if options["rotate_keys"]:
            self._rotate()
        elif options["remove_orphans"]:
            removed = retention.remove_orphans(even_most=True)
            self.stdout.write(f"清除的无主文件 / orphaned files removed: {removed.done}")
        elif options["every"]:
            self._stay(options["every"])
        else:
            went_well = [self._do(*part) for part in (*OFTEN, *HOURLY)]
            if not (self._work(worker()) and all(went_well)):
                raise CommandError("有的没有做成，见上 / something failed, see above.")

    def _stay(self, seconds: int) -> None:
        """Look again and again until a signal comes; a mail that is being sent is finished."""
        works = worker()
        works.configure_signals()
        logging.getLogger("django_tasks_db").setLevel("ERROR")  # each look there is no event
        looked = tidied = float("-inf")
        while works.running:
            now = time.monotonic()
            if now - looked >= seconds:
                looked = now
                for part in OFTEN:
                    self._do(*part)
            if now - tidied >= HOUR:
                tidied = now
                for part in HOURLY:
                    self._do(*part)
            self._work(works)
            close_old_connections()
            if works.running:
                time.sleep(1)

    def _do(self, label: str, act: Act) -> bool:
        """Do one part, say what there was to do, and return whether nothing failed."""
        try:
            result = act()
        except retention.TooManyOrphans as refused:
            self.stderr.write(
                f"来稿文件夹里多数文件（{refused}）在数据库里没有记录，没有动它们：是不是恢复了旧的"
                "数据库？确实不要了，请运行 tend_contributions --remove-orphans。\n"
                f"Most files of the vault ({refused}) have no row in the database: was an old one "
                "restored? Nothing was removed."
            )
            return False
        except Exception as error:
            self._report(label, error)
            return False
        outcome = result if isinstance(result, retention.Outcome) else retention.Outcome(result, 0)
        if outcome.done:
            self.stdout.write(f"{label}: {outcome.done}")
        if outcome.failed:
            self.stderr.write(f"没有做成 / failed: {label}: {outcome.failed}")
        return not outcome.failed

    def _work(self, works: Worker) -> bool:
        """Do what is queued; return whether the queue could be looked at."""
        if not isinstance(task_backends[QUEUE], DatabaseBackend):
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

    def _rotate(self) -> None:
        rotation = rotate_keys()
        self.stdout.write(f"用第一把密钥重新加密的来稿 / sealed anew: {rotation.sealed}")
        if rotation.unreadable:
            raise CommandError(
                f"有{rotation.unreadable}件的联系方式哪一把密钥也解不开，保持原样 / "
                f"{rotation.unreadable} contributions hold contact data that no key opens."
            )


def worker() -> Worker:
    """Return a worker that does what is queued and then returns."""
    return Worker(
        queue_names=["*"],
        excluded_queue_names=[],
        backend_name=QUEUE,
        worker_id=get_random_string(32),
        batch=True,
        interval=0,
        startup_delay=False,
        max_tasks=None,
    )
