"""Set articles and corrections as entries of a feed: as readers see them, self-contained."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from itertools import chain, islice

import lxml.html
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.blocks import StreamValue
from wagtail.images.shortcuts import get_rendition_or_not_found

from articles.corrections import corrections_of, shown_correction
from articles.models import ArticlePage, Correction
from articles.reading import Reading, ShownPhoto, plain_paragraphs, read_article, shown
from issues.folio_pages import SIZES
from issues.models import Folio, IssuePage
from newsroom.cjk import opening
from newsroom.models import PressPhoto, PressPhotoRendition

from ..metadata.gathering import recording_facts
from ..xml_text import legible
from .formats import Entry, Picture
from .sources import Source

__all__ = ["came_out", "entries_of"]

PICTURE = "width-960|format-webp"  # as on the article's page, so that no file is made for feeds
SUMMARY = 120  # characters


def entries_of(source: Source, request: HttpRequest) -> tuple[Entry, ...]:
    """Return what is in a feed; a constant number of queries."""
    if source.key == "corrections":
        return tuple(_correction(each, source, request) for each in source.corrections)
    articles = list(
        source.articles.select_related("issue__issuepage__imprint", "recording")
        .with_bylines()
        .with_corrections()
    )
    _fetch_photos(articles)
    covers = _covers({article.issue_id for article in articles})
    return tuple(
        _article(article, source, request, covers.get(article.issue_id)) for article in articles
    )


def came_out(first: datetime.datetime | None, day: datetime.date) -> datetime.datetime:
    """Return when readers got what is dated ``day`` and was ``first`` public then.

    What was made public on its day or before came out at that moment; a back number that was
    taken in years later came out on its day.
    """
    if first is not None and timezone.localdate(first) <= day:
        return timezone.localtime(first)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _covers(issues: Iterable[int]) -> dict[int, PressPhoto]:
    """Return the first printed page of each issue of which one is kept; three queries."""
    pages = Folio.objects.filter(issue__in=issues).exclude(page_image=None).order_by("-number")
    first = dict(pages.values_list("issue", "page_image"))
    images = PressPhoto.objects.prefetch_renditions(SIZES[0]).in_bulk(first.values())
    return {issue: images[image] for issue, image in first.items() if image in images}


def _article(
    article: ArticlePage, source: Source, request: HttpRequest, cover: PressPhoto | None
) -> Entry:
    issue = article.issue.issuepage
    reading = read_article(article)
    url = request.build_absolute_uri(article.get_url(request))
    published = came_out(issue.first_published_at, issue.date)
    changes = [correction.changed_at for correction in article.corrections.all()]
    show = shown(article)
    html = render_to_string(
        "following/feeds/article.html",
        {
            "reading": reading,
            "corrections": corrections_of([article], request),
            "imprint": issue.imprint,
            "issue": issue,
            "issue_url": issue.get_url(request),
        },
    )
    words = article.standfirst or opening(plain_paragraphs(article), SUMMARY)
    return Entry(
        id=source.identify(f"{issue.number}/{article.number}"),
        url=url,
        title=legible(reading.headline),
        html=_absolute(html, url),
        summary=legible(show(words)),
        published=published,
        updated=_latest(published, article.last_published_at, *changes),
        authors=tuple(dict.fromkeys(legible(line.name) for line in article.bylines.all())),
        section=legible(reading.section),
        picture=_picture(reading, request) or _page(cover, issue, request),
        recording=recording_facts(article, request),
    )


def _correction(correction: Correction, source: Source, request: HttpRequest) -> Entry:
    article = correction.article
    issue = article.issue.issuepage
    told = shown_correction(correction, article, request, origin=f"{issue}，{issue.printed_date}")
    published = came_out(correction.created_at, correction.date)
    url = request.build_absolute_uri(told.url)
    html = render_to_string("following/feeds/correction.html", {"correction": told})
    return Entry(
        id=source.identify(f"correction/{correction.pk}"),
        url=url,
        title=legible(f"{told.kind}：{told.headline}"),
        html=_absolute(html, url),
        summary=legible("".join(told.paragraphs)),
        published=published,
        updated=_latest(published, correction.changed_at),
        section=told.kind,
    )


def _latest(first: datetime.datetime, *others: datetime.datetime | None) -> datetime.datetime:
    return timezone.localtime(max(first, *filter(None, others), first))


def _absolute(html: str, url: str) -> str:
    """Return a page's part with every address absolute, for it is read elsewhere."""
    part = lxml.html.fragment_fromstring(legible(html), create_parent="div")
    part.make_links_absolute(url, resolve_base_href=False, handle_failures="discard")
    return str(lxml.html.tostring(part, encoding="unicode"))


def _picture(reading: Reading, request: HttpRequest) -> Picture | None:
    """Return the first photo, in the size of the page."""
    photo = next(_photos_of(reading), None)
    return _shown(photo.image, PICTURE, photo.alt, request) if photo else None


def _page(cover: PressPhoto | None, issue: IssuePage, request: HttpRequest) -> Picture | None:
    """Return what stands for an article without a photo: the cover of its issue."""
    return _shown(cover, SIZES[0], f"{issue.title}的封面", request) if cover else None


def _shown(image: PressPhoto, size: str, alt: str, request: HttpRequest) -> Picture:
    rendition = get_rendition_or_not_found(image, size)
    return Picture(
        url=request.build_absolute_uri(rendition.url),
        media_type="image/webp",
        width=rendition.width,
        height=rendition.height,
        alt=legible(alt),
    )


def _photos_of(reading: Reading) -> Iterator[ShownPhoto]:
    for passage in reading.passages:
        yield from passage.photos or filter(None, [passage.photo])


def _fetch_photos(articles: Iterable[ArticlePage]) -> None:
    """Fetch the photos of all bodies at once, and their renditions: each would ask for its own."""
    articles = list(articles)
    stream = ArticlePage._meta.get_field("body").stream_block
    bodies = [list(article.body.raw_data) for article in articles]
    blocks = iter(StreamValue(stream, list(chain(*bodies)), is_lazy=True))
    images = []
    for article, raw in zip(articles, bodies, strict=True):
        children = list(islice(blocks, len(raw)))
        article.body = StreamValue(stream, [(c.block_type, c.value, c.id) for c in children])
        for child in children:
            photos = {"photo": [child.value], "gallery": child.value}.get(child.block_type, [])
            images += [photo["image"] for photo in photos if photo["image"]]
    made = PressPhotoRendition.objects.filter(filter_spec=PICTURE)
    prefetch_related_objects(images, Prefetch("renditions", made, to_attr="prefetched_renditions"))
