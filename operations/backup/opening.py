"""Read what a set holds, with the key if it is encrypted, and whether it holds what it says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .age import AgeFailed, decrypted
from .counting import CopyUnreadable, differences, rows_in
from .manifest import DATABASE, Copy, Manifest, SetRefused

__all__ = ["Locked", "Opened"]

MOST_TOLD = 10


class Locked(Exception):
    """The set is encrypted, and not to be opened so; the message says what to do, in Chinese."""


class Opened:
    """The content of a set, decrypted if need be."""

    def __init__(self, place: Path, manifest: Manifest, identity: Path | None) -> None:
        self.place, self.manifest, self.identity = place, manifest, identity
        self.encrypted = bool(manifest.encrypted_for)
        self.database = next(c for c in manifest.copies if manifest.original(c)[0] == DATABASE)
        if self.encrypted and identity is None:
            raise Locked(
                "这份备份是加密的。请用 --identity 给出私钥文件（备份时所用公钥的另一半）："
                + self._keys()
            )

    @contextmanager
    def open(self, copy: Copy) -> Iterator[IO[bytes]]:
        """Give what a file of the set holds."""
        file = self.place / copy.path
        if not self.encrypted or self.identity is None:
            with file.open("rb") as plain:
                yield plain
            return
        with tempfile.TemporaryFile(prefix="paper-restore-") as plain:
            # To its end before anybody sees it: only there is known that nobody changed it.
            plain.writelines(decrypted(file, identity=self.identity))
            plain.seek(0)
            yield plain

    def check_rows(self) -> None:
        """Raise SetRefused where the copy of the database has other rows than the manifest says.

        Raises Locked if the key does not open it, NoProgram if nothing here can read it.
        """
        told = self.manifest.counts
        try:
            with self.open(self.database) as content:
                there = rows_in(content, database=self.manifest.database, tables=told)
        except AgeFailed as error:
            raise Locked(
                f"打不开这份备份。{error}\n它只认这些公钥的另一半：{self._keys()}"
            ) from error
        except CopyUnreadable as error:
            raise SetRefused(f"{self.place}：{error}") from error
        if wrong := differences(told, there):
            lines = "\n".join(f"  {line}" for line in wrong[:MOST_TOLD])
            raise SetRefused(
                f"{self.place} 里的数据库有 {len(wrong)} 张表的行数和清单里记的不一样，"
                f"不能用来恢复：\n{lines}"
            )

    def _keys(self) -> str:
        return "".join(f"\n  {recipient}" for recipient in self.manifest.encrypted_for)
