"""What every reader page says about itself in its head."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from .previews import preview_of


def page_facts(
    request: HttpRequest, page: Page | None, *, title: str, description: str = ""
) -> dict[str, Any]:
    """Return title, description and canonical address for the template's head.

    ``page`` is what the address belongs to (the latest issue on ``/`` names its own); without
    one it is the address asked for, less its query. A preview has none: nobody is to find it.
    """
    preview = preview_of(request)
    address = page.get_url(request) if page is not None and page.pk else None
    return {
        "page_title": title,
        "page_description": description,
        "canonical_url": "" if preview else request.build_absolute_uri(address or request.path),
        "preview": preview,
    }
