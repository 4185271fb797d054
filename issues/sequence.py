"""What follows from the issues before: the next number and date, and what looks out of place."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from newsroom.lunar import OutOfLunarRange, lunar_date, printed_date
from newsroom.models import Imprint

if TYPE_CHECKING:
    from .models import IssuePage
    from .querysets import IssueQuerySet

FREQUENCY = datetime.timedelta(days=7)  # 周报


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a new issue starts with, so that the editor only confirms."""

    number: int
    date: datetime.date
    lunar_date: str
    responsible_editor: str
    imprint: Imprint | None
    folios: tuple[tuple[int, str, str], ...]


def propose_next(
    issues: IssueQuerySet, *, today: datetime.date | None = None, beside_drafts: bool = False
) -> Proposal:
    """Propose the issue after the last of ``issues`` that counts (``IssueQuerySet.in_use``).

    An empty draft does not count; ``beside_drafts`` passes over its number all the same, for an
    editor who wants another issue and not that one.
    """
    last = issues.in_use().newest_first().select_related("imprint").first()
    day = last.date + FREQUENCY if last else (today or timezone.localdate())
    number = last.number + 1 if last else 1
    while beside_drafts and issues.filter(number=number).exists():
        number, day = number + 1, day + FREQUENCY
    return Proposal(
        number=number,
        date=day,
        lunar_date=lunar_or_nothing(day),
        responsible_editor=last.responsible_editor if last else "",
        imprint=Imprint.objects.current(at=day) or (last.imprint if last else None),
        folios=tuple(
            (folio.number, folio.name, folio.responsible_editor)
            for folio in (last.folios.order_by("number") if last else ())
        ),
    )


def lunar_or_nothing(day: datetime.date) -> str:
    """Return the lunar date of ``day``, or nothing outside the years that are known."""
    try:
        return lunar_date(day)
    except OutOfLunarRange:
        return ""


def doubts(issue: IssuePage) -> list[str]:
    """Say what in the date line disagrees with itself or with the issues around it.

    Doubts, not errors: the paper may have printed it so, and then the printed fact wins.
    """
    found = []
    reckoned = lunar_or_nothing(issue.date)
    if reckoned and issue.lunar_date and issue.lunar_date != reckoned:
        found.append(
            f"农历填的是“{issue.lunar_date}”，而{printed_date(issue.date)}是“{reckoned}”。"
            "如果报纸上印的就是这样，不用改；否则请改农历或出版日期。"
        )
    if not issue.lunar_date:
        found.append("没有农历日期，报头上将不印农历。")
    others = type(issue).objects.exclude(pk=issue.pk)
    same_day = others.filter(date=issue.date).order_by("number").first()
    if same_day:
        found.append(
            f"{printed_date(issue.date)}已有{same_day}。同一天出两期（号外）是可以的，请确认日期没有填错。"
        )
    before = others.in_use().before(issue).newest_first().first()
    if before and before.number >= issue.number:
        found.append(
            f"期号第{issue.number}期不大于之前的{before}（{before.printed_date}），请核对期号和日期。"
        )
    elif before and before.number + 1 != issue.number:
        found.append(
            f"期号不连续：之前一期是{before}（{before.printed_date}），这一期是第{issue.number}期。"
        )
    after = others.in_use().after(issue).order_by("date", "number").first()
    if after and after.number <= issue.number:
        found.append(
            f"期号第{issue.number}期不小于之后的{after}（{after.printed_date}），请核对期号和日期。"
        )
    return found


def follow_imprint(old: Imprint, new: Imprint) -> None:
    """Move the issues that are still being made, and come out under ``new``, over to it."""
    for issue in old.issues.filter(first_published_at__isnull=True, date__gte=new.since):
        draft = issue.get_latest_revision_as_object()
        draft.imprint = new
        draft.save(clean=False)
        draft.save_revision(clean=False)
