"""What came in and nobody has opened yet, on the first screen of the admin."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import Component

from . import outbox
from .models import Contribution

NEWEST = 5


class InboxPanel(Component):
    """The newest unread contributions, and mails that could not be sent."""

    order = 20
    template_name = "contributions/admin/dashboard.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Count, and fetch no more than is shown."""
        unread = Contribution.objects.unread()
        stuck = outbox.failing()
        return {
            "unread": unread.count(),
            "newest": unread.newest_first().only("kind", "title", "text", "received_at")[:NEWEST],
            "stuck": stuck.count(),
            "last_error": stuck.values_list("last_error", flat=True).first(),
        }
