"""Note in the log who has seen what was sent in: once for a visit."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils import timezone
from wagtail.log_actions import log, registry

from . import triage
from .models import Contribution

if TYPE_CHECKING:
    from accounts.models import User
    from newsroom.models import Contributor

# Who reloads the screen, or acts on it, has not read it again.
ONE_VISIT = datetime.timedelta(minutes=30)


def note_reading(*, contribution: Contribution, by: User) -> None:
    """Note that ``by`` has the whole of ``contribution`` on the screen; it is unread no more."""
    if contribution.unread or not _noted(contribution, "contributions.view", by):
        triage.read(contribution=contribution, by=by)


def note_glance(*, contribution: Contribution, by: User) -> None:
    """Note that ``by`` saw a photo of ``contribution``; whether it is unread does not change.

    The photos of an open screen load as it is scrolled: an answer that came in meanwhile is not
    read by that.
    """
    if not _noted(contribution, "contributions.view", by):
        log(instance=contribution, action="contributions.view", user=by)


def note_record(*, contributor: Contributor, by: User) -> None:
    """Note that ``by`` looked up all that ``contributor`` sent.

    One entry, with the contributor: it shows of each contribution what the inbox shows too.
    """
    if not _noted(contributor, "contributions.record", by):
        log(instance=contributor, action="contributions.record", user=by)


def _noted(instance: Model, action: str, by: User) -> bool:
    """Whether the log has it already, of this visit."""
    since = timezone.now() - ONE_VISIT
    entries = registry.get_logs_for_instance(instance)
    return bool(entries.filter(action=action, user=by, timestamp__gte=since).exists())
