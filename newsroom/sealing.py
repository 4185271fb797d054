"""Seal contact data: it lies encrypted in the database, and only our keys open it."""

from __future__ import annotations

import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

UNREADABLE = "（密钥不对，无法解读）"


def sealing_keys() -> list[bytes]:
    """Return the keys of contact data, the one that seals first (CONTRIBUTIONS_KEYS)."""
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


def keyed_digests(purpose: str, text: str) -> list[str]:
    """Return what tells ``text`` from others without telling it, under each key, first the first.

    A keyed hash, so that nobody finds the text by trying all there are without the key.
    """
    secrets = (hmac.digest(key, purpose.encode(), "sha256") for key in sealing_keys())
    return [hmac.digest(secret, text.encode(), "sha256").hex() for secret in secrets]


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
