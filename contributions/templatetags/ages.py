"""Say how long ago something came in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.timesince import timesince

register = template.Library()


@register.filter
def age(moment: datetime) -> str:
    """Return how long ago ``moment`` was, in its largest unit: 3小时前."""
    now = timezone.now()
    if now - moment < timedelta(minutes=1):
        return "刚刚"
    return "".join(timesince(moment, now, depth=1).split()) + "前"
