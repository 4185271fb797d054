"""Say what has to be fetched so that an issue can be read without a network."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from wagtail.images.models import SourceImageIOError

from articles.models import ArticlePage
from articles.stories import public_contents
from issues.models import Folio, IssuePage
from newsroom.models import PressPhoto

from ..metadata.sitemaps import images_in

__all__ = ["Taken", "taken"]

# The larger of the two widths in which pages show photos, and the printed page as a phone shows it.
PHOTO, PRINTED = "width-960|format-webp", "width-800|format-webp"
# What a page weighs on its way, packed: those of issue 450 are 6 to 10 KB (docs/performance.md).
PAGE = 8_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What an issue consists of: its pages, its pictures, and how many bytes that is, roughly."""

    pages: tuple[str, ...]
    pictures: tuple[str, ...]
    size: int


def taken(issue: IssuePage, request: HttpRequest) -> Taken:
    """Return what of a public issue this reader may take along; pictures in one size each."""
    home = issue.get_url(request)
    stories = public_contents(issue, request)
    printed = list(
        Folio.objects.filter(issue=issue)
        .exclude(page_image=None)
        .order_by("number")
        .values_list("number", "page_image")
    )
    articles = ArticlePage.objects.child_of(issue).published(request).in_print_order()
    photos = [
        key for body in articles.values_list("body", flat=True) for key in images_in(body.raw_data)
    ]
    wanted = [
        *dict.fromkeys((key, PHOTO) for key in photos),
        *((key, PRINTED) for _, key in printed),
    ]
    images = PressPhoto.objects.prefetch_renditions(PHOTO, PRINTED).in_bulk(
        {key for key, _ in wanted}
    )
    pictures: dict[str, int] = {}
    for key, size in wanted:
        if key not in images:
            continue
        try:
            rendition = images[key].get_rendition(size)
            pictures[rendition.url] = rendition.file.size
        except (SourceImageIOError, OSError):
            continue  # its file is gone: pages say so in its place
    pages = (
        home,
        *(story.url for story in stories),
        *(f"{home}folio-{number}/" for number, _ in printed),
    )
    return Taken(pages, tuple(pictures), PAGE * len(pages) + sum(pictures.values()))
