"""Who may delete a recording: nobody, while an article plays it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from wagtail.documents import get_permission_policy
from wagtail.models import Collection, Revision
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from .models import Recording

__all__ = ["is_in_use", "register"]


def is_in_use(recording: Recording) -> bool:
    """Whether an article plays ``recording``, or a version of one does: what was signed stays."""
    # A version that names it is no older than it; none is looked into in vain.
    versions = Revision.page_revisions.filter(created_at__gte=recording.created_at)
    return bool(
        recording.articles.exists() or versions.filter(content__recording=recording.pk).exists()
    )


class RecordingPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's own rules for documents, less deleting what an article plays."""

    def collections_user_has_any_permission_for(
        self, user: Any, actions: Iterable[str]
    ) -> QuerySet[Collection]:
        """Answer with one, so that no form asks which: the others are for pictures."""
        found: QuerySet[Collection] = super().collections_user_has_any_permission_for(user, actions)
        return found.filter(pk__in=found.values("pk")[:1])

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
