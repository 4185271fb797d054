"""Keep the files that people send in, where no address leads."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages

MB = 1024 * 1024


class VaultStorage(FileSystemStorage):
    """A folder outside MEDIA_ROOT: readable by this program alone, written through to the disk."""

    def __init__(self, location: str) -> None:
        super().__init__(location=location)

    def url(self, name: str | None) -> str:
        """Raise: nothing here has an address; ``contributions.file_views`` hands files out."""
        raise ValueError("Files of contributions have no address.")

    def _save(self, name: str, content: Any) -> str:
        """Write ``content``, and return only when it would survive a power cut.

        Raises OSError (ENOSPC) while the disk is nearly full. Leaves nothing behind when it
        fails half-way.
        """
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A flood of attachments is not to keep out texts as well.
        if shutil.disk_usage(path.parent).free < settings.CONTRIBUTIONS_LEAST_FREE_MB * MB:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        new = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with open(new, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            for folder in (path.parent, Path(self.base_location)):
                _sync_folder(folder)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return name


def _sync_folder(folder: Path) -> None:
    """Have the names in ``folder`` survive a power cut too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def vault() -> Storage:
    """Return the storage of everything sent in (a folder, or a private bucket)."""
    return storages["contributions"]


def new_name(*_: object) -> str:
    """Return a name that tells nothing and cannot be guessed (128 bits), in one of 256 folders."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


def put(content: IO[bytes] | Any) -> str:
    """Store a file durably under a name of its own and return that name."""
    return vault().save(new_name(), content)


def discard(*names: str) -> None:
    """Remove files by name; what is not there is no error."""
    for name in filter(None, names):
        vault().delete(name)


def names_in_vault(folder: str = "") -> Iterator[str]:
    """Yield the name of every stored file."""
    storage = vault()
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{file}" if folder else file for file in files)
    for inner in folders:
        yield from names_in_vault(f"{folder}/{inner}" if folder else inner)
