"""Keep what people send in: files that no address leads to, and sealed contact data."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import models

UNREADABLE = "（密钥不对，无法解读）"


class VaultStorage(FileSystemStorage):
    """A folder outside MEDIA_ROOT: readable by this program alone, written through to the disk."""

    def __init__(self, location: str) -> None:
        super().__init__(location=location)

    def url(self, name: str | None) -> str:
        """Raise: nothing here has an address; ``contributions.admin_views`` hands files out."""
        raise ValueError("Files of contributions have no address.")

    def _save(self, name: str, content: Any) -> str:
        """Write ``content``, and return only when it would survive a power cut.

        Leaves nothing behind when it fails half-way (a full disk).
        """
        path = Path(self.path(name))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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


# Sealing


def sealing_keys() -> list[bytes]:
    """Return the keys of the vault, the one that seals first (CONTRIBUTIONS_KEYS)."""
    return [key.encode() for key in settings.CONTRIBUTIONS_KEYS]


@cache
def _seal(keys: tuple[bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(text: str) -> str:
    """Return ``text`` encrypted and signed (Fernet: AES-128-CBC, HMAC-SHA256); "" stays ""."""
    return _seal(tuple(sealing_keys())).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """Return what was sealed, or an Unreadable where none of our keys opens it."""
    if not sealed:
        return ""
    try:
        return _seal(tuple(sealing_keys())).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return Unreadable(sealed)


class Unreadable(str):
    """Stands for sealed text that no key opens; keeps it, so that saving a row loses nothing."""

    def __new__(cls, sealed: str) -> Unreadable:
        unreadable = super().__new__(cls, UNREADABLE)
        unreadable.sealed = sealed
        return unreadable

    sealed: str


class SealedField(models.TextField):  # type: ignore[type-arg]  # django-stubs only
    """Text that lies encrypted in the database; it cannot be searched or sorted by."""

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        """Open what the database holds."""
        return value if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> str | None:
        """Seal what goes into the database."""
        if isinstance(value, Unreadable):
            return value.sealed
        return value if value is None else seal(str(value))
