"""Which of Wagtail's menus an editor of this paper needs."""

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem

# Help links lead abroad, in English.
PUT_AWAY = {"help"}
# One prints the names of our classes, the other "None" for what the timer published.
REPORTS_PUT_AWAY = {"page-types-usage", "aging-pages"}


def keep_needed(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take out of the main menu what has no use here; what Wagtail calls pages are issues,
    and what it calls documents recordings."""
    items[:] = [item for item in items if item.name not in PUT_AWAY]
    for item in items:
        if item.name == "explorer":
            item.label = "各期"
        elif item.name == "documents":
            item.label, item.icon_name = "录音", "media"


def keep_needed_reports(request: HttpRequest, items: list[MenuItem]) -> None:
    """Take out of the reports what has no use here."""
    items[:] = [item for item in items if item.name not in REPORTS_PUT_AWAY]
