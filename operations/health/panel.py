"""Tell editors on the first screen that nobody works in the background."""

from __future__ import annotations

from typing import Any

from wagtail.admin.ui.components import Component

from .checks import disk
from .heartbeats import silent


class SilencePanel(Component):
    """Which parts are silent, and what does not happen meanwhile; nothing while all is well."""

    order = 5
    template_name = "operations/admin/silence.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Look who is silent, and whether there is room."""
        return {"silences": silent(), "is_disk_full": bool(disk())}
