"""Know how the paper circulates, in every process within a second, and who asks now.

``current()`` is the switch as it stands. While a request from outside is answered,
``outside_of()`` returns what is closed to it, and ``PaperQuerySet.open_to`` leaves that out: in
every list, file, feed and search, whether or not the caller hands its request on. Work that
answers no request (the worker, the timer, the admin) sees the whole paper.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.http import HttpRequest

from .circulation import Circulation
from .limits import forwarded_address
from .models import CirculationSettings

__all__ = [
    "asking_from_outside",
    "circulation_changed",
    "current",
    "is_inside",
    "learn",
    "may_keep_for_everybody",
    "outside_of",
]

LOG = logging.getLogger(__name__)

# For so long a process may go by what it read last; and until whatever it answered by that has
# left it, what is kept is not thrown away.
SECONDS = 0.3
UNTIL_SENT = 0.2

# Called, in the process that changed the switch, when every process goes by the new one: whoever
# keeps pages or files throws all of them away. Higher apps add theirs in ready().
circulation_changed: list[Callable[[], None]] = []

_known: tuple[float, Circulation] | None = None
_outside: ContextVar[Circulation | None] = ContextVar("outside", default=None)


def current() -> Circulation:
    """Return the switch as it stands, or stood less than SECONDS ago.

    While the database cannot be asked nobody can have changed it either: what was known stays.
    """
    global _known
    now = time.monotonic()
    if _known is not None and now - _known[0] < SECONDS:
        return _known[1]
    try:
        # Never a standby, which may be behind: what was closed would be open a while longer.
        row = CirculationSettings.objects.using(DEFAULT_DB_ALIAS).first()
    except Error:  # InterfaceError, of a connection that is gone, is no DatabaseError
        if _known is None:
            raise
        return _known[1]
    circulation = row.as_rule() if row else Circulation()
    # Dated by when the question was put: what changed meanwhile is asked for in time.
    _known = now, circulation
    return circulation


def learn() -> None:
    """Ask once, in a process that begins to serve, and leave no connection behind."""
    try:
        current()
    except Error:
        LOG.warning("How the paper circulates is not known yet: the database cannot be asked")
    finally:
        connections.close_all()


def is_inside(request: HttpRequest) -> bool:
    """Whether ``request`` comes from a listed network, or from somebody who has logged in.

    The address is the one that our own proxies tell (PROXIES); the log-in is asked only after
    it, so that within the network nobody's answer depends on a cookie.
    """
    if current().lets_in(forwarded_address(request)):
        return True
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and user.is_active


def outside_of() -> Circulation | None:
    """Return what is closed to whoever asks now; None for those inside, and where nobody asks."""
    return _outside.get()


@contextmanager
def asking_from_outside(circulation: Circulation) -> Iterator[None]:
    """Answer somebody from outside of ``circulation`` until the block ends."""
    token = _outside.set(circulation)
    try:
        yield
    finally:
        _outside.reset(token)


def may_keep_for_everybody() -> bool:
    """Whether any answer at all may be kept for all readers alike (nginx, a CDN).

    Only while the whole paper is open: of one that is partly closed, lists, neighbours and what
    is not found differ by who asks.
    """
    return current().is_open


def forget(**kwargs: Any) -> None:
    """Have this process ask anew."""
    global _known
    _known = None


def changed(instance: CirculationSettings, **kwargs: Any) -> None:
    """Once a change is committed, throw away what is kept; until then it is not reported done."""
    forget()
    transaction.on_commit(lambda: _throw_away(instance), robust=True)


def _throw_away(instance: CirculationSettings) -> None:
    forget()
    if not circulation_changed:
        return
    time.sleep(SECONDS + UNTIL_SENT)
    for throw_away in circulation_changed:
        try:
            throw_away()
        except Exception:
            # The others have theirs to throw away all the same.
            LOG.exception("What is kept of the paper was not thrown away")
            instance.is_still_kept = True
