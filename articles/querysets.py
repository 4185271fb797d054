"""What can be asked of articles."""

from __future__ import annotations

from newsroom.querysets import PaperQuerySet


class ArticleQuerySet(PaperQuerySet):
    """Articles, by the newsroom's adjectives."""

    def published(self, request: object | None = None) -> ArticleQuerySet:
        """Keep what a reader may see: signed off, in a public issue, in no closed part of the site.

        The visibility rule of the whole paper; every list, file, feed and search uses this.
        ``request`` names the reader; without one, everything under a restriction is left out.
        """
        return self.live().filter(issue__live=True).open_to(request)

    def in_print_order(self) -> ArticleQuerySet:
        """Order as printed: the tree keeps folio and place (issues.placing)."""
        return self.order_by("path")

    def with_bylines(self) -> ArticleQuerySet:
        """Fetch bylines, in printed order, and sections along."""
        return self.select_related("section").prefetch_related("bylines")

    def for_contents(self) -> ArticleQuerySet:
        """Leave the text unread: a list of contents needs headlines only."""
        return self.select_related("section").defer("body", "standfirst")
