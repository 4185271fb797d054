"""Who may know how many subscribe, and take somebody off the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def may_see(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may see the numbers (责任编辑, 总编); nobody sees an address."""
    return user.has_perm("following.view_subscription")


def may_remove(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may take off the list who asks for it (总编)."""
    return user.has_perm("following.delete_subscription")
