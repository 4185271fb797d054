"""Hand the inbox out as a table, to those who may carry it out of the house."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import get_active_log_context, registry

from .filters import state_of
from .models import Contribution
from .permissions import may_export
from .querysets import ContributionQuerySet
from .tables import write_csv, write_xlsx

if TYPE_CHECKING:
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


def table_of(contributions: Iterable[Contribution]) -> Iterator[list[str]]:
    """Yield the rows of a table, the headings first."""
    yield HEADINGS
    yield from map(row_of, contributions)


def note_export(*, contributions: Iterable[Contribution], by: User) -> None:
    """Log in the history of each contribution that it was carried out of the house.

    One by one, Wagtail would ask the database three times for each. The entries of one export
    share their uuid. Raises PermissionDenied when ``by`` may not export.
    """
    if not may_export(by):
        raise PermissionDenied
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
        response = StreamingHttpResponse(write_csv(table_of(queryset)), content_type="text/csv")
        name = f"{self.get_filename()}.csv"
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def write_xlsx(self, queryset: Iterable[Contribution], output: IO[bytes]) -> None:
        write_xlsx(table_of(queryset), output, sheet="来稿")
