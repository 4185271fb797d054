"""Compare two archives of issue folders, byte by byte."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .readers.folder import ISSUE_FILE, PROVENANCE

__all__ = ["differences"]

NUMBER = re.compile(rb"^number = (\d+)$", re.MULTILINE)


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield, in Chinese, each issue and each file that is in one archive alone or differs.

    Issues are matched by number, whatever their folders are called.
    """
    left, right = _issues(one), _issues(other)
    for number in sorted({*left, *right}):
        if number not in left or number not in right:
            yield f"第{number}期：只在 {one if number in left else other} 里有"
            continue
        yield from (f"第{number}期：{told}" for told in _differing(left[number], right[number]))


def _issues(archive: Path) -> dict[int, Path]:
    found = {}
    for file in sorted(archive.rglob(ISSUE_FILE)):
        if number := NUMBER.search(file.read_bytes()):
            found[int(number[1])] = file.parent
    return found


def _differing(one: Path, other: Path) -> Iterator[str]:
    left, right = _files(one), _files(other)
    for name in sorted({*left, *right}):
        if name not in left or name not in right:
            yield f"{name} 只有一边有"
        elif left[name].read_bytes() != right[name].read_bytes():
            yield f"{name} 不一样"


def _files(folder: Path) -> dict[str, Path]:
    return {
        name: path
        for path in folder.rglob("*")
        if path.is_file()
        and not (name := path.relative_to(folder).as_posix()).startswith((PROVENANCE, "."))
    }
