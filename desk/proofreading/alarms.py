"""Say what a check of the copy found: how grave it is, where it stands, what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

__all__ = ["FIELDS", "Alarm", "Level", "Place"]

# Where an alarm can stand. The last three belong to the issue, the others to an article.
FIELDS = {
    "kicker": "引题",
    "title": "主题",
    "subhead": "副题",
    "standfirst": "提要",
    "body": "正文",
    "bylines": "署名",
    "issue": "报头",
    "folios": "版面",
    "imprint": "出版信息",
}

UNIT = "\x1f"  # parts what goes into a key; nothing that was cleaned on its way in contains it


class Level(StrEnum):
    """How grave an alarm is: whether the issue can come out with it."""

    BLOCK = "block"
    WARN = "warn"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The word that editors see."""
        return {"block": "必须改", "warn": "请核对", "hint": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in an issue something stands.

    ``article`` is the number of the article, None for the issue itself; ``field`` is one of
    ``FIELDS``; ``passage`` is the index in the body; ``start`` and ``end`` count characters in the
    plain text of that field or passage (``desk.proofreading.texts``), and ``quote`` is what stands
    there, nothing where something is missing.
    """

    article: int | None
    field: str
    passage: int | None
    start: int
    end: int
    quote: str

    @property
    def field_label(self) -> str:
        """What editors call the field."""
        return FIELDS[self.field]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A doubt about a place in the copy; it never changes the copy.

    ``around`` is the text on both sides of the place, ``nth`` counts those that are otherwise
    alike.
    """

    level: Level
    code: str
    message: str
    place: Place
    around: str = ""
    nth: int = 0

    @property
    def key(self) -> str:
        """What it is known by in its article, or in the issue: the same after an edit elsewhere.

        The number of the article is not part of it: that changes when it is held over.
        """
        place = self.place
        parts = (
            self.code,
            place.field,
            place.quote,
            self.around,
            str(self.nth),
        )
        return sha256(UNIT.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
