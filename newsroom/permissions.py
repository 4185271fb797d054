"""Which of Wagtail's own doors are open on the paper's pages (docs/adr/0004)."""

from typing import Any

from wagtail.models import Page, PagePermissionTester


class Doors(PagePermissionTester):
    """Close publishing, scheduling and privacy to all but the admin; copying and moving to all.

    The stock permissions are per tree and not per type, and cannot say "orders articles, but
    publishes nothing". What editors may do goes through our verbs (``issues.placing``,
    ``issues.publishing``, ``desk.review.signing``), which ask these testers too. A copied or
    aliased issue would be a second issue of one number, and an article moved by the tree alone
    would keep a number of its old issue: those doors lead nowhere, for anybody.
    """

    @property
    def is_admin(self) -> bool:
        """Whether the user is the admin, for whom Wagtail's own doors stay open."""
        return self.user.is_active and self.user.is_superuser

    def holds(self, permission: str) -> bool:
        """Whether the user may work here at all and holds the named permission of ours."""
        return self.is_admin or (
            self.user.is_active and "change" in self.permissions and self.user.has_perm(permission)
        )

    def can_publish(self) -> bool:
        return self.is_admin and super().can_publish()

    def can_publish_subpage(self) -> bool:
        return self.is_admin and super().can_publish_subpage()

    def can_unpublish(self) -> bool:
        return self.is_admin and super().can_unpublish()

    def can_lock(self) -> bool:
        return self.user.is_active and super().can_lock()

    def can_unlock(self) -> bool:
        return self.user.is_active and super().can_unlock()

    def can_copy(self) -> bool:
        return False

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination: Any) -> bool:
        return False
