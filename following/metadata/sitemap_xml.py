"""Write sitemaps: lists of addresses for search engines, and the list of those lists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lxml import etree

from ..xml_text import legible

__all__ = ["Address", "News", "index", "urlset"]

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
MOST_PICTURES = 1000  # of one address


@dataclass(frozen=True, slots=True)
class News:
    """What a news sitemap tells of an article."""

    paper: str
    date: date
    title: str


@dataclass(frozen=True, slots=True)
class Address:
    """An address, when it last changed for its readers, and the pictures that are seen there."""

    url: str
    changed: datetime | None = None
    pictures: tuple[str, ...] = ()
    news: News | None = None


def urlset(addresses: Iterable[Address]) -> bytes:
    """Return a sitemap of ``addresses``."""
    root = etree.Element(
        f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP, "image": IMAGE, "news": NEWS}
    )
    for address in addresses:
        url = etree.SubElement(root, f"{{{SITEMAP}}}url")
        _place(url, address.url, address.changed)
        if address.news is not None:
            _news(url, address.news)
        for picture in address.pictures[:MOST_PICTURES]:
            _add(etree.SubElement(url, f"{{{IMAGE}}}image"), IMAGE, "loc", picture)
    return _written(root)


def index(sitemaps: Iterable[Address]) -> bytes:
    """Return the list of ``sitemaps``."""
    root = etree.Element(f"{{{SITEMAP}}}sitemapindex", nsmap={None: SITEMAP})
    for sitemap in sitemaps:
        _place(etree.SubElement(root, f"{{{SITEMAP}}}sitemap"), sitemap.url, sitemap.changed)
    return _written(root)


def _place(parent: etree._Element, url: str, changed: datetime | None) -> None:
    _add(parent, SITEMAP, "loc", url)
    if changed is not None:
        _add(parent, SITEMAP, "lastmod", changed.isoformat())


def _news(parent: etree._Element, told: News) -> None:
    news = etree.SubElement(parent, f"{{{NEWS}}}news")
    publication = etree.SubElement(news, f"{{{NEWS}}}publication")
    _add(publication, NEWS, "name", told.paper)
    _add(publication, NEWS, "language", "zh-cn")  # the one the format has for simplified Chinese
    _add(news, NEWS, "publication_date", told.date.isoformat())
    _add(news, NEWS, "title", told.title)


def _add(parent: etree._Element, namespace: str, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = legible(text)


def _written(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
