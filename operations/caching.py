"""Redis, and the memory of each process while Redis does not answer, or takes nothing in.

Nothing may fail because a cache is away. What is limited (attempts to log in, submissions, codes
looked up) goes on being counted, by each process for itself: looser by as many times as there are
processes, and never open.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

__all__ = ["PatientRedisCache"]

LOG = logging.getLogger(__name__)

PAUSE = 5.0  # seconds in which nobody waits again for a Redis that did not answer
WRITTEN = "operations.caching:written"  # what is written to see whether Redis takes anything in
MOST_OWED = 10_000  # keys
MOST_ENTRIES = 100_000
PATIENCE = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1.0,
    # Once more, at once: a Redis that was restarted has closed our connections.
    "retry": Retry(NoBackoff(), 1),
}


@dataclass
class _State:
    """What this process knows of one Redis; the caches of its threads share it."""

    away_until: float = 0.0
    is_away: bool = False
    # What was changed meanwhile, and is still as it was over there.
    owed: set[tuple[str, int | None]] = field(default_factory=set)
    lock: threading.Lock = field(default_factory=threading.Lock)


_states: dict[str, _State] = {}


class PatientRedisCache(RedisCache):
    """Django's cache in Redis, which raises nothing and waits for nobody long."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {**PATIENCE, **(params.get("OPTIONS") or {})}
        super().__init__(server, {**params, "OPTIONS": options})
        own = {name: value for name, value in params.items() if name.upper() != "OPTIONS"}
        memory = {**own, "OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES}}
        self._memory = LocMemCache(f"instead of {server}", memory)
        self._state = _states.setdefault(str(server), _State())

    def is_away(self) -> bool:
        """Whether Redis did not answer when it was last asked."""
        return self._state.is_away

    def add(self, *args: Any, **kwargs: Any) -> Any:
        """Add to what is there."""
        return self._ask("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Return what is kept."""
        return self._ask("get", *args, **kwargs)

    def set(self, key: str, *args: Any, **kwargs: Any) -> Any:
        """Keep something."""
        answer = self._ask("set", key, *args, **kwargs)
        self._owe([key], kwargs.get("version"))
        return answer

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        """Keep something longer."""
        return self._ask("touch", *args, **kwargs)

    def delete(self, key: str, *args: Any, **kwargs: Any) -> Any:
        """Forget something."""
        answer = self._ask("delete", key, *args, **kwargs)
        self._owe([key], kwargs.get("version"))
        return answer

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        """Return all that is kept of several."""
        return self._ask("get_many", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        """Whether something is kept."""
        return self._ask("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        """Count."""
        return self._ask("incr", *args, **kwargs)

    def set_many(self, data: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Keep several."""
        answer = self._ask("set_many", data, *args, **kwargs)
        self._owe(data, kwargs.get("version"))
        return answer

    def delete_many(self, keys: Iterable[str], *args: Any, **kwargs: Any) -> Any:
        """Forget several."""
        keys = list(keys)
        answer = self._ask("delete_many", keys, *args, **kwargs)
        self._owe(keys, kwargs.get("version"))
        return answer

    def clear(self) -> Any:
        """Forget everything."""
        return self._ask("clear")

    def _ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Ask Redis; while it is away, the memory of this process."""
        if time.monotonic() >= self._state.away_until:
            try:
                if self._state.is_away:
                    # A Redis that cannot save its snapshots, has no room left, or follows another
                    # answers what is read and refuses what is written: what is counted would be
                    # forgotten with each answer.
                    RedisCache.set(self, WRITTEN, 1, timeout=60)
                    self._note_back()
                return getattr(RedisCache, name)(self, *args, **kwargs)
            except (RedisError, OSError) as error:
                self._note_away(error)
        return getattr(self._memory, name)(*args, **kwargs)

    def _note_away(self, error: Exception) -> None:
        state = self._state
        with state.lock:
            state.away_until = time.monotonic() + PAUSE
            was_away, state.is_away = state.is_away, True
        if not was_away:
            kind = type(error).__name__
            LOG.error("Redis is away, each process uses its own memory: %s", kind)

    def _note_back(self) -> None:
        """Have nothing read in Redis that was changed meanwhile, and forget the memory."""
        state = self._state
        with state.lock:
            if not state.is_away:
                return
            state.is_away = False
            owed, state.owed = state.owed, set()
        self._memory.clear()
        LOG.warning("Redis is back")
        for key, version in owed:
            self.delete(key, version=version)

    def _owe(self, keys: Iterable[str], version: int | None) -> None:
        state = self._state
        if state.is_away and len(state.owed) < MOST_OWED:
            with state.lock:
                state.owed.update((key, version) for key in keys)
