"""What went wrong is told in Chinese, without the database, and nobody keeps the page."""

from __future__ import annotations

import errno
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from hzgy.urls import handler400, handler403, handler404, handler500
from hzgy.urls import urlpatterns as ours
from issues.models import NewspaperPage
from operations import error_pages

from ..factories import make_user

CHINESE = re.compile("[\u4e00-\u9fff]")
SECRET = "王某的稿件，电话13800000000"

pytestmark = pytest.mark.django_db


def broken(request: Any) -> None:
    raise ValueError(f"cannot read {request.POST.get('text')}")


urlpatterns = [path("broken/", broken), path("api/v1/broken", broken), *ours]
__all__ = ["handler400", "handler403", "handler404", "handler500"]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@contextmanager
def database_away() -> Iterator[None]:
    """Let every statement fail as it does where PostgreSQL is stopped."""
    gone = sqlite3.OperationalError("unable to open database file")
    gone.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN

    def refuse(*args: Any) -> None:
        raise OperationalError("unable to open database file") from gone

    with connection.execute_wrapper(refuse):
        yield


def words(content: bytes) -> str:
    return re.sub(r"<[^>]+>|\s+", "", content.decode())


@pytest.mark.parametrize(
    "address", ["/", "/450/", "/archive/", "/search/?q=棋", "/feed/", "/admin/"]
)
def test_without_the_database_a_page_is_away_for_a_while(client: Client, address: str) -> None:
    client.force_login(make_user(is_superuser=True))

    with database_away():
        answer = client.get(address)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "120"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "没有丢失" in words(answer.content)
    assert answer.headers["X-Request-ID"][:8] in words(answer.content)


def test_without_the_database_an_editor_who_saves_is_told_how_to_keep_the_text(
    client: Client,
) -> None:
    paper = NewspaperPage.objects.get()
    client.force_login(make_user(is_superuser=True))

    with database_away():
        answer = client.post(f"/admin/pages/{paper.pk}/edit/", {"title": "新的标题"})

    assert answer.status_code == 503
    assert "没有存上" in words(answer.content)
    assert "后退" in words(answer.content)


def test_a_script_of_the_admin_is_told_in_json(client: Client) -> None:
    client.force_login(make_user(is_superuser=True))

    with database_away():
        answer = client.post("/admin/pages/1/edit/", headers={"accept": "application/json"})

    assert answer.status_code == 503
    assert answer.json()["success"] is False
    assert "没有存上" in answer.json()["error_message"]


def test_without_the_database_the_api_answers_with_a_problem(client: Client) -> None:
    with database_away():
        answer = client.get("/api/v1/issues/")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 503


@override_settings(ROOT_URLCONF=__name__)
def test_a_fault_of_the_program_names_a_number_and_nothing_of_what_was_sent(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.post("/broken/", {"text": SECRET})

    assert answer.status_code == 500
    number = answer.headers["X-Request-ID"]
    assert number[:8] in words(answer.content)
    assert "没有存上" in words(answer.content)
    assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), "database or disk is full"]
)
def test_a_full_disk_is_told_to_who_saves(client: Client, error: OSError | str) -> None:
    if isinstance(error, str):
        cause = sqlite3.OperationalError(error)
        cause.sqlite_errorcode = sqlite3.SQLITE_FULL
        raised: Exception = OperationalError(error)
        raised.__cause__ = cause
    else:
        raised = error
    client.force_login(make_user(is_superuser=True))

    with mock.patch("wagtail.images.views.multiple.AddView.dispatch", side_effect=raised):
        answer = client.post("/admin/images/multiple/add/")

    assert answer.status_code == 503
    assert "磁盘满了" in words(answer.content)
    assert "没有存上" in words(answer.content)


@pytest.mark.parametrize(
    ("handler", "status", "told"),
    [
        (error_pages.bad_request, 400, "请求有误"),
        (error_pages.forbidden, 403, "不能打开"),
        (error_pages.no_csrf, 403, "安全校验"),
        (error_pages.server_error, 500, "网站出了故障"),
    ],
)
def test_a_page_of_an_error_stands_alone(
    handler: Callable[[Any], Any], status: int, told: str
) -> None:
    with database_away():
        answer = handler(RequestFactory().get("/"))

    assert answer.status_code == status
    assert told in words(answer.content)
    assert "{%" not in answer.content.decode()


def test_a_form_that_is_too_large_is_refused_as_that(client: Client) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100):
        answer = client.post("/subscribe/", {"email": "x" * 200})

    assert answer.status_code == 413
    assert "太大" in words(answer.content)


def test_a_form_without_its_token_is_refused_in_chinese() -> None:
    stranger = Client(enforce_csrf_checks=True)

    answer = stranger.post("/admin/login/", {"username": "x", "password": "y"})

    assert answer.status_code == 403
    assert "刷新页面" in words(answer.content)
