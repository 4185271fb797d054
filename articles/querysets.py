"""What can be asked of articles, and of the corrections to them."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet
from wagtail.models import WorkflowState

from newsroom.querysets import PaperQuerySet


class ArticleQuerySet(PaperQuerySet):
    """Articles, by the newsroom's adjectives."""

    def published(self, request: object | None = None) -> ArticleQuerySet:
        """Keep what a reader may see: signed off, in a public issue, not withdrawn, not closed.

        The visibility rule of the whole paper; every list, file, feed and search uses this.
        ``request`` names the reader; without one, everything under a restriction is left out.
        """
        return self.live().filter(issue__live=True).not_withdrawn().open_to(request)

    def not_withdrawn(self) -> ArticleQuerySet:
        """Leave out what was taken from the readers."""
        return self.filter(withdrawn_at__isnull=True)

    def withdrawn(self) -> ArticleQuerySet:
        """Keep what was taken from the readers."""
        return self.filter(withdrawn_at__isnull=False)

    def in_print_order(self) -> ArticleQuerySet:
        """Order as printed: the tree keeps folio and place (issues.placing)."""
        return self.order_by("path")

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
        """Leave the text unread: a list of contents needs headlines only."""
        return self.select_related("section").defer("body", "standfirst").with_corrections()

    def with_corrections(self) -> ArticleQuerySet:
        """Fetch the corrections along, newest first: lists mark an article that has one."""
        return self.prefetch_related("corrections")


class CorrectionQuerySet(QuerySet):
    """Corrections, by the newsroom's adjectives."""

    def published(self, request: object | None = None) -> CorrectionQuerySet:
        """Keep those of articles that a reader may see (``ArticleQuerySet.published``)."""
        articles = self.model._meta.get_field("article").related_model.objects
        return self.filter(article__in=articles.published(request))

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
