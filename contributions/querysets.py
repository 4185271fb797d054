"""What can be asked of contributions."""

from __future__ import annotations

import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from articles.models import ArticlePage


class ContributionQuerySet(QuerySet):
    """Contributions, by the newsroom's adjectives."""

    def newest_first(self) -> ContributionQuerySet:
        """Order by arrival, the last one first."""
        return self.order_by("-received_at", "-pk")

    def unread(self) -> ContributionQuerySet:
        """Keep what nobody has opened since it, or its sender's answer, came in."""
        return self.filter(unread=True).exclude(status="spam")

    def printed(self) -> ContributionQuerySet:
        """Keep what became an article that readers get."""
        return self.filter(
            Exists(
                ArticlePage.objects.not_withdrawn().filter(
                    pk=OuterRef("article"), live=True, issue__live=True
                )
            )
        )

    def closed_before(self, moment: datetime.datetime) -> ContributionQuerySet:
        """Keep what was declined or put away as spam, or was printed, before ``moment``."""
        return self.filter(Q(closed_at__lt=moment) | Q(printed_at__lt=moment))

    def containing(self, words: str) -> ContributionQuerySet:
        """Keep what has every one of the ``words`` in its title, text, unit or place."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(title__icontains=word)
                | Q(text__icontains=word)
                | Q(unit__icontains=word)
                | Q(place__icontains=word)
            )
        return found

    def for_inbox(self) -> ContributionQuerySet:
        """Fetch along what the list shows, however many rows, in one query."""
        return self.select_related("assignee", "article__issue", "duplicate_of").annotate(
            files=Count("attachments")
        )
