"""Where the paper's files are, in folders or buckets: what there is, and what rows name.

Editions are not copied: they are made of the rest, again when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.conf import DEFAULT_STORAGE_ALIAS
from django.core.files.storage import (
    DefaultStorage,
    FileSystemStorage,
    Storage,
    storages,
)
from django.db.models import FileField

__all__ = [
    "PLACES",
    "bucket_errors",
    "chunks_of",
    "folders",
    "missing_names",
    "names_in",
    "stamp_of",
    "storage_of",
]

CHUNK = 1024 * 1024
# The parts of a set, and the storage (STORAGES) each is a copy of.
PLACES = {"media": "default", "contributions": "contributions", "imports": "imports"}


def storage_of(part: str) -> Storage:
    """Return the storage that a part of a set is a copy of."""
    return storages[PLACES[part]]


def bucket_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return ``others`` and what a bucket that is away or refuses raises, for an except clause.

    Looked up there only once something failed: the import is slow, and few need it.
    """
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    return (*others, Boto3Error, BotoCoreError, ClientError)


def folders() -> list[str]:
    """Return the folders that are copied; buckets have none."""
    return [
        str(storage.location)
        for storage in map(storage_of, PLACES)
        if isinstance(storage, FileSystemStorage)
    ]


def names_in(storage: Storage, folder: str = "") -> Iterator[str]:
    """Yield the name of every file, in the order of their names."""
    try:
        inner, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    before = f"{folder}/" if folder else ""
    yield from (before + file for file in sorted(files) if file)  # a bucket may name its folder
    for name in sorted(inner):
        yield from names_in(storage, before + name)


def stamp_of(storage: Storage, name: str) -> str:
    """Return what tells a file from another that may get its name later."""
    return f"{storage.size(name)} {storage.get_modified_time(name).isoformat()}"


def chunks_of(storage: Storage, name: str) -> Iterator[bytes]:
    """Yield the content of a file."""
    with storage.open(name, "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def missing_names(copied: set[tuple[str, str]]) -> Iterator[str]:
    """Yield what rows name and is neither ``copied`` (part and name) nor there any more."""
    for part, alias in PLACES.items():
        storage = storages[alias]
        for model in apps.get_models():
            for field in model._meta.fields:
                if not isinstance(field, FileField) or not _lies_in(field.storage, alias):
                    continue
                named = model._base_manager.exclude(**{field.name: ""})
                for name in named.values_list(field.name, flat=True).iterator():
                    if name and (part, name) not in copied and not storage.exists(name):
                        yield f"{part}/{name}"


def _lies_in(storage: Storage, alias: str) -> bool:
    # What a field has by default is not the storage itself, but an object that finds it.
    if isinstance(storage, DefaultStorage):
        return alias == DEFAULT_STORAGE_ALIAS
    return storage is storages[alias]
