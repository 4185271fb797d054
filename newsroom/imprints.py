"""Change the imprint without changing what old issues were printed under."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from .models import Imprint

# Who prints under an imprint: apps above register a function that returns the published issues
# of a row as a queryset (newsroom knows no issues).
in_print: list[Callable[[Imprint], Any]] = []
# Who is still being made under an imprint: functions that move such issues to the next row.
followers: list[Callable[[Imprint, Imprint], None]] = []


def is_in_print(imprint: Imprint) -> bool:
    """Whether something public was printed under ``imprint``, so that it must stay as it is."""
    return imprint.pk is not None and any(issues(imprint).exists() for issues in in_print)


@transaction.atomic
def amend(*, imprint: Imprint, since: datetime.date | None = None) -> Imprint:
    """Save the changed ``imprint``: in place while unused, else as the next row; return the row.

    Issues that are still being made go over to the next row. It is in force from ``since`` (today
    unless given), or from its own later date.
    """
    stored = Imprint.objects.select_for_update().get(pk=imprint.pk)
    if is_in_print(stored):
        imprint.pk = None
        imprint._state.adding = True
        if imprint.since <= stored.since:
            imprint.since = since or timezone.localdate()
    imprint.full_clean()
    imprint.save()
    if imprint.pk != stored.pk:
        for follow in followers:
            follow(stored, imprint)
    return imprint
