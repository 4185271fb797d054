"""Know when something last happened to the paper that readers may notice."""

from __future__ import annotations

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry, PageLogEntry

from interchange.editions import SILENT
from newsroom.models import Contributor, Imprint, PressPhoto, Section

__all__ = ["last_change"]


def last_change() -> datetime | None:
    """Return when something last happened: to a page, or to what pages name and show.

    The logs know of what was taken away too, of which no list has a date any more.
    """
    kinds = ContentType.objects.get_for_models(Contributor, Imprint, PressPhoto, Section).values()
    logs = (
        PageLogEntry.objects.exclude(action__in=SILENT),
        ModelLogEntry.objects.filter(content_type__in=kinds),
    )
    moments = [
        log.order_by("-timestamp").values_list("timestamp", flat=True).first() for log in logs
    ]
    return max(filter(None, moments), default=None)
