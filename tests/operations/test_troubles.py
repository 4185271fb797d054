"""Trouble of the machine is told apart from faults of the program."""

from __future__ import annotations

import errno
import sqlite3

import psycopg2
import pytest
from botocore.exceptions import EndpointConnectionError
from django.db import DatabaseError, InterfaceError, OperationalError, connection

from issues.models import IssuePage
from newsroom.models import Contributor
from operations.troubles import Trouble, is_odd_value, trouble_of


def caused_by(error: Exception, outer: Exception) -> Exception:
    outer.__cause__ = error
    return outer


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("words")
    error.sqlite_errorcode = code
    return error


def refused_by_postgres() -> Exception:
    with pytest.raises(psycopg2.OperationalError) as refused:
        psycopg2.connect("host=127.0.0.1 port=1 dbname=x connect_timeout=2")
    return refused.value


def test_a_postgres_that_is_not_there_is_away() -> None:
    error = caused_by(refused_by_postgres(), OperationalError("words"))
    assert trouble_of(error) is Trouble.DATABASE_AWAY


def test_a_connection_that_is_closed_is_away() -> None:
    assert trouble_of(InterfaceError("connection already closed")) is Trouble.DATABASE_AWAY


def test_a_sqlite_file_that_cannot_be_opened_is_away() -> None:
    with pytest.raises(sqlite3.OperationalError) as refused:
        sqlite3.connect("/nowhere/at/all.sqlite3")
    assert trouble_of(caused_by(refused.value, OperationalError())) is Trouble.DATABASE_AWAY


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_BUSY, Trouble.DATABASE_BUSY),
        (sqlite3.SQLITE_BUSY | 2 << 8, Trouble.DATABASE_BUSY),
        (sqlite3.SQLITE_FULL, Trouble.DISK_FULL),
        (sqlite3.SQLITE_IOERR | 10 << 8, Trouble.DATABASE_AWAY),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CORRUPT, None),
    ],
)
def test_what_sqlite_says_is_judged_by_its_code(code: int, trouble: Trouble | None) -> None:
    assert trouble_of(caused_by(sqlite_error(code), OperationalError())) is trouble


def test_a_statement_that_is_wrong_is_a_fault_of_the_program(db: None) -> None:
    with pytest.raises(DatabaseError) as refused, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM there_is_no_such_table")
    assert trouble_of(refused.value) is None


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_found_behind_another_error(number: int) -> None:
    assert trouble_of(caused_by(OSError(number, "full"), ValueError())) is Trouble.DISK_FULL


def test_a_bucket_that_does_not_answer_is_away() -> None:
    error = EndpointConnectionError(endpoint_url="https://oss.example")
    assert trouble_of(error) is Trouble.FILES_AWAY


@pytest.mark.parametrize("error", [None, ValueError(), FileNotFoundError(), OperationalError()])
def test_anything_else_is_no_trouble_of_the_machine(error: Exception | None) -> None:
    assert trouble_of(error) is None


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "x", "1\x00"])
def test_a_number_that_is_none_is_an_odd_value(value: str) -> None:
    with pytest.raises(ValueError, match="expected a number") as refused:
        IssuePage.objects.filter(pk=value).first()
    assert is_odd_value(refused.value)


@pytest.mark.django_db
def test_a_word_that_no_database_takes_is_an_odd_value() -> None:
    with pytest.raises((ValueError, UnicodeError)) as refused:
        list(Contributor.objects.filter(name="\ud83d"))
    assert is_odd_value(refused.value)


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), None, TypeError()])
def test_another_error_is_no_odd_value(error: Exception | None) -> None:
    assert not is_odd_value(error)
