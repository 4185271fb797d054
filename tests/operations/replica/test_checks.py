"""A standby without a shared cache is told of."""

import pytest

from operations.replica.checks import shared_cache
from operations.replica.router import REPLICA


def test_a_standby_wants_a_shared_cache(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert shared_cache() == []
    monkeypatch.setitem(settings.DATABASES, REPLICA, settings.DATABASES["default"])
    assert [message.id for message in shared_cache()] == ["operations.W101"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}}
    assert shared_cache() == []
