"""Say what each article of a month earns, and add up what each person and unit gets.

A line is plain data, so that a closed month can be kept as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from .authorship import Person
from .fees import NOTHING
from .output import NO_UNIT

__all__ = ["Line", "Payee", "Total", "by_payee", "by_unit", "frozen", "mark_of", "thawed", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Someone with a part in an article, and what they get for it."""

    name: str
    unit: str = ""
    contributor: int | None = None
    weight: int = 1
    pictures: int = 0
    text_fee: Decimal = NOTHING
    picture_fee: Decimal = NOTHING
    unpaid: str = ""  # why they get nothing

    @property
    def amount(self) -> Decimal:
        """What they get."""
        return self.text_fee + self.picture_fee

    @property
    def label(self) -> str:
        """Who that is."""
        return str(Person(self.name, self.unit))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An article in the ledger."""

    article: int
    title: str
    issue: int
    date: str
    characters: int
    pictures: int
    grade: str = ""
    rate: Decimal = NOTHING
    adjustment: Decimal = NOTHING
    fee: Decimal = NOTHING  # for the text, before shares
    is_paid: bool = True
    payees: tuple[Payee, ...] = ()
    note: str = ""
    decided_by: str = ""
    decided_at: str = ""
    doubts: tuple[str, ...] = ()
    is_ready: bool = True  # nothing is missing to pay it

    @property
    def amount(self) -> Decimal:
        """What is paid for it in all."""
        return total(self.payees)

    @property
    def shares(self) -> tuple[str, ...]:
        """Who gets what, in words."""
        return tuple(_share(payee) for payee in self.payees)


@dataclass(slots=True)
class Total:
    """What a person or a unit gets in a month."""

    name: str
    unit: str = ""
    pieces: int = 0
    characters: int = 0
    pictures: int = 0
    text_fee: Decimal = NOTHING
    picture_fee: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        """All together."""
        return self.text_fee + self.picture_fee

    @property
    def label(self) -> str:
        """Who that is."""
        return str(Person(self.name, "" if self.name == self.unit else self.unit))


def total(parts: Iterable[Line | Payee | Total]) -> Decimal:
    """Return the sum of amounts."""
    return sum((part.amount for part in parts), NOTHING)


def by_payee(lines: Iterable[Line]) -> list[Total]:
    """Return what each person gets who gets something, unit by unit."""
    return _totals(lines, lambda payee: (payee.contributor or payee.name, payee.name, payee.unit))


def by_unit(lines: Iterable[Line]) -> list[Total]:
    """Return what the people of each unit get together; a piece of two colleagues counts once."""
    return _totals(lines, lambda payee: (payee.unit, payee.unit or NO_UNIT, payee.unit))


def frozen(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """Return lines as JSON keeps them."""
    kept: list[dict[str, Any]] = json.loads(
        json.dumps([asdict(line) for line in lines], default=str)
    )
    return kept


def thawed(kept: Iterable[dict[str, Any]]) -> list[Line]:
    """Return the lines that were ``frozen``."""
    return [
        Line(
            **{
                **line,
                **_amounts(line, "rate", "adjustment", "fee"),
                "doubts": tuple(line["doubts"]),
                "payees": tuple(
                    Payee(**{**payee, **_amounts(payee, "text_fee", "picture_fee")})
                    for payee in line["payees"]
                ),
            }
        )
        for line in kept
    ]


def mark_of(lines: Iterable[Line]) -> str:
    """Return a short mark of all that stands in ``lines``: another sheet has another mark."""
    return sha256(json.dumps(frozen(lines), sort_keys=True).encode()).hexdigest()[:32]


def _share(payee: Payee) -> str:
    if payee.unpaid:
        return f"{payee.name}不发（{payee.unpaid}）"
    return f"{payee.name} {payee.amount:,}"


def _amounts(data: dict[str, Any], *names: str) -> dict[str, Decimal]:
    return {name: Decimal(data[name]) for name in names}


def _totals(lines: Iterable[Line], key_of: Any) -> list[Total]:
    totals: dict[Any, Total] = {}
    for line in lines:
        seen = set()
        for payee in line.payees:
            if not payee.amount:
                continue
            key, name, unit = key_of(payee)
            entry = totals.setdefault(key, Total(name, unit))
            entry.text_fee += payee.text_fee
            entry.picture_fee += payee.picture_fee
            entry.pictures += payee.pictures
            if key not in seen and payee.text_fee:
                seen.add(key)
                entry.pieces += 1
                entry.characters += line.characters
    return sorted(totals.values(), key=lambda entry: (entry.unit, -entry.amount, entry.name))
