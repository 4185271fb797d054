"""Reckon the fees of a month as they stand, or show them as they were closed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils import timezone

from .authorship import Author, Person
from .fees import NOTHING, Claim, earnings, text_fee
from .ledger import Line, Payee, thawed
from .models import ArticleFee, FeeShare, FeeSheet, FigureSettings, Unpaid
from .output import Piece
from .pieces import pieces_of, printed

__all__ = ["Ledger", "closed_sheet", "ledger_of", "payees_key"]

NOT_PAID = "本篇不发"


@dataclass(frozen=True, slots=True)
class Ledger:
    """The fees of a month.

    ``late`` counts what was printed in it after it was closed, ``gone`` what it pays for and no
    reader gets any more.
    """

    month: datetime.date
    lines: tuple[Line, ...]
    sheet: FeeSheet | None = None
    late: int = 0
    gone: int = 0

    @property
    def name(self) -> str:
        """The month in words."""
        return f"{self.month.year}年{self.month.month}月"

    @property
    def is_closed(self) -> bool:
        """Whether the lines are those of a closed sheet."""
        return self.sheet is not None


def closed_sheet(month: datetime.date) -> FeeSheet | None:
    """Return the sheet of a month that is closed, or None while it is open."""
    return FeeSheet.objects.filter(month=month, reopened_at=None).first()


def ledger_of(month: datetime.date) -> Ledger:
    """Return the ledger of the month that begins on ``month``."""
    articles = printed().filter(
        issue__issuepage__date__year=month.year, issue__issuepage__date__month=month.month
    )
    sheet = closed_sheet(month)
    if sheet is not None:
        lines = tuple(thawed(sheet.lines))
        now = set(articles.values_list("pk", flat=True))
        late = len(now.difference(line.article for line in lines))
        gone = sum(line.is_paid and line.article not in now for line in lines)
        return Ledger(month, lines, sheet, late, gone)
    settings = FigureSettings.load()
    pieces = pieces_of(articles, custom=settings.custom)
    decided = ArticleFee.objects.select_related("grade", "decided_by").prefetch_related(
        Prefetch("shares", FeeShare.objects.order_by("pk"))
    )
    fees = decided.in_bulk([piece.pk for piece in pieces])
    unpaid = dict(Unpaid.objects.values_list("contributor", "reason"))
    elsewhere = _closed_before()
    return Ledger(
        month,
        tuple(
            _line(piece, fees.get(piece.pk), settings, unpaid, elsewhere.get(piece.pk))
            for piece in pieces
        ),
    )


def payees_key(person: Person) -> int | str:
    """Return by what a decision knows a person again: the contributor, else the printed name."""
    return person.contributor or person.name


def _closed_before() -> dict[int, datetime.date]:
    """Return the month in whose closed sheet each article stands: an issue's date may change."""
    sheets = FeeSheet.objects.filter(reopened_at=None).values_list("month", "articles")
    return {article: month for month, articles in sheets for article in articles}


def _line(
    piece: Piece,
    fee: ArticleFee | None,
    settings: FigureSettings,
    unpaid: Mapping[int, str],
    elsewhere: datetime.date | None,
) -> Line:
    grade = (fee.grade if fee else None) or settings.default_grade
    is_paid = elsewhere is None and (fee is None or fee.is_paid)
    adjustment = fee.adjustment if fee else NOTHING
    rates = settings.rates(grade)
    amount = text_fee(piece.characters, rates, adjustment=adjustment) if is_paid else NOTHING
    parts, doubts = _parts(piece, list(fee.shares.all()) if fee else [])
    reasons = [
        "" if is_paid and not why else why or NOT_PAID
        for why in (unpaid.get(author.person.contributor or 0, "") for author, _, _ in parts)
    ]
    claims = [
        Claim(weight, pictures, is_paid=not why)
        for (_, weight, pictures), why in zip(parts, reasons, strict=True)
    ]
    payees = tuple(
        Payee(
            name=author.person.name,
            unit=author.person.unit,
            contributor=author.person.contributor,
            weight=claim.weight,
            pictures=claim.pictures,
            text_fee=earned.text,
            picture_fee=earned.pictures,
            unpaid=why,
        )
        for (author, _, _), claim, why, earned in zip(
            parts, claims, reasons, earnings(amount, claims, rates), strict=True
        )
    )
    needs_grade = is_paid and grade is None and piece.characters > 0
    if needs_grade:
        doubts.insert(0, "未定等级")
    if elsewhere is not None:
        doubts.insert(0, f"已列入{elsewhere.year}年{elsewhere.month}月的稿费表，这里不再发")
    if is_paid and amount and not any(claim.weight for claim in claims):
        doubts.append("文字没有署名，稿费无人可领")
    if is_paid and settings.picture_fee and sum(c.pictures for c in claims) < piece.pictures:
        unknown = piece.pictures - sum(claim.pictures for claim in claims)
        doubts.append(f"{unknown}张图片没有对上作者")
    return Line(
        article=piece.pk,
        title=piece.title,
        issue=piece.issue,
        date=f"{piece.date:%Y-%m-%d}",
        characters=piece.characters,
        pictures=piece.pictures,
        grade=grade.name if grade else "",
        rate=rates.per_thousand,
        adjustment=adjustment,
        fee=amount,
        is_paid=is_paid,
        payees=payees,
        note=fee.note if fee else "",
        decided_by=str(fee.decided_by or "") if fee else "",
        decided_at=f"{timezone.localtime(fee.decided_at):%Y-%m-%d %H:%M}" if fee else "",
        doubts=tuple(doubts),
        is_ready=not needs_grade,
    )


def _parts(
    piece: Piece, decided: list[FeeShare]
) -> tuple[list[tuple[Author, int, int]], list[str]]:
    """Return each author with weight and pictures, and what is doubtful about it.

    What was decided holds for the authors and pictures it was decided for. Others than those,
    and shares are equal again.
    """
    doubts = [
        f"“{author.person.name}”没有对上作者（名单里没有，或有同名的）"
        for author in piece.authors
        if author.person.contributor is None
    ]
    shares = {share.contributor_id or share.name: share for share in decided}
    if shares:
        same = set(shares) == {payees_key(author.person) for author in piece.authors}
        if same and sum(share.pictures for share in decided) <= piece.pictures:
            known = ((author, shares[payees_key(author.person)]) for author in piece.authors)
            return [(author, share.weight, share.pictures) for author, share in known], doubts
        doubts.append("核定之后署名或图片有变，分配已回到平均，请重新核定")
    return [(author, int(author.writes), author.pictures) for author in piece.authors], doubts
