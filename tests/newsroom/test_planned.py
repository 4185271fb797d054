"""A statement that PostgreSQL knows by name finds what it finds in full, whatever happens to it."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from newsroom import planned
from newsroom.planned import rows

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

NAMED = "SELECT name FROM probe WHERE number = %s AND name LIKE '%%' || %s"


@pytest.fixture(autouse=True)
def table() -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such statements")
    connection.close()
    run("CREATE TABLE probe (number bigint, name varchar(20), day date)")
    run("INSERT INTO probe VALUES (1, '一', '2022-08-02'), (2, '二', NULL), (3, '100%', NULL)")
    yield
    run("DROP TABLE probe")


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def named() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


def ask(sql: str, *values: object) -> list[tuple[object, ...]]:
    return rows("default", sql, values)


def test_what_is_asked_again_is_known_by_name() -> None:
    answers = [ask(NAMED, 1, "一")]
    assert not named()

    answers += [ask(NAMED, 1, "一") for _ in range(9)]

    assert answers == [[("一",)]] * 10
    assert len(named()) == 1
    assert ask(NAMED, 2, "") == [("二",)]
    assert ask(NAMED, 2, "'; DROP TABLE probe; --") == ask(NAMED, 2, None) == []
    assert ask(NAMED, 3, "%") == [("100%",)]


def test_values_of_all_kinds_come_as_they_are() -> None:
    sql = "SELECT number, day, %s::text FROM probe WHERE number = ANY(%s) AND day >= %s LIMIT %s"
    day = datetime.date(2022, 8, 2)

    for since in (day, "2022-08-02"):
        for _ in range(3):
            assert ask(sql, "%s", [1, 2], since, 5) == [(1, day, "%s")]
            assert ask("SELECT count(*) FROM probe") == [(3,)]
    assert ask(sql, "", [], day, 5) == []
    assert len(named()) == 2


def test_another_connection_is_asked_in_full_first() -> None:
    for _ in range(3):
        ask(NAMED, 1, "一")
    connection.close()

    assert ask(NAMED, 1, "一") == [("一",)]
    assert not named()


def test_what_a_pool_has_forgotten_is_asked_in_full() -> None:
    for _ in range(3):
        ask(NAMED, 1, "一")
    run("DEALLOCATE ALL")

    assert [ask(NAMED, 1, "一") for _ in range(3)] == [[("一",)]] * 3
    assert not named()


def test_what_a_pool_has_heard_from_others_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ask(NAMED, 1, "一")
    planned._known.clear()

    assert [ask(NAMED, 1, "一") for _ in range(3)] == [[("一",)]] * 3
    assert len(named()) == 1


def test_a_migration_under_way_costs_nobody_an_answer() -> None:
    sql = "SELECT number, name FROM probe WHERE number = %s"
    for _ in range(3):
        ask(sql, 1)
    run("ALTER TABLE probe ALTER name TYPE varchar(40)")

    assert [ask(sql, 1) for _ in range(3)] == [[(1, "一")]] * 3


def test_a_statement_that_cannot_be_prepared_is_asked_in_full() -> None:
    assert [ask("SELECT %s IS NULL", None) for _ in range(3)] == [[(True,)]] * 3
    assert not named()


def test_within_a_transaction_nothing_is_tried() -> None:
    with transaction.atomic():
        assert [ask("SELECT %s IS NULL", None) for _ in range(3)] == [[(True,)]] * 3
        assert [ask(NAMED, 1, "一") for _ in range(3)] == [[("一",)]] * 3
        assert not named()


def test_a_connection_learns_so_many_names_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "MOST", 3)

    for _ in range(3):
        for n in range(5):
            assert ask(f"SELECT {n} + %s", 1) == [(n + 1,)]

    assert len(named()) == 3


def test_a_mistake_is_told() -> None:
    ask(NAMED, 1, "一")
    ask(NAMED, 1, "一")

    with pytest.raises(Exception, match="bigint"):
        ask(NAMED, "一", "一")

    assert ask(NAMED, 1, "一") == [("一",)]
