"""Errors are reported: a few of a storm, and nothing of what anybody sent."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
import sentry_sdk
from django.core import mail
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from hzgy.urls import handler400, handler403, handler404, handler500
from operations import reporting, sentry
from operations.reporting import MOST_IN_AN_HOUR, ErrorMails

NAME, PHONE, CODE, PASSWORD = "王小明", "13800000000", "ABCD-EFGH-JKMN-PQRS", "correct horse"
KEY = "Zm9vYmFyLXNlY3JldC10b2tlbg"
SECRETS = (NAME, PHONE, CODE, PASSWORD, KEY, "192.0.2.7", "wang@example.org", "sessionsecret")


def fail(request: HttpRequest, key: str = "") -> HttpResponse:
    """Fail as a view may that has all of it in its hands."""
    name, password = request.POST["name"], request.POST["password"]
    raise ValueError(f"{name} {password} {request.POST['code']}")


urlpatterns = [path("contribute/", fail), path("preview/<key>/", fail), path("admin/login/", fail)]
__all__ = ["handler400", "handler403", "handler404", "handler500"]


class InPlace(threading.Thread):
    """A thread that has run when it is started."""

    def start(self) -> None:
        self.run()


@pytest.fixture(autouse=True)
def handler() -> Iterator[ErrorMails]:
    """Let every test begin with an allowance of its own."""
    cache.clear()
    handler = ErrorMails()
    logger = logging.getLogger()
    installed = [each for each in logger.handlers if isinstance(each, ErrorMails)]
    for each in installed:
        logger.removeHandler(each)
    logger.addHandler(handler)
    with (
        override_settings(ROOT_URLCONF=__name__, ADMINS=[("", "admin@example.org")]),
        mock.patch("operations.reporting.threading.Thread", InPlace),
    ):
        yield handler
    logger.removeHandler(handler)
    for each in installed:
        logger.addHandler(each)


def send(address: str = "/contribute/", **fields: str) -> HttpResponse:
    client = Client(raise_request_exception=False, REMOTE_ADDR="192.0.2.7")
    client.cookies["sessionid"] = "sessionsecret"
    data = {"name": NAME, "phone": PHONE, "code": CODE, "password": PASSWORD, **fields}
    return client.post(
        f"{address}?q={NAME}&email=wang@example.org", data, headers={"referer": f"/x/?{PHONE}"}
    )


def assert_tells_nothing(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []


def test_an_error_is_mailed_with_its_place_and_number_and_nothing_that_was_sent() -> None:
    answer = send(f"/preview/{KEY}/")

    (message,) = mail.outbox
    assert answer.status_code == 500
    assert message.to == ["admin@example.org"]
    assert answer.headers["X-Request-ID"] in message.body
    assert "ValueError" in message.subject
    assert "test_reporting.py" in message.body
    assert_tells_nothing(message.subject + message.body)


def test_a_storm_of_one_error_is_one_mail_and_the_next_says_how_many_there_were() -> None:
    for _ in range(30):
        send()
    assert len(mail.outbox) == 1

    cache.clear()  # the pause is over
    send()
    assert len(mail.outbox) == 2
    assert "另有29个错误" in mail.outbox[1].body


def test_a_storm_of_many_errors_is_a_few_mails() -> None:
    for number in range(50):
        logging.getLogger("x").error("failed", exc_info=error_at(number))
    assert len(mail.outbox) == MOST_IN_AN_HOUR


def error_at(line: int) -> Exception:
    """Return an error of its own place."""
    try:
        exec(compile("\n" * line + "raise ValueError", "made_up.py", "exec"))
    except ValueError as error:
        return error
    raise AssertionError


def test_a_database_that_is_away_is_one_mail_wherever_it_was_missed() -> None:
    for number in range(20):
        error = error_at(number)
        error.__cause__ = OSError(28, "No space left on device")
        logging.getLogger("x").error("failed", exc_info=error)
    assert [message.subject.rpartition("] ")[2] for message in mail.outbox] == ["disk full"]


@override_settings(ADMINS=[])
def test_without_anybody_to_tell_nothing_is_mailed() -> None:
    send()
    assert mail.outbox == []


def test_what_scanners_send_is_not_mailed() -> None:
    Client().get("/", headers={"host": "evil.example"})
    assert mail.outbox == []


def test_a_monitor_that_is_told_of_trouble_is_not_mailed_of() -> None:
    with mock.patch("operations.health.answering.ask", return_value={"disk": "full"}):
        assert Client().get("/healthz").status_code == 503
    assert mail.outbox == []


def test_a_mail_server_that_is_away_makes_no_second_error(handler: ErrorMails) -> None:
    with mock.patch.object(reporting.EmailMessage, "send", side_effect=OSError):
        assert send().status_code == 500
    assert mail.outbox == []


# Sentry


class Collector(sentry_sdk.Transport):
    """Keep what would leave the machine."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.sent.append(envelope.serialize().decode())


@contextmanager
def sentry_at(collector: Collector) -> Iterator[None]:
    with override_settings(SENTRY_DSN="https://key@sentry.example/1"):
        sentry.begin(transport=collector)
        try:
            yield
        finally:
            sentry_sdk.get_client().close()
            sentry_sdk.Scope.get_global_scope().set_client(None)


@pytest.mark.parametrize("address", ["/contribute/", f"/preview/{KEY}/", "/admin/login/"])
def test_sentry_hears_of_an_error_and_of_nothing_that_was_sent(address: str) -> None:
    collector = Collector()
    with sentry_at(collector):
        answer = send(address)

    sent = "\n".join(collector.sent)
    assert "ValueError" in sent
    assert "test_reporting.py" in sent
    assert answer.headers["X-Request-ID"] in sent
    assert_tells_nothing(sent)


def test_sentry_hears_once_of_a_database_that_is_away() -> None:
    gone = OperationalError("could not connect")
    gone.__cause__ = OSError(28, "No space left on device")
    hint = {"exc_info": (OperationalError, gone, None)}

    with mock.patch.object(sentry, "_allowance", reporting.Allowance()):
        answers = [sentry.scrubbed({"level": "error"}, hint) for _ in range(5)]

    assert [answer is not None for answer in answers] == [True, False, False, False, False]


def test_without_a_sentry_none_is_begun() -> None:
    with override_settings(SENTRY_DSN=""), mock.patch("sentry_sdk.init") as init:
        sentry.begin()
    init.assert_not_called()
