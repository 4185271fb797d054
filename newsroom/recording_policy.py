"""Who may delete a recording: nobody, while an article plays it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wagtail.documents import get_permission_policy
from wagtail.models import Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from .models import Recording

__all__ = ["is_in_use", "register"]


def is_in_use(recording: Recording) -> bool:
    """Whether an article plays ``recording``, or will once its last version is signed."""
    return bool(
        recording.articles.exists()
        or Page.objects.filter(latest_revision__content__recording=recording.pk).exists()
    )


class RecordingPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's own rules for documents, less deleting what an article plays."""

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        """Answer as Wagtail does, with deleting taken out of ``actions`` where it is shut."""
        wanted = set(actions)
        if "delete" in wanted and is_in_use(instance):
            wanted.remove("delete")
        if not wanted:  # of nothing, the admin may everything
            return False
        return bool(super().user_has_any_permission_for_instance(user, wanted, instance))


def register() -> None:
    """Put this policy before the one that Wagtail registers for documents of any class."""
    stock = get_permission_policy()
    ours = RecordingPolicy(
        Recording, auth_model=stock.auth_model, owner_field_name=stock.owner_field_name
    )
    register_permission_policy(Recording, ours, exact_class=True)
