"""Seal everything anew with the first of the keys, so that an older one can be retired."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from newsroom.sealing import SealedField, Unreadable

from .intake import sender_digest
from .models import Contribution

BATCH = 100
SEALED = [field.name for field in Contribution._meta.fields if isinstance(field, SealedField)]


@dataclass(frozen=True, slots=True)
class Rotation:
    """How many contributions were sealed anew, and how many hold what no key opens."""

    sealed: int
    unreadable: int


def rotate_keys() -> Rotation:
    """Seal all contact data anew, in batches; may be interrupted, and repeated."""
    last = sealed = unreadable = 0
    while True:
        with transaction.atomic():
            batch = list(
                Contribution.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:BATCH]
            )
            for contribution in batch:
                unreadable += any(
                    isinstance(getattr(contribution, name), Unreadable) for name in SEALED
                )
                # What no key opens stays as it is (sealing.SealedField).
                if not isinstance(contribution.name, Unreadable):
                    contribution.sender = sender_digest(contribution.name, contribution.unit)
                contribution.save(update_fields=[*SEALED, "sender"])
        if not batch:
            return Rotation(sealed, unreadable)
        sealed += len(batch)
        last = batch[-1].pk
