"""Monitors are answered whatever is broken, strangers learn little, editors see who is silent."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, override_settings
from django.utils import timezone

from contributions.models import Contribution, Mail
from newsroom.heartbeats import beat
from operations.health import asking, checks, heartbeats
from operations.health.heartbeats import PARTS
from operations.models import Heartbeat

from ..factories import make_user


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    """Let no test see what another one asked or noted."""
    asking.forget()
    heartbeats._noted.clear()
    yield
    asking.forget()
    heartbeats._noted.clear()


def all_alive() -> None:
    for part in PARTS:
        Heartbeat.objects.create(part=part, at=timezone.now())


# The address


def test_a_live_process_says_so_without_the_database() -> None:
    answer = Client().get("/healthz")

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@override_settings(SECURE_SSL_REDIRECT=True)
def test_a_monitor_is_refused_for_no_host_and_sent_on_to_no_https() -> None:
    answer = Client().get("/healthz", headers={"host": "10.0.0.7:8000"})

    assert answer.status_code == 200


def test_nothing_is_posted_there() -> None:
    assert Client(enforce_csrf_checks=True).post("/healthz").status_code == 405


@pytest.mark.parametrize(
    ("address", "known"), [("127.0.0.1", True), ("::1", True), ("192.0.2.1", False), ("", False)]
)
def test_only_this_machine_learns_what_is_wrong(address: str, known: bool) -> None:
    with mock.patch.dict(checks.ALL, {"database": lambda: "不通"}, clear=True):
        answer = Client(REMOTE_ADDR=address).get("/healthz?ready=1")

    assert answer.status_code == 503
    expected = {"status": "failing"} | ({"checks": {"database": "不通"}} if known else {})
    assert answer.json() == expected


def test_a_network_that_is_set_learns_it_too_also_through_a_proxy() -> None:
    with override_settings(HEALTH_NETWORKS=["192.0.2.0/24"], PROXIES=1):
        answer = Client().get("/healthz?ready=1", headers={"x-forwarded-for": "192.0.2.9"})
        stranger = Client().get("/healthz?ready=1", headers={"x-forwarded-for": "203.0.113.9"})

    assert "checks" in answer.json()
    assert "checks" not in stranger.json()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_all_is_well_when_everybody_is_alive() -> None:
    all_alive()

    answer = Client().get("/healthz?ready=1")

    assert answer.json() == {"status": "ok", "checks": dict.fromkeys(checks.ALL, "ok")}
    assert answer.status_code == 200


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_process_may_serve_while_no_worker_runs() -> None:
    assert Client().get("/healthz?ready=web").json()["status"] == "ok"
    answer = Client().get("/healthz?ready=1").json()
    assert answer["status"] == "failing"
    assert "publish_due从来没有运行过" in answer["checks"]["timer"]
    assert "tend_editions从来没有运行过" in answer["checks"]["worker"]


# Asking


def test_a_check_that_hangs_does_not_hang_the_monitor_and_is_begun_once() -> None:
    begun, go_on = [], threading.Event()

    def hang() -> str:
        begun.append(1)
        go_on.wait(20)
        return ""

    start = time.monotonic()
    said = [asking.ask({"hangs": hang, "well": lambda: ""}, patience=0.2) for _ in range(3)]
    took = time.monotonic() - start
    go_on.set()

    assert all("没有答复" in each["hangs"] and not each["well"] for each in said)
    assert len(begun) == 1
    assert took < 3


def test_what_a_check_raises_is_told_without_its_words() -> None:
    def fail() -> str:
        raise OperationalError("password authentication failed for user paper")

    assert asking.ask({"database": fail}) == {"database": "不通（OperationalError）"}


def test_asking_often_asks_once() -> None:
    asked = []
    for _ in range(5):
        asking.ask({"x": lambda: asked.append(1) or ""})
    assert len(asked) == 1


# The checks


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_told() -> None:
    assert checks.migrations() == ""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("operations", "0002_heartbeat")
    assert "有1项数据库迁移" in checks.migrations()


def test_a_cache_that_forgets_is_told() -> None:
    assert checks.keeping() == ""
    dummy = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    with override_settings(CACHES=dummy):
        assert "缓存" in checks.keeping()


def test_a_folder_that_takes_no_file_is_told() -> None:
    assert checks.storage() == ""
    full = OSError(errno.ENOSPC, "No space left on device")
    with mock.patch("operations.health.checks.tempfile.TemporaryFile", side_effect=full):
        assert "contributions（OSError）" in checks.storage()


def test_a_disk_that_is_nearly_full_is_told() -> None:
    assert checks.disk() == ""
    with override_settings(DISK_LEAST_FREE_MB=10**12):
        assert "MB" in checks.disk()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("tries", "reason", "stuck"),
    [
        (0, "", False),
        (1, "连不上邮件服务器（TimeoutError）。", False),
        (4, "连不上邮件服务器（TimeoutError）。", True),
        (40, "邮件服务器不收这个收件地址（SMTPRecipientsRefused）。", False),
        (40, "邮箱地址写得不对。", False),
    ],
)
def test_mail_is_stuck_when_the_server_takes_none(tries: int, reason: str, stuck: bool) -> None:
    sender = Contribution.objects.create(kind="tip", text="x", identity="i", code="c")
    now = timezone.now()
    Mail.objects.create(
        contribution=sender,
        occasion=Mail.Occasion.ARRIVAL,
        tries=tries,
        last_error=reason,
        next_try=now + timedelta(minutes=tries),
    )
    assert bool(checks.mail()) is stuck


@pytest.mark.django_db
def test_a_mail_that_nobody_touched_is_stuck() -> None:
    sender = Contribution.objects.create(kind="tip", text="x", identity="i", code="c")
    long_ago = timezone.now() - timedelta(hours=1)
    Mail.objects.create(
        contribution=sender, occasion=Mail.Occasion.PROGRESS, owed_since=long_ago, next_try=long_ago
    )
    assert "1项" in checks.mail()


# Heartbeats


@pytest.mark.django_db
@pytest.mark.parametrize("command", sorted(PARTS))
def test_each_command_that_runs_by_itself_says_that_it_is_alive(command: str) -> None:
    assert command in {silence.command for silence in heartbeats.silent()}

    call_command(command, stdout=StringIO(), stderr=StringIO())

    assert command not in {silence.command for silence in heartbeats.silent()}


@pytest.mark.django_db
def test_who_was_alive_and_fell_silent_is_told_after_five_minutes() -> None:
    all_alive()
    now = timezone.now()

    assert heartbeats.silent(at=now + timedelta(minutes=4)) == []
    assert len(heartbeats.silent(at=now + timedelta(minutes=6))) == len(PARTS)


@pytest.mark.django_db
def test_a_heartbeat_every_second_is_noted_now_and_then(
    django_assert_num_queries: object,
) -> None:
    beat("publish_due")
    first = Heartbeat.objects.get().at
    with django_assert_num_queries(0):  # type: ignore[operator]
        beat("publish_due")
    heartbeats._noted.clear()
    beat("publish_due")
    assert Heartbeat.objects.get().at > first


def test_a_heartbeat_that_cannot_be_noted_stops_nobody() -> None:
    with mock.patch("newsroom.heartbeats.listeners", [mock.Mock(side_effect=OperationalError)]):
        beat("publish_due")


# What editors see


@pytest.mark.django_db
def test_an_editor_sees_who_is_silent_and_what_does_not_happen() -> None:
    editor = Client()
    editor.force_login(make_user("编辑"))
    all_alive()
    assert "后台任务没有在运行" not in editor.get("/admin/").content.decode()

    Heartbeat.objects.filter(part="publish_due").update(at=timezone.now() - timedelta(hours=2))
    page = editor.get("/admin/").content.decode()

    assert "后台任务没有在运行" in page
    assert "到了时间的期不会自动出版" in page
    assert "新出版的期不会寄给订阅的读者" not in page
