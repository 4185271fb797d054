"""Choose the picture that stands for a page where it is shared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest
from wagtail.images.models import SourceImageIOError

from articles.reading import Passage, ShownPhoto
from interchange.writers.card import HEIGHT, WIDTH

from .facts import Picture

__all__ = ["card_picture", "first_photo", "shared_picture"]

# JPEG, since not everything that makes a card of a link can show WebP.
SIZE = "max-1200x1200|format-jpeg|jpegquality-80"


def shared_picture(request: HttpRequest, candidates: Iterable[tuple[Any, str]]) -> Picture | None:
    """Return the first of ``candidates`` (image or None, and what it shows) that there is.

    One query for the rendition, which is made the first time. A picture of which the file is gone
    stands for nothing.
    """
    for image, alt in candidates:
        if image is None:
            continue
        try:
            rendition = image.get_rendition(SIZE)
        except SourceImageIOError:
            continue
        url = request.build_absolute_uri(rendition.url)
        return Picture(url, rendition.width, rendition.height, alt)
    return None


def card_picture(address: str, alt: str) -> Picture:
    """Return the card that is drawn for the issue or the article at ``address``."""
    return Picture(f"{address}card.png", WIDTH, HEIGHT, alt)


def first_photo(passages: Iterable[Passage]) -> tuple[Any, str]:
    """Return the first photo of an article, and what it shows."""
    photo = next(_photos(passages), None)
    return (photo.image, photo.alt or photo.caption) if photo else (None, "")


def _photos(passages: Iterable[Passage]) -> Iterator[ShownPhoto]:
    for passage in passages:
        if passage.photo:
            yield passage.photo
        yield from passage.photos
