"""End the sessions of an account whose password, rights or second factor changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.db.models.signals import m2m_changed, pre_save

from .models import User

__all__ = ["end_sessions", "listen"]


def end_sessions(user: User) -> None:
    """End every session of ``user``, wherever it is; the request at hand may be let in anew."""
    User.objects.filter(pk=user.pk).update(epoch=F("epoch") + 1)
    user.refresh_from_db(fields=["epoch"])


def listen() -> None:
    """End the sessions of who gets another role, or loses or gains the rights of the admin."""
    m2m_changed.connect(_role_changed, sender=User.groups.through)
    pre_save.connect(_rights_changed, sender=User)


def _role_changed(
    instance: Any, action: str, reverse: bool, pk_set: Iterable[int] | None, **_: Any
) -> None:
    if action not in ("post_add", "post_remove", "post_clear"):
        return
    if not reverse:
        end_sessions(instance)
    elif pk_set:
        User.objects.filter(pk__in=pk_set).update(epoch=F("epoch") + 1)


def _rights_changed(instance: User, **_: Any) -> None:
    before = (
        User.objects.filter(pk=instance.pk).values("is_superuser", "is_active", "epoch").first()
    )
    if before and (before["is_superuser"], before["is_active"]) != (
        instance.is_superuser,
        instance.is_active,
    ):
        instance.epoch = before["epoch"] + 1
