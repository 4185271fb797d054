"""Who may change or delete a photo: nobody but the admin, once that would reach readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from wagtail.images import get_permission_policy
from wagtail.models import Page, ReferenceIndex
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import register_permission_policy

from .models import Imprint, PressPhoto

CHANGES = {"change", "delete"}


class PhotoPolicy(CollectionOwnershipPermissionPolicy):
    """Wagtail's own rules for pictures, less deleting what a signature stands for.

    Changing a photo is no danger: its words are copied into the article (articles/blocks.py), and
    its file stays as it is (photo_form.py). Only a nameplate's are read where they are.
    """

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Iterable[str], instance: Any
    ) -> bool:
        """Answer as Wagtail does, with deleting taken out of ``actions`` where it is shut."""
        wanted = set(actions)
        if not user.is_superuser:
            if "delete" in wanted and is_signed_for(instance):
                wanted.remove("delete")
            if wanted & CHANGES and is_nameplate(instance):
                wanted -= CHANGES
        return bool(super().user_has_any_permission_for_instance(user, wanted, instance))


def is_shut(photo: PressPhoto) -> bool:
    """Whether ``photo`` stands in something signed, or over an issue: an imprint is 总编's word."""
    return is_signed_for(photo) or Imprint.objects.filter(nameplate=photo).exists()


def is_nameplate(photo: PressPhoto) -> bool:
    """Whether ``photo`` stands over issues: an imprint is 总编's word."""
    return bool(Imprint.objects.filter(nameplate=photo).exists())


def is_signed_for(photo: PressPhoto) -> bool:
    """Whether an article that is signed, or was ever, shows ``photo``."""
    pages = ReferenceIndex.get_references_to(photo).filter(
        base_content_type__app_label="wagtailcore", base_content_type__model="page"
    )
    return (
        Page.objects.filter(pk__in=[int(key) for key in pages.values_list("object_id", flat=True)])
        .filter(Q(live=True) | Q(first_published_at__isnull=False))
        .exists()
    )


def register() -> None:
    """Put this policy before the one that Wagtail registers for pictures of any class."""
    stock = get_permission_policy()
    ours = PhotoPolicy(
        PressPhoto, auth_model=stock.auth_model, owner_field_name=stock.owner_field_name
    )
    register_permission_policy(PressPhoto, ours, exact_class=True)
