"""Who may do what to an issue, and to the paper itself."""

from newsroom.permissions import Doors


class NewspaperDoors(Doors):
    """The root: editors add issues below it, only the admin changes the page itself."""

    def can_edit(self) -> bool:
        return self.is_admin and super().can_edit()

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self.is_admin

    def can_reorder_children(self) -> bool:
        """Nobody: issues stand in the order of their dates."""
        return False

    def can_lock(self) -> bool:
        return self.is_admin

    def can_unlock(self) -> bool:
        return self.is_admin


class IssueDoors(Doors):
    """编辑 composes an unpublished issue; once it is out, only 总编 touches it."""

    def can_edit(self) -> bool:
        return super().can_edit() and (not self.is_settled or self.can_publish_issue())

    @property
    def is_settled(self) -> bool:
        """Whether the issue is out, or waits for its time: what stands there is 总编's word."""
        return self.page.live or self.page.publish_at is not None

    def can_see(self) -> bool:
        """Whether the user finds the issue in the explorer, and so may look at it as it is made."""
        return bool(self.is_admin or (self.user.is_active and self.permissions))

    def can_publish_issue(self) -> bool:
        """Whether the user may publish, schedule and unpublish this issue (总编)."""
        return self.holds("issues.publish_issue")

    def can_publish_subpage(self) -> bool:
        """Nobody: an article is signed, not published (``articles.permissions``)."""
        return False

    def can_reorder_children(self) -> bool:
        """Whether the user may place articles: changes nothing signed, but moves what comes out."""
        return self.holds_change() and (not self.is_settled or self.can_publish_issue())

    def holds_change(self) -> bool:
        """Whether the user works on this issue at all."""
        return self.is_admin or (self.user.is_active and "change" in self.permissions)

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Whether the issue may go: never a public one, and with articles only by 总编."""
        if self.is_admin:
            return True
        if self.page.live or self.page.first_published_at is not None or not self.holds_change():
            return False
        if self.page.is_leaf():
            return True
        signed = self.page.get_children().filter(live=True).exists()
        return not signed and self.can_publish_issue()
