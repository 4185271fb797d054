"""Who may do what with contributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


def may_read(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may open contributions: their texts, files and contacts."""
    return user.has_perm("contributions.view_contribution")


def may_work(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may do something with contributions."""
    return user.has_perm("contributions.change_contribution")


def may_erase(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may erase contributions for good."""
    return user.has_perm("contributions.delete_contribution")


def may_export(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may carry contact data out of the house."""
    return user.has_perm("contributions.export_contribution")


def readers() -> QuerySet[User]:
    """Return everybody who may open contributions, and so may be given one or told of one."""
    return User.objects.with_perm(
        "contributions.view_contribution", backend=MODEL_BACKEND
    ).order_by("last_name", "first_name", "username")
