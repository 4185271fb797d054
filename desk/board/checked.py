"""Remember what the rules said of an issue for as long as nobody touched it.

A board asks every five seconds. Whether the copy, its order or what was accepted changed is told
by two queries; what changes elsewhere (house lists, photos of the library, other issues) is seen
half a minute later here, and at once on the screen of the checks and by publishing.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from django.core.cache import cache
from django.db.models import Count, Max

from articles.models import ArticlePage
from desk.proofreading.models import AcceptedAlarm
from desk.proofreading.report import Report, report
from issues.models import IssuePage

KEPT_SECONDS = 30
COLUMNS = (
    *("pk", "number", "folio", "section_id", "prominence"),
    *("latest_revision_id", "live_revision_id", "withdrawn_at"),
)


def checked(issue: IssuePage, articles: Iterable[ArticlePage]) -> Report:
    """Return the report on ``issue``, whose ``articles`` have just been read."""
    copy = [
        tuple(getattr(article, column) for column in COLUMNS)
        for article in articles
    ]
    accepted = AcceptedAlarm.objects.filter(issue=issue).aggregate(Count("pk"), Max("pk"))
    state = repr((issue.pk, issue.latest_revision_id, issue.live, copy, accepted))
    key = f"board:report:{sha256(state.encode()).hexdigest()}"
    held = cache.get(key)
    if not isinstance(held, Report):
        held = report(issue)
        cache.set(key, held, KEPT_SECONDS)
    return held
