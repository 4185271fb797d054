"""Who may do what to an article."""

from newsroom.permissions import Doors


class ArticleDoors(Doors):
    """编辑 writes, 责任编辑 and 总编 sign; a signed article is deleted by nobody but the admin."""

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        if self.is_admin:
            return True
        # Not super(): it would look for live pages below every article of a listing.
        return (
            not self.page.live
            and self.page.first_published_at is None
            and self.user.is_active
            and "change" in self.permissions
        )

    def can_sign(self) -> bool:
        """Whether the user may make the article 定稿."""
        return self.holds("articles.sign_article")

    def can_place(self) -> bool:
        """Whether the user may change folio, section, prominence and position."""
        # Not get_parent(): a listing has fetched the issue already.
        return self.page.issue.permissions_for_user(self.user).can_reorder_children()
