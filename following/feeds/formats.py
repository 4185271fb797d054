"""Write a feed as Atom 1.0, RSS 2.0 and JSON Feed 1.1; Django's own writers, where they reach.

Every text comes clean of what XML cannot hold (``xml_text.legible``); the writers escape it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape

from ..metadata.facts import Recording

__all__ = ["FORMATS", "Channel", "Entry", "Format", "Picture"]

LANGUAGE = "zh-Hans"
NAMESPACES = {
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


@dataclass(frozen=True, slots=True)
class Picture:
    """The first picture of an entry, in the size that readers get."""

    url: str
    media_type: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One article, or one correction; ``html`` with addresses that are absolute."""

    id: str
    url: str
    title: str
    html: str
    summary: str
    published: datetime
    updated: datetime
    authors: tuple[str, ...] = ()
    section: str = ""
    picture: Picture | None = None
    recording: Recording | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A whole feed; ``updated`` also says something where there is no entry."""

    id: str
    title: str
    description: str
    home: str
    address: str
    author: str
    updated: datetime
    hub: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a feed."""

    label: str
    media_type: str
    write: Callable[[Channel], str]


class _Dated:
    """Dated as the channel says: Django would date an empty feed now, another one each time."""

    feed: dict[str, Any]

    def latest_post_date(self) -> datetime:
        moment: datetime = self.feed["updated"]
        return moment


class _Atom(_Dated, Atom1Feed):
    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        for name in entry.authors:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.endElement("author")
        if entry.summary:
            handler.addQuickElement("summary", entry.summary)
        handler.addQuickElement("content", entry.html, {"type": "html"})
        if entry.picture:
            link = {"rel": "enclosure", "href": entry.picture.url, "type": entry.picture.media_type}
            handler.addQuickElement("link", "", link)
        if sound := entry.recording:
            link = {"rel": "enclosure", "href": sound.url, "type": sound.media_type}
            link |= {"length": str(sound.size), "title": "本文录音"}
            handler.addQuickElement("link", "", link)


class _Rss(_Dated, Rss201rev2Feed):
    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **NAMESPACES}

    def add_root_elements(self, handler: Any) -> None:
        super().add_root_elements(handler)
        if self.feed["hub"]:
            handler.addQuickElement("atom:link", "", {"rel": "hub", "href": self.feed["hub"]})

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        entry: Entry = item["entry"]
        handler.addQuickElement("description", escape(entry.summary))  # RSS reads HTML there
        for name in entry.authors:
            handler.addQuickElement("dc:creator", name)
        handler.addQuickElement("content:encoded", entry.html)
        if picture := entry.picture:
            # An <enclosure> would need the file's length: a question to the bucket for each. There
            # is one at most, too, and that is the recording.
            size = {"width": str(picture.width), "height": str(picture.height)}
            about = {"url": picture.url, "type": picture.media_type, "medium": "image", **size}
            handler.startElement("media:content", about)
            if picture.alt:
                handler.addQuickElement("media:description", picture.alt, {"type": "plain"})
            handler.endElement("media:content")
        if sound := entry.recording:
            length = {"length": str(sound.size), "type": sound.media_type}
            handler.addQuickElement("enclosure", "", {"url": sound.url, **length})


def _xml(kind: type[Any], channel: Channel) -> str:
    feed = kind(
        title=channel.title,
        link=channel.home,
        description=channel.description,
        subtitle=channel.description,
        language=LANGUAGE,
        author_name=channel.author,
        feed_url=channel.address,
        feed_guid=channel.id,
        updated=channel.updated,
        hub=channel.hub,
    )
    for entry in channel.entries:
        feed.add_item(
            title=entry.title,
            link=entry.url,
            description=None,
            pubdate=entry.published,
            updateddate=entry.updated,
            unique_id=entry.id,
            unique_id_is_permalink=False,
            categories=[entry.section] if entry.section else (),
            entry=entry,
        )
    written: str = feed.writeString("utf-8")
    return written


def write_atom(channel: Channel) -> str:
    """Return ``channel`` as Atom 1.0 (RFC 4287)."""
    return _xml(_Atom, channel)


def write_rss(channel: Channel) -> str:
    """Return ``channel`` as RSS 2.0, with the full text beside the summary."""
    return _xml(_Rss, channel)


def write_json(channel: Channel) -> str:
    """Return ``channel`` as JSON Feed 1.1."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "home_page_url": channel.home,
        "feed_url": channel.address,
        "description": channel.description,
        "language": LANGUAGE,
        "authors": [{"name": channel.author}],
        "hubs": [{"type": "WebSub", "url": channel.hub}] if channel.hub else None,
        "items": [dict(_item(entry)) for entry in channel.entries],
    }
    return json.dumps({key: value for key, value in feed.items() if value is not None}, **JSON)


JSON: dict[str, Any] = {"ensure_ascii": False, "separators": (",", ":")}


def _item(entry: Entry) -> Iterator[tuple[str, Any]]:
    yield "id", entry.id
    yield "url", entry.url
    yield "title", entry.title
    yield "content_html", entry.html
    if entry.summary:
        yield "summary", entry.summary
    if entry.picture:
        yield "image", entry.picture.url
    yield "date_published", entry.published.isoformat()
    yield "date_modified", entry.updated.isoformat()
    if entry.authors:
        yield "authors", [{"name": name} for name in entry.authors]
    if entry.section:
        yield "tags", [entry.section]
    if sound := entry.recording:
        told = {"url": sound.url, "mime_type": sound.media_type, "title": "本文录音"}
        length = {"size_in_bytes": sound.size, "duration_in_seconds": sound.seconds}
        yield "attachments", [{**told, **length}]


FORMATS = {
    "feed/": Format("Atom", "application/atom+xml", write_atom),
    "feed.xml": Format("RSS 2.0", "application/rss+xml", write_rss),
    "feed.json": Format("JSON Feed", "application/feed+json", write_json),
}
