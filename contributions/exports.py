"""Hand the inbox out as a table that no spreadsheet takes orders from.

A cell is text: in CSV, what would be a formula gets an apostrophe; in XLSX it is stored as text
and marked to stay text when it is edited. What is invisible is taken out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import IO, TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import get_active_log_context, registry

from newsroom.cjk import clean_line

from .filters import state_of
from .models import Contribution
from .querysets import ContributionQuerySet
from .records import inert

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

HEADINGS = [
    "类别",
    "收到时间",
    "标题",
    "单位",
    "姓名",
    "电话",
    "邮箱",
    "进展",
    "见报期号",
    "经办人",
]
BYTE_ORDER_MARK = "\ufeff"  # without it a Chinese Excel takes CSV for GBK


def may_export(user: User | AnonymousUser) -> bool:
    """Whether ``user`` may carry contact data out of the house."""
    return user.has_perm("contributions.export_contribution")


def row_of(contribution: Contribution) -> list[str]:
    """Return what a table tells of a contribution."""
    printed = contribution.printed
    return [
        contribution.get_kind_display(),
        f"{timezone.localtime(contribution.received_at):%Y-%m-%d %H:%M}",
        contribution.heading,
        contribution.unit,
        contribution.name,
        contribution.phone,
        contribution.email,
        state_of(contribution),
        str(printed.issue) if printed else "",
        str(contribution.assignee or ""),
    ]


def csv_lines(contributions: Iterable[Contribution]) -> Iterator[str]:
    """Yield a table in CSV line by line, every cell in quotation marks."""
    yield BYTE_ORDER_MARK
    for row in (HEADINGS, *map(row_of, contributions)):
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow(inert(cell) for cell in row)
        yield line.getvalue()


def write_workbook(contributions: Iterable[Contribution], output: IO[bytes]) -> None:
    """Write a table in XLSX, every cell as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("来稿")
    for row in (HEADINGS, *map(row_of, contributions)):
        cells = [WriteOnlyCell(sheet, clean_line(cell)) for cell in row]
        for cell in cells:
            cell.data_type = "s"
            cell.quotePrefix = True
        sheet.append(cells)
    book.save(output)


def note_export(*, contributions: Iterable[Contribution], by: User) -> None:
    """Log in the history of each contribution that it was carried out of the house.

    One by one, Wagtail would ask the database three times for each. The entries of one export
    share their uuid.
    """
    log_model = registry.get_log_model_for_model(Contribution)
    kind = ContentType.objects.get_for_model(Contribution)
    uuid, now = get_active_log_context().uuid, timezone.now()
    log_model.objects.bulk_create(
        log_model(
            content_type=kind,
            object_id=str(contribution.pk),
            label=str(contribution),
            action="contributions.export",
            user=by,
            uuid=uuid,
            timestamp=now,
        )
        for contribution in contributions
    )


class ContributionExports(SpreadsheetExportMixin):
    """Export of what the filters leave, for those who may."""

    list_export = HEADINGS

    @cached_property
    def show_export_buttons(self) -> bool:
        return may_export(self.request.user)

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Refuse before anything is looked up."""
        if self.is_export and not may_export(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def as_spreadsheet(
        self, queryset: ContributionQuerySet, spreadsheet_format: str
    ) -> HttpResponse:
        """Log first, then hand out what was logged and nothing that came in since."""
        contributions = list(queryset)
        note_export(contributions=contributions, by=self.request.user)
        response = super().as_spreadsheet(contributions, spreadsheet_format)
        response["Cache-Control"] = "private, no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def get_filename(self) -> str:
        return f"来稿-{timezone.localdate():%Y-%m-%d}"

    def write_csv_response(self, queryset: Iterable[Contribution]) -> StreamingHttpResponse:
        response = StreamingHttpResponse(csv_lines(queryset), content_type="text/csv")
        name = f"{self.get_filename()}.csv"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def write_xlsx(self, queryset: Iterable[Contribution], output: IO[bytes]) -> None:
        write_workbook(queryset, output)
