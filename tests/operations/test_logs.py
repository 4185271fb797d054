"""The log says where something failed and under which number, and nothing of anybody."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from django.db import OperationalError
from django.test import Client, override_settings

from operations import logs, request_ids
from operations.logs import JsonFormatter, LineFormatter

SECRET = "王某的稿件"


def record_of(message: str, *args: object, error: Exception | None = None) -> logging.LogRecord:
    info = None
    if error is not None:
        try:
            raise error
        except Exception:
            info = sys.exc_info()
    return logging.LogRecord("django.request", logging.ERROR, "x.py", 1, message, args, info)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Not Found: /preview/Zm9vYmFy/3/", "Not Found: /preview/…"),
        ("/hant/unsubscribe/abc-DEF_1/", "/hant/unsubscribe/…"),
        ("/subscribe/confirm/abc/ failed", "/subscribe/confirm/… failed"),
        ("/admin/password_reset/confirm/MQ/c1-x/", "/admin/password_reset/confirm/…"),
        ("GET /search/?q=棋&page=2 took long", "GET /search/?… took long"),
        ("/closed/0123456789abcdef0123456789/", "/closed/…/"),
        ("mail to wang.mou@example.org", "mail to …@…"),
        ("code ABCD-EFGH-JKMN-PQRS", "code …"),
        ("tel 13800000000", "tel …"),
        ("from 192.0.2.7, port 80", "from …, port 80"),
        ("127.0.0.1:8000 of version 5.2.19", "127.0.0.1:8000 of version 5.2.19"),
        ("/450/3/ and /archive/2022/", "/450/3/ and /archive/2022/"),
    ],
)
def test_addresses_that_are_keys_and_persons_are_left_out(said: str, told: str) -> None:
    assert logs.discreet(said) == told


@pytest.mark.parametrize("formatter", [LineFormatter(), JsonFormatter()])
def test_the_words_of_an_error_are_left_out_and_its_place_is_told(
    formatter: logging.Formatter,
) -> None:
    record = record_of("failed", error=ValueError(f"cannot read {SECRET}"))
    record.exc_text = f"what another handler made of it: {SECRET}"

    line = formatter.format(record)

    assert SECRET not in line
    assert "ValueError" in line
    assert "test_logs.py" in line


def test_what_an_error_was_caused_by_is_told_too() -> None:
    error = KeyError(SECRET)
    error.__cause__ = FileNotFoundError(2, "No such file or directory", f"/x/{SECRET}")

    line = LineFormatter().format(record_of("failed", error=error))

    assert "FileNotFoundError: No such file or directory" in line
    assert SECRET not in line


def test_trouble_of_the_machine_is_one_line() -> None:
    error = OperationalError("unable to open database file")
    error.__cause__ = OSError(28, "No space left on device")

    line = LineFormatter().format(record_of("Service Unavailable: /450/", error=error))

    assert "\n" not in line
    assert "disk full" in line


def test_json_is_one_object_a_line_with_the_number_of_the_request() -> None:
    token = request_ids._current.set("0123456789ab")
    try:
        line = JsonFormatter().format(record_of("到\n了", error=ValueError()))
    finally:
        request_ids._current.reset(token)

    assert "\n" not in line
    told = json.loads(line)
    assert (told["request"], told["message"], told["level"]) == ("0123456789ab", "到\n了", "ERROR")
    assert told["errors"][0]["error"] == "ValueError"


@pytest.mark.parametrize("given", ["0123456789abcdef", "a1b2c3d4-e5f6"])
def test_the_number_that_our_proxy_gave_is_taken_and_sent_back(given: str) -> None:
    with override_settings(PROXIES=1):
        answer = Client().get("/wp-login.php", headers={"x-request-id": given})

    assert answer.headers["X-Request-ID"] == given


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f g", "12345678\u00e9", "<b>12345678"]
)
def test_a_number_that_is_not_sane_is_replaced(given: str) -> None:
    with override_settings(PROXIES=1):
        answer = Client().get("/wp-login.php", headers={"x-request-id": given})

    assert answer.headers["X-Request-ID"] != given
    assert len(answer.headers["X-Request-ID"]) == 32


def test_without_a_proxy_a_client_chooses_no_number() -> None:
    with override_settings(PROXIES=0):
        answer = Client().get("/wp-login.php", headers={"x-request-id": "0123456789abcdef"})

    assert answer.headers["X-Request-ID"] != "0123456789abcdef"
