"""Add up what was printed: for each author, unit, issue and section."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .authorship import Author, Person

__all__ = [
    "Output",
    "Piece",
    "by_issue",
    "by_person",
    "by_section",
    "by_unit",
    "rounded",
    "shown_number",
]

NO_SECTION = "（无栏目）"
NO_UNIT = "（未填单位）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A printed article, as far as figures go."""

    pk: int
    title: str
    issue: int  # its number
    date: datetime.date
    section: str
    characters: int
    pictures: int
    authors: tuple[Author, ...] = ()


@dataclass(slots=True)
class Output:
    """A line of a table. A piece that several wrote is whole in ``pieces`` and a part in ``share``.

    So ``pieces`` of all authors may be more than were printed; ``share`` never is.
    """

    name: str
    unit: str = ""
    contributor: int | None = None
    date: datetime.date | None = None
    pieces: int = 0
    share: Fraction = field(default_factory=Fraction)
    characters: int = 0
    characters_share: Fraction = field(default_factory=Fraction)
    pictures: int = 0


Picked = Callable[[Author], bool]


def everybody(author: Author) -> bool:
    """Pick every author."""
    return True


def by_person(pieces: Iterable[Piece], picked: Picked = everybody) -> list[Output]:
    """Return what each author that is ``picked`` had in print, in the order of first appearance."""
    lines: dict[Person, Output] = {}
    for piece in pieces:
        parts = _parts(piece)
        for author in filter(picked, piece.authors):
            person = author.person
            line = lines.setdefault(person, Output(person.name, person.unit, person.contributor))
            if author.writes:
                _add(line, piece, parts)
            line.pictures += author.pictures
    return list(lines.values())


def by_unit(pieces: Iterable[Piece], picked: Picked = everybody) -> list[Output]:
    """Return what the authors of each unit had in print; a piece of two colleagues counts once."""
    lines: dict[str, Output] = {}
    for piece in pieces:
        parts = _parts(piece)
        shares: dict[str, Fraction] = {}
        for author in filter(picked, piece.authors):
            unit = author.person.unit
            line = lines.setdefault(unit, Output(unit or NO_UNIT, unit))
            line.pictures += author.pictures
            if author.writes:
                shares[unit] = shares.get(unit, Fraction()) + parts
        for unit, share in shares.items():
            _add(lines[unit], piece, share)
    return list(lines.values())


def by_issue(pieces: Iterable[Piece]) -> list[Output]:
    """Return what stood in each issue."""
    lines: dict[int, Output] = {}
    for piece in pieces:
        line = lines.setdefault(piece.issue, Output(f"第{piece.issue}期", date=piece.date))
        _add_whole(line, piece)
    return list(lines.values())


def by_section(pieces: Iterable[Piece]) -> list[Output]:
    """Return what stood under each section."""
    lines: dict[str, Output] = {}
    for piece in pieces:
        line = lines.setdefault(piece.section, Output(piece.section or NO_SECTION))
        _add_whole(line, piece)
    return list(lines.values())


def rounded(share: Fraction) -> float:
    """Return a share for display, to two decimals, halves up."""
    return int(share * 100 + Fraction(1, 2)) / 100


def shown_number(value: int | float | Decimal | None) -> str:
    """Return a number as people read it: 12,345, amounts and shares with two decimals."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


def _parts(piece: Piece) -> Fraction:
    """Return what of ``piece`` is each writer's."""
    writers = sum(author.writes for author in piece.authors)
    return Fraction(1, writers) if writers else Fraction()


def _add(line: Output, piece: Piece, share: Fraction) -> None:
    line.pieces += 1
    line.share += share
    line.characters += piece.characters
    line.characters_share += share * piece.characters


def _add_whole(line: Output, piece: Piece) -> None:
    _add(line, piece, Fraction(1))
    line.pictures += piece.pictures
