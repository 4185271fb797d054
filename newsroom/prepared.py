"""Ask the database again what was asked before, with other values in it.

Django composes each query anew from Python objects: of a reader's page that was more than half of
what it cost, ten queries of the same few forms. Here a form is composed once, from the queryset
that says what is wanted, with marks for what differs; and asked as often as it is wanted. What
comes back are Django's own objects (docs/pages.md and docs/search.md have the figures).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from copy import copy
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, router
from django.db.models import BooleanField, Func, Model, QuerySet, Value
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler
from modelcluster.queryset import FakeQuerySet

from . import planned

__all__ = [
    *("Among", "Prepared", "converted_together", "fetch_along", "keys_for", "mark", "marked"),
    "prepared",
]

MOST = 500  # forms that are remembered; there are a few dozen, unless somebody tries them all
_known: dict[Hashable, Prepared] = {}


def mark(name: str) -> str:
    """Return what stands in a query where the value ``name`` will; nobody can type it."""
    return f"\x1a{name}\x1a"


def marked(name: str) -> Value:
    """Return the mark for a column that is no text."""
    return Value(mark(name))


class Prepared:
    """A query with marks in it, composed once.

    The databases that a router chooses among are of one kind: what is composed for one is asked
    of any. PostgreSQL plans it once, too, unless ``plan_once`` is off: where the best plan depends
    on the values, as a rare word is found in another way than one that is everywhere.
    """

    def __init__(self, queryset: Any, *, plan_once: bool = True) -> None:
        self.plan_once = plan_once
        self.model: type[Model] = queryset.model
        self._db: str | None = queryset._db
        self.compiler: Any = queryset.query.get_compiler(queryset.db)
        self.sql: str = ""
        self.params: Sequence[Any] = ()
        self.columns: list[Any] = []
        try:
            self.sql, self.params = self.compiler.as_sql()
        except EmptyResultSet:  # a queryset that finds nothing, whatever the values
            return
        columns = [column for column, *_ in self.compiler.select]
        converted = self.compiler.get_converters(columns)
        self.columns = [each if n in converted else None for n, each in enumerate(columns)]
        self.compiler.connection = None  # of the thread that asks (``converted``)

    @property
    def using(self) -> str:
        """Which database is asked."""
        return self._db or router.db_for_read(self.model)

    def rows(self, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Return the rows, as the database gives them, with ``values`` for the marks."""
        if not self.sql:
            return []
        return self._execute(self.sql, self._filled(values))

    def rows_of_each(self, asked: Sequence[Mapping[str, object]]) -> list[tuple[Any, ...]]:
        """Return the rows for several values, in one statement that is planned as one query.

        The query has one column, which is not null, and finds one row at most. To it the values are
        text; one that is compared with something else is cast there.
        """
        if not self.sql:
            return []
        marks = list(asked[0])
        columns = {each: f"asked.column{n}" for n, each in enumerate(marks, 1)}
        params, kept = iter(self.params), []

        def column(place: re.Match[str]) -> str:
            if place[0] == "%%":
                return place[0]
            param = next(params)
            if isinstance(param, str) and param in columns:
                return columns[param]
            kept.append(param)
            return "%s"

        query = planned.PLACE.sub(column, self.sql)
        values = ", ".join([f"({', '.join(['%s'] * len(marks))})"] * len(asked))
        found = self._execute(
            # Django's own, with parameters.
            f"SELECT ({query}) FROM (VALUES {values}) AS asked",  # noqa: S608
            [*kept, *(each[mark] for each in asked for mark in marks)],
        )
        return [row for row in found if row[0] is not None]

    def _filled(self, values: Mapping[str, object]) -> list[Any]:
        return [values.get(each, each) if isinstance(each, str) else each for each in self.params]

    def _execute(self, sql: str, params: Iterable[Any]) -> list[tuple[Any, ...]]:
        if self.plan_once:
            return planned.rows(self.using, sql, list(params))
        with connections[self.using].cursor() as cursor:
            cursor.execute(sql, list(params))
            return list(cursor.fetchall())

    def converted(self, **values: object) -> Iterable[Any]:
        """Return the rows as ``values_list`` does; ``values`` by the names of their marks."""
        return self._converted(self.rows({mark(name): value for name, value in values.items()}))

    def _converted(self, rows: list[tuple[Any, ...]]) -> Iterable[Any]:
        if not rows or not any(self.columns):
            return rows
        compiler = copy(self.compiler)
        compiler.connection = connections[self.using]
        return compiler.apply_converters(rows, compiler.get_converters(self.columns))

    def objects(self, **values: object) -> list[Any]:
        """Return what the queryset returns, with what ``select_related`` and annotations add."""
        rows = self.converted(**values)
        answered: Any = _Answered(self, rows)
        return list(ModelIterable(answered)) if rows else []

    def first(self, **values: object) -> Any:
        """Return the first object, or None."""
        return next(iter(self.objects(**values)), None)


