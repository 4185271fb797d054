"""Show what people typed as it is, with nothing in it that turns or hides words."""

from __future__ import annotations

import re

from django import template

from newsroom.cjk import INVISIBLE
from newsroom.cjk import clean_text as with_one_kind_of_breaks

register = template.Library()

PARAGRAPH_BREAK = re.compile(r"\n[ \t\u3000]*\n+")


@register.filter
def visible(text: object) -> str:
    """Return text with a sign like 〔U+202E〕 for each character that nobody would see."""
    return INVISIBLE.sub(lambda sign: f"〔U+{ord(sign[0]):04X}〕", str(text))


@register.filter
def paragraphs(text: object) -> list[str]:
    """Return the paragraphs of a text, parted by blank lines; other line breaks stay in them."""
    seen = with_one_kind_of_breaks(visible(text))
    return [part.strip("\n") for part in PARAGRAPH_BREAK.split(seen) if part.strip()]
