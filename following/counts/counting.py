"""Count what is read: collect it, and add it to the rows of the articles."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.db import connection, transaction
from django.utils import timezone

from articles.models import ArticlePage

from .buffer import Buffer
from .models import ReadCount, Span

__all__ = ["READS", "Address", "add_reads"]

Address = tuple[int, int]  # the number of an issue, and of an article in it

# How long the rows of a span are of use; the others are kept.
KEPT = {Span.WEEK: datetime.timedelta(weeks=9), Span.MONTH: datetime.timedelta(days=750)}
COLUMNS = "article_id, span, since, count"
ROW = "(%s, %s, %s, %s)"


def add_reads(reads: Mapping[Address, int], *, day: datetime.date | None = None) -> None:
    """Add ``reads`` to what was counted, in one statement; what is not public is left out.

    The database adds, so that several processes may do so at the same moment.
    """
    day = day or timezone.localdate()
    with transaction.atomic():
        # In the order of the keys: two processes that lock rows in another order would wait for
        # each other for ever.
        articles = sorted(_articles_at(reads).items())
        rows = [
            (article, span.value, span.first_day(day).isoformat(), count)
            for article, count in articles
            for span in Span
        ]
        if not rows:
            return
        table = ReadCount._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({COLUMNS}) VALUES {', '.join([ROW] * len(rows))} "  # noqa: S608  # names of our own
                "ON CONFLICT (article_id, span, since) "
                f"DO UPDATE SET count = {table}.count + excluded.count",
                [value for row in rows for value in row],
            )
        for span, long in KEPT.items():
            ReadCount.objects.filter(span=span, since__lt=day - long).delete()


def _articles_at(reads: Mapping[Address, int]) -> dict[int, int]:
    """Return the keys of the public articles among ``reads``, with their counts."""
    public = (
        ArticlePage.objects.published()
        .filter(
            issue__slug__in={str(issue) for issue, _ in reads},
            number__in={number for _, number in reads},
        )
        .values_list("pk", "issue__slug", "number")
    )
    at = {(int(issue), number): key for key, issue, number in public}
    return {at[address]: count for address, count in reads.items() if address in at}


def _write(reads: Mapping[Address, int]) -> None:
    """Add ``reads`` from a thread of their own, which keeps no connection in between."""
    try:
        add_reads(reads)
    finally:
        connection.close()


READS: Buffer[Address] = Buffer(_write)
