"""Hold a text while it is read: its pieces, what they are taken for, and every guess made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from ..galley import MASTHEAD, Act, Block, Choice, Doubt, Galley, Part, Step
from ..schema import RemarkKind
from .wording import glue

__all__ = ["Piece", "Reading", "Unit", "another_headline", "as_it_is", "become", "quoted"]

LONGEST_QUOTE = 24
MOST_LINES_OF_HEADING = 3


@dataclass(eq=False, slots=True)
class Piece:
    """A piece of the source, as far as it is known what it is.

    ``gap`` counts the empty lines before it, ``indent`` the squares before its words.
    """

    id: int
    text: str
    line: int
    gap: int = 0
    indent: float = 0
    begins_line: bool = True
    signs: str = ""
    part: Part | None = None
    article: int = MASTHEAD
    joins: bool = False

    def as_block(self) -> Block:
        """Return the piece as a block of a galley."""
        return Block(
            self.id,
            self.text,
            self.part or Part.PARAGRAPH,
            self.article,
            self.line,
            self.begins_line,
            self.joins,
            self.signs,
        )


@dataclass(eq=False, slots=True)
class Unit:
    """Pieces that are one paragraph, or one line that stands by itself."""

    pieces: list[Piece]

    @property
    def text(self) -> str:
        """The words of all its pieces."""
        parts = [self.pieces[0].text]
        for piece in self.pieces[1:]:
            parts.append(glue(parts[-1], piece.text)[len(parts[-1]) :])
        return "".join(parts)

    @property
    def first(self) -> Piece:
        """The piece that it begins with."""
        return self.pieces[0]

    @property
    def is_long(self) -> bool:
        """Whether it is too long to be a line that stands by itself."""
        return len(self.pieces) > MOST_LINES_OF_HEADING

    def take(self, other: Unit) -> None:
        """Let another go on where this one breaks off."""
        for piece in other.pieces:
            piece.part = self.first.part
        other.first.joins = True
        self.pieces += other.pieces

    def mark(self, part: Part) -> None:
        """Say what it is."""
        for piece in self.pieces:
            piece.part = part


@dataclass
class Reading:
    """The pieces of a text in the order of the source, and the doubts about them."""

    pieces: list[Piece] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    ids: Iterator[int] = field(default_factory=lambda: count(1))

    def doubt(
        self,
        code: str,
        piece: Piece,
        text: str,
        *choices: Choice,
        kind: RemarkKind = RemarkKind.DECIDE,
    ) -> None:
        """Note a guess."""
        number = len(self.doubts) + 1
        self.doubts.append(Doubt(number, code, text, piece.id, kind, choices))

    def cut(self, cuts: dict[int, int]) -> dict[int, Piece]:
        """Cut pieces, given by id, before a character; return the new pieces by the old id."""
        new: dict[int, Piece] = {}
        pieces: list[Piece] = []
        for piece in self.pieces:
            pieces.append(piece)
            if at := cuts.get(piece.id):
                rest = Piece(
                    next(self.ids), piece.text[at:].lstrip(), piece.line, begins_line=False
                )
                piece.text = piece.text[:at].rstrip()
                new[piece.id] = rest
                pieces.append(rest)
        self.pieces = pieces
        return new

    def galley(self, order: Iterable[Piece]) -> Galley:
        """Return what was read; ``order`` is the order in which it is to be read."""
        blocks = tuple(piece.as_block() for piece in self.pieces)
        return Galley(blocks, tuple(piece.id for piece in order), tuple(self.doubts))


def as_it_is(label: str) -> Choice:
    """Return the choice that changes nothing."""
    return Choice(label)


def become(label: str, *changes: tuple[Unit | Piece, Part]) -> Choice:
    """Return the choice that makes units something else."""
    steps: list[Step] = []
    for thing, part in changes:
        pieces = thing.pieces if isinstance(thing, Unit) else [thing]
        steps.append(Step(Act.PART, pieces[0].id, part.value))
        steps += [
            Step(Act.JOIN, piece.id)
            if part is not Part.DROPPED
            else Step(Act.PART, piece.id, part.value)
            for piece in pieces[1:]
        ]
    return Choice(label, tuple(steps))


def another_headline(unit: Unit) -> Choice:
    """Return the choice that begins another article with a unit as its headline."""
    first = unit.first.id
    steps = (Step(Act.BEGIN, first), Step(Act.PART, first, Part.TITLE.value))
    return Choice("是另一篇的标题", steps)


def quoted(text: str) -> str:
    """Return the words by which an editor finds a place."""
    return f"“{text}”" if len(text) <= LONGEST_QUOTE else f"“{text[: LONGEST_QUOTE - 2]}…”"
