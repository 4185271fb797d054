"""Read the lists and switches that the editors keep, as the rules want them."""

from __future__ import annotations

from datetime import date

from django.db.models import F, Q

from .alarms import Level
from .house import House, Person
from .models import BannedWord, Leader, ProofreadingSettings, WordRule
from .settings_form import OFF

__all__ = ["house_on"]


def house_on(day: date) -> House:
    """Return the rules of the newsroom for an issue of ``day``: who holds a post changes."""
    settings = ProofreadingSettings.current()
    leaders = Leader.objects.filter(
        Q(since__isnull=True) | Q(since__lte=day), Q(until__isnull=True) | Q(until__gte=day)
    ).order_by(F("rank").asc(nulls_last=True), "pk")
    return House(
        corrections=tuple(WordRule.objects.values_list("wrong", "right")),
        banned=tuple(BannedWord.objects.values_list("word", "reason")),
        people=tuple(
            Person(leader.name, leader.post, rank) for rank, leader in enumerate(leaders, start=1)
        ),
        internal=settings.internal,
        switched_off=frozenset(code for code, level in settings.levels.items() if level == OFF),
        levels=tuple(
            (code, Level(level)) for code, level in settings.levels.items() if level in set(Level)
        ),
        own_name=settings.own_name,
    )
