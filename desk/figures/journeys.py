"""Fetch the moments of printed pieces: sent in, begun, signed, printed."""

from __future__ import annotations

import datetime

from django.db.models import F, Min
from wagtail.models import PageLogEntry, Revision

from articles.querysets import ArticleQuerySet

from .timing import Journey

__all__ = ["journeys_of"]


def journeys_of(articles: ArticleQuerySet) -> list[Journey]:
    """Return what is known of ``articles``; the same few queries however many they are."""
    begun = _begun()
    rows = articles.order_by("issue__issuepage__date", "issue__issuepage__number", "path").values(
        "pk",
        "title",
        "first_published_at",
        received=F("contribution__received_at"),
        printed=F("issue__first_published_at"),
        issue_number=F("issue__issuepage__number"),
    )
    return [
        Journey(
            pk=row["pk"],
            title=row["title"],
            issue=row["issue_number"],
            received=row["received"],
            drafted=begun.get(row["pk"]),
            signed=row["first_published_at"],
            printed=row["printed"],
        )
        for row in rows
    ]


def _begun() -> dict[int, datetime.datetime]:
    """Return when somebody first saved each page; what a command imported was begun elsewhere.

    Autosave moves a revision's time, so that the log may know an earlier one.
    """
    begun: dict[int, datetime.datetime] = {}
    saved = Revision.objects.page_revisions().filter(user__isnull=False).order_by()
    made = PageLogEntry.objects.filter(action="wagtail.create", user__isnull=False).order_by()
    moments = [
        *saved.values_list("object_id").annotate(Min("created_at")),
        *made.values_list("page_id").annotate(Min("timestamp")),
    ]
    for key, moment in moments:
        begun[int(key)] = min(moment, begun.get(int(key), moment))
    return begun
