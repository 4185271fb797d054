"""Which database is read: the standby for readers' pages, the primary for everything else.

Off unless DATABASE_REPLICA_URL is set. Only within a request that ``middleware.ReadersPages`` lets
through, and only until something is written in it.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.conf import settings
from django.core.cache import cache as shared
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from .freshness import Freshness, Position

__all__ = ["REPLICA", "ReaderRouter", "freshness", "is_held", "note_change", "reading"]

logger = logging.getLogger(__name__)

REPLICA = "replica"
HELD = "replica-held"
# What is done without readers seeing it.
SILENT = ("wagtail.edit", "wagtail.lock", "wagtail.unlock")
# Whether what runs now may read from the standby.
reading: ContextVar[bool] = ContextVar("reading", default=False)


class ReaderRouter:
    """Reads of readers' pages go to the standby, all else to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the standby for readers; the primary for all others, and within transactions."""
        if reading.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return REPLICA
        return DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the primary; whoever writes reads from there what was written."""
        reading.set(False)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_: Any, **hints: Any) -> bool:
        """Say that rows of both may be related: they are the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Say that the standby has no tables of its own."""
        return db == DEFAULT_DB_ALIAS


@cache
def freshness() -> Freshness:
    """Return what this process knows of the standby."""
    return Freshness(
        lambda: _position(DEFAULT_DB_ALIAS, "pg_current_wal_lsn()"),
        lambda: _position(REPLICA, "pg_last_wal_replay_lsn()"),
        most_seconds=settings.DATABASE_REPLICA_MOST_SECONDS,
    )


def _position(alias: str, function: str) -> Position:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute(f"SELECT {function} - '0/0'::pg_lsn")  # a name of ours
            (position,) = cursor.fetchone()
    except Exception:
        connections[alias].close_if_unusable_or_obsolete()
        raise
    return int(position)


def hold() -> None:
    """Have all processes read from the primary until the standby is sure to have what is new.

    Noted in the cache that they share, so that a proxy which asks again at once after a withdrawal
    gets the new page. Without that cache the standby is behind by as much as is allowed.
    """
    try:
        shared.set(HELD, True, settings.DATABASE_REPLICA_MOST_SECONDS + 1)
    except Exception as error:  # what was changed must not fail for it
        logger.warning("readers may see the state of before: %s", type(error).__name__)


def is_held() -> bool:
    """Whether something that readers see was changed a moment ago, or nobody knows."""
    try:
        return bool(shared.get(HELD))
    except Exception:
        return True


def note_change(instance: Any, created: bool, **kwargs: Any) -> None:
    """Hold after what Wagtail's log tells of: before it is committed, and once more after."""
    if created and instance.action not in SILENT:
        hold()
        transaction.on_commit(hold)
