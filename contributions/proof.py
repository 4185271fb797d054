"""Ask a browser for some work before it sends a form, where the paper chose to (default: not).

While the person types, ``static/js/contribute_proof.js`` looks for a number that, written after
the form's token and hashed, gives 16 zero bits. The token is signed and for one use (``guard``), so
nothing else has to be kept, and no proof serves twice. Whoever sends no proof (no JavaScript, an
old browser, plain http, where Web Crypto is absent) is not refused but counted by a stricter limit.

django-altcha does the same with a widget, which waits for ever under our Content-Security-Policy:
its workers are blobs, its style is inline (measured in Chromium; docs: https://altcha.org/docs/).
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from newsroom.limits import address_of

from .guard import count

__all__ = ["PROOF", "check_proof", "is_asked", "is_proof"]

PROOF = "proof"  # the name of the form's hidden field
ZERO_BITS = 16  # 65,536 hashes on average: measured, 1 s on a desktop, 4 s at a sixth of its speed
MOST_DIGITS = 12


def is_asked(request: HttpRequest) -> bool:
    """Tell whether the form shall load the script: Web Crypto needs https."""
    return settings.CONTRIBUTIONS_PROOF_OF_WORK and request.is_secure()


def is_proof(token: str, number: str) -> bool:
    """Tell whether ``number`` proves the work for ``token``."""
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        return False
    digest = hashlib.sha256(f"{token}:{number}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - ZERO_BITS) == 0


def check_proof(
    request: HttpRequest, *, token: str, number: str, at: datetime | None = None
) -> None:
    """Raise GuardRefused if ``request`` comes without proof, and too many did within the hour.

    The limit is ``settings.CONTRIBUTIONS_LIMITS["unproven"]``.
    """
    if is_asked(request) and not is_proof(token, number):
        count("unproven", address_of(request), at=at)
