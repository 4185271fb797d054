"""Arrange the printed pages of an issue for the screen of the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.models import ArticlePage
from issues.folio_pages import THUMBNAIL, version_of
from issues.models import Folio, IssuePage
from newsroom.models import PressPhoto

from .models import PageUpload

__all__ = ["ArticleName", "PageOnScreen", "articles_of", "pages_of"]


@dataclass(frozen=True, slots=True)
class ArticleName:
    """An article as it can be chosen for an area."""

    number: int
    title: str
    folio: int
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class PageOnScreen:
    """A folio, its page if one is kept, and what is under way or went wrong."""

    number: int
    name: str
    version: str
    image: PressPhoto | None
    has_pdf: bool
    areas: int
    uploads: tuple[PageUpload, ...]
    lacking: tuple[ArticleName, ...]  # of its articles, those without an area
    unknown: tuple[int, ...]  # numbers that areas name and no article has

    @property
    def has_page(self) -> bool:
        """Whether a page is kept."""
        return self.image is not None or self.has_pdf

    @property
    def is_under_way(self) -> bool:
        """Whether something changes by itself."""
        return any(upload.is_under_way for upload in self.uploads)


def articles_of(issue: IssuePage) -> tuple[ArticleName, ...]:
    """Return what an area of ``issue`` may lead to, in print order.

    Also what was withdrawn: its area stays drawn, shows nowhere, and is there if it comes back.
    """
    rows = ArticlePage.objects.child_of(issue).in_print_order()
    return tuple(
        ArticleName(number, title, folio, withdrawn is not None)
        for number, title, folio, withdrawn in rows.values_list(
            "number", "draft_title", "folio", "withdrawn_at"
        )
    )


def pages_of(issue: IssuePage, folios: Sequence[Folio]) -> tuple[PageOnScreen, ...]:
    """Return the pages of ``issue``, also of folios that only an article or an upload names."""
    articles = articles_of(issue)
    uploads = list(PageUpload.objects.filter(issue=issue).select_related("by"))
    described = {folio.number: folio for folio in folios}
    images = PressPhoto.objects.prefetch_renditions(THUMBNAIL).in_bulk(
        {folio.page_image_id for folio in folios if folio.page_image_id}
    )
    drawn = {area["article"] for folio in folios for area in folio.hot_areas}
    numbers = {*described, *(a.folio for a in articles), *(u.folio for u in uploads)} or {1}
    pages = []
    for number in sorted(numbers):
        folio = described.get(number) or Folio(number=number)
        image = images.get(folio.page_image_id)
        known = {article.number for article in articles}
        pages.append(
            PageOnScreen(
                number=number,
                name=folio.name,
                version=version_of(folio),
                image=image,
                has_pdf=bool(folio.page_pdf),
                areas=len(folio.hot_areas),
                uploads=tuple(upload for upload in uploads if upload.folio == number),
                lacking=tuple(
                    article
                    for article in articles
                    if image and article.folio == number and article.number not in drawn
                    if not article.is_withdrawn
                ),
                unknown=_once(
                    area["article"] for area in folio.hot_areas if area["article"] not in known
                ),
            )
        )
    return tuple(pages)


def _once(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))
