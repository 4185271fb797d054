"""Show what is not public: in which version, and with pages that lead to each other."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page


class Version(enum.Enum):
    """Which articles of an issue a preview shows, and which of their versions."""

    PROSPECT = enum.auto()  # signed ones as signed, the others as drafts, marked: for editors
    SIGNED = enum.auto()  # what publishing now would bring out
    DRAFTS = enum.auto()  # everything as last saved


@dataclass(frozen=True, slots=True)
class Preview:
    """How one request is shown what is not public; lies at ``request.preview``.

    ``address`` is where a page is found within this preview; ``shared`` says that whoever looks
    has no account, so that nothing else of the paper is around it.
    """

    address: Callable[[Page], str]
    version: Version = Version.PROSPECT
    notice: str = "预览：以下是如果现在出版，读者将看到的样子。"
    shared: bool = False
    home: str = ""


def preview_of(request: HttpRequest) -> Preview | None:
    """Return how ``request`` is shown what is not public; None for a reader."""
    return getattr(request, "preview", None)


def address_of(page: Page, request: HttpRequest) -> str:
    """Return where whoever asks finds ``page``: at its address, or within their preview."""
    preview = preview_of(request)
    return preview.address(page) if preview else page.get_url(request)


def editors_preview() -> Preview:
    """Return the preview of somebody at the desk: each page leads to the drafts of the others."""
    return Preview(address=lambda page: reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
