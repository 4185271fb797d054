"""What the settings of contributions must be: `manage.py check` fails where one is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Error, Tags, register

from . import outbox


@register(Tags.security)
def keys_can_seal(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every key of the vault is one, and there is one."""
    hint = (
        "Set CONTRIBUTIONS_KEYS to what `python -c 'from cryptography.fernet import Fernet; "
        "print(Fernet.generate_key().decode())'` prints (docs/contributions.md)."
    )
    keys = list(getattr(settings, "CONTRIBUTIONS_KEYS", None) or [])
    if not keys:
        return [Error("CONTRIBUTIONS_KEYS is empty.", hint=hint, id="contributions.E001")]
    # By its place, since the key itself must not be printed.
    return [
        Error(
            f"Entry {place} of CONTRIBUTIONS_KEYS is no Fernet key.",
            hint=hint,
            id="contributions.E001",
        )
        for place, key in enumerate(keys, start=1)
        if not _is_key(key)
    ]


@register()
def mail_setting_is_known(app_configs: Any, **kwargs: Any) -> list[Error]:
    """CONTRIBUTIONS_MAIL is one of the words it may be."""
    if settings.CONTRIBUTIONS_MAIL in outbox.CHOICES:
        return []
    return [
        Error(
            f"CONTRIBUTIONS_MAIL is {settings.CONTRIBUTIONS_MAIL!r}.",
            hint=f"Set it to one of {', '.join(outbox.CHOICES)}.",
            id="contributions.E002",
        )
    ]


@register(Tags.security)
def vault_is_apart(app_configs: Any, **kwargs: Any) -> list[Error]:
    """The folder of the vault holds nothing that is served, and lies in nothing that is.

    Within a served folder, anybody could read it; around one, the timer would take what is served
    for files without a row, and remove them.
    """
    location = settings.STORAGES["contributions"].get("OPTIONS", {}).get("location")
    if not location:
        return []  # a bucket
    place = Path(location).resolve()
    served = {
        "MEDIA_ROOT": [settings.MEDIA_ROOT],
        "STATIC_ROOT": [settings.STATIC_ROOT],
        "STATICFILES_DIRS": [
            entry[1] if isinstance(entry, list | tuple) else entry
            for entry in settings.STATICFILES_DIRS
        ],
    }
    return [
        Error(
            f"CONTRIBUTIONS_ROOT ({place}) and {name} ({folder}) lie within each other.",
            hint="Set CONTRIBUTIONS_ROOT to a folder of its own.",
            id="contributions.E003",
        )
        for name, folders in served.items()
        for folder in filter(None, folders)
        if _overlap(place, Path(folder).resolve())
    ]


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def _is_key(key: str) -> bool:
    try:
        Fernet(key)
    except (ValueError, TypeError):
        return False
    return True
