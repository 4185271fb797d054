"""Subscriptions for tests."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from following.mail.subscribing import digests_of
from following.models import Subscription


def make_subscription(
    address: str = "wang@example.org", *, confirmed: bool = True, **fields: Any
) -> Subscription:
    """Return a subscription, confirmed a moment ago unless told otherwise."""
    facts = {"confirmed_at": timezone.now() if confirmed else None, **fields}
    return Subscription.objects.create(email=address, digest=digests_of(address)[0], **facts)
