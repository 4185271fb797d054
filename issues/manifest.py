"""Tell viewers of old papers what the printed pages of an issue are: IIIF Presentation 3.

A canvas is a page, as large as its picture; what is said is in Chinese. Pure: the caller looks up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

__all__ = ["IssueTold", "PageTold", "Picture", "manifest_of"]

LANGUAGE = "zh-Hans"
CONTEXT = "http://iiif.io/api/presentation/3/context.json"

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page at its address."""

    url: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PageTold:
    """A printed page: the address of its folio, its picture, a small one, its PDF if any."""

    url: str
    title: str
    image: Picture
    thumbnail: Picture
    pdf: str = ""


@dataclass(frozen=True, slots=True)
class IssueTold:
    """An issue: its address, that of its manifest, what it is called, when it came out."""

    url: str
    manifest: str
    paper: str
    title: str
    date_line: str
    moment: str  # of the day it bears, as ISO 8601 with its offset
    publisher: str = ""


def manifest_of(issue: IssueTold, pages: Iterable[PageTold]) -> Data:
    """Return the manifest of an issue."""
    canvases = [_canvas(page) for page in pages]
    manifest: Data = {
        "@context": CONTEXT,
        "id": issue.manifest,
        "type": "Manifest",
        "label": _said(f"《{issue.paper}》{issue.title}"),
        "summary": _said(issue.date_line),
        "metadata": [
            _fact("报名", issue.paper),
            _fact("期号", issue.title),
            _fact("出版日期", issue.date_line),
        ],
        "navDate": issue.moment,
        "viewingDirection": "left-to-right",
        "behavior": ["paged"],
        "homepage": [_homepage(issue.url, issue.title)],
        "items": canvases,
    }
    if issue.publisher:
        manifest["requiredStatement"] = _fact("出版", issue.publisher)
    if canvases:
        manifest["thumbnail"] = canvases[0]["thumbnail"]
    return manifest


def _canvas(page: PageTold) -> Data:
    canvas: Data = {
        "id": f"{page.url}canvas",
        "type": "Canvas",
        "label": _said(page.title),
        "width": page.image.width,
        "height": page.image.height,
        "thumbnail": [_picture(page.thumbnail)],
        "homepage": [_homepage(page.url, page.title)],
        "items": [
            {
                "id": f"{page.url}canvas/page",
                "type": "AnnotationPage",
                "items": [
                    {
                        "id": f"{page.url}canvas/page/image",
                        "type": "Annotation",
                        "motivation": "painting",
                        "body": _picture(page.image),
                        "target": f"{page.url}canvas",
                    }
                ],
            }
        ],
    }
    if page.pdf:
        canvas["rendering"] = [
            {
                "id": page.pdf,
                "type": "Text",
                "label": _said(f"{page.title} PDF"),
                "format": "application/pdf",
            }
        ]
    return canvas


def _picture(picture: Picture) -> Data:
    return {
        "id": picture.url,
        "type": "Image",
        "format": "image/webp",
        "width": picture.width,
        "height": picture.height,
    }


def _homepage(url: str, title: str) -> Data:
    return {
        "id": url,
        "type": "Text",
        "label": _said(title),
        "format": "text/html",
        "language": [LANGUAGE],
    }


def _fact(label: str, value: str) -> Data:
    return {"label": _said(label), "value": _said(value)}


def _said(words: str) -> Data:
    return {LANGUAGE: [words]}
