"""Write what there is to search of an object to the index, on either database."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import BigIntegerField, Func, Manager, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.encoding import force_str
from modelsearch.backends.base import BaseIndex
from modelsearch.index import AutocompleteField, RelatedFields, SearchField, get_indexed_models
from wagtail.search.models import IndexEntry

from .tokens import is_square, pairs, plain_passages

# How entries are made; raised whenever that changes. Each entry carries it in a column of
# modelsearch's that is of no use here (it would weigh ranks by the length of titles), so that
# entries of an older making are known (search.agreement).
MAKING = 101.0
PASSAGE_END = "\ue000"  # a word that nobody can ask for: no term spans two passages
WRITTEN = ["title", "body", "autocomplete", "title_norm"]
if connection.vendor == "postgresql":
    WRITTEN += ["title_text", "body_text"]


class Index(BaseIndex):
    """Wagtail's table of entries, filled with pairs of characters.

    An entry has two texts: the *title*, which is also what the admin's lists are searched by
    (AutocompleteField), and the *body*, which is everything.
    """

    def add_items(self, model: type[Model], items: Iterable[Any]) -> None:
        """Write the entries of these objects of one model."""
        content_type = ContentType.objects.get_for_model(model)
        IndexEntry.objects.bulk_create(
            [
                IndexEntry(content_type=content_type, object_id=str(item.pk), **columns_of(item))
                for item in items
            ],
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=WRITTEN,
        )

    def delete_item(self, item: Model) -> None:
        """Remove the entry of an object."""
        entries_of(type(item)).filter(object_id=str(item.pk)).delete()

    def reset(self) -> None:
        """Remove every entry."""
        IndexEntry.objects.all().delete()

    def delete_stale_entries(self) -> None:
        """Remove entries of what is no longer there, or no longer indexed."""
        for entries in stale_entries():
            entries.delete()


class Rebuilder:
    """Lets ``update_index`` write every entry anew while readers go on searching."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def start(self) -> Index:
        """Remove what is stale; the rest is written over, some hundred at a time."""
        self.index.delete_stale_entries()
        return self.index

    def finish(self) -> None:
        """Leave things as they are."""


def entries_of(model: type[Model]) -> QuerySet[Any]:
    """Return the entries of objects of exactly this model."""
    return IndexEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))


def objects_of(entries: QuerySet[Any]) -> QuerySet[Any]:
    """Return the primary keys that entries stand for: those of all indexed models are numbers."""
    return entries.order_by().values_list(Cast("object_id", BigIntegerField()))


def stale_entries() -> Iterator[QuerySet[Any]]:
    """Yield the entries whose objects are gone, model by model."""
    known = []
    for model in get_indexed_models():
        entries = entries_of(model).annotate(key=Cast("object_id", BigIntegerField()))
        yield entries.exclude(key__in=model.get_indexed_objects().order_by().values("pk"))
        known.append(ContentType.objects.get_for_model(model))
    yield IndexEntry.objects.exclude(content_type__in=known)


# One object


def columns_of(item: Any) -> dict[str, Any]:
    """Return the columns of the entry of an object."""
    title, body = texts_of(item)
    return {**_columns(title, body), "title_norm": MAKING}


def stored_texts(entry: Any) -> tuple[str, str]:
    """Return what is kept in an entry: ``comparable`` of its object, if it is right."""
    if connection.vendor == "postgresql":
        return entry.title_text, entry.body_text
    return entry.title, entry.body


def comparable(item: Any) -> tuple[str, str]:
    """Return what ``stored_texts`` of the entry of an object must be."""
    title, body = texts_of(item)
    if connection.vendor == "postgresql":
        return title, body
    return spelled_passages(title), spelled_passages(body)


def texts_of(item: Any) -> tuple[str, str]:
    """Return the plain title and body (``plain_passages``) of an object."""
    titles: list[str] = []
    others: list[str] = []
    for field, value in _values(item, item.get_search_fields()):
        is_title = isinstance(field, AutocompleteField) or field.field_name == "title"
        (titles if is_title else others).extend(_strings(value))
    return plain_passages(titles), plain_passages([*titles, *others])


def _values(item: Any, fields: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield the values of the fields to search, and of those of related objects."""
    for field in fields:
        if isinstance(field, (SearchField, AutocompleteField)):
            yield field, field.get_value(item)
        elif isinstance(field, RelatedFields):
            related = field.get_value(item)
            for each in related.all() if isinstance(related, Manager) else [related]:
                if each is not None:
                    yield from _values(each, field.fields)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _strings(each)
    elif value is not None:
        yield force_str(value)


# What each database is given


def spelled_passages(text: str) -> str:
    """Return a plain text as SQLite indexes it: words with spaces between them."""
    passages = (spelled(" ".join(pairs(line))) for line in text.splitlines())
    return f" {PASSAGE_END} ".join(passages)


def spelled(words: str) -> str:
    """Return words as SQLite's tokenizer leaves each in one piece.

    It was made for Unicode 6.1: to it, a letter that is younger parts words like a comma.
    """
    return words.translate(_SPELLED)


class _Spelled(dict[int, str]):
    """How each character is spelled, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        known = unicodedata.ucd_3_2_0.category(chr(code))[0] in "LNZ"
        self[code] = written = chr(code) if known else f"x{code:x}x"
        return written


_SPELLED = _Spelled()


def _for_sqlite(title: str, body: str) -> dict[str, Any]:
    return {"title": spelled_passages(title), "body": spelled_passages(body), "autocomplete": ""}


def _for_postgresql(title: str, body: str) -> dict[str, Any]:
    return {
        "title": _vector(title),
        "body": _vector(body),
        "autocomplete": _vector(""),
        "title_text": title,
        "body_text": body,
    }


def _vector(text: str) -> Func:
    """Return the pairs, and the characters one by one, as a tsvector without places.

    So there is no parser, no dictionary, and no limit of 16,383 places. Whether pairs stand one
    after another is seen in the text itself (search.backend).
    """
    characters = filter(is_square, set(text))
    words = " ".join({*pairs(text), *characters})
    array = Func(Value(words), Value(" "), function="string_to_array")
    return Func(array, function="array_to_tsvector", output_field=SearchVectorField())


_columns: Callable[[str, str], dict[str, Any]] = (
    _for_postgresql if connection.vendor == "postgresql" else _for_sqlite
)
