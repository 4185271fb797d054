"""What a list shows of an article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

LEAD, BRIEF = "lead", "brief"
# How many characters of its opening an article shows, by prominence.
OPENING = {LEAD: 330, "major": 150, "normal": 100, BRIEF: 42}


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


def weigh(prominences: Sequence[str]) -> list[str]:
    """Return how large each article stands; where nobody chose a lead, the first one leads."""
    weights = list(prominences)
    if weights and LEAD not in weights and weights[0] != BRIEF:
        weights[0] = LEAD
    return weights
