"""Hold copy cut into blocks before it is an issue (小样): what each is, and what is doubtful.

A reader makes a galley of a source, an editor decides its doubts (``interchange.galley_edits``),
``interchange.composing`` makes an issue of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from newsroom.cjk import clean_text

from .schema import Passage, RemarkKind

__all__ = [
    "COPY",
    "HEAD",
    "HEADLINE",
    "MASTHEAD",
    "OUTSIDE",
    "Act",
    "Block",
    "Choice",
    "Doubt",
    "Galley",
    "GalleyError",
    "Part",
    "Step",
    "unaccounted",
]

MASTHEAD = 0  # the "article" of what belongs to the issue itself


class GalleyError(ValueError):
    """Say in Chinese why something cannot be done with a galley, which is as it was."""


class Part(StrEnum):
    """What a block is to the issue or to its article."""

    NAMEPLATE = "nameplate"
    STRAP = "strap"
    DATE_LINE = "date_line"
    IMPRINT = "imprint"
    RESPONSIBLE_EDITOR = "responsible_editor"
    FOLIO_LINE = "folio_line"
    JUMP = "jump"
    SECTION = "section"
    KICKER = "kicker"
    TITLE = "title"
    SUBHEAD = "subhead"
    STANDFIRST = "standfirst"
    CROSSHEAD = "crosshead"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    NOTE = "note"
    FIGURE = "figure"
    BYLINE = "byline"
    DROPPED = "dropped"


HEAD = (Part.NAMEPLATE, Part.STRAP, Part.DATE_LINE, Part.IMPRINT, Part.RESPONSIBLE_EDITOR)
HEADLINE = (Part.KICKER, Part.TITLE, Part.SUBHEAD, Part.STANDFIRST)
COPY = (*HEADLINE, Part.CROSSHEAD, Part.PARAGRAPH, Part.NOTE, Part.FIGURE)
UNPRINTED = (Part.DROPPED, Part.FOLIO_LINE, Part.JUMP)
# What stands between the blocks of an article without being part of its text.
OUTSIDE = (*UNPRINTED, Part.CAPTION)


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of the source, its text as it stood there.

    ``joins``: it goes on where the block before it in its article broke off. ``signs`` stand
    before the text and are no part of it, as the ``>`` of a quoted mail. ``passage`` is what Word
    already knows of it: a table, pictures, a paragraph with its setting. ``line`` is its place in
    the source, where ``begins_line`` tells whether it is the first of its line.
    """

    id: int
    text: str
    part: Part = Part.PARAGRAPH
    article: int = MASTHEAD
    line: int = 0
    begins_line: bool = True
    joins: bool = False
    signs: str = ""
    passage: Passage | None = None


class Act(StrEnum):
    """What a choice does; ``Step.value`` says with what."""

    PART = "part"  # a Part
    JOIN = "join"
    UNJOIN = "unjoin"
    SPLIT = "split"  # an offset
    MOVE = "move"  # the key of an article
    BEGIN = "begin"  # nothing: a new article
    MERGE = "merge"  # the key of the article that its own is put behind


@dataclass(frozen=True, slots=True)
class Step:
    """One change at one block."""

    act: Act
    block: int
    value: str | int = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to settle a doubt by one click; without steps all stays as it was read."""

    label: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that a reader guessed, at a block, told in Chinese.

    ``kind`` is the remark that it becomes if nobody settles it; ``settled`` tells how somebody did.
    """

    id: int
    code: str
    text: str
    block: int
    kind: RemarkKind = RemarkKind.DECIDE
    choices: tuple[Choice, ...] = ()
    settled: str = ""


@dataclass(frozen=True, slots=True)
class Galley:
    """Blocks in the order of the source; ``order`` holds their ids as they are to be read.

    Articles have keys that stay when others come and go; they stand in the order in which they
    are first read.
    """

    blocks: tuple[Block, ...]
    order: tuple[int, ...]
    doubts: tuple[Doubt, ...] = ()

    @classmethod
    def of(cls, blocks: Iterable[Block], doubts: Iterable[Doubt] = ()) -> Galley:
        """Return a galley that is read as it stands."""
        blocks = tuple(blocks)
        return cls(blocks, tuple(block.id for block in blocks), tuple(doubts))

    @property
    def in_order(self) -> tuple[Block, ...]:
        """All blocks as they are to be read."""
        by_id = {block.id: block for block in self.blocks}
        return tuple(by_id[each] for each in self.order)

    @property
    def articles(self) -> tuple[int, ...]:
        """The keys of the articles, in print order; one of which all is left out is none."""
        keys = dict.fromkeys(
            block.article for block in self.in_order if block.part not in UNPRINTED
        )
        return tuple(key for key in keys if key != MASTHEAD)

    @property
    def open_doubts(self) -> tuple[Doubt, ...]:
        """The doubts that nobody has settled."""
        return tuple(doubt for doubt in self.doubts if not doubt.settled)

    def of_article(self, key: int) -> tuple[Block, ...]:
        """Return the blocks of an article as they are to be read."""
        return tuple(block for block in self.in_order if block.article == key)

    def block(self, block_id: int) -> Block:
        """Return a block, or raise ``GalleyError``."""
        for block in self.blocks:
            if block.id == block_id:
                return block
        raise GalleyError("这一段已经不在了，请重新打开再改。什么都没有改。")


def unaccounted(galley: Galley, source: str) -> str:
    """Return the characters of a source, white space aside, that no block of the galley holds.

    What ``clean_text`` takes out as invisible is not asked for.
    """
    held = Counter("".join(block.signs + block.text for block in galley.blocks))
    missing = []
    for character in "".join(clean_text(source).split()):
        held[character] -= 1
        if held[character] < 0:
            missing.append(character)
    return "".join(missing)
