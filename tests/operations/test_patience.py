"""Nobody waits for ever: what is asked of others has its time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from hzgy.settings.data import database
from hzgy.settings.storage import private_bucket
from newsroom.tending import LONGEST_STATEMENT, TendingCommand

POSTGRES = "postgres://paper@127.0.0.1/paper"


def options_in(module: str) -> str:
    """Return what a process that imports ``module`` first tells PostgreSQL to begin with."""
    script = (
        f"import {module}\nfrom django.conf import settings\n"
        "print(settings.DATABASES['default']['OPTIONS']['options'])"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if name != "STATEMENT_SECONDS"},
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.dev",
        "DATABASE_URL": POSTGRES,
    }
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.strip()


def test_a_page_gives_up_a_statement_and_a_command_does_not() -> None:
    assert options_in("hzgy.wsgi").startswith("-c statement_timeout=15000 ")
    assert options_in("django").startswith("-c statement_timeout=0 ")


def test_a_postgresql_that_does_not_answer_is_given_up() -> None:
    options = database(POSTGRES)["OPTIONS"]
    assert options["connect_timeout"] == 5
    assert options["tcp_user_timeout"] == 30_000
    assert database(f"{POSTGRES}?connect_timeout=2")["OPTIONS"]["connect_timeout"] == 2


def test_a_bucket_that_does_not_answer_is_given_up() -> None:
    config = private_bucket("x", endpoint=None)["OPTIONS"]["client_config"]
    assert (config.connect_timeout, config.read_timeout) == (5, 20)


def test_a_mail_server_that_does_not_answer_is_given_up_whoever_writes() -> None:
    assert settings.EMAIL_TIMEOUT == 30


@pytest.mark.django_db
def test_what_runs_by_itself_gives_a_statement_five_minutes() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such limit")
    command = TendingCommand()
    try:
        command._limit_statements(connection)
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone()[0] == f"{LONGEST_STATEMENT // 60}min"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET statement_timeout")
