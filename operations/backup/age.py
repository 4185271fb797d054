"""Encrypt for the holder of a key who is not here, by the program age (https://age-encryption.org).

To a public key: the machine that makes copies cannot open them.
"""

from __future__ import annotations

import errno
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

__all__ = ["AgeFailed", "decrypted", "encrypt", "is_recipient"]

PROGRAM = "age"
RECIPIENT = re.compile(r"age1[0-9a-z]{58}")
CHUNK = 1024 * 1024


class AgeFailed(Exception):
    """The program is not there, or refused; the message says why, in Chinese."""


def is_recipient(text: str) -> bool:
    """Whether ``text`` is a public key as age-keygen prints it."""
    return RECIPIENT.fullmatch(text) is not None


def encrypt(chunks: Iterable[bytes], target: IO[bytes], *, recipients: Iterable[str]) -> None:
    """Write ``chunks`` to ``target`` so that only the holders of the recipients' keys read them."""
    to = [word for recipient in recipients for word in ("--recipient", recipient)]
    with tempfile.TemporaryFile() as told, _started(["--encrypt", *to], told, target) as age:
        assert age.stdin is not None  # noqa: S101  # a pipe was asked for
        try:
            for chunk in chunks:
                age.stdin.write(chunk)
            age.stdin.close()
        except BrokenPipeError:
            pass  # it ended before we did, and has said why
        except BaseException:
            age.kill()
            raise
        if age.wait():
            _raise(told)


def decrypted(source: Path, *, identity: Path) -> Iterator[bytes]:
    """Yield the content of an encrypted file; raise AgeFailed at its end if it was changed."""
    arguments = ["--decrypt", "--identity", str(identity), str(source)]
    with tempfile.TemporaryFile() as told, _started(arguments, told, subprocess.PIPE) as age:
        assert age.stdout is not None  # noqa: S101  # a pipe was asked for
        try:
            while chunk := age.stdout.read(CHUNK):
                yield chunk
        except BaseException:
            age.kill()
            raise
        if age.wait():
            _raise(told)


def _started(
    arguments: list[str], told: IO[bytes], output: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  # arguments of our own, no shell
            [PROGRAM, *arguments], stdin=subprocess.PIPE, stdout=output, stderr=told
        )
    except FileNotFoundError:
        raise AgeFailed("没有找到加密程序 age，请先安装：sudo apt-get install age") from None


def _raise(told: IO[bytes]) -> None:
    told.seek(0)
    words = told.read(2000).decode(errors="replace").strip()
    if "no space left" in words or "file too large" in words:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    raise AgeFailed(f"加密程序 age 没有做成：{words}")
