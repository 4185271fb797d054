"""Who may see the office's figures, and who decides on fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_see_figures(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may see what was printed by whom (责任编辑, 总编)."""
    return user.has_perm("desk.view_figures")


def may_manage_fees(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may see and decide fees, close a month and open it again (总编)."""
    return user.has_perm("desk.manage_fees")
