"""Twenty writers at once on the SQLite file of `make run`, through gunicorn."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from sqlite3 import connect
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from django.conf import settings
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from tests.factories import SAMPLE

WRITERS, ARTICLES_EACH = 20, 5
ADMIN_AND_ISSUE = """
from accounts.models import User
from issues.models import IssuePage, NewspaperPage
User.objects.create_superuser("writer", password="x")
issue = IssuePage(number=451, date="2022-08-09", live=False)
NewspaperPage.objects.get().add_child(instance=issue)
print("issue", issue.pk)
"""


@pytest.fixture
def environment(founded_file: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "hzgy.settings.dev",
        "DATABASE_URL": f"sqlite:///{founded_file}",
        "SECRET_KEY": "only-for-this-test",
    }


@pytest.fixture
def issue(environment: dict[str, str]) -> int:
    manage(environment, "set_up_newsroom", "--sample", str(SAMPLE))
    said = manage(environment, "shell", "--command", ADMIN_AND_ISSUE)
    return int(re.search(r"issue (\d+)", said)[1])


@pytest.fixture
def server(environment: dict[str, str], issue: int, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "server.log").open("w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "--config", "hzgy/gunicorn.py"),
                *("--threads", str(WRITERS), "hzgy.wsgi"),
            ],
            cwd=settings.BASE_DIR,
            env={**environment, "PORT": str(port)},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/450/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def manage(environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def wait_for(url: str) -> None:
    for _ in range(300):
        try:
            build_opener().open(url).close()
        except URLError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} does not answer")


def log_in(server: str) -> tuple[OpenerDirector, CookieJar]:
    cookies = CookieJar()
    opener = build_opener(HTTPCookieProcessor(cookies))
    opener.open(f"{server}/admin/login/").close()
    post(opener, cookies, f"{server}/admin/login/", {"username": "writer", "password": "x"})
    return opener, cookies


def post(opener: OpenerDirector, cookies: CookieJar, url: str, data: dict[str, str]) -> int:
    token = next(cookie.value for cookie in cookies if cookie.name == "csrftoken")
    body = urlencode({**data, "csrfmiddlewaretoken": token}).encode()
    try:
        with opener.open(url, body, timeout=120) as answer:
            answer.read()
            return answer.status
    except HTTPError as error:
        return error.code


def article(title: str) -> dict[str, str]:
    return nested_form_data(
        {
            "title": title,
            "body": streamfield([]),
            "bylines": inline_formset([]),
            "remarks": inline_formset([]),
            "comments": inline_formset([]),
            "folio": "1",
            "prominence": "normal",
        }
    )


def test_twenty_writers_at_once_lose_nothing_and_meet_no_locked_database(
    server: str, issue: int, founded_file: Path, tmp_path: Path
) -> None:
    url = f"{server}/admin/pages/add/articles/articlepage/{issue}/"

    # One after the other: so many at once, of one account, are taken for somebody who guesses.
    at_the_desk = [log_in(server) for _ in range(WRITERS)]

    def write(writer: int) -> list[int]:
        opener, cookies = at_the_desk[writer]
        return [
            post(opener, cookies, url, article(f"第{writer}人第{count}篇"))
            for count in range(ARTICLES_EACH)
        ]

    with ThreadPoolExecutor(WRITERS) as writers:
        answers = [status for statuses in writers.map(write, range(WRITERS)) for status in statuses]

    log = (tmp_path / "server.log").read_text()
    assert answers == [200] * WRITERS * ARTICLES_EACH, log
    assert "locked" not in log
    with closing(connect(founded_file)) as connection:
        numbers = connection.execute(
            "SELECT number FROM articles_articlepage WHERE issue_id = ? ORDER BY number", [issue]
        ).fetchall()
    assert [number for (number,) in numbers] == list(range(1, WRITERS * ARTICLES_EACH + 1))
