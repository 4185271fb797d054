"""Have caches before nginx, such as a CDN, forget addresses; wait for none that does not answer."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Sequence
from threading import Thread

from wagtail.contrib.frontend_cache.backends import BaseBackend

__all__ = ["purge"]

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds that whoever made the change waits
_busy: dict[str, Thread] = {}


def purge(name: str, backend: BaseBackend, urls: Sequence[str]) -> None:
    """Have one cache forget addresses; the log says where it did not, or takes its time."""
    if socket.getdefaulttimeout() is None:
        # Wagtail's HTTPBackend sets no limit. What else opens sockets here sets its own, or none
        # that it would wait so long for (Redis); gunicorn takes it off those of its readers.
        socket.setdefaulttimeout(PATIENCE)
    end = time.monotonic() + PATIENCE
    before = _busy.get(name)
    if before is not None:
        before.join(PATIENCE)
    if before is not None and before.is_alive():
        logger.error("%s is busy with a change before: not told of %s addresses", name, len(urls))
        return
    telling = Thread(target=_purge, args=(name, backend, urls), name=f"purge {name}", daemon=True)
    _busy[name] = telling
    telling.start()
    telling.join(max(0.0, end - time.monotonic()))
    if telling.is_alive():
        logger.warning("%s takes long over %s addresses: nobody waits for it", name, len(urls))


def _purge(name: str, backend: BaseBackend, urls: Sequence[str]) -> None:
    try:
        backend.purge_batch(list(urls))
    except Exception as error:
        logger.error("%s was not told of a change: %s", name, type(error).__name__)
