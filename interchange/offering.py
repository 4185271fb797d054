"""Offer the files of an issue: to readers on its front page, to editors what went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from wagtail.admin.ui.components import Component

from issues.downloads import Download
from issues.models import IssuePage
from newsroom.prepared import marked, prepared

from .editions import failing
from .formats import FORMATS
from .models import Edition


def offer_editions(issue: IssuePage) -> Iterator[Download]:
    """Yield every form of ``issue``, with the size of those that are made; one query."""
    sizes = dict(prepared("editions", _sizes).converted(issue=issue.pk))
    first = next(iter(FORMATS))
    folder = reverse("issue_file", args=[issue.number, first]).removesuffix(first)
    for file, format in FORMATS.items():
        yield Download(format.label, f"{folder}{file}", sizes.get(file, 0))


def _sizes() -> QuerySet[Edition, tuple[str, int]]:
    return Edition.objects.filter(issue=marked("issue")).values_list("format", "size")


class FailingEditionsPanel(Component):
    """The files that readers ask for in vain, and why, on the first screen of the admin."""

    order = 30
    template_name = "interchange/admin/failing_editions.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Name the newest ones."""
        failed = list(failing()[:6])
        return {
            "failing": [
                {"issue": row.issue, "label": FORMATS[row.format].label, "row": row}
                for row in failed[:5]
                if row.format in FORMATS
            ],
            "more": len(failed) > 5,
        }
