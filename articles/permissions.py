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

    def can_recall(self) -> bool:
        """Whether the user may take the signatures of the article back."""
        return self.holds("articles.sign_article")

    def can_publish(self) -> bool:
        """Nobody, the admin included: an article becomes live by its signatures alone."""
        return False

    def can_unpublish(self) -> bool:
        """Nobody: what is signed is recalled, what was printed is withdrawn."""
        return False

    def can_unschedule(self) -> bool:
        return self.is_admin

    def can_set_view_restrictions(self) -> bool:
        return self.is_admin

    def can_correct(self) -> bool:
        """Whether the user may add a correction: to what readers have before them."""
        return self.holds("articles.correct_article") and self.page.is_public

    def can_withdraw(self) -> bool:
        """Whether the user may take the article from the readers (总编)."""
        return self.holds("articles.withdraw_article") and self.page.is_public

    def can_reinstate(self) -> bool:
        """Whether the user may give a withdrawn article back to the readers (总编)."""
        return self.holds("articles.withdraw_article") and self.page.is_withdrawn

    def can_place(self) -> bool:
        """Whether the user may change folio, section, prominence and position."""
        # Not get_parent(): a listing has fetched the issue already, and whether it waits for its
        # time, which the row of a plain page does not say.
        issue = self.page.issue.issuepage
        return issue.permissions_for_user(self.user).can_reorder_children()
