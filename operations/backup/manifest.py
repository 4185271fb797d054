"""What a set of copies says of itself: the list of its files, and what was in the paper then."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

__all__ = ["DATABASE", "ENCRYPTED", "FORMAT", "MANIFEST", "Copy", "Manifest", "SetRefused"]

FORMAT = "paper-backup/1"
MANIFEST = "manifest.json"
DATABASE = "database"
ENCRYPTED = ".age"  # ends the name of every file of an encrypted set
PARTS = (DATABASE, "media", "contributions", "imports")
SHA256 = re.compile(r"[0-9a-f]{64}")


class SetRefused(Exception):
    """A set is not whole, or not ours; the message says what is wrong, in Chinese."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One file of a set; ``stamp`` tells whether what it is a copy of has changed since."""

    path: str
    size: int
    sha256: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that a set says of itself; written last, so that what has one is whole."""

    made_at: datetime
    database: str  # "sqlite" or "postgresql"
    versions: Mapping[str, str]
    migrations: tuple[str, ...]
    counts: Mapping[str, int]  # rows of each table
    encrypted_for: tuple[str, ...]
    missing: tuple[str, ...]  # what rows name and was not there when the copy was made
    copies: tuple[Copy, ...]

    def named(self) -> dict[str, Copy]:
        """Return its files by their path."""
        return {copy.path: copy for copy in self.copies}

    def original(self, copy: Copy) -> tuple[str, str]:
        """Return the part of the paper that a copy belongs to, and its name there."""
        path = copy.path.removesuffix(ENCRYPTED) if self.encrypted_for else copy.path
        part, _, name = path.partition("/")
        return part, name

    def to_json(self) -> str:
        """Return what ``from_json`` reads."""
        told = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Return what a manifest says; raise SetRefused for what is none of ours, or no path."""
        try:
            told = json.loads(text)
            if told.pop("format") != FORMAT:
                raise SetRefused("这不是本程序能读的备份（格式不同，可能来自更新的版本）。")
            copies = tuple(_copy(each) for each in told.pop("copies"))
            made_at = datetime.fromisoformat(told.pop("made_at"))
            rest = {name: _plain(value) for name, value in told.items()}
            manifest = cls(made_at=made_at, copies=copies, **rest)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise SetRefused(f"{MANIFEST} 读不懂，这份备份可能没有拷贝完整或已损坏。") from error
        if len(manifest.named()) != len(copies):
            raise SetRefused(f"{MANIFEST} 把同一个文件列了两次，不可信。")
        if sum(manifest.original(copy)[0] == DATABASE for copy in copies) != 1:
            raise SetRefused("这份备份里没有数据库。")
        return manifest


def _copy(told: Mapping[str, Any]) -> Copy:
    if {*told} != {field.name for field in fields(Copy)}:
        raise ValueError("not the fields of a file")
    copy = Copy(str(told["path"]), int(told["size"]), str(told["sha256"]), str(told["stamp"]))
    if not SHA256.fullmatch(copy.sha256) or copy.size < 0:
        raise ValueError("no checksum")
    if not _stays_inside(copy.path):
        raise SetRefused(f"备份里有一个文件想写到别处去，不可信：{copy.path!r}")
    return copy


def _stays_inside(path: str) -> bool:
    """Whether a path leads from a folder to one of our parts below it, and nowhere else."""
    steps = path.split("/")
    if "\\" in path or "\0" in path or not {"", ".", ".."}.isdisjoint(steps):
        return False
    if len(steps) == 1:
        return path in (DATABASE, DATABASE + ENCRYPTED)
    return steps[0] in PARTS[1:]


def _plain(value: Any) -> Any:
    return tuple(map(str, value)) if isinstance(value, list) else value
