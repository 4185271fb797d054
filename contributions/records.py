"""Put together what one contributor sent, and what of theirs was printed."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from articles.models import ArticlePage
from newsroom.cjk import clean_line
from newsroom.models import Contributor
from newsroom.sealing import Unreadable

from .intake import sender_digests
from .models import Contribution, Status
from .permissions import may_export
from .tables import Row, write_csv, write_xlsx
from .triage import TriageRefused

if TYPE_CHECKING:
    from accounts.models import User

CSV, XLSX = "csv", "xlsx"
HEADINGS = ("项目", "日期", "标题", "类别", "进展", "期", "篇号")


@dataclass(frozen=True, slots=True)
class Year:
    """How many pieces were sent, and how many printed, in one year."""

    year: int
    sent: int
    printed: int


@dataclass(frozen=True, slots=True)
class Record:
    """Everything of one contributor, the newest first."""

    contributor: Contributor
    sent: tuple[Contribution, ...]
    printed: tuple[ArticlePage, ...]

    @property
    def years(self) -> tuple[Year, ...]:
        """The totals of each year in which there is something, the newest first."""
        sent = Counter(timezone.localdate(each.received_at).year for each in self.sent)
        printed = Counter(_date(article).year for article in self.printed)
        years = sorted(sent | printed, reverse=True)
        return tuple(Year(year, sent[year], printed[year]) for year in years)


def contributor_of(contribution: Contribution) -> Contributor | None:
    """Return who sent ``contribution``, if that name and unit are in the list of contributors."""
    if not contribution.name or isinstance(contribution.name, Unreadable):
        return None
    return Contributor.objects.filter(
        name=clean_line(contribution.name), unit=clean_line(contribution.unit)
    ).first()


def record_of(contributor: Contributor) -> Record:
    """Return what ``contributor`` sent, but for spam, and the public articles with their name."""
    sent = (
        Contribution.objects.filter(sender__in=sender_digests(contributor.name, contributor.unit))
        .exclude(status=Status.SPAM)
        .select_related("article__issue")
        .newest_first()
    )
    printed = (
        ArticlePage.objects.published()
        .filter(pk__in=contributor.bylines.values("article"))
        .select_related("issue__issuepage")
        .defer_streamfields()
        .order_by("-issue__issuepage__date", "-issue__issuepage__number", "path")
    )
    return Record(contributor, tuple(sent), tuple(printed))


@transaction.atomic
def export_record(*, contributor: Contributor, form: str, by: User) -> bytes:
    """Return the record of ``contributor`` as a table, in the ``form`` CSV or XLSX; log it.

    Raises TriageRefused when ``by`` may not carry it out of the house.
    """
    if not may_export(by):
        raise TriageRefused("您没有导出来稿的权限。")
    rows = [HEADINGS, *_rows(record_of(contributor))]
    log(instance=contributor, action="contributions.export", user=by)
    if form == CSV:
        return "".join(write_csv(rows)).encode()
    file = BytesIO()
    write_xlsx(rows, file, sheet="来稿与见报")
    return file.getvalue()


def _rows(record: Record) -> Iterator[Row]:
    for sent in record.sent:
        yield (
            "来稿",
            f"{timezone.localdate(sent.received_at):%Y-%m-%d}",
            sent.heading,
            sent.get_genre_display() or sent.get_kind_display(),
            sent.progress.label,
            sent.printed.issue.title if sent.printed else "",
            sent.printed.number if sent.printed else "",
        )
    for article in record.printed:
        yield (
            "见报",
            f"{_date(article):%Y-%m-%d}",
            article.title,
            "稿件",
            article.status_string,
            article.issue.title,
            article.number,
        )


def _date(article: ArticlePage) -> datetime.date:
    date: datetime.date = article.issue.issuepage.date
    return date
