"""Tell where the index and what it stands for disagree, and put it right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField
from django.db.models.functions import Cast
from modelsearch.index import get_indexed_models
from wagtail.search.backends import get_search_backend

from .entries import MAKING, comparable, entries_of, stale_entries, stored_texts

AT_ONCE = 200


@dataclass(slots=True)
class Disagreement:
    """What is wrong with the entries of one model: keys of objects."""

    model: Any
    missing: set[int] = field(default_factory=set)
    made_otherwise: set[int] = field(default_factory=set)
    wrong: set[int] = field(default_factory=set)

    @property
    def to_write(self) -> list[int]:
        """Return the keys of what has to be indexed anew."""
        return sorted(self.missing | self.made_otherwise | self.wrong)


def disagreements(*, with_texts: bool) -> Iterator[Disagreement]:
    """Yield what is wrong, for each model of which something is.

    ``with_texts`` reads every object and compares what should be found with what is: a
    millisecond or two each. Without, only rows are counted.
    """
    for model in get_indexed_models():
        found = Disagreement(model)
        entries = entries_of(model).annotate(key=Cast("object_id", BigIntegerField()))
        objects = model.get_indexed_objects().order_by("pk")
        found.missing.update(
            objects.exclude(pk__in=entries.values("key")).values_list("pk", flat=True)
        )
        found.made_otherwise.update(
            entries.exclude(title_norm=MAKING)
            .filter(key__in=objects.order_by().values("pk"))
            .values_list("key", flat=True)
        )
        if with_texts:
            found.wrong.update(_wrong(objects, entries))
            found.wrong -= found.made_otherwise
        if found.to_write:
            yield found


def count_stale() -> int:
    """Return how many entries stand for nothing that is there."""
    return sum(entries.count() for entries in stale_entries())


def repair(found: Disagreement) -> None:
    """Index anew what is wrong."""
    keys = found.to_write
    for start in range(0, len(keys), AT_ONCE):
        objects = found.model.get_indexed_objects().filter(pk__in=keys[start : start + AT_ONCE])
        get_search_backend().add_bulk(found.model, objects)


def remove_stale() -> None:
    """Remove entries that stand for nothing that is there."""
    for entries in stale_entries():
        entries.delete()


def _wrong(objects: Any, entries: Any) -> Iterator[int]:
    last = 0
    while some := list(objects.filter(pk__gt=last)[:AT_ONCE]):
        last = some[-1].pk
        stored = {
            entry.key: stored_texts(entry) for entry in entries.filter(key__in=[o.pk for o in some])
        }
        for each in some:
            if each.pk in stored and stored[each.pk] != comparable(each):
                yield each.pk
