"""Put a set back into an empty place, and compare what is there then with what the set says.

Everything that can be refused is refused before anything is touched. The database comes last and
at once: a restore that was cut off is no paper that runs.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from django.apps import apps
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from newsroom.sealing import SealedField, Unreadable

from . import databases
from .age import AgeFailed
from .counting import NoProgram, differences
from .databases import DatabaseFailed
from .manifest import DATABASE, Copy, Manifest, SetRefused
from .opening import Locked, Opened
from .places import PLACES, bucket_errors, chunks_of, folders, names_in, storage_of
from .sets import check_set

__all__ = ["RestoreFailed", "RestoreRefused", "Restored", "restore"]

CHUNK = 1024 * 1024
MOST_TOLD = 10


class RestoreRefused(Exception):
    """Nothing was touched; the message says why, and what to do, in Chinese."""


class RestoreFailed(Exception):
    """The place is not restored; the message says how far it came, in Chinese."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: how many files and rows, and whether our keys open what is sealed."""

    manifest: Manifest
    files: int
    rows: int
    unreadable: tuple[str, ...]  # sealed fields that no key of ours opens
    to_migrate: bool


def restore(*, place: Path, identity: Path | None = None) -> Restored:
    """Restore the set at ``place``; ``identity`` is the file of the key that opens it.

    Raises RestoreRefused before, and RestoreFailed after anything was touched.
    """
    try:
        manifest = check_set(place)
        opened = Opened(place, manifest, identity)
        _check_fit(manifest)
        _check_empty()
        _check_front_may_read()
        opened.check_rows()
    except SetRefused as refused:
        raise RestoreRefused(f"{refused}\n什么都没有动。请换一份完整的备份。") from refused
    except (Locked, NoProgram) as refused:
        raise RestoreRefused(f"{refused}\n什么都没有动。") from refused
    except bucket_errors(OSError, DatabaseFailed, DatabaseError) as error:
        raise RestoreRefused(f"还没有开始恢复就出了错，什么都没有动。{error}") from error
    files = [copy for copy in manifest.copies if manifest.original(copy)[0] != DATABASE]
    done: list[Copy] = []
    try:
        for copy in files:
            done.append(copy)
            with opened.open(copy) as content:
                _put_back(content, *manifest.original(copy))
        with opened.open(opened.database) as content:
            databases.load(iter(partial(content.read, CHUNK), b""))
    except bucket_errors(
        *(OSError, AgeFailed, DatabaseFailed, DatabaseError, SuspiciousFileOperation, _Differs)
    ) as error:
        left = _take_back(manifest, done)
        told = f"恢复到一半没有做成：{error}\n数据库仍是空的，备份本身没有动。"
        raise RestoreFailed(f"{told}{left}解决以后再运行同一条命令。") from error
    _compare_counts(manifest)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return Restored(
        manifest,
        files=len(files),
        rows=sum(manifest.counts.values()),
        unreadable=tuple(_unreadable()),
        to_migrate=not known <= set(manifest.migrations),
    )


class _Differs(Exception):
    """What was written is not what can be read again."""


