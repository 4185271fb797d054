"""The site that ours is compared with starts, answers, and does what the tutorial has it do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

# Its models are no part of our project: a process of its own makes the site, and asks it.
TRIAL = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from bench.tutorial_site.filling import fill
from bench.tutorial_site.wsgi import application
call_command("migrate", verbosity=0)
call_command("makemigrations", "tutorial_site", check_changes=True, dry_run=True, verbosity=0)
for issues in (3, 9):
    fill(issues, 2)
    call_command("update_index", verbosity=0)
    for address in ("/", "/archive/", "/archive/3/", "/archive/3/2/", "/search/?query=第3期"):
        Client().get(address, HTTP_HOST="127.0.0.1")  # sites and types are looked up once
        with CaptureQueriesContext(connection) as queries:
            answer = Client().get(address, HTTP_HOST="127.0.0.1")
        links = answer.content.decode().count("<a ")
        print("ASKED", issues, address, answer.status_code, links, len(queries))
"""


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, tuple[int, ...]]]:
    """Return status, links and queries of each page, with three issues and with nine."""
    place: Path = tmp_path_factory.mktemp("tutorial-site")
    trial = subprocess.run(
        [sys.executable, "-c", TRIAL],
        cwd=settings.BASE_DIR,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "bench.tutorial_site.settings",
            "DATABASE_URL": f"sqlite:///{place / 'site.sqlite3'}",
            "SECRET_KEY": "tutorial",
        },
        capture_output=True,
        text=True,
    )
    assert trial.returncode == 0, trial.stdout + trial.stderr
    found: dict[int, dict[str, tuple[int, ...]]] = {3: {}, 9: {}}
    for line in trial.stdout.splitlines():
        if line.startswith("ASKED"):
            _, issues, address, *numbers = line.split()
            found[int(issues)][address] = tuple(map(int, numbers))
    return found


def test_every_page_answers(answers: dict[int, dict[str, tuple[int, ...]]]) -> None:
    assert {status for pages in answers.values() for status, _, _ in pages.values()} == {200}
    links = {address: links for address, (_, links, _) in answers[3].items()}
    assert links == {
        "/": 1 + 2,  # the issue, and its articles
        "/archive/": 3,
        "/archive/3/": 2,
        "/archive/3/2/": 1,
        "/search/?query=第3期": 1,
    }


def test_the_archive_asks_once_more_for_each_issue(
    answers: dict[int, dict[str, tuple[int, ...]]],
) -> None:
    """As .specific in a loop does; the other pages ask the same, however many there are."""
    more = {page: answers[9][page][2] - asked for page, (_, _, asked) in answers[3].items()}
    assert more == {**dict.fromkeys(more, 0), "/archive/": 6}
