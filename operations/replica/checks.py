"""What a standby for readers needs of the settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from .router import REPLICA

__all__ = ["shared_cache"]

OF_ONE_PROCESS = ("locmem", "dummy")


@register(deploy=True)
def shared_cache(**kwargs: Any) -> list[CheckMessage]:
    """Warn where processes cannot tell each other that the standby has to wait."""
    backend = str(settings.CACHES["default"]["BACKEND"])
    if REPLICA not in settings.DATABASES or not any(name in backend for name in OF_ONE_PROCESS):
        return []
    return [
        Warning(
            "DATABASE_REPLICA_URL without a cache that all processes share: readers may see for "
            f"{settings.DATABASE_REPLICA_MOST_SECONDS} seconds what was withdrawn.",
            hint="Set CACHE_URL, e.g. redis://127.0.0.1:6379/0 (docs/scaling.md).",
            id="operations.W101",
        )
    ]
