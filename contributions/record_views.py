"""The screen of one contributor: what they sent and had printed, to look at or carry away."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from wagtail.admin.widgets.button import HeaderButton

from newsroom.models import Contributor

from .detail_views import inbox_step
from .permissions import may_export, may_read
from .records import CSV, XLSX, record_of
from .records import export_record as write_record
from .visits import note_record

CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def record(request: HttpRequest, contributor_pk: int) -> HttpResponse:
    """Show what one contributor sent and had printed."""
    if not may_read(request.user):
        raise PermissionDenied
    contributor = get_object_or_404(Contributor, pk=contributor_pk)
    exports = reverse("contributions_admin:export_record", args=[contributor.pk])
    buttons = [
        HeaderButton("导出CSV", f"{exports}?format={CSV}", icon_name="download"),
        HeaderButton("导出XLSX", f"{exports}?format={XLSX}", icon_name="download"),
    ]
    note_record(contributor=contributor, by=request.user)
    return render(
        request,
        "contributions/admin/record.html",
        {
            "record": record_of(contributor),
            "header_title": str(contributor),
            "header_icon": "user",
            "header_buttons": buttons if may_export(request.user) else [],
            "breadcrumbs_items": [inbox_step(), {"url": "", "label": f"作者：{contributor}"}],
        },
    )


def export_record(request: HttpRequest, contributor_pk: int) -> HttpResponse:
    """Hand out a contributor's record as a table."""
    if not (may_read(request.user) and may_export(request.user)):
        raise PermissionDenied
    contributor = get_object_or_404(Contributor, pk=contributor_pk)
    form = XLSX if request.GET.get("format") == XLSX else CSV
    answer = HttpResponse(
        write_record(contributor=contributor, form=form, by=request.user),
        content_type=CONTENT_TYPES[form],
    )
    name = f"{contributor.name}的来稿与见报.{form}"
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
