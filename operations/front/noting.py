"""Note that something changed which readers may see: with the change, in the same transaction.

What it shows on is found out once it is committed, at once (``renewing.act``); if that fails, by
the worker.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.signals import post_save, pre_delete
from wagtail.models import ModelLogEntry, PageLogEntry

from articles.models import ArticlePage
from interchange.editions import SILENT
from interchange.models import Edition
from issues.models import IssuePage
from newsroom import dressing
from newsroom.looks import Period
from newsroom.models import Contributor, Imprint, PressPhoto, Section

from .models import Noted
from .renewing import act, shut

__all__ = ["connect", "forget_everything", "note"]

What = Noted.What
RESTRICTION = "wagtail.view_restriction."
UNTIL_SENT = 0.2  # seconds until what a process answers by what it remembers has left it


def connect() -> None:
    """Listen to the logs of the house, which tell of all that readers may notice."""
    post_save.connect(_page_logged, sender=PageLogEntry)
    post_save.connect(_thing_logged, sender=ModelLogEntry)
    post_save.connect(_file_made, sender=Edition)
    dressing.looks_changed.append(_looks_changed)
    for page in (IssuePage, ArticlePage):
        pre_delete.connect(_page_deleted, sender=page)


def note(what: What, key: object = "") -> None:
    """Note one change, and act on it when it is committed; nothing where no nginx is told."""
    if settings.WAGTAILFRONTENDCACHE:
        Noted.objects.create(what=what, key=str(key))
        transaction.on_commit(act, robust=True)


def forget_everything() -> None:
    """Have nginx hand out nothing that it keeps, from now on and until all was taken anew.

    For when other people may read than before. Raises where that cannot be said.
    """
    if settings.WAGTAILFRONTENDCACHE:
        shut()
        note(What.ALL)


def _looks_changed(periods: Sequence[Period]) -> None:
    """Note that the whole paper, or an issue, looks otherwise; act when every process knows."""
    if not settings.WAGTAILFRONTENDCACHE:
        return
    numbers = {each.issue for each in periods}
    issues = IssuePage.objects.filter(number__in=numbers - {None}).values_list("pk", flat=True)
    notes = [Noted(what=What.PAGE, key=str(key)) for key in issues]
    if None in numbers:
        notes.append(Noted(what=What.PAPER))
    Noted.objects.bulk_create(notes)
    transaction.on_commit(_act_on_looks, robust=True)


def _act_on_looks() -> None:
    time.sleep(dressing.SECONDS + UNTIL_SENT)
    act()


def _page_logged(instance: PageLogEntry, created: bool, **kwargs: Any) -> None:
    if created and instance.action.startswith(RESTRICTION):
        note(What.ALL)
    elif created and instance.action not in SILENT:
        note(What.PAGE, instance.page_id)


def _thing_logged(instance: ModelLogEntry, created: bool, **kwargs: Any) -> None:
    kinds = {
        Section: What.SECTION,
        Contributor: What.CONTRIBUTOR,
        Imprint: What.PAPER,
        PressPhoto: What.PAPER,  # words of a photo stand in the article; a nameplate's do not
    }
    model = instance.content_type and instance.content_type.model_class()
    if created and model in kinds:
        note(kinds[model], instance.object_id)


def _file_made(instance: Edition, update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields and "digest" in update_fields:
        note(What.PAGE, instance.issue_id)


def _page_deleted(instance: IssuePage | ArticlePage, **kwargs: Any) -> None:
    note(What.PAGE, instance.issue_id if isinstance(instance, ArticlePage) else instance.pk)
