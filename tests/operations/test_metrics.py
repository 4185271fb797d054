"""Prometheus gets numbers of all processes together, and nobody's name."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from unittest import mock
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.test import override_settings
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from prometheus_client import generate_latest

from contributions.models import Contribution
from following.mail.models import Subscription
from operations.management.commands.serve_metrics import registry
from operations.metrics.files import forget_dead
from operations.metrics.kinds import kind_of
from operations.models import Heartbeat

from ..factories import make_sample

# What answers is not the paper: this database has no tables in a process of its own.
ASK = """
import django; django.setup()
from django.http import HttpResponse
from django.test import RequestFactory
from operations.metrics.counting import counted
respond = counted(lambda asked: HttpResponse(status=200 if asked.path == "/healthz" else 404))
for address in {addresses}: respond(RequestFactory().get(address))
"""


def told() -> str:
    return generate_latest(registry()).decode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "front"),
        ("/450/", "issue"),
        ("/2022-08-02/", "issue"),
        ("/450/3/", "article"),
        ("/450/folio-2/", "folio"),
        ("/450/issue.pdf", "file"),
        ("/450/3/card.png", "file"),
        ("/archive/2022/", "archive"),
        ("/sections/yaowen/", "list"),
        ("/sections/yaowen/feed.xml", "feed"),
        ("/feed/", "feed"),
        ("/search/", "search"),
        ("/contribute/status/", "contribute"),
        ("/unsubscribe/abc/", "subscribe"),
        ("/admin/pages/3/edit/", "admin"),
        ("/wp-login.php", "other"),
        ("/450/3/x/", "other"),
        ("//", "other"),
        ("x", "other"),
    ],
)
def test_an_address_is_of_one_of_few_kinds(path: str, kind: str) -> None:
    assert kind_of(path) == kind


def test_two_processes_count_together(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.test",
        "METRICS_DIR": str(tmp_path),
    }
    for addresses in (["/healthz", "/wp-login.php?q=secret"], ["/healthz", "/healthz"]):
        script = ASK.format(addresses=addresses)
        subprocess.run(
            [sys.executable, "-c", script], env=environment, cwd=settings.BASE_DIR, check=True
        )

    with (
        override_settings(METRICS_DIR=str(tmp_path)),
        mock.patch("operations.metrics.state.OF_DATABASE", ()),
    ):
        text = told()

    assert re.search(r'paper_requests_total{kind="health",method="GET",status="200"} 3\.0', text), (
        text
    )
    assert re.search(r'paper_requests_total{kind="other",method="GET",status="404"} 1\.0', text)
    assert re.search(r'paper_request_seconds_count{kind="health"} 3\.0', text)
    assert "secret" not in text


def test_counts_of_a_server_that_runs_are_kept_and_those_of_the_dead_forgotten(
    tmp_path: Path,
) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    dead, alive = tmp_path / f"counter_{gone.pid}.db", tmp_path / f"counter_{os.getpid()}.db"
    dead.touch()
    alive.touch()

    forget_dead(tmp_path)
    assert dead.exists(), "the sum must not shrink while the other one counts"

    alive.unlink()
    forget_dead(tmp_path)
    assert not dead.exists()


@pytest.mark.django_db
def test_the_state_of_the_paper_is_told() -> None:
    make_sample()
    now = timezone.now()
    Subscription.objects.create(email="reader@example.org", digest="d", confirmed_at=now)
    Contribution.objects.create(kind="tip", text="x", name="王某", identity="i", code="c")
    Heartbeat.objects.create(part="publish_due", at=now - timedelta(seconds=90))
    fields = {"backend_name": "background", "task_path": "x.y", "queue_name": "default"}
    fields |= {"args_kwargs": {"args": [], "kwargs": {}}, "priority": 0}
    DBTaskResult.objects.create(status=TaskResultStatus.READY, **fields)
    DBTaskResult.objects.create(status=TaskResultStatus.FAILED, **fields)

    text = told()

    assert "paper_database_up 1.0" in text
    assert "paper_subscriptions 1.0" in text
    assert "paper_contributions_waiting 1.0" in text
    assert 'paper_queue_length{queue="background"} 1.0' in text
    assert 'paper_tasks_failed{queue="background"} 1.0' in text
    assert 'paper_queue_length{queue="subscriptions"} 0.0' in text
    age = re.search(r'paper_heartbeat_age_seconds{part="publish_due"} (\S+)', text)
    assert age
    assert 90 <= float(age[1]) < 150
    published = re.search(r"^paper_last_publish_timestamp_seconds (\S+)", text, re.MULTILINE)
    assert published
    assert abs(float(published[1]) - now.timestamp()) < 600
    assert "paper_disk_free_bytes{at=" in text
    assert "王某" not in text
    assert "reader@" not in text


@pytest.mark.django_db
def test_without_the_database_the_rest_is_told() -> None:
    def refuse(*args: object) -> None:
        raise OperationalError

    with connection.execute_wrapper(refuse):
        text = told()

    assert "paper_database_up 0.0" in text
    assert "paper_disk_free_bytes" in text


def test_the_command_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.test",
        "METRICS_DIR": str(tmp_path),
    }
    command = [sys.executable, "manage.py", "serve_metrics", "--port", "0"]
    with subprocess.Popen(
        command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        with urlopen(address, timeout=20) as answer:
            assert b"paper_database_up" in answer.read()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
