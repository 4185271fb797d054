"""Ask checks all at once, and wait for none of them longer than a monitor would.

A check that hangs, as everything does whose database does not answer, hangs in a thread of its
own; no second one is begun until it comes back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import connections

__all__ = ["ask", "forget"]

PATIENCE = 3.0  # seconds
FRESH = 5.0  # seconds that an answer serves everybody: asking often costs nothing

Check = Callable[[], str]


@dataclass(slots=True)
class _Run:
    """A check under way, or its answer."""

    said: str = ""
    ended: float = 0.0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def is_of_use(self) -> bool:
        return not self.over.is_set() or time.monotonic() - self.ended < FRESH

    def make(self, check: Check) -> None:
        try:
            self.said = check()
        except Exception as error:
            # Its words may name a host or an account.
            self.said = f"不通（{type(error).__name__}）"
        finally:
            connections.close_all()
            self.ended = time.monotonic()
            self.over.set()


_runs: dict[str, _Run] = {}
_lock = threading.Lock()


def ask(checks: Mapping[str, Check], *, patience: float = PATIENCE) -> dict[str, str]:
    """Return what each check says: "" or what is wrong."""
    end = time.monotonic() + patience
    runs = {name: _run(name, check) for name, check in checks.items()}
    return {
        name: run.said
        if run.over.wait(max(0.0, end - time.monotonic()))
        else f"{patience:g}秒内没有答复"
        for name, run in runs.items()
    }


def forget() -> None:
    """Ask anew the next time."""
    with _lock:
        _runs.clear()


def _run(name: str, check: Check) -> _Run:
    with _lock:
        run = _runs.get(name)
        if run is None or not run.is_of_use:
            run = _runs[name] = _Run()
            threading.Thread(
                target=run.make, args=(check,), name=f"health-{name}", daemon=True
            ).start()
        return run
