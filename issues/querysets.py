"""What can be asked of issues."""

from __future__ import annotations

import datetime

from django.db.models import Count, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from newsroom.querysets import PaperQuerySet, year_of


class IssueQuerySet(PaperQuerySet):
    """Issues, by the newsroom's adjectives."""

    issue_date = "date"

    def published(self, request: object | None = None) -> IssueQuerySet:
        """Keep the public issues that this reader may see (``ArticleQuerySet.published``)."""
        return self.live().open_to(request)

    def newest_first(self) -> IssueQuerySet:
        """Order by date, then number: two issues of one day (号外) keep their order."""
        return self.order_by("-date", "-number")

    def before(self, issue: object) -> IssueQuerySet:
        """Keep the issues that came out earlier than ``issue``."""
        earlier = Q(date__lt=issue.date) | Q(date=issue.date, number__lt=issue.number)
        # An index begins where one condition says; of either of two, it reads every day there is.
        return self.filter(earlier, date__lte=issue.date)

    def after(self, issue: object) -> IssueQuerySet:
        """Keep the issues that came out later than ``issue``."""
        later = Q(date__gt=issue.date) | Q(date=issue.date, number__gt=issue.number)
        return self.filter(later, date__gte=issue.date)

    def with_covers(self, size: str) -> IssueQuerySet:
        """Say along, as ``cover``, where the first printed page lies in a size; None if nowhere."""
        pages = self.model._meta.get_field("folios").related_model.objects.filter(
            issue=OuterRef("pk"), page_image__isnull=False
        )
        # That of another page would be no cover, while the first has none in this size.
        in_size = FilteredRelation(
            "page_image__renditions", condition=Q(page_image__renditions__filter_spec=size)
        )
        files = pages.annotate(in_size=in_size).order_by("number").values("in_size__file")
        return self.annotate(cover=Subquery(files[:1]))

    def by_year(self) -> QuerySet:
        """Return each year, in four digits, with how many there are of it; the latest first."""
        years = self.order_by().annotate(year=year_of("date")).values_list("year")
        return years.annotate(count=Count("pk")).order_by("-year")

    def in_use(self) -> IssueQuerySet:
        """Keep the issues that count in the sequence: public ones and ones with articles.

        A draft that was only opened and left (autosave keeps it) holds no number back.
        """
        return self.filter(Q(numchild__gt=0) | Q(live=True) | Q(first_published_at__isnull=False))

    def unused(self) -> IssueQuerySet:
        """Keep the drafts that nobody has put an article into."""
        return self.filter(numchild=0, live=False, first_published_at__isnull=True)

    def in_the_making(self) -> IssueQuerySet:
        """Keep what is still to come out: never public, or taken back and not overtaken since."""
        wanted = Q(first_published_at__isnull=True)
        if latest := self.model.objects.live().newest_first().first():
            wanted |= Q(date__gt=latest.date) | Q(date=latest.date, number__gt=latest.number)
        else:
            wanted = Q()
        return self.filter(wanted, live=False)

    def with_article_counts(self) -> IssueQuerySet:
        """Annotate ``articles_signed`` and ``articles_in_all``."""
        return self.annotate(
            articles_in_all=Count("articles"),
            articles_signed=Count("articles", filter=Q(articles__live=True)),
        )


class PreviewLinkQuerySet(QuerySet):
    """Links to unpublished issues."""

    def open(self, at: datetime.datetime | None = None) -> PreviewLinkQuerySet:
        """Keep those that still open their issue."""
        return self.filter(revoked_at=None, until__gt=at or timezone.now())
