"""Keep out of XML what no XML may hold."""

import re

__all__ = ["legible"]

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legible(text: str) -> str:
    """Return ``text`` without the characters that are forbidden in XML, however escaped."""
    return FORBIDDEN.sub("", text)
