"""Collect counts in memory and hand them on together, so that no reader waits for a disk."""

from __future__ import annotations

import atexit
import logging
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar

__all__ = ["Buffer"]

Key = TypeVar("Key", bound=Hashable)

LOG = logging.getLogger(__name__)


class Buffer(Generic[Key]):
    """Counts of one process, handed to ``write`` every so many seconds, or when there are enough.

    A thread of its own does it, begun with the first count. What could not be written is tried
    again the next time; what is left at the end of the process is written then. Only a process
    that is killed loses what it had collected since.
    """

    def __init__(
        self,
        write: Callable[[Mapping[Key, int]], None],
        *,
        seconds: float = 10,
        enough: int = 100,
        most: int = 2_000,
    ) -> None:
        self.write = write
        self.seconds, self.enough, self.most = seconds, enough, most
        self._counts: Counter[Key] = Counter()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, key: Key) -> None:
        """Count one; nothing new once ``most`` things wait, as when the database is long away."""
        with self._lock:
            if key in self._counts or len(self._counts) < self.most:
                self._counts[key] += 1
            if self._counts.total() >= self.enough:
                self._wake.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="counts", daemon=True)
                self._thread.start()
                atexit.register(self.flush)

    def flush(self) -> None:
        """Hand on what was collected."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, Counter()
            if not counts:
                return
            try:
                self.write(counts)
            except Exception as error:
                LOG.warning("Counts are kept for the next try: %s", type(error).__name__)
                with self._lock:
                    self._counts.update(counts)

    def _run(self) -> None:
        while True:
            self._wake.wait(self.seconds)
            self._wake.clear()
            self.flush()
