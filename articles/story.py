"""What a list shows of an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Story:
    """An article on a front page or in a list of contents."""

    number: int
    url: str
    headline: str
    headline_lines: tuple[str, ...] = ()
    kicker: str = ""
    subhead: str = ""
    byline: str = ""
    opening: str = ""
    prominence: str = "normal"
    folio: int = 1
    section: str = ""
    section_slug: str = ""
    photo: Any = None  # an object with image, caption, credit and alt; rendering is the template's
    state: str = ""  # "" for readers; "draft" or "changed" in an editor's preview
    corrected: bool = False  # whether something was corrected after it was printed
