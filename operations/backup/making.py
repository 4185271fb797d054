"""Make a set of copies of the whole paper while it is being written to.

The database first, then the files: a file is stored before the row that names it and never changed
in place, so that every row of the copy finds its file. What is stored meanwhile comes along without
a row, which harms nothing; what is erased meanwhile was to go.
"""

from __future__ import annotations

import errno
import fcntl
import os
import platform
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import django
import wagtail
from django.db import DatabaseError
from django.utils import timezone

from . import databases
from .age import AgeFailed, encrypt, is_recipient
from .databases import DatabaseFailed
from .manifest import DATABASE, ENCRYPTED, MANIFEST, Copy, Manifest
from .places import (
    PLACES,
    bucket_errors,
    chunks_of,
    folders,
    missing_names,
    names_in,
    stamp_of,
    storage_of,
)
from .rotation import Keeping
from .sets import UNFINISHED, name_of, read_manifest, remove_set, sets_in, sha256_of

__all__ = ["BackupFailed", "Made", "make_backup"]

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BackupFailed(Exception):
    """There is no new set, and the old ones are as they were; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Made:
    """A set that was made, how many of its files are shared with the one before, what went."""

    place: Path
    manifest: Manifest
    shared: int
    removed: tuple[Path, ...]


def make_backup(
    *, to: Path, recipients: tuple[str, ...] = (), keeping: Keeping | None = None
) -> Made:
    """Make a new set in the folder ``to``, encrypted for ``recipients`` if there are any.

    It gets its name when it is whole. Only then what ``keeping`` does not keep is removed.
    """
    for recipient in recipients:
        if not is_recipient(recipient):
            raise BackupFailed(f"这不是 age 的公钥（应以 age1 开头）：{recipient}")
    try:
        with _alone_in(to):
            made_at = timezone.now().replace(microsecond=0)
            place = to / name_of(made_at)
            if place.exists():
                raise BackupFailed("一秒钟前刚做过备份，请再试一次。")
            manifest, shared = _filled(place, made_at, recipients)
            removed = _rotate(to, keeping or Keeping())
    except OSError as error:
        if error.errno in FULL:
            raise BackupFailed(
                "磁盘满了，没有做成备份；原有的备份都没有动。"
                f"请在 {to} 所在的磁盘上腾出空间，再试一次。"
            ) from error
        raise BackupFailed(f"没有做成备份，原有的备份都没有动：{error}") from error
    except (AgeFailed, DatabaseFailed) as error:
        raise BackupFailed(f"没有做成备份，原有的备份都没有动。{error}") from error
    except bucket_errors(DatabaseError) as error:
        told = "请检查数据库和存储桶连得上没有，再试一次。"
        raise BackupFailed(f"没有做成备份，原有的备份都没有动。{told}{error}") from error
    return Made(place, manifest, shared, removed)


@contextmanager
def _alone_in(to: Path) -> Iterator[None]:
    """Have ``to`` for us alone, and rid of what a killed backup left."""
    for folder in folders():
        if to.resolve().is_relative_to(Path(folder).resolve()):
            raise BackupFailed(f"备份不能放在报纸自己的文件夹里（{folder}），请另选地方。")
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(to / ".lock", os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupFailed(f"另一个备份正在往 {to} 里写，请等它做完。") from None
        for left in to.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        yield
    finally:
        os.close(lock)


def _filled(place: Path, made_at: datetime, recipients: tuple[str, ...]) -> tuple[Manifest, int]:
    """Make the set under another name, have it reach the disk, and name it."""
    unfinished = place.with_name(UNFINISHED + place.name)
    unfinished.mkdir(mode=0o700)
    try:
        writing = _Writing(unfinished, recipients, _previous(place.parent, recipients))
        with databases.snapshot() as taken:
            writing.put(DATABASE, taken.content())
        writing.copy_files()
        manifest = Manifest(
            made_at=made_at,
            database=taken.vendor,
            versions={
                "python": platform.python_version(),
                "django": django.get_version(),
                "wagtail": wagtail.__version__,
                taken.vendor: taken.version,
            },
            migrations=taken.migrations,
            counts=taken.counts,
            encrypted_for=recipients,
            missing=tuple(missing_names(writing.names)),
            copies=tuple(writing.copies),
        )
        with _new_file(unfinished / MANIFEST) as file:
            file.write(manifest.to_json().encode())
        os.sync()  # thousands of files at once, rather than one after another
        os.rename(unfinished, place)
        os.sync()
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return manifest, writing.shared


def _previous(to: Path, recipients: tuple[str, ...]) -> tuple[Path, dict[str, Copy]]:
    """Return the newest set for the same recipients, and its files by their path."""
    for place in reversed(sets_in(to).values()):
        manifest = read_manifest(place)
        if manifest.encrypted_for == recipients:
            return place, manifest.named()
    return to, {}


class _Writing:
    """The files of a set that is being made."""

    def __init__(
        self, place: Path, recipients: tuple[str, ...], previous: tuple[Path, dict[str, Copy]]
    ) -> None:
        self.place, self.recipients = place, recipients
        self.before, self.known = previous
        self.copies: list[Copy] = []
        self.names: set[tuple[str, str]] = set()  # of parts, and of files in them
        self.shared = 0

    def copy_files(self) -> None:
        """Copy what lies in every place, whatever vanishes meanwhile."""
        for part in PLACES:
            storage = storage_of(part)
            for name in names_in(storage):
                try:
                    stamp = stamp_of(storage, name)
                    if not self._share(f"{part}/{name}", stamp):
                        self.put(f"{part}/{name}", chunks_of(storage, name), stamp)
                except FileNotFoundError:
                    (self.place / self._path(f"{part}/{name}")).unlink(missing_ok=True)
                else:
                    self.names.add((part, name))

    def put(self, name: str, chunks: Iterable[bytes], stamp: str = "") -> None:
        """Write a file of the set."""
        path = self._path(name)
        file = self.place / path
        with _new_file(file) as target:
            if self.recipients:
                encrypt(chunks, target, recipients=self.recipients)
            else:
                target.writelines(chunks)
        self.copies.append(Copy(path, file.stat().st_size, sha256_of(file), stamp))

    def _share(self, name: str, stamp: str) -> bool:
        """Take an unchanged file over from the set before, if it is still whole there."""
        path = self._path(name)
        copy = self.known.get(path)
        if copy is None or copy.stamp != stamp:
            return False
        file = self.place / path
        _make_folder(file)
        try:
            os.link(self.before / path, file, follow_symlinks=False)
        except OSError as error:
            if error.errno in FULL:
                raise
            return False  # gone there, or a disk that knows no links
        if sha256_of(file) != copy.sha256:
            file.unlink()
            return False
        self.copies.append(copy)
        self.shared += 1
        return True

    def _path(self, name: str) -> str:
        return name + ENCRYPTED if self.recipients else name


def _make_folder(file: Path) -> None:
    """Make the folder that ``file`` is to lie in, for us alone, and those above it."""
    if not file.parent.is_dir():
        _make_folder(file.parent)
        file.parent.mkdir(mode=0o700)


@contextmanager
def _new_file(file: Path) -> Iterator[BinaryIO]:
    """Open a file that nobody else may read, and that was not there."""
    _make_folder(file)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        yield opened


def _rotate(to: Path, keeping: Keeping) -> tuple[Path, ...]:
    sets = sets_in(to)
    # A day is the paper's day.
    local = {timezone.localtime(moment): place for moment, place in sets.items()}
    removed = tuple(local[moment] for moment in keeping.superfluous(local))
    for place in removed:
        remove_set(place)
    return removed
