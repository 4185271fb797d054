"""Workers are killed in the midst of their work: what was due is done by those that follow."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from bench.process import Process
from bench.server import ROOT
from bench.stack import Stack

pytestmark = pytest.mark.stack

OWE = """
from django_tasks_db.models import DBTaskResult
from contributions import outbox
from contributions.models import Contribution, Mail
from interchange.models import Edition
from issues.publishing import publish_issue
from operations.access.letters import send_reset
from tests.factories import make_article, make_issue, make_user
# What other tests left undone.
DBTaskResult.objects.filter(backend_name__in=["background", "editions"]).delete()
Mail.objects.all().delete()
Edition.objects.update(next_try=None)
make_user("总编", username="chief455", email="chief455@example.org")
sent = Contribution.objects.create(kind="tip", text="线索", code="k" * 64, identity="k" * 64)
outbox.owe(contribution=sent, occasion=Mail.Occasion.ARRIVAL)
send_reset.enqueue("chief455@example.org")
issue = make_issue(455)
make_article(issue, signed=True)
publish_issue(issue=issue, by=None)
"""
# An hour passes.
AGE = (
    "UPDATE django_tasks_database_dbtaskresult"
    " SET started_at = started_at - interval '1 hour' WHERE status = 'RUNNING'",
    "UPDATE contributions_mail SET next_try = next_try - interval '1 hour'",
    "UPDATE interchange_edition SET next_try = next_try - interval '1 hour'",
)
TASKS = (
    "SELECT status, count(*) FROM django_tasks_database_dbtaskresult"
    " WHERE backend_name IN ('background', 'editions') GROUP BY status"
)
OF_ISSUE = "JOIN issues_issuepage ON page_ptr_id = issue_id WHERE number = 455"
BEGUN = f"SELECT count(*) FROM interchange_edition {OF_ISSUE} AND last_error <> ''"
MADE = f"SELECT digest <> '' AND next_try IS NULL FROM interchange_edition {OF_ISSUE}"


def ask(stack: Stack, sql: str) -> list[Any]:
    with closing(psycopg2.connect(stack.postgres.url)) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return cursor.fetchall()


def wait_until(told: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not told():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_killed_workers_were_at_is_done_by_the_next_and_once(
    stack: Stack, tmp_path: Path
) -> None:
    stack.manage("shell", "--no-imports", "--command", OWE)
    with socket.create_server(("127.0.0.1", 0)) as mute:  # a mail server that says nothing
        mute.settimeout(60)
        there = {**stack.environment, "CONTRIBUTIONS_MAIL": "at_once"}
        there["EMAIL_URL"] = f"smtp://127.0.0.1:{mute.getsockname()[1]}"
        parts = ("tend_contributions", "tend_contributions", "tend_editions")
        workers = [
            Process(
                [sys.executable, "manage.py", part, "--every", "60"],
                log=tmp_path / "workers.log",
                environment=there,
            )
            for part in parts
        ]
        for worker in workers:
            worker.start()
        # One sends the mail and one the password; the third sets an edition in type.
        talks = [mute.accept()[0] for _ in range(2)]
        wait_until(lambda: bool(ask(stack, BEGUN)[0][0]))
        for worker in workers:
            worker.stop(signal.SIGKILL)
        for talk in talks:
            talk.close()
    assert dict(ask(stack, TASKS))["RUNNING"] == 3
    stack.postgres.ask(*AGE)

    (tmp_path / "mails").mkdir()
    there["EMAIL_URL"] = f"filemail:///{tmp_path}/mails"
    again = [
        subprocess.Popen(
            [sys.executable, "manage.py", part],
            cwd=ROOT,
            env=there,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for part in parts
    ]
    told = [worker.communicate(timeout=120)[0] for worker in again]
    assert [worker.returncode for worker in again] == [0, 0, 0], told
    assert "".join(told).count("tasks cut short, queued again") >= 2

    mails = "".join(file.read_text() for file in (tmp_path / "mails").iterdir())
    assert (mails.count("Subject: "), mails.count("To: chief455@example.org")) == (2, 1)
    assert [status for status, _ in ask(stack, TASKS)] == ["SUCCESSFUL"]
    made = ask(stack, MADE)
    assert (len(made), all(row[0] for row in made)) == (7, True)
    (key,) = ask(stack, "SELECT page_ptr_id FROM issues_issuepage WHERE number = 455")[0]
    assert len(list((stack.place / f"editions/{key}").iterdir())) == 7
