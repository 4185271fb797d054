"""What the board's requests say, read once; nothing that comes in is believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from django.http import QueryDict

from articles.models import ArticlePage, Prominence
from interchange.galley import Block, Galley, Part
from interchange.readers.pasted import cut_lines, read_pasted
from newsroom.models import Section

LONGEST_KEY = 9  # digits
MOST_CHARACTERS = 60_000
MOST_LINES = 1_000

PART_LABELS = {
    Part.KICKER: "引题",
    Part.TITLE: "主题",
    Part.SUBHEAD: "副题",
    Part.CROSSHEAD: "小标题",
    Part.PARAGRAPH: "正文",
    Part.BYLINE: "署名",
    Part.DROPPED: "删去",
}


class Unreadable(ValueError):
    """The request does not say what was meant; the message tells the editor, in Chinese."""


def number(text: str | None) -> int | None:
    """Return the number that ``text`` spells, or None for anything that is no key of ours."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY else None


def section_of(text: str | None) -> Section | None:
    """Return the section chosen; none for an empty choice. Raises Unreadable for one gone."""
    if not text:
        return None
    key = number(text)
    section = Section.objects.filter(pk=key).first() if key is not None else None
    if section is None:
        raise Unreadable("所选的栏目已经不在了，请另选一个。什么都没有改。")
    return section


def where(data: QueryDict) -> tuple[int, Section | None]:
    """Return folio and section for a new article. Raises Unreadable."""
    folio = number(data.get("folio")) if data.get("folio") else 1
    if folio is None:
        raise Unreadable("没有加稿件：版次要写数字，请另选一版。")
    return folio, section_of(data.get("section"))


def shown_place(article: ArticlePage) -> str:
    """Return the placement of ``article`` as a row of the board shows it."""
    return f"{article.folio}|{article.section_id or ''}|{article.prominence}"


@dataclass(frozen=True, slots=True)
class WantedPlace:
    """What an editor changed in a row, and how those columns stood when they did."""

    changes: Mapping[str, Any]
    expected: Mapping[str, Any]


def wanted_place(data: QueryDict, key: int) -> WantedPlace:
    """Read the changed fields of a row. Raises Unreadable."""
    shown = (data.get(f"shown-{key}") or "").split("|")
    names = ("folio", "section", "prominence")
    if len(shown) != len(names):
        raise Unreadable("没有改：请重新打开这个页面，再改一次。")
    changes: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for name, was in zip(names, shown, strict=True):
        now = data.get(f"{name}-{key}")
        if now is None or now == was:
            continue
        if name == "section":
            changes[name], expected["section_id"] = section_of(now), number(was)
        elif name == "folio":
            changes[name], expected[name] = number(now), number(was)
            if changes[name] is None:
                raise Unreadable("没有改：版次要写数字。")
        else:
            if now not in Prominence.values:
                raise Unreadable("没有改：没有这种分量，请重新选。")
            changes[name], expected[name] = now, was
    return WantedPlace(changes, expected)


# A pasted article


@dataclass(frozen=True, slots=True)
class PastedForm:
    """A pasted text and the parts of its lines, as guessed or as chosen."""

    text: str
    galley: Galley
    digest: str
    was_chosen: bool  # by an editor who saw these very lines
    has_changed: bool  # since the editor chose

    @property
    def rows(self) -> list[tuple[Block, Sequence[tuple[str, str, bool]]]]:
        """Each line with the choices for it."""
        return [
            (line, [(part.value, label, part is line.part) for part, label in PART_LABELS.items()])
            for line in self.galley.blocks
        ]


def pasted_form(data: QueryDict) -> PastedForm:
    """Read a pasted text; the parts that were chosen count if they are for this very text.

    Raises Unreadable for what is too long to be one article.
    """
    text = data.get("text") or ""
    if len(text) > MOST_CHARACTERS:
        raise Unreadable(
            f"没有加稿件：这段文字有{len(text)}字，超过{MOST_CHARACTERS}字。一次只粘贴一篇稿件。"
        )
    words = cut_lines(text)
    if len(words) > MOST_LINES:
        raise Unreadable(
            f"没有加稿件：这段文字有{len(words)}行，超过{MOST_LINES}行。一次只粘贴一篇稿件。"
        )
    digest = sha256("\n".join(words).encode("utf-8", "replace")).hexdigest()[:16]
    guessed = read_pasted(text)
    seen, chosen = data.get("of") or "", data.getlist("part")
    fits = seen == digest and len(chosen) == len(words) and set(chosen) <= set(PART_LABELS)
    if fits:
        guessed = Galley.of(
            replace(line, part=Part(part))
            for line, part in zip(guessed.blocks, chosen, strict=True)
        )
    return PastedForm(text, guessed, digest, fits, bool(seen) and not fits)
