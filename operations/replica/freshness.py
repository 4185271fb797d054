"""Whether the standby has everything that was committed a few seconds ago.

The places of the log are compared, not clocks: what the primary had written at a moment of ours,
the standby has to have replayed. A standby that nobody feeds any more so grows old by itself.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

__all__ = ["Freshness"]

Position = int  # in the log, in bytes
MOST_NOTED = 60


class Freshness:
    """What one process knows of the standby, asked again every ``pause`` seconds."""

    def __init__(
        self,
        written: Callable[[], Position],
        replayed: Callable[[], Position],
        *,
        most_seconds: float,
        pause: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.written, self.replayed = written, replayed
        self.most_seconds, self.pause, self.clock = most_seconds, pause, clock
        self._noted: deque[tuple[float, Position]] = deque(maxlen=MOST_NOTED)
        self._proven = self._asked = float("-inf")
        self._asking = threading.Lock()

    def is_fresh(self) -> bool:
        """Whether all that was committed ``most_seconds`` ago can be read from the standby."""
        now = self.clock()
        if now - self._asked >= self.pause and self._asking.acquire(blocking=False):
            try:
                self._asked = now
                self._ask(now)
            finally:
                self._asking.release()
        return self.clock() - self._proven <= self.most_seconds

    def distrust(self) -> None:
        """Read nothing from the standby until it has answered again."""
        self._proven = float("-inf")

    def _ask(self, now: float) -> None:
        try:
            self._noted.append((now, self.written()))
            replayed = self.replayed()
        except Exception:  # whichever is away: nothing is known, nothing is read there
            self.distrust()
            return
        while self._noted and self._noted[0][1] <= replayed:
            self._proven = self._noted.popleft()[0]
