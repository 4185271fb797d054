"""Note who is alive, and tell who has been silent."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from .models import Heartbeat

__all__ = ["PARTS", "Silence", "note", "silent"]

SILENT_AFTER = timedelta(minutes=5)  # each looks every minute or more often
SELDOM = 15.0  # seconds between two notes of one process


@dataclass(frozen=True, slots=True)
class Part:
    """A command that runs by itself: its name to people, and what does not happen without it."""

    name: str
    without: str


TIMER = "publish_due"
PARTS = {
    TIMER: Part("定时出版", "到了时间的期不会自动出版"),
    "tend_contributions": Part("来稿通知", "给编辑部和投稿人的通知邮件不会发出，到期的也不会清除"),
    "tend_editions": Part("制作各期文件", "新出版的期不会有PDF、EPUB等文件"),
    "tend_subscriptions": Part("邮件订阅", "新出版的期不会寄给订阅的读者"),
}
if settings.WAGTAILFRONTENDCACHE:
    PARTS["tend_front"] = Part("更新网页", "读者看到的可能还是改动以前的网页")


@dataclass(frozen=True, slots=True)
class Silence:
    """A part nobody has heard of for a while; ``since`` is None if it never ran."""

    command: str
    part: Part
    since: datetime | None


_noted: dict[str, float] = {}


def note(part: str) -> None:
    """Note that ``part`` is alive; a process that says so every second is heard now and then."""
    now = time.monotonic()
    if now - _noted.get(part, float("-inf")) < SELDOM:
        return
    _noted[part] = now
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, at=timezone.now())],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["at"],
    )


def silent(*, at: datetime | None = None) -> list[Silence]:
    """Return the parts that have been silent too long."""
    late = (at or timezone.now()) - SILENT_AFTER
    seen = dict(Heartbeat.objects.values_list("part", "at"))
    return [
        Silence(command, part, seen.get(command))
        for command, part in PARTS.items()
        if command not in seen or seen[command] < late
    ]
