"""Keep the cells of exported tables from being taken for orders."""

from __future__ import annotations

from .cjk import clean_line

__all__ = ["BYTE_ORDER_MARK", "inert"]

BYTE_ORDER_MARK = "\ufeff"  # without it a Chinese Excel takes CSV for GBK
# By which a spreadsheet knows a formula; the full-width ones too, in a Chinese or Japanese one.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def inert(cell: object) -> str:
    """Return what a spreadsheet that reads CSV shows as it stands, and never reckons with."""
    raw = str(cell)
    text = clean_line(raw)
    return f"'{text}" if raw.startswith(FORMULA) or text.startswith(FORMULA) else text
