"""Recognise a text that was sent, or printed, before; it is flagged, never refused."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Count, QuerySet

from articles.models import ArticlePage
from articles.reading import plain_paragraphs

from .models import Contribution, Trace
from .similar import ALIKE, resemblance, sketch

MOST_COMPARED = 20


def leave_traces(*, contribution: Contribution) -> None:
    """Flag what ``contribution`` repeats, and keep its sketch for those to come."""
    values = sketch(contribution.text)
    contribution.duplicate_of, contribution.printed_before = _likest(values)
    contribution.save(update_fields=["duplicate_of", "printed_before"])
    Trace.objects.bulk_create([Trace(value=value, contribution=contribution) for value in values])


@transaction.atomic
def trace_article(*, article: ArticlePage) -> None:
    """Keep the sketch of a signed article, in place of an older one."""
    Trace.objects.filter(article=article).delete()
    values = sketch("\n".join(plain_paragraphs(article)))
    Trace.objects.bulk_create([Trace(value=value, article=article) for value in values])


def _likest(values: tuple[int, ...]) -> tuple[Contribution | None, ArticlePage | None]:
    """Return the contribution and the public article most like a sketch, where any is alike."""
    shared = Trace.objects.filter(value__in=values)
    contributions = _most_shared(shared.exclude(contribution=None), "contribution")
    public = shared.filter(article__live=True, article__issue__live=True)
    articles = _most_shared(public, "article")
    sent = _nearest(
        values,
        Trace.objects.filter(contribution__in=contributions).values_list("contribution", "value"),
    )
    printed = _nearest(
        values, Trace.objects.filter(article__in=articles).values_list("article", "value")
    )
    return (
        Contribution.objects.filter(pk=sent).first() if sent else None,
        ArticlePage.objects.filter(pk=printed).first() if printed else None,
    )


def _most_shared(shared: QuerySet[Trace], owner: str) -> list[int]:
    """Return the keys of those that share most; of a flood of one text the last few will do."""
    counted = shared.values(owner).annotate(number=Count("pk")).order_by("-number", f"-{owner}")
    return list(counted.values_list(owner, flat=True)[:MOST_COMPARED])


def _nearest(values: tuple[int, ...], rows: Iterable[tuple[int, int]]) -> int | None:
    """Return the key of the sketch among ``rows`` (key, value) that is alike most, if any is."""
    sketches: dict[int, list[int]] = defaultdict(list)
    for key, value in rows:
        sketches[key].append(value)
    likeness = {key: resemblance(values, tuple(sorted(other))) for key, other in sketches.items()}
    best = max(likeness, key=likeness.__getitem__, default=None)
    return best if best is not None and likeness[best] >= ALIKE else None
