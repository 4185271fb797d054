"""Make receipt codes: derive them, show them, read what was typed, and keep them as hashes."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

__all__ = ["derive_code", "fingerprint", "group", "identity", "normalise"]

# 32 signs, so that each stands for five bits; 0 O 1 I are left out, for they look alike.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
BITS_PER_SYMBOL = 5
SYMBOLS = 16  # 80 bits: a million guesses a second find one of a million codes in 38,000 years
BYTES = SYMBOLS * BITS_PER_SYMBOL // 8
GROUP = 4

# What is read of something typed, before and after it is brought into the normal form. The first
# leaves room for spaces and for words around a code; NFKC makes up to 18 characters of one.
MOST_READ = 256
MOST_KEPT = 64

# Each hash begins with its purpose, so that none can be passed off as another.
IDENTITY = b"contributions.codes.identity\0"
CODE = b"contributions.codes.code\0"
FINGERPRINT = b"contributions.codes.fingerprint\0"


def identity(key: str, digest: str) -> str:
    """Return what one sending is known by: its form's idempotency key and its content's digest.

    Each is hashed by itself first, so that no end of the one can pass for a beginning of the other.
    """
    parts = (hashlib.sha256(_bytes(part)).digest() for part in (key, digest))
    return hashlib.sha256(IDENTITY + b"".join(parts)).hexdigest()


def derive_code(*, secret: bytes, identity: str) -> str:
    """Return the code for ``identity``, ungrouped; only who knows ``secret`` can tell it."""
    if not secret:
        raise ValueError("A receipt code needs a secret.")
    digest = hmac.digest(secret, CODE + _bytes(identity), "sha256")
    number = int.from_bytes(digest[:BYTES], "big")
    places = range(BITS_PER_SYMBOL * (SYMBOLS - 1), -1, -BITS_PER_SYMBOL)
    return "".join(ALPHABET[number >> place & (len(ALPHABET) - 1)] for place in places)


def group(code: str) -> str:
    """Return ``code`` as it is shown: K7QM-93XH-…"""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def normalise(typed: str) -> str:
    """Return what was typed as a code in normal form, whether or not there is such a code.

    Full-width and small letters become capitals; all but Latin letters and digits is dropped:
    spaces, hyphens of all kinds, signs without width, words in Chinese.
    """
    upper = unicodedata.normalize("NFKC", typed[:MOST_READ]).upper()
    kept = (character for character in upper if character.isascii() and character.isalnum())
    return "".join(kept)[:MOST_KEPT]


def fingerprint(code: str) -> str:
    """Return what is kept of a code in normal form; of nonsense, too, as it is looked up alike.

    No salt and no slow hash: 80 random bits cannot be tried out.
    """
    return hashlib.sha256(FINGERPRINT + _bytes(code)).hexdigest()


def _bytes(text: str) -> bytes:
    """Return ``text`` in UTF-8; half a character (a lone surrogate) is no error here."""
    return text.encode("utf-8", "surrogatepass")
