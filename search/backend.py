"""Search Chinese with Wagtail's own index, alike on SQLite and PostgreSQL (docs/search.md).

A search backend of Wagtail's (modelsearch's), so that another engine remains a setting. It keeps
Wagtail's table of entries and its indexes, and asks them in one way of its own on both databases:
modelsearch's own ways take a clause of Chinese for one word, rank in quadratic time (SQLite),
scan the whole table (PostgreSQL), and fail on quotation marks (docs/adr/0012-search.md).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    FloatField,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from modelsearch.backends.base import (
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
    FilterFieldError,
)
from modelsearch.query import (
    MATCH_NONE,
    And,
    Boost,
    Fuzzy,
    MatchAll,
    Not,
    Or,
    Phrase,
    PlainText,
    SearchQuery,
)
from modelsearch.utils import get_descendants_content_types_pks
from wagtail.search.models import IndexEntry

from newsroom.prepared import mark

from .asking import LONGEST, Asked, read_query
from .entries import Index, Rebuilder, objects_of, spelled
from .tokens import Term, is_square

__all__ = ["Marked", "SearchBackend", "as_marked", "as_query"]

EVERYTHING = Q(pk__isnull=False)
NOTHING = Q(pk__in=[])


def as_query(asked: Asked) -> SearchQuery:
    """Return what somebody asked for as a query of modelsearch's, which any engine can answer."""
    if asked.is_empty:
        return MATCH_NONE
    wanted = [Phrase(each) for each in (*asked.words, *asked.phrases)]
    return And([*wanted, *(Not(Phrase(each)) for each in asked.excluded)])


class Marked(SearchQuery):
    """Terms told later (``newsroom.prepared``): marks stand for the texts of each column."""

    def __init__(self, marks: Mapping[str, tuple[str, ...]]) -> None:
        self.marks = marks


def as_marked(asked: Asked) -> tuple[SearchQuery, Hashable, dict[str, str]]:
    """Return what is asked with marks for its words; the form it has; what the marks stand for.

    Two that have the same form are the same query but for what the marks stand for.
    """
    form: list[int] = []
    values: dict[str, str] = {}

    def marked(terms: Sequence[Term]) -> Marked:
        marks = {}
        for column in ("title", "body"):
            texts = looked_for(terms, column)
            marks[column] = tuple(mark(f"{column}{len(values) + n}") for n in range(len(texts)))
            values.update(zip(marks[column], texts, strict=True))
        form.append(len(texts))
        return Marked(marks)

    together = marked(asked.wanted)
    query = And([together, *(Not(marked([term])) for term in asked.unwanted)])
    return query, tuple(form), values


class Compiler(BaseSearchQueryCompiler):
    """A search in everything that is indexed of an object."""

    DEFAULT_OPERATOR = "and"
    HANDLES_ORDER_BY_EXPRESSIONS = True

    def __init__(
        self, queryset: QuerySet[Any], query: Any, operator: str | None = None, **options: Any
    ) -> None:
        if isinstance(query, str) and operator != "or":
            query = as_query(read_query(query))
        super().__init__(queryset, query, operator=operator, **options)

    @property
    def column(self) -> str:
        """The text that is searched; the index knows the title and the whole."""
        return "title" if self.fields and set(self.fields) == {"title"} else "body"

    def _get_filters_from_queryset(self, check_only: bool = False) -> None:
        """Check nothing: the database keeps to whatever a queryset asks, also an Exists."""

    def _get_order_by(self) -> Sequence[tuple[bool, Any]]:
        """Return nothing to be checked: the database orders by whatever a queryset can."""
        return ()

    def search(self, score_field: str | None = None) -> QuerySet[Any]:
        """Return the objects that match, the best first.

        What has all of it in the title comes before the rest; within each, the order is the
        queryset's own.
        """
        if isinstance(self.query, MatchAll):
            return self.queryset
        found = self.queryset.filter(pk__in=self._matching(self.column))
        order = [*(found.query.order_by or found.model._meta.ordering), "-pk"]
        ranked = self.order_by_relevance and self.column != "title"  # there, all are title hits
        if score_field or ranked:
            score_field = score_field or "_in_title"
            in_title = When(pk__in=self._matching("title"), then=1.0)
            score = Case(in_title, default=0.0, output_field=FloatField())
            found = found.annotate(**{score_field: score})
        if ranked:
            order.insert(0, f"-{score_field}")
        return found.order_by(*order)

    def _matching(self, column: str) -> QuerySet[Any]:
        """Return the keys of what matches in a column of the index."""
        types = get_descendants_content_types_pks(self.queryset.model)
        entries = IndexEntry.objects.alias(kind=_Unindexed("content_type_id"))
        return objects_of(entries.filter(condition(self.query, column), kind__in=types))


class AutocompleteCompiler(Compiler):
    """A search in titles, and in what else a model has an AutocompleteField for."""

    column = "title"


