"""Decide what an article earns, close a month, and open it again; each is logged."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from articles.models import ArticlePage

from .fees import NOTHING
from .ledger import Line, frozen, mark_of, total
from .models import ArticleFee, FeeShare, FeeSheet, FigureSettings, Grade
from .months import closed_sheet, ledger_of
from .permissions import may_manage_fees
from .pieces import printed

if TYPE_CHECKING:
    from accounts.models import User

__all__ = [
    "FeesRefused",
    "ShareWish",
    "close_month",
    "decide_fee",
    "line_of",
    "month_of",
    "reopen_month",
]

NAMED = 5  # articles that a refusal names


class FeesRefused(PermissionDenied):
    """The fees stay as they were; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class ShareWish:
    """What somebody decided for one of the payees, who are told in the order of the line."""

    weight: int
    pictures: int


@transaction.atomic
def decide_fee(
    *,
    article: ArticlePage,
    grade: Grade | None,
    is_paid: bool,
    adjustment: Decimal = NOTHING,
    note: str = "",
    shares: Sequence[ShareWish],
    seen: str,
    by: User,
) -> None:
    """Keep what was decided for ``article``.

    ``shares`` are those of the line's payees, in order; ``seen`` is the mark of the line that the
    decision was made before (``mark_of``). Raises FeesRefused for someone who may not, for a month
    that is closed, and when the line has changed meanwhile or the shares do not fit it.
    """
    _begin(by)
    month = month_of(article)
    line = line_of(article)
    if month is not None and closed_sheet(month) is not None:
        raise FeesRefused("没有保存：这个月已经关账。要改，请先重开这个月。")
    if line is None:
        raise FeesRefused("没有保存：这篇稿件没有见报（或已撤稿），不计稿费。")
    if mark_of([line]) != seen or len(shares) != len(line.payees):
        raise FeesRefused(
            "没有保存：您打开之后，这篇的稿费、字数或署名有了变化。"
            "原来的核定都还在；请核对现在的数，再填一次。"
        )
    if any(share.weight < 0 or share.pictures < 0 for share in shares):
        raise FeesRefused("没有保存：份额和图片不能是负数，请改正。")
    if line.payees and not any(share.weight for share in shares) and line.characters:
        raise FeesRefused("没有保存：份额全是0，稿费无人可领。请至少给一位作者份额。")
    if sum(share.pictures for share in shares) > line.pictures:
        raise FeesRefused(f"没有保存：这篇只有{line.pictures}张图片，分配的多了，请改少。")
    fee, _ = ArticleFee.objects.update_or_create(
        article=article,
        defaults={
            "grade": grade,
            "is_paid": is_paid,
            "adjustment": adjustment,
            "note": note,
            "decided_by": by,
            "decided_at": timezone.now(),
        },
    )
    fee.shares.all().delete()
    FeeShare.objects.bulk_create(
        FeeShare(
            fee=fee,
            contributor_id=payee.contributor,
            name=payee.name,
            weight=share.weight,
            pictures=share.pictures,
        )
        for payee, share in zip(line.payees, shares, strict=True)
    )
    decided = {
        "grade": grade.name if grade else "",
        "is_paid": is_paid,
        "adjustment": str(adjustment),
        "note": note,
        "shares": [
            [payee.name, share.weight, share.pictures]
            for payee, share in zip(line.payees, shares, strict=True)
        ],
    }
    log(instance=article, action="desk.fee", user=by, data=decided)


@transaction.atomic
def close_month(*, month: datetime.date, seen: str, by: User) -> FeeSheet:
    """Freeze the fees of ``month`` as the sheet to sign, and return it.

    ``seen`` is the mark of what ``by`` has read (``mark_of``). Raises FeesRefused for someone who
    may not, for a month without articles or closed already, while an article lacks its grade, and
    when anything has changed since it was read.
    """
    _begin(by)
    ledger = ledger_of(month)
    if ledger.is_closed:
        raise FeesRefused(f"{ledger.name}已经关账，不必再关。")
    if not ledger.lines:
        raise FeesRefused(f"没有关账：{ledger.name}没有见报的稿件。")
    if unready := [line for line in ledger.lines if not line.is_ready]:
        titles = "".join(f"《{line.title}》" for line in unready[:NAMED])
        more = f"等{len(unready)}篇" if len(unready) > NAMED else ""
        raise FeesRefused(f"没有关账：{titles}{more}还没有定稿酬等级。请先逐篇核定，再关账。")
    if mark_of(ledger.lines) != seen:
        raise FeesRefused(
            "没有关账：您打开之后，这个月的稿费有了变化。请看过现在的表，再按一次“关账”。"
        )
    sheet = FeeSheet.objects.create(
        month=month,
        lines=frozen(ledger.lines),
        articles=[line.article for line in ledger.lines if line.is_paid],
        total=total(ledger.lines),
        closed_by=by,
        closed_by_name=str(by),
    )
    log(instance=sheet, action="desk.close_fees", user=by)
    return sheet


@transaction.atomic
def reopen_month(*, month: datetime.date, reason: str, by: User) -> None:
    """Open ``month`` again: its fees follow rates and articles once more, the old sheet is kept.

    Raises FeesRefused for someone who may not, without a reason, and for a month that is open.
    """
    _begin(by)
    sheet = closed_sheet(month)
    if sheet is None:
        raise FeesRefused("这个月没有关账，不必重开。")
    if not reason.strip():
        raise FeesRefused("没有重开：请写明原因，会留在记录里。")
    sheet.reopened_at, sheet.reopened_by = timezone.now(), by
    sheet.reopened_because = reason.strip()
    sheet.save(update_fields=["reopened_at", "reopened_by", "reopened_because"])
    log(instance=sheet, action="desk.reopen_fees", user=by, data={"reason": reason.strip()})


def month_of(article: ArticlePage) -> datetime.date | None:
    """Return the month in which ``article`` was printed, or None if it was not."""
    found = printed().filter(pk=article.pk).values_list("issue__issuepage__date", flat=True).first()
    return found.replace(day=1) if found else None


def line_of(article: ArticlePage) -> Line | None:
    """Return the line of ``article`` in the ledger of its month, or None if it has none."""
    month = month_of(article)
    lines = ledger_of(month).lines if month else ()
    return next((line for line in lines if line.article == article.pk), None)


def _begin(by: User) -> None:
    """Ask for the permission, and let nobody else decide, close or open until this is done."""
    if not may_manage_fees(by):
        raise FeesRefused("您没有管理稿费的权限，请找总编。")
    FigureSettings.objects.select_for_update().get(pk=FigureSettings.load().pk)
