"""Let what works by itself (timers, workers) say that it is alive; operations listens."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import Error

__all__ = ["beat", "listeners"]

logger = logging.getLogger(__name__)

# What is told which part is alive; filled in ready().
listeners: list[Callable[[str], None]] = []


def beat(part: str) -> None:
    """Tell that ``part`` is at work; that it cannot be told is never in its way."""
    for listener in listeners:
        try:
            listener(part)
        except Error:
            pass  # the database is away: the part says so itself, and the monitor asks for it
        except Exception as error:
            logger.warning("a heartbeat was not noted: %s", type(error).__name__)
