"""Read the folios of an old version of an issue with the printed pages of today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["PAGE", "with_pages_of_today"]

# What belongs to the issue as it stands now, and to no version of its masthead (docs/adr/0020).
PAGE = ("page_image", "page_pdf", "hot_areas")

NO_PAGE: Mapping[str, Any] = {"page_image": None, "page_pdf": "", "hot_areas": []}

Told = Mapping[str, Any]


def with_pages_of_today(folios: Sequence[Told], rows: Sequence[Told]) -> list[dict[str, Any]]:
    """Return the folios that a version tells of, each with the page that its number has now.

    ``rows`` are those there are; one with a page is never missing in a version.
    """
    today = {row["number"]: row for row in rows}
    told = []
    for folio in folios:
        row = today.get(folio["number"])
        page = {name: row[name] for name in PAGE} if row else {}
        # A version tells nothing of pages: what it says of one was another number's, or is gone.
        told.append({**folio, **NO_PAGE, **page})
    keys = {folio.get("pk") for folio in told}
    for folio in told:  # one that was named before it had a row
        row = today.get(folio["number"])
        if row and folio.get("pk") is None and row["pk"] not in keys:
            folio["pk"] = row["pk"]
            keys.add(row["pk"])
    numbers = {folio["number"] for folio in told}
    for row in rows:
        if row["number"] not in numbers and any(row[name] for name in PAGE):
            told.append({**row, "pk": None if row["pk"] in keys else row["pk"]})
    return told
