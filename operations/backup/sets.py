"""Sets of copies as folders: how they are named, found, checked and removed."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from .manifest import MANIFEST, Manifest, SetRefused

__all__ = [
    "UNFINISHED",
    "check_set",
    "name_of",
    "read_manifest",
    "remove_set",
    "sets_in",
    "sha256_of",
    "strangers_in",
]

NAME = "paper-%Y%m%dT%H%M%SZ"
UNFINISHED = ".unfinished-"  # begins the name of what is being made, or removed
MOST_TOLD = 20


def name_of(moment: datetime) -> str:
    """Return the name of the set that is made at ``moment``."""
    return moment.astimezone(UTC).strftime(NAME)


def moment_of(name: str) -> datetime | None:
    """Return when a set of this name was made; None if no set is named so."""
    try:
        moment = datetime.strptime(name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return moment if name_of(moment) == name else None


def sets_in(folder: Path) -> dict[datetime, Path]:
    """Return the whole sets in ``folder`` by their time, the oldest first; nothing else in it."""
    found = {}
    for place in folder.iterdir():
        moment = moment_of(place.name)
        if moment is None or place.is_symlink() or not place.is_dir():
            continue
        try:
            read_manifest(place)
        except SetRefused:
            continue
        found[moment] = place
    return dict(sorted(found.items()))


def read_manifest(place: Path) -> Manifest:
    """Return what a set says of itself, or raise SetRefused."""
    file = place / MANIFEST
    try:
        if file.is_symlink():
            raise SetRefused(f"{file} 是一个链接，不可信。")
        return Manifest.from_json(file.read_bytes())
    except FileNotFoundError:
        raise SetRefused(f"{place} 不是一份完整的备份：没有 {MANIFEST}。") from None
    except OSError as error:
        raise SetRefused(f"{place} 读不了：{error.strerror}。") from error


def check_set(place: Path) -> Manifest:
    """Return what a set says of itself if every file is there, byte for byte; or SetRefused."""
    manifest = read_manifest(place)
    wrong = list(_wrong(place, manifest))
    if wrong:
        told = "\n".join(f"  {line}" for line in wrong[:MOST_TOLD])
        raise SetRefused(f"{place} 有 {len(wrong)} 个文件不对，不能用来恢复：\n{told}")
    return manifest


def strangers_in(place: Path, manifest: Manifest) -> list[str]:
    """Return the files in a set that its manifest does not name; they are never restored."""
    known = {MANIFEST, *manifest.named()}
    files = (path.relative_to(place).as_posix() for path in place.rglob("*") if not path.is_dir())
    return sorted(set(files) - known)


def _wrong(place: Path, manifest: Manifest) -> Iterator[str]:
    root = place.resolve()
    for copy in manifest.copies:
        file = place / copy.path
        # A link, or a folder that is one, would lead out of the set.
        if not file.is_file() or file.resolve() != root / copy.path:
            yield f"{copy.path}：没有这个文件"
        elif file.stat().st_size != copy.size:
            yield f"{copy.path}：大小不对（应为{copy.size}字节，实为{file.stat().st_size}字节）"
        elif sha256_of(file) != copy.sha256:
            yield f"{copy.path}：内容不对（校验和不符）"


def sha256_of(file: Path) -> str:
    """Return the checksum of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def remove_set(place: Path) -> None:
    """Remove a set; one that is half removed has another name, and is taken for none."""
    leaving = place.with_name(UNFINISHED + place.name)
    os.rename(place, leaving)
    shutil.rmtree(leaving)