class Results(BaseSearchResults):
    """What was found; ``get_queryset`` gives all of it, to count and to group."""

    supports_facet = True

    def get_queryset(self) -> QuerySet[Any]:
        """Return the objects found, within the limits set."""
        return self.query_compiler.search(self._score_field)[self.start : self.stop]

    def _do_search(self) -> list[Any]:
        return list(self.get_queryset())

    def _do_count(self) -> int:
        return self.get_queryset().count()

    def facet(self, field_name: str) -> OrderedDict[Any, int]:
        """Return how many were found for each value of a field, the most frequent first."""
        if self.query_compiler._get_filterable_field(field_name) is None:
            raise FilterFieldError(
                f'Add index.FilterField("{field_name}") to {self.model.__name__}.search_fields.',
                field_name=field_name,
            )
        found = self.query_compiler.search().order_by().values(field_name)
        rows = found.annotate(count=Count("pk")).order_by("-count", field_name)
        return OrderedDict((row[field_name], row["count"]) for row in rows)


class SearchBackend(BaseSearchBackend):
    """What WAGTAILSEARCH_BACKENDS names."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = AutocompleteCompiler
    index_class = Index
    results_class = Results
    rebuilder_class = Rebuilder


# From a query to a condition on the entries of the index


def condition(query: SearchQuery, column: str) -> Q:
    """Return the condition by which the entries that match are known."""
    if (terms := _all_of(query)) is not None:
        return standing(looked_for(terms, column), column) if terms else NOTHING
    match query:
        case Marked():
            return standing(query.marks[column], column)
        case MatchAll():
            return EVERYTHING
        case Not():
            return ~condition(query.subquery, column)
        case Boost():
            return condition(query.subquery, column)
        case And():
            together = And([each for each in query.subqueries if _all_of(each) is not None])
            others = [each for each in query.subqueries if _all_of(each) is None]
            if together.subqueries:
                others.append(together)
            return reduce(and_, (condition(each, column) for each in others))
        case Or():
            return reduce(or_, (condition(each, column) for each in query.subqueries), NOTHING)
        case PlainText() | Fuzzy():  # any of the words: all of them are dealt with above
            return condition(Or([Phrase(word) for word in query.query_string.split()]), column)
    raise NotImplementedError(f"{type(query).__name__} is no query that this backend knows.")


def _all_of(query: SearchQuery) -> list[Term] | None:
    """Return the terms of a query that asks for all of some terms, else None."""
    match query:
        case Phrase():
            return _terms([query.query_string])
        case PlainText(operator="and"):
            return _terms(query.query_string[:LONGEST].split())
        case And():
            parts = [_all_of(each) for each in query.subqueries]
            return None if None in parts else [term for part in parts for term in part or ()]
    return None


def _terms(texts: Iterable[str]) -> list[Term]:
    return [term for text in texts if (term := Term.of(text[:LONGEST])).plain]


def looked_for(terms: Sequence[Term], column: str) -> tuple[str, ...]:
    """Return what the database is told to look for so that all of the terms stand in a column."""
    if connection.vendor == "postgresql":
        # The pairs, which the index knows, and those of longer terms as they stand in the text:
        # it is the text that tells whether pairs stand one after another.
        words = {word: None for term in terms for word in _lexemes(term)}
        longer = (f"%{term.pattern}%" for term in terms if len(term.pairs) > 1)
        return " & ".join(words), *longer
    phrases = (f'"{spelled(" ".join(term.pairs))}"{" *" if term.is_open else ""}' for term in terms)
    return (f"{{{column}}} : ({' AND '.join(phrases)})",)


def standing(texts: Sequence[str], column: str) -> Q:
    """Return the condition that these texts (``looked_for``) stand in a column of the index."""
    if connection.vendor == "postgresql":
        return _standing_in_postgresql(texts, column)
    table = apps.get_model("wagtailsearch", "SQLiteFTSIndexEntry")
    found = _Matches(Value(texts[0]), template=f"{table._meta.db_table} MATCH %(expressions)s")
    return Q(pk__in=table.objects.filter(found).values("pk"))


def _standing_in_postgresql(texts: Sequence[str], column: str) -> Q:
    pairs, *longer = texts
    asked = Func(Value(pairs), template="%(expressions)s::tsquery")
    together = Q(_Matches(F(column), asked, arg_joiner=" @@ ", template="%(expressions)s"))
    for text in longer:
        within = (F(f"{column}_text"), Value(text))
        together &= Q(_Matches(*within, arg_joiner=" LIKE ", template="%(expressions)s"))
    # True of every entry, and dear in PostgreSQL's eyes. It takes no account of what it costs to
    # unpack a vector: for a frequent word it would unpack all of them (at 6,000 articles 100 ms)
    # rather than ask the index (10 ms), if asking of many entries did not look dear.
    dear = "to_tsvector('simple', %(expressions)s) IS NOT NULL"
    return together & Q(_Matches(F("object_id"), template=dear))


def _lexemes(term: Term) -> list[str]:
    """Return what of a term stands in a vector: a number or word at the end is a beginning."""
    *first, last = (f"'{pair}'" for pair in term.pairs)
    return [*first, last if is_square(last[1]) else f"{last}:*"]


class _Unindexed(Func):
    """A column by which SQLite is not to look rows up: by that of the kind of object, it looked at
    all 20,000 entries for those few that the full-text table had found."""

    template = "+%(expressions)s"
    arity = 1
    output_field = IntegerField()


class _Matches(Func):
    """A full-text condition."""

    output_field = BooleanField()
