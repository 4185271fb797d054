"""Write the rows of many pages at once, past every door: for measuring alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from wagtail.models import Page

__all__ = ["insert", "page_facts"]


def page_facts(
    parent: Page, place: int, title: str, slug: str, day: date, model: type[Page]
) -> dict[str, Any]:
    """Return what Wagtail keeps of a page, at its place below ``parent`` in the tree."""
    moment = datetime.combine(day, time(9), UTC)
    return {
        "title": title,
        "draft_title": title,
        "slug": slug,
        "content_type": ContentType.objects.get_for_model(model),
        "path": Page._get_path(parent.path, parent.depth + 1, place),
        "depth": parent.depth + 1,
        "url_path": f"{parent.url_path}{slug}/",
        "locale_id": parent.locale_id,
        "live": True,
        "first_published_at": moment,
        "last_published_at": moment,
        "latest_revision_created_at": moment,
    }


def insert(pages: Sequence[Page]) -> None:
    """Write the rows of ``pages`` in both their tables, which Django's bulk_create refuses."""
    rows = [Page(**{f.attname: getattr(page, f.attname) for f in _own(Page)}) for page in pages]
    Page.objects.bulk_create(rows)
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.page_ptr_id = page.id = row.pk
    model = type(pages[0])
    model._base_manager.all()._batched_insert(pages, model._meta.local_concrete_fields, None)


def _own(model: type[Page]) -> Iterable[models.Field]:
    return (field for field in model._meta.local_concrete_fields if not field.primary_key)
