"""Give an uploaded file its place: its own name, in a folder that nobody can guess."""

from __future__ import annotations

import secrets

__all__ = ["hidden_path"]

FOLDER_LENGTH = 16  # hexadecimal digits, 64 bits
LONGEST = 99  # characters, of the 100 that Django's file fields hold


def hidden_path(folder: str, name: str) -> str:
    """Return where in ``folder`` a file lies whose address tells nobody before it is published.

    A name that is too long for the database loses the end of its stem.
    """
    stem, dot, suffix = name.rpartition(".")
    room = LONGEST - len(folder) - FOLDER_LENGTH - len(f"//{dot}{suffix}")
    return f"{folder}/{secrets.token_hex(FOLDER_LENGTH // 2)}/{stem[:room]}{dot}{suffix}"
