"""What can be asked of issues."""

from __future__ import annotations

from django.db.models import Count, Q

from newsroom.querysets import PaperQuerySet


class IssueQuerySet(PaperQuerySet):
    """Issues, by the newsroom's adjectives."""

    def published(self, request: object | None = None) -> IssueQuerySet:
        """Keep the public issues that this reader may see (``ArticleQuerySet.published``)."""
        return self.live().open_to(request)

    def newest_first(self) -> IssueQuerySet:
        """Order by date, then number: two issues of one day (号外) keep their order."""
        return self.order_by("-date", "-number")

    def before(self, issue: object) -> IssueQuerySet:
        """Keep the issues that came out earlier than ``issue``."""
        return self.filter(Q(date__lt=issue.date) | Q(date=issue.date, number__lt=issue.number))

    def after(self, issue: object) -> IssueQuerySet:
        """Keep the issues that came out later than ``issue``."""
        return self.filter(Q(date__gt=issue.date) | Q(date=issue.date, number__gt=issue.number))

    def in_use(self) -> IssueQuerySet:
        """Keep the issues that count in the sequence: public ones and ones with articles.

        A draft that was only opened and left (autosave keeps it) holds no number back.
        """
        return self.filter(Q(numchild__gt=0) | Q(live=True) | Q(first_published_at__isnull=False))

    def unused(self) -> IssueQuerySet:
        """Keep the drafts that nobody has put an article into."""
        return self.filter(numchild=0, live=False, first_published_at__isnull=True)

    def with_article_counts(self) -> IssueQuerySet:
        """Annotate ``articles_signed`` and ``articles_in_all``."""
        return self.annotate(
            articles_in_all=Count("articles"),
            articles_signed=Count("articles", filter=Q(articles__live=True)),
        )
