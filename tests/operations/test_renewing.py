"""What nginx does not take stays owed, and keeps nobody waiting for long."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from operations.front import nginx, renewing
from operations.front.models import Noted, Owed
from operations.front.nginx import NginxBackend


@pytest.fixture
def mute() -> Iterator[str]:
    """An nginx that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.django_db
def test_an_address_is_owed_until_it_was_taken(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    away = True
    monkeypatch.setattr(renewing, "tell", lambda some, how=None: list(some) if away else [])
    Owed.objects.create(address="/451/1/", due=timezone.now(), settled=True)
    with caplog.at_level(logging.ERROR):
        for _ in range(3 * renewing.MANY_TRIES):
            Owed.objects.update(due=timezone.now())
            assert renewing.renew_owed() == 0
    pause = Owed.objects.get().due - timezone.now()
    assert timedelta(seconds=290) < pause <= timedelta(seconds=300)
    assert len(caplog.records) == 1

    away = False
    Owed.objects.update(due=timezone.now())
    assert renewing.renew_owed() == 1
    assert not Owed.objects.exists()


@pytest.mark.django_db
def test_a_cdn_alone_has_everything_purged(settings) -> None:
    dummy = "wagtail.contrib.frontend_cache.backends.DummyBackend"
    settings.WAGTAILFRONTENDCACHE = {"cdn": {"BACKEND": dummy}}
    settings.FRONT_SHUT = ""
    Noted.objects.create(what=Noted.What.ALL)
    assert renewing.find_out() == 1
    assert Owed.objects.filter(address="/").exists()


def test_whoever_waits_for_nginx_waits_once(mute: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nginx, "PATIENCE", 0.3)
    urls = [f"http://paper.example/451/{number}/" for number in range(24)]
    begun = time.monotonic()
    assert sorted(NginxBackend({"LOCATION": mute}).tell(urls)) == sorted(urls)
    assert time.monotonic() - begun < 1.2
