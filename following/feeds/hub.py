"""Tell a WebSub hub that there is news, where one is set (WEBSUB_HUB); never in anybody's way.

What a hub is not told is found by readers that ask, as they do where there is no hub.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_tasks import task
from wagtail.models import PageLogEntry

from newsroom.circulating import current

__all__ = ["note_news", "tell_hub"]

logger = logging.getLogger(__name__)

# What changes the feeds that name the hub.
NEWS = frozenset(
    f"issues.{act}"
    for act in (
        *("publish", "unpublish", "undo", "withdraw", "reinstate"),
        *("correct", "change_correction", "remove_correction"),
    )
)
PATIENCE = 10  # seconds
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30))


def note_news(instance: PageLogEntry, created: bool, **kwargs: Any) -> None:
    """Have the hub told once what the log tells of is committed."""
    if created and settings.WEBSUB_HUB and instance.action in NEWS and _is_for_all(instance):
        transaction.on_commit(partial(tell_hub.enqueue, 0), robust=True)


def _is_for_all(entry: PageLogEntry) -> bool:
    """Whether a hub, which is outside, would find the news."""
    circulation = current()
    return circulation.is_open or not circulation.covers(entry.page.specific.issue_date)


@task(backend="subscriptions")
def tell_hub(tries: int) -> None:
    """Name to the hub each feed that has news; try again a few times, later."""
    try:
        for name in ("feed", "corrections_feed"):
            for address in addresses(name):
                _post({"hub.mode": "publish", "hub.url": address})
    except Exception as error:
        logger.warning("the hub was not told: %s", type(error).__name__)
        if tries < len(PAUSES) and tell_hub.get_backend().supports_defer:
            tell_hub.using(run_after=timezone.now() + PAUSES[tries]).enqueue(tries + 1)


def addresses(name: str) -> list[str]:
    """Return where a feed is found in each of its forms."""
    first = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(name)
    return [first, f"{first[:-1]}.xml", f"{first[:-1]}.json"]


def _post(fields: dict[str, str]) -> None:
    with urlopen(  # noqa: S310 - the operator names the hub
        settings.WEBSUB_HUB, urlencode(fields).encode(), timeout=PATIENCE
    ):
        pass
