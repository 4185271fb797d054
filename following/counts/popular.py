"""Tell which public articles were read most."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from articles.models import ArticlePage
from issues.archive import ArticleRow
from issues.rows import rows_by_key
from newsroom.prepared import Among, keys_for, mark, prepared
from newsroom.querysets import sight

from .models import ReadCount, Span

__all__ = ["most_read", "most_read_lately"]

# Of those counted most some may be withdrawn by now, or closed to this reader.
LOOKED_AT = 4


def most_read_lately(request: HttpRequest, number: int) -> tuple[Span, tuple[ArticleRow, ...]]:
    """Return what is read most within the shortest span of which something is known."""
    for span in Span:
        if articles := most_read(request, span, number):
            return span, articles
    return Span.ALL, ()


def most_read(
    request: HttpRequest, span: Span, number: int, *, day: datetime.date | None = None
) -> tuple[ArticleRow, ...]:
    """Return so many articles at most, those read most within ``span`` first."""
    since = span.first_day(day or timezone.localdate())
    counted = prepared(("most read", span, since, number), lambda: _counted(span, since, number))
    keys = [key for (key,) in counted.converted()]
    if not keys:
        return ()
    public = prepared(("public of", sight(ArticlePage, request)), lambda: _public(request))
    open_keys = {key for (key,) in public.converted(keys=keys_for(public.using, keys))}
    shown = [key for key in keys if key in open_keys][:number]
    rows = rows_by_key(request, shown)
    return tuple(rows[key] for key in shown)


def _counted(span: Span, since: datetime.date, number: int) -> QuerySet[Any, Any]:
    counted = ReadCount.objects.filter(span=span, since=since).order_by("-count", "-article")
    return counted.values_list("article")[: LOOKED_AT * number]


def _public(request: HttpRequest) -> QuerySet[Any, Any]:
    articles = ArticlePage.objects.published(request).order_by()
    return articles.filter(Among("pk", mark("keys"))).values_list("pk")
