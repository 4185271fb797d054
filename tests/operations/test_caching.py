"""Redis may come and go: nothing fails, limits stay, and nothing old is read afterwards."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import override_settings
from redis import Redis as Client

from newsroom import limits
from operations import caching
from operations.caching import PatientRedisCache


class Redis:
    """A Redis of our own, on a free port."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def client(self) -> Client:
        return Client(port=self.port)

    def start(self, *arguments: str | Path, save: str = "") -> None:
        own = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", save]
        self.process = subprocess.Popen(
            ["redis-server", *arguments, *own], stdout=subprocess.DEVNULL
        )
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 0.1):
                return
            time.sleep(0.05)
        raise TimeoutError("redis-server")

    def fail_to_save(self, folder: Path, *arguments: str | Path) -> None:
        """Start anew with snapshots in a folder that is gone when they are made."""
        self.stop()
        folder.mkdir()
        self.start(*arguments, "--dir", folder, save="3600 1")
        folder.rmdir()
        self.client.bgsave()
        for _ in range(100):
            if self.client.info("persistence")["rdb_last_bgsave_status"] == "err":
                return
            time.sleep(0.05)
        raise TimeoutError("bgsave")

    def stop(self) -> None:
        if self.process:
            # Not terminated: one that cannot save goes on then.
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
def redis() -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.fail("需要 Redis：sudo apt-get install redis-server")
    server = Redis()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def cache(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[PatientRedisCache]:
    monkeypatch.setattr(caching, "PAUSE", 0.2)
    backend = {"BACKEND": "operations.caching.PatientRedisCache", "LOCATION": redis.url}
    with override_settings(CACHES={"default": backend}):
        yield caches["default"]


def test_redis_is_used_while_it_is_there(cache: PatientRedisCache) -> None:
    cache.set("x", {"a": 1})
    cache.set_many({"y": 1, "z": 2})

    assert cache.get_many(["x", "y"]) == {"x": {"a": 1}, "y": 1}
    assert cache.incr("z") == 3
    assert cache._memory.get("x") is None
    assert not cache.is_away()


def test_without_redis_nothing_fails_and_the_memory_of_the_process_is_used(
    cache: PatientRedisCache, redis: Redis
) -> None:
    redis.stop()

    assert cache.get("x", "absent") == "absent"
    assert cache.add("x", 0)
    assert cache.incr("x") == 1
    cache.set("y", 1, timeout=60)
    assert cache.touch("y", 60)
    assert cache.get_many(["x", "y"]) == {"x": 1, "y": 1}
    assert cache.delete("y")
    assert cache.is_away()


def test_nobody_waits_again_for_a_redis_that_does_not_answer(
    cache: PatientRedisCache, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "PAUSE", 60)
    redis.stop()
    with socket.create_server(("127.0.0.1", redis.port)):  # takes connections, says nothing
        started = time.monotonic()
        for _ in range(50):
            cache.get("x")
        assert time.monotonic() - started < 6


def test_what_is_limited_stays_limited_without_redis(
    cache: PatientRedisCache, redis: Redis
) -> None:
    redis.stop()

    for _ in range(3):
        limits.count("send", "192.0.2.1", from_one=3, in_all=100)
    with pytest.raises(limits.TooMany):
        limits.count("send", "192.0.2.1", from_one=3, in_all=100)


def test_when_redis_is_back_nothing_old_is_read(cache: PatientRedisCache, redis: Redis) -> None:
    cache.set("changed", "old")
    cache.set("deleted", "old")
    # It stays up all the while, but nobody reaches it.
    server, cache._state.away_until, cache._state.is_away = redis, time.monotonic() + 0.2, True
    cache.set("changed", "new")
    cache.delete("deleted")
    assert cache.get("changed") == "new"
    time.sleep(0.3)

    assert cache.get("unrelated") is None  # with this it is noticed that it is back
    assert cache.get("changed") is None
    assert cache.get("deleted") is None
    assert not cache.is_away()
    assert cache._memory.get("changed") is None
    assert server.process is not None


def allowed(times: int) -> int:
    """Return how many of so many attempts are let through where ten are allowed."""
    through = 0
    for _ in range(times):
        with suppress(limits.TooMany):
            limits.count("send", "192.0.2.1", from_one=10, in_all=100)
            through += 1
    return through


def test_what_is_limited_stays_limited_when_redis_answers_and_takes_nothing_in(
    cache: PatientRedisCache,
    redis: Redis,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(caching, "PAUSE", 0)  # it is asked again each time
    redis.fail_to_save(tmp_path / "snapshots")

    assert allowed(60) == 10
    assert cache.is_away()
    assert [record.message for record in caplog.records] == [
        "Redis is away, each process uses its own memory: ResponseError"
    ]

    redis.client.config_set("stop-writes-on-bgsave-error", "no")
    cache.get("unrelated")
    assert not cache.is_away()


def test_the_redis_that_is_installed_takes_in_what_it_cannot_save(
    cache: PatientRedisCache, redis: Redis, tmp_path: Path
) -> None:
    config = Path("deploy/redis.conf")
    redis.fail_to_save(tmp_path / "snapshots", settings.BASE_DIR / config)

    assert allowed(60) == 10
    assert not cache.is_away()
    script = (settings.BASE_DIR / "deploy/install.sh").read_text()
    written = next(line for line in script.splitlines() if "put /etc/redis/paper.conf" in line)
    assert f"&& cat {config})" in written