def _check_fit(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        raise RestoreRefused(
            f"这份备份来自 {manifest.database}，现在的 DATABASE_URL 却是 {connection.vendor}。"
            "请换成同一种数据库；要换数据库，用 export_archive 和 import_archive。"
        )
    loader = MigrationLoader(None, ignore_no_migrations=True)
    here = {f"{app}.{name}" for app, name in loader.disk_migrations}
    ours = {app.label for app in apps.get_app_configs()}
    newer = sorted(
        name
        for name in set(manifest.migrations) - here - _squashed(loader)
        if name.split(".")[0] in ours
    )
    if newer:
        told = "、".join(newer[:MOST_TOLD])
        raise RestoreRefused(
            f"这份备份来自更新的程序版本（本程序没有 {told}）。请先装上做备份时的版本或更新的版本。"
        )


def _squashed(loader: MigrationLoader) -> set[str]:
    """Return the migrations that others replace and that need no file any more."""
    return {
        f"{app}.{name}"
        for migration in loader.disk_migrations.values()
        for app, name in migration.replaces
    }


def _check_empty() -> None:
    """Raise RestoreRefused where anything is that a restore would write over."""
    if not databases.is_empty():
        raise RestoreRefused(
            f"数据库 {connection.settings_dict['NAME']} 不是空的，什么都没有动。"
            "恢复只往空的地方写：请新建一个空的数据库（不要运行 migrate），"
            "把 DATABASE_URL 指向它，再运行同一条命令。"
        )
    for part in PLACES:
        storage = storage_of(part)
        there = next(names_in(storage), None)
        if there is not None:
            where = storage.location if isinstance(storage, FileSystemStorage) else "存储桶"
            raise RestoreRefused(
                f"{where} 不是空的（里面有 {there}），什么都没有动。恢复只往空的地方写："
                "请把它改名或换一个空的文件夹，再运行同一条命令。"
            )


def _check_front_may_read() -> None:
    """Raise RestoreRefused where nginx hands out the photos, and could not read any put back.

    It reads by its group, which new folders take from the one they are made in: that one cannot be
    made here, since only root gives a folder to a group that we are not in.
    """
    media = storage_of("media")
    if not settings.FRONT_SHUT or not isinstance(media, FileSystemStorage):
        return
    folder = Path(media.location)
    mode = folder.stat().st_mode if folder.is_dir() else 0
    inherited, to_all = stat.S_ISGID | stat.S_IRGRP | stat.S_IXGRP, stat.S_IROTH | stat.S_IXOTH
    # What we may not give to others, the folders made in it do not give either.
    os.umask(umask := os.umask(0))
    if mode & inherited != inherited and mode & to_all & ~umask != to_all:
        raise RestoreRefused(
            f"{folder} 还没有，或者 nginx 读不到里面的照片，什么都没有动。请由 root 运行下面这一条"
            "（www-data 是 nginx 的组），再恢复：\n"
            f"  install -d -m 2750 -o paper -g www-data {folder}"
        )


def _put_back(content: IO[bytes], part: str, name: str) -> None:
    """Write a file under its own name, and read again what was written."""
    storage = storage_of(part)
    told = hashlib.file_digest(content, "sha256")  # type: ignore[arg-type]  # a file in bytes
    content.seek(0)
    stored = storage.save(name, File(content))
    if stored != name:
        storage.delete(stored)
        raise _Differs(f"{part}/{name} 存成了另一个名字：{stored}")
    read = hashlib.sha256()
    for chunk in chunks_of(storage, name):
        read.update(chunk)
    if read.digest() != told.digest():
        raise _Differs(f"{part}/{name} 写下去和读回来不一样，磁盘可能有问题。")


def _take_back(manifest: Manifest, done: Iterable[Copy]) -> str:
    """Remove what was written, so that the place is empty again; return what is left, told."""
    try:
        for copy in done:
            part, name = manifest.original(copy)
            storage_of(part).delete(name)
    except bucket_errors(OSError):
        return "写了一半的文件没能删净，请先清空这些文件夹：" + "、".join(folders()) + "。"
    return "已经写下的文件都收回了。"


def _compare_counts(manifest: Manifest) -> None:
    """Raise RestoreFailed where a table does not have the rows that the set says."""
    wrong = differences(manifest.counts, databases.count_rows())
    if wrong:
        told = "\n".join(f"  {line}" for line in wrong[:MOST_TOLD])
        raise RestoreFailed(f"恢复完了，但有 {len(wrong)} 张表的行数和备份里记的不一样：\n{told}")


def _unreadable() -> Iterator[str]:
    """Yield the sealed fields with an entry that no key of ours opens (CONTRIBUTIONS_KEYS)."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if not isinstance(field, SealedField):
                continue
            values = model._base_manager.values_list(field.name, flat=True)
            if any(isinstance(value, Unreadable) for value in values.iterator()):
                yield f"{model._meta.verbose_name}：{field.verbose_name}"
