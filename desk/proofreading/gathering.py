"""Read an issue as the rules want it: as data, in a few queries however many articles it has.

``interchange.pages.dump_issue`` builds each revision as a page and asks the database anew for each;
here the stored copy is read as it lies in the rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any

from wagtail.models import Revision
from wagtail.rich_text import RichText

from articles.blocks import BodyBlock
from articles.models import ArticlePage
from interchange import schema
from interchange.bodies import passages_of_block
from interchange.pages import COPY_FIELDS, IMPRINT_FIELDS
from issues.models import IssuePage, folios_of
from newsroom.models import Imprint, PressPhoto

from .facts import Neighbour, Neighbours

__all__ = [
    "Copy",
    "PhotoShelf",
    "articles_of",
    "copies_of",
    "header_of",
    "issue_data",
    "neighbours_of",
    "version_of",
]

# A link to a page of our own is no address to try, and to look it up would cost a query each.
OWN_LINK = re.compile(r"<a\b[^>]*\blinktype=[^>]*>")
TABLE = BodyBlock().child_blocks["table"]
PAGE = "page.webp"  # the rules ask whether there is a picture, not for its name
ROLES = {role.value for role in schema.Role}


@dataclass(frozen=True, slots=True)
class Copy:
    """An article as data, and in which block of the editor each of its passages stands."""

    pk: int | None
    article: schema.Article
    block_ids: tuple[str, ...]

    def line_of(self, passage: int) -> int:
        """Return which line of its block a passage is, counted from 0."""
        if passage >= len(self.block_ids):
            return 0
        return self.block_ids[:passage].count(self.block_ids[passage])


class PhotoShelf:
    """The photos of an issue by key, each under a file name of its own."""

    def __init__(self, photos: Iterable[PressPhoto]) -> None:
        self.photos: dict[int, PressPhoto] = {}
        self.names: dict[int, str] = {}
        for photo in photos:
            self(photo)

    def __call__(self, photo: PressPhoto) -> str:
        """Return the file name of ``photo``; two photos never share one."""
        if photo.pk not in self.names:
            stored = PurePosixPath(photo.file.name)
            taken = stored.name in self.names.values()
            name = f"{stored.stem}-{photo.pk}{stored.suffix}" if taken else stored.name
            self.photos[photo.pk], self.names[photo.pk] = photo, name
        return self.names[photo.pk]


def articles_of(issue: IssuePage, *, signed: bool) -> list[ArticlePage]:
    """Return the articles of ``issue`` in print order, without their text.

    ``signed`` keeps those that are printed when the issue comes out now. What was withdrawn is
    not printed in any case.
    """
    found = ArticlePage.objects.child_of(issue).filter(withdrawn_at__isnull=True).in_print_order()
    if signed:
        found = found.live()
    return list(found.select_related("section").defer("body", "standfirst"))


def version_of(article: ArticlePage, *, signed: bool) -> tuple[Any, ...] | None:
    """Return what changes whenever the data of ``article`` does; None where nothing tells that."""
    revision = article.live_revision_id if signed else article.latest_revision_id
    if revision is None:
        return None
    return (
        article.pk,
        article.number,
        article.folio,
        article.section.name if article.section else "",
        article.prominence,
        revision,
        # Autosave writes over the revision it made.
        article.last_published_at if signed else article.latest_revision_created_at,
    )


def copies_of(articles: Sequence[ArticlePage], *, signed: bool) -> list[Copy]:
    """Return the copy of ``articles``.

    Of a signed article the row is the signed version; what is being written lies in the latest
    revision.
    """
    written = _written(articles, signed=signed)
    wanted = {key for text in written.values() for key in _photo_keys(text["body"])}
    shelf = PhotoShelf(PressPhoto.objects.filter(pk__in=wanted).order_by("pk"))
    return [_copy(article, written[article.pk], shelf) for article in articles]


def header_of(issue: IssuePage) -> tuple[schema.Issue, bool]:
    """Return the issue without its articles as last saved, and whether it names its imprint."""
    # Not the revision that the caller's object remembers: somebody may have saved since.
    row = IssuePage.objects.select_related("latest_revision").get(pk=issue.pk)
    stored = row.latest_revision.content if row.latest_revision else row.serializable_data()
    # An old revision may name an imprint that is gone; then the row's stands, as on every page.
    imprints = Imprint.objects.in_bulk(
        {key for key in (stored["imprint"], row.imprint_id) if key is not None}
    )
    key = stored["imprint"]
    imprint = imprints.get(key, imprints.get(row.imprint_id)) if key is not None else None
    facts = {name: getattr(imprint, name) for name in IMPRINT_FIELDS} if imprint else {"name": ""}
    folios = sorted(folios_of(issue, stored["folios"]), key=lambda folio: folio["number"] or 0)
    header = schema.Issue(
        number=stored["number"],
        date=IssuePage._meta.get_field("date").to_python(stored["date"]) or row.date,
        lunar_date=stored["lunar_date"] or "",
        responsible_editor=stored["responsible_editor"] or "",
        imprint=schema.Imprint(**facts),
        folios=tuple(
            schema.Folio(
                number=folio["number"] or 0,
                name=folio["name"] or "",
                responsible_editor=folio["responsible_editor"] or "",
                page_image=PAGE if folio["page_image"] else "",
                hot_areas=tuple(schema.HotArea(**area) for area in folio["hot_areas"]),
            )
            for folio in folios
        ),
    )
    return header, imprint is not None


def issue_data(issue: IssuePage, header: schema.Issue) -> schema.Issue:
    """Return the whole issue as last saved."""
    copies = copies_of(articles_of(issue, signed=False), signed=False)
    return replace(header, articles=tuple(copy.article for copy in copies))


def neighbours_of(issue: IssuePage, header: schema.Issue) -> Neighbours:
    """Return the issues around the date that ``issue`` bears as last saved."""
    others = IssuePage.objects.in_use().exclude(pk=issue.pk)

    def first(found: Any) -> Neighbour | None:
        row = found.values_list("number", "date").first()
        return Neighbour(*row) if row else None

    return Neighbours(
        previous=first(others.filter(date__lt=header.date).newest_first()),
        following=first(others.filter(date__gt=header.date).order_by("date", "number")),
        same_day=tuple(
            Neighbour(*row)
            for row in others.filter(date=header.date)
            .order_by("number")
            .values_list("number", "date")
        ),
    )


def _written(articles: Sequence[ArticlePage], *, signed: bool) -> dict[int, dict[str, Any]]:
    """Return the stored copy of each article by its key: revisions in a query, rows in another."""
    revisions = {} if signed else {a.latest_revision_id: a.pk for a in articles}
    revisions.pop(None, None)
    contents = Revision.objects.filter(pk__in=revisions).values_list("pk", "content")
    written = {revisions[key]: _from_revision(content) for key, content in contents}
    rest = [article.pk for article in articles if article.pk not in written]
    if rest:
        rows = ArticlePage.objects.filter(pk__in=rest).prefetch_related("bylines")
        written |= {row.pk: _from_row(row) for row in rows}
    return written


def _from_revision(content: Mapping[str, Any]) -> dict[str, Any]:
    body = content.get("body") or "[]"
    return {
        **{name: content.get(name) for name in COPY_FIELDS},
        "body": json.loads(body) if isinstance(body, str) else body,
        "bylines": [
            (line.get("name") or "", line.get("role") or "")
            for line in sorted(content.get("bylines") or (), key=_order)
        ],
    }


def _from_row(row: ArticlePage) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in COPY_FIELDS},
        "body": list(row.body.raw_data),
        "bylines": [(line.name, line.role) for line in row.bylines.all()],
    }


def _order(line: Mapping[str, Any]) -> tuple[int, int]:
    return (line.get("sort_order") or 0, line.get("pk") or 0)


def _copy(article: ArticlePage, written: Mapping[str, Any], shelf: PhotoShelf) -> Copy:
    body, block_ids = [], []
    for block in written["body"]:
        for passage in _passages(block, shelf):
            body.append(passage)
            block_ids.append(block.get("id") or "")
    data = schema.Article(
        number=article.number,
        kicker=written["kicker"] or "",
        title=written["title"] or "",
        subhead=written["subhead"] or "",
        standfirst=written["standfirst"] or "",
        verbatim_punctuation=bool(written["verbatim_punctuation"]),
        folio=article.folio,
        section=article.section.name if article.section else "",
        prominence=schema.Prominence(article.prominence),
        bylines=tuple(
            schema.Byline(name=name, role=schema.Role(role if role in ROLES else ""))
            for name, role in written["bylines"]
        ),
        body=tuple(body),
    )
    return Copy(article.pk, data, tuple(block_ids))


def _photos_in(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the stored photos of a block: a gallery's items may be wrapped with an id."""
    value = block.get("value") or {}
    match block.get("type"):
        case "photo":
            return [value]
        case "gallery":
            return [item.get("value", item) for item in value]
    return []


def _photo_keys(body: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    for block in body:
        for photo in _photos_in(block):
            if photo.get("image"):
                yield photo["image"]


def _passages(block: Mapping[str, Any], shelf: PhotoShelf) -> Iterator[schema.Passage]:
    """Yield what a stored block says; a photo that is gone from the library says nothing."""
    kind, value = block.get("type", ""), block.get("value")

    def photo(stored: Mapping[str, Any]) -> dict[str, Any]:
        texts = {name: stored.get(name) or "" for name in ("caption", "credit", "alt")}
        return {"image": shelf.photos.get(stored.get("image") or 0), **texts}

    match kind:
        case "paragraph":
            known: Any = RichText(OWN_LINK.sub("<a>", value or ""))
        case "photo":
            known = photo(value or {})
        case "gallery":
            known = [photo(stored) for stored in _photos_in(block)]
        case "quote":
            known = {name: (value or {}).get(name) or "" for name in ("text", "source")}
        case "table":
            known = TABLE.to_python(value or {})
        case _:
            known = value or ""
    yield from passages_of_block(kind, known, shelf)
