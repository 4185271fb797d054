"""Who may open the board of an issue; what they may do there each verb asks for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from issues.models import IssuePage, NewspaperPage

if TYPE_CHECKING:
    from accounts.models import User


def may_see(issue: IssuePage, user: User) -> bool:
    """Whether ``user`` finds ``issue`` in the explorer, and so may look at its board."""
    allowed: Any = issue.permissions_for_user(user)
    return bool(allowed.is_admin or (user.is_active and allowed.permissions))


def may_begin(user: User) -> bool:
    """Whether ``user`` may begin an issue."""
    paper = NewspaperPage.objects.first()
    return paper is not None and bool(paper.permissions_for_user(user).can_add_subpage())


def why_not_place(issue: IssuePage, user: User) -> str:
    """Say why ``user`` may not place articles in ``issue``; nothing for those who may."""
    if issue.permissions_for_user(user).can_reorder_children():
        return ""
    if issue.live:
        return f"{issue}已经出版，只有总编可以调整版面。"
    return "您没有调整版面的权限，这里只能看。"
