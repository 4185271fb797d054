"""Export a report as a table that a Chinese Excel opens, and that gives it no orders."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from newsroom.tables import BYTE_ORDER_MARK, inert

__all__ = ["InertTable"]


class InertTable:
    """Put before a Wagtail report: its CSV begins with a byte order mark, its cells are inert."""

    custom_value_preprocess: ClassVar[dict[Any, Any]] = {
        **SpreadsheetExportMixin.custom_value_preprocess,
        str: {"csv": inert},
    }

    def write_csv_response(self, queryset: QuerySet) -> StreamingHttpResponse:
        """Return the table, marked as UTF-8."""
        answer = super().write_csv_response(queryset)  # type: ignore[misc]  # a report's
        told: Iterator[bytes] = answer.streaming_content
        answer.streaming_content = chain([BYTE_ORDER_MARK.encode()], told)
        return answer
