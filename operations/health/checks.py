"""What is asked of each part of the machine: nothing is answered with "", trouble with a reason."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from contributions import outbox
from following.mail import sending

from .heartbeats import TIMER, Silence, silent

__all__ = ["ALL", "SERVING", "disk"]

MB = 1024 * 1024
BUCKET_PAUSE = 60.0  # seconds between two writes to a bucket, which cost


def database() -> str:
    """Ask the database for something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return ""


_wanted: list[tuple[tuple[str, str], frozenset[tuple[str, str]]]] = []


def migrations() -> str:
    """Compare what the program brings with what the database has."""
    if not _wanted:
        # The files of a running program do not change: read once.
        loader = MigrationLoader(None)
        _wanted.extend(
            (key, frozenset(migration.replaces))
            for key, migration in (loader.disk_migrations or {}).items()
        )
    applied = set(MigrationRecorder(connection).applied_migrations())
    missing = [
        key
        for key, replaces in _wanted
        if key not in applied and not (replaces and replaces <= applied)
    ]
    replaced = {old for _, replaces in _wanted for old in replaces}
    missing = [key for key in missing if key not in replaced]
    return f"有{len(missing)}项数据库迁移没有执行（manage.py migrate）" if missing else ""


def keeping() -> str:
    """Write into the cache, and read it again."""
    key, value = f"health:{secrets.token_hex(8)}", secrets.token_hex(8)
    cache.set(key, value, timeout=30)
    kept = cache.get(key)
    cache.delete(key)
    if kept != value:
        return "缓存没有保存住写入的内容"
    is_away = getattr(cache, "is_away", None)
    return "连不上Redis，或写不进去，各进程暂用自己的内存" if is_away and is_away() else ""


_written: dict[str, float] = {}


def storage() -> str:
    """Write into each place where files are kept."""
    failed = []
    for name in settings.STORAGES:
        if name == "staticfiles":
            continue
        try:
            _write_into(name)
        except Exception as error:
            failed.append(f"{name}（{type(error).__name__}）")
    return f"文件存不进去：{'、'.join(failed)}" if failed else ""


def _write_into(name: str) -> None:
    place = storages[name]
    if isinstance(place, FileSystemStorage):
        folder = Path(place.base_location)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
            file.flush()
        return
    if time.monotonic() - _written.get(name, float("-inf")) < BUCKET_PAUSE:
        return
    written = place.save(f"health-{secrets.token_hex(8)}", ContentFile(b"x"))
    place.delete(written)
    _written[name] = time.monotonic()


def worker() -> str:
    """Look who works in the background."""
    return _silences(lambda silence: silence.command != TIMER)


def timer() -> str:
    """Look whether somebody publishes what is due."""
    return _silences(lambda silence: silence.command == TIMER)


def _silences(concerns: Callable[[Silence], bool]) -> str:
    return "；".join(
        f"{silence.command}从来没有运行过"
        if silence.since is None
        else f"{silence.command}已{_minutes(timezone.now() - silence.since)}分钟没有动静"
        for silence in silent()
        if concerns(silence)
    )


def _minutes(long: timedelta) -> int:
    return int(long.total_seconds()) // 60


def disk() -> str:
    """Look how much room there is where we write."""
    short = sorted(
        {
            f"{folder}所在的磁盘只剩{free // MB} MB"
            for folder, free in _free()
            if free < settings.DISK_LEAST_FREE_MB * MB
        }
    )
    return "；".join(short)


def _free() -> Iterator[tuple[Path, int]]:
    """Yield one folder of each disk we write to, and the bytes that are free there."""
    seen = set()
    for place in places():
        folder = place
        while not folder.exists():
            folder = folder.parent
        device = os.stat(folder).st_dev
        if device not in seen:
            seen.add(device)
            yield place, shutil.disk_usage(folder).free


def places() -> list[Path]:
    """Return the folders of this machine that we write to."""
    kept = [storages[name] for name in settings.STORAGES if name != "staticfiles"]
    folders = [Path(place.base_location) for place in kept if isinstance(place, FileSystemStorage)]
    if connection.vendor == "sqlite":
        folders.append(Path(connection.settings_dict["NAME"]).parent)  # "." of one in memory
    folders.append(Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()))
    return folders


def mail() -> str:
    """Look whether mails wait for the mail server, or for nobody."""
    waiting = outbox.stuck()
    stuck = sending.stuck()
    told = [f"{waiting}项来稿通知发不出去"] if waiting else []
    if stuck:
        told.append(f"{stuck}期的订阅邮件发不出去")
    return "；".join(told)


# What one process needs to serve, and what the paper needs to be whole.
SERVING: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "cache": keeping,
    "storage": storage,
}
ALL: dict[str, Callable[[], str]] = {
    **SERVING,
    "worker": worker,
    "timer": timer,
    "disk": disk,
    "mail": mail,
}
