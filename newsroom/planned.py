"""Have PostgreSQL read and plan a statement once in a connection, and ask it by name from then on.

Two thirds of what a page cost in PostgreSQL went into reading and planning its statements
(docs/pages.md). psycopg2 has no call for that, but SQL has: PREPARE and EXECUTE. A statement is
prepared when a connection is asked it again, and planned for whatever values come
(plan_cache_mode in hzgy.settings.data).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, OperationalError, connections

__all__ = ["PLACE", "rows"]

MOST = 100  # statements that a connection knows by name; a few dozen take some MB of its process
PLACE = re.compile("%[s%]")
# There is no such statement: a pool gave us another connection. It would answer in other types: a
# migration changed them meanwhile.
UNKNOWN, CHANGED = "26000", "0A000"
TAKEN = "42P05"  # by the same statement: it is called by its own words (_name)


@dataclass(slots=True)
class _Known:
    """What one connection was asked, and what it calls by name; None where it would not."""

    asked: set[str] = field(default_factory=set)
    names: dict[str, str | None] = field(default_factory=dict)


_known: WeakKeyDictionary[Any, _Known] = WeakKeyDictionary()


def rows(using: str, sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return the rows that ``sql`` finds, whichever database it is asked of."""
    connection = connections[using]
    with connection.cursor() as cursor:
        # Within a transaction, one failure would be the end of it all.
        if connection.vendor == "postgresql" and connection.get_autocommit():
            known = _known.setdefault(connection.connection, _Known())
            if name := _prepared(cursor, known, sql):
                places = f" ({', '.join(['%s'] * len(params))})" if params else ""
                try:
                    cursor.execute(f"EXECUTE {name}{places}", params)
                    return list(cursor.fetchall())
                except DatabaseError as error:
                    if _code(error) not in (UNKNOWN, CHANGED):
                        raise
                    known.names[sql] = None
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _prepared(cursor: Any, known: _Known, sql: str) -> str | None:
    """Return how the connection calls ``sql``; None while it is to be asked in full."""
    if sql in known.names:
        return known.names[sql]
    if sql not in known.asked:
        if len(known.asked) < MOST:
            known.asked.add(sql)
        return None
    name = known.names[sql] = _name(sql)
    try:
        cursor.execute(f"PREPARE {name} AS {_numbered(sql)}")
    except OperationalError:
        raise
    except DatabaseError as error:
        if _code(error) != TAKEN:  # the type of a value cannot be told from the words around it
            known.names[sql] = None
    return known.names[sql]


def _name(sql: str) -> str:
    """Return a name for this statement and no other, whoever gives it."""
    return f"paper_{sha256(sql.encode()).hexdigest()[:40]}"


def _numbered(sql: str) -> str:
    """Return ``sql`` with its places as PostgreSQL writes them: $1, $2."""
    places: Iterator[int] = count(1)
    return PLACE.sub(lambda found: f"${next(places)}" if found[0] == "%s" else "%", sql)


def _code(error: DatabaseError) -> str | None:
    return getattr(error.__cause__, "pgcode", None)
