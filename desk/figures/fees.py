"""Reckon what an article earns, and each author's share of it, to the 分."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

__all__ = ["NOTHING", "Claim", "Earning", "Rates", "divide", "earnings", "text_fee"]

FEN = Decimal("0.01")
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """What the paper pays, in 元."""

    per_thousand: Decimal = NOTHING
    minimum: Decimal = NOTHING
    per_picture: Decimal = NOTHING
    # Where the share of who is paid nothing (本报人员) goes: to the others, or to nobody.
    passes_on: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """What someone has done for an article, and whether they are paid for it."""

    weight: int = 1
    pictures: int = 0
    is_paid: bool = True


@dataclass(frozen=True, slots=True)
class Earning:
    """What someone gets for an article: for the text, and for pictures."""

    text: Decimal = NOTHING
    pictures: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        """Both together."""
        return self.text + self.pictures


def text_fee(characters: int, rates: Rates, *, adjustment: Decimal = NOTHING) -> Decimal:
    """Return the fee for the text: by its length, at least the minimum, then what was adjusted.

    Without any text there is no minimum; and no adjustment makes the paper a creditor.
    """
    fee = NOTHING
    if characters > 0:
        by_length = Decimal(characters) * rates.per_thousand / 1000
        fee = max(by_length, rates.minimum).quantize(FEN, ROUND_HALF_UP)
    return max(fee + adjustment.quantize(FEN, ROUND_HALF_UP), NOTHING)


def divide(fee: Decimal, weights: Sequence[int]) -> tuple[Decimal, ...]:
    """Divide ``fee`` by ``weights`` into shares of whole 分 that sum up to it exactly.

    The 分 that rounding leaves go to the largest remainders, of equal ones to the first named.
    Raises ValueError for a negative weight or fee, and for a fee without anybody to get it.
    """
    if fee < 0 or any(weight < 0 for weight in weights):
        raise ValueError("a fee and its weights are not negative")
    whole = sum(weights)
    if not whole:
        if fee:
            raise ValueError("nobody to divide the fee among")
        return (NOTHING,) * len(weights)
    fen = int(fee.quantize(FEN, ROUND_HALF_UP) / FEN)
    exact = [Fraction(fen * weight, whole) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: shares[place] - exact[place])
    for place in by_remainder[: fen - sum(shares)]:
        shares[place] += 1
    return tuple(share * FEN for share in shares)


def earnings(fee: Decimal, claims: Sequence[Claim], rates: Rates) -> tuple[Earning, ...]:
    """Return what each of ``claims`` gets of the text's ``fee``, and for their pictures.

    Who is paid nothing gets nothing; what would be theirs goes where ``rates`` say. A fee that
    nobody has a claim to lapses as well.
    """
    weights = [claim.weight if claim.is_paid or not rates.passes_on else 0 for claim in claims]
    shares = divide(fee, weights) if any(weights) else (NOTHING,) * len(claims)
    per_picture = rates.per_picture.quantize(FEN, ROUND_HALF_UP)
    return tuple(
        Earning(share, claim.pictures * per_picture) if claim.is_paid else Earning()
        for share, claim in zip(shares, claims, strict=True)
    )
