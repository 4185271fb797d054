"""Translate folios between their rows and the plain form."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import attrgetter
from typing import Any

from issues.models import Folio

from . import schema
from .files import FileNames, KeptFiles

__all__ = ["facts_of", "folios_of", "rows_of"]


def folios_of(
    rows: Iterable[Folio], names: FileNames, articles: Collection[int]
) -> tuple[schema.Folio, ...]:
    """Return folios in the plain form, with the areas of those articles that are told of."""
    return tuple(
        schema.Folio(
            number=row.number,
            name=row.name,
            responsible_editor=row.responsible_editor,
            page_image=names(row.page_image) if row.page_image else "",
            page_pdf=names.name(row.page_pdf) if row.page_pdf else "",
            hot_areas=tuple(
                schema.HotArea(article=area["article"], polygon=area["polygon"])
                for area in row.hot_areas
                if area["article"] in articles
            ),
        )
        for row in sorted(rows, key=attrgetter("number"))
    )


def rows_of(
    folios: Iterable[schema.Folio], files: KeptFiles, kept: Collection[Folio] = ()
) -> list[Folio]:
    """Return folios as rows that are not saved; ``kept`` are those which the issue has now."""
    return [
        Folio(
            sort_order=order,
            number=folio.number,
            name=folio.name,
            responsible_editor=folio.responsible_editor,
            page_image=files.photo(folio.page_image, is_page=True) if folio.page_image else None,
            page_pdf=files.page_pdf(folio.page_pdf, kept) if folio.page_pdf else "",
            hot_areas=[
                {"article": area.article, "polygon": area.polygon} for area in folio.hot_areas
            ],
        )
        for order, folio in enumerate(folios)
    ]


def facts_of(rows: Iterable[Folio]) -> tuple[Any, ...]:
    """Return what the rows say of the masthead, to be compared; their pages stand apart."""
    return tuple(
        (row.number, row.name, row.responsible_editor)
        for row in sorted(rows, key=attrgetter("number"))
    )
