"""What can be asked of articles, and of the corrections to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet, Value
from django.db.models.functions import Replace
from wagtail.models import WorkflowState
from wagtail.search.queryset import SearchableQuerySetMixin

from newsroom.querysets import PaperQuerySet, year_of

if TYPE_CHECKING:
    from newsroom.models import Contributor


class ArticleQuerySet(PaperQuerySet):
    """Articles, by the newsroom's adjectives."""

    issue_date = "issue__issuepage__date"

    def published(self, request: object | None = None) -> ArticleQuerySet:
        """Keep what a reader may see: signed off, in a public issue, not withdrawn, not closed.

        The visibility rule of the whole paper; every list, file, feed and search uses this.
        ``request`` names the reader; without one, everything under a restriction is left out.
        What stays inside is left out for those outside, with or without one.
        """
        return self.live().filter(issue__live=True).not_withdrawn().open_to(request)

    def not_withdrawn(self) -> ArticleQuerySet:
        """Leave out what was taken from the readers."""
        return self.filter(withdrawn_at__isnull=True)

    def withdrawn(self) -> ArticleQuerySet:
        """Keep what was taken from the readers."""
        return self.filter(withdrawn_at__isnull=False)

    def signed_by(self, contributor: Contributor | int) -> ArticleQuerySet:
        """Keep what was printed under the contributor's own name."""
        bylines = self.model._meta.get_field("bylines").related_model.objects.order_by()
        signed = bylines.in_own_name().filter(contributor=contributor)
        return self.filter(pk__in=signed.values("article"))

    def in_print_order(self) -> ArticleQuerySet:
        """Order as printed: the tree keeps folio and place (issues.placing)."""
        return self.order_by("path")

    def newest_first(self) -> ArticleQuerySet:
        """Order by issue, the latest first, and within an issue as printed."""
        return self.order_by("-issue__issuepage__date", "-issue__issuepage__number", "path")

    def count_by_year(self) -> dict[int, int]:
        """Return how many there are of each year, the latest first."""
        counted = (
            self.order_by()
            .values(year=year_of("issue__issuepage__date"))
            .annotate(count=Count("pk"))
            .order_by("-year")
        )
        return {int(row["year"]): row["count"] for row in counted}

    def with_issues(self) -> ArticleQuerySet:
        """Fetch the issue along: ``article.issue.issuepage``."""
        return self.select_related("issue__issuepage")

    def with_bylines(self) -> ArticleQuerySet:
        """Fetch bylines, in printed order, and sections along."""
        return self.select_related("section").prefetch_related("bylines")

    def prefetch_workflow_states(self) -> ArticleQuerySet:
        """Fetch the review of each article along.

        Wagtail's own looks for reviews of plain pages wherever the rows are of a page model.
        """
        reviews = WorkflowState.objects.active().select_related("current_task_state__task")
        return self.prefetch_related(
            Prefetch("_specific_workflow_states", reviews, to_attr="_current_workflow_states")
        )

    def for_contents(self) -> ArticleQuerySet:
        """Leave the text unread: a list of contents needs headlines only.

        ``is_corrected`` tells whether there is a correction.
        """
        corrections = self.model._meta.get_field("corrections").related_model.objects
        is_corrected = Exists(corrections.filter(article=OuterRef("pk")))
        return (
            self.select_related("section")
            .defer("body", "standfirst")
            .annotate(is_corrected=is_corrected)
        )

    def with_corrections(self) -> ArticleQuerySet:
        """Fetch the corrections along, newest first: lists mark an article that has one."""
        return self.prefetch_related("corrections")


class BylineQuerySet(QuerySet):
    """Names under articles, by the newsroom's adjectives."""

    def in_own_name(self) -> BylineQuerySet:
        """Keep those that print their contributor's name, however it is spaced.

        What somebody signed with another name is left out: a pen name is not for us to give away.
        """
        return self.alias(printed=_unspaced("name"), own=_unspaced("contributor__name")).filter(
            printed=F("own")
        )


class CorrectionQuerySet(SearchableQuerySetMixin, QuerySet):
    """Corrections, by the newsroom's adjectives."""

    def published(self, request: object | None = None) -> CorrectionQuerySet:
        """Keep those of articles that a reader may see (``ArticleQuerySet.published``)."""
        articles = self.model._meta.get_field("article").related_model.objects
        # Not article__in: SQLite would gather every article of the paper first.
        return self.filter(Exists(articles.published(request).filter(pk=OuterRef("article"))))

    def newest_first(self) -> CorrectionQuerySet:
        """Order by date; of one day, the one added last comes first."""
        return self.order_by("-date", "-pk")

    def waiting_for_print(self) -> CorrectionQuerySet:
        """Keep what a later issue is still to print."""
        return self.filter(needs_printing=True, printed_in__isnull=True)

    def with_articles(self) -> CorrectionQuerySet:
        """Fetch along, in the same query, the article without its text, and its issue."""
        return self.select_related("article__issue__issuepage").defer(
            "article__body", "article__standfirst"
        )


def _unspaced(name: str) -> Replace:
    """Return the name without the spaces that ``bylines.UNSPACED`` takes out."""
    return Replace(Replace(name, Value(" "), Value("")), Value("\u3000"), Value(""))