class _Answered:
    """Queryset, query and compiler in one, to Django's iterable: the rows are here already."""

    _known_related_objects: Mapping[Any, Any] = {}

    def __init__(self, asked: Prepared, rows: Iterable[Any]) -> None:
        self.db, self.query, self.model = asked.using, self, asked.model
        self.select = asked.compiler.select
        self.klass_info = asked.compiler.klass_info
        self.annotation_col_map = asked.compiler.annotation_col_map
        self._rows = rows

    def get_compiler(self, using: str) -> _Answered:
        return self

    def execute_sql(self, **kwargs: Any) -> None:
        return None

    def results_iter(self, results: None) -> Iterable[Any]:
        return self._rows


def prepared(
    form: Hashable, compose: Callable[[], QuerySet[Any]], *, plan_once: bool = True
) -> Prepared:
    """Return the query of this ``form``; ``compose`` is asked for it the first time.

    Whatever the SQL depends on but for marks must be part of ``form``: of a queryset that somebody
    else made, its condition (``queryset.query.where``) and its database.
    """
    if (known := _known.get(form)) is None:
        if len(_known) >= MOST:
            _known.clear()
        known = _known[form] = Prepared(compose(), plan_once=plan_once)
    return known


def converted_together(*asked: tuple[Prepared, Mapping[str, object]]) -> list[Any]:
    """Return the rows of several queries in one statement, as ``values_list`` does.

    All have the same columns, and values by the names of their marks. What two of them find comes
    twice, and in no order that may be relied on.
    """
    marked = [
        (each, {mark(name): value for name, value in values.items()}) for each, values in asked
    ]
    finding = next((each for each, _ in asked if each.sql), None)
    return list(finding._converted(_in_one(marked))) if finding else []


def _in_one(asked: Iterable[tuple[Prepared, Mapping[str, object]]]) -> list[tuple[Any, ...]]:
    asked = [(each, values) for each, values in asked if each.sql]
    if not asked:
        return []
    # Django's own, with parameters.
    one = (f"SELECT * FROM ({each.sql}) AS one" for each, _ in asked)  # noqa: S608
    filled = chain.from_iterable(each._filled(values) for each, values in asked)
    return asked[0][0]._execute(" UNION ALL ".join(one), filled)


def fetch_along(owners: Sequence[Model], relation: str, *along: str) -> None:
    """Give each of ``owners`` what points to it, as ``prefetch_related_objects`` does.

    One query, with what the related ones point to by ``along``.
    """
    if not owners:
        return
    reverse: Any = owners[0]._meta.get_field(relation)
    link = reverse.field
    found = prepared((owners[0]._meta.label, relation, along), lambda: _pointing(link, along))
    belonging: dict[Any, list[Model]] = {owner.pk: [] for owner in owners}
    for each in found.objects(owners=keys_for(found.using, belonging)):
        belonging[getattr(each, link.attname)].append(each)
    for owner in owners:
        for each in belonging[owner.pk]:
            link.set_cached_value(each, owner)
        kept = owner.__dict__.setdefault("_prefetched_objects_cache", {})
        kept[relation] = FakeQuerySet(link.model, belonging[owner.pk])


def _pointing(link: Any, along: tuple[str, ...]) -> QuerySet[Any]:
    found = link.model._default_manager.filter(Among(link.name, mark("owners")))
    return found.select_related(*along) if along else found


class Among(Func):
    """Whether a column is one of the keys that a mark stands for (``keys_for``): one value,
    however many they are; ``kind`` is what PostgreSQL calls the column's type."""

    output_field = BooleanField()
    arity = 2

    def __init__(self, column: str, marked: str, kind: str = "bigint") -> None:
        super().__init__(column, Value(marked))
        self.kind = kind

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        """Take them from a list in JSON."""
        template = "%(expressions)s))"
        joiner = " IN (SELECT value FROM json_each("
        return self.as_sql(compiler, connection, template=template, arg_joiner=joiner, **context)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> Any:
        """Take them from an array."""
        template = f"%(expressions)s::{self.kind}[])"
        return self.as_sql(compiler, connection, template=template, arg_joiner=" = ANY(", **context)


def keys_for(using: str, keys: Iterable[object]) -> object:
    """Return ``keys`` as the value that ``Among`` takes."""
    listed = list(keys)
    return json.dumps(listed) if connections[using].vendor == "sqlite" else listed
