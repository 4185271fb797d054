"""Remember what the rules said of an issue for as long as nobody touched it.

A board asks every five seconds. Whether the copy, its order or what was accepted changed is told
by what is read anyway. What changes elsewhere (house lists, photos of the library, other issues)
is seen half a minute later here, and at once on the screen of the checks and by publishing.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Max, OuterRef, Subquery, Value

from articles.models import ArticlePage
from desk.proofreading.models import AcceptedAlarm
from desk.proofreading.report import Report, report
from issues.querysets import IssueQuerySet

KEPT_SECONDS = 30
COLUMNS = (
    *("pk", "number", "folio", "section_id", "prominence"),
    *("latest_revision_id", "live_revision_id", "withdrawn_at"),
)


def with_accepted_alarms(issues: IssueQuerySet) -> IssueQuerySet:
    """Annotate what tells whether an alarm was accepted, or taken back, meanwhile."""
    # Grouped by what is the same in all: they belong to the issue or to articles of it.
    accepted = AcceptedAlarm.objects.of(OuterRef("pk")).annotate(all=Value(1)).values("all")
    return issues.annotate(
        alarms_accepted=Subquery(accepted.annotate(number=Count("pk")).values("number")),
        alarm_accepted_last=Subquery(accepted.annotate(last=Max("pk")).values("last")),
    )


def checked(issue: Any, articles: Iterable[ArticlePage]) -> Report:
    """Return the report on ``issue`` (``with_accepted_alarms``), of which ``articles`` are."""
    copy = [tuple(getattr(article, column) for column in COLUMNS) for article in articles]
    accepted = (issue.alarms_accepted, issue.alarm_accepted_last)
    pages = [(folio.number, folio.page_image_id, folio.hot_areas) for folio in issue.folios.all()]
    state = repr((issue.pk, issue.latest_revision_id, issue.live, pages, copy, accepted))
    key = f"board:report:{sha256(state.encode()).hexdigest()}"
    held = cache.get(key)
    if not isinstance(held, Report):
        held = report(issue)
        cache.set(key, held, KEPT_SECONDS)
    return held
