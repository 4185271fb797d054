"""Gather the addresses of everything public for the sitemaps, and when each last changed.

There is a sitemap of each year, one of the lists, and one of the news of these days; what exceeds
the length of one goes on in a next part. Each takes a fixed number of queries. An address changed
when its readers could last see a change: never because somebody asked.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from urllib.parse import urljoin

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, ExtractYear
from django.utils import timezone
from wagtail.models import PageLogEntry

from articles.models import ArticlePage
from articles.querysets import ArticleQuerySet
from articles.reading import shown
from issues.models import Folio, IssuePage
from newsroom.circulating import outside_of
from newsroom.models import PressPhotoRendition, Section
from search.names import contributors_of

from .gathering import latest
from .sitemap_xml import Address, News

__all__ = ["LISTS", "MOST", "RECENT", "images_in", "of_lists", "of_news", "of_year", "sitemaps"]

Moment = datetime.datetime | None

MOST = 10_000  # addresses of one sitemap: a fifth of what is allowed, and far from its 50 MB
MOST_NEWS = 1000
NEWS_DAYS = 2
LISTS, RECENT = "lists", "news"
# What is done to a page that readers have, and is seen by them. Signing and publishing are known
# from the pages themselves.
SEEN = (
    *("issues.correct", "issues.change_correction", "issues.remove_correction"),
    *("issues.withdraw", "issues.reinstate", "issues.place", "wagtail.unpublish"),
)
PHOTO, FOLIO = "width-960|format-webp", "width-1600|format-webp"  # as the pages show them
STATEMENTS = (
    *("archive/", "sections/", "popular/", "corrections/"),
    *("about/", "accessibility/", "privacy/", "contribute/", "subscribe/", "api/"),
)


def sitemaps(*, at: datetime.date | None = None) -> Iterator[tuple[str, Moment]]:
    """Yield the name of every sitemap there is, the latest year first, and when it last changed."""
    issues, articles = IssuePage.objects.published(), ArticlePage.objects.published()
    counts: dict[int, int] = {}
    changes: dict[int, list[Moment]] = {}
    for rows in (
        _by_year(issues, "date", "last_published_at"),
        _by_year(articles, "issue__issuepage__date", "last_published_at"),
        _by_year(_folios(issues), "issue__date", "issue__last_published_at"),
    ):
        for year, count, changed in rows:
            counts[year] = counts.get(year, 0) + count
            changes.setdefault(year, []).append(changed)
    for year, _, changed in _by_year(
        _log(), "page__articlepage__issue__issuepage__date", "timestamp"
    ):
        changes.setdefault(year, []).append(changed)
    if _recent(at).exists():
        yield RECENT, None
    for year in sorted(counts, reverse=True):
        yield from ((name, latest(changes[year])) for name in _parts(str(year), counts[year]))
    yield from ((name, None) for name in _parts(LISTS, sum(1 for _ in of_lists(""))))


def of_year(year: int, base: str) -> Iterator[Address]:
    """Yield the issues of a year, the latest first, each with its printed pages and articles."""
    issues = IssuePage.objects.published().filter(date__year=year)
    articles = ArticlePage.objects.published().filter(issue__issuepage__date__year=year)
    pictures, folios = _photos(articles, base), _printed(issues, base)
    seen, seen_in = _seen(year)
    written: dict[int, list[tuple[int, int, Moment]]] = {}
    for key, issue, number, signed in articles.in_print_order().values_list(
        "pk", "issue_id", "number", "last_published_at"
    ):
        written.setdefault(issue, []).append((key, number, signed))
    for issue, number, out in issues.newest_first().values_list(
        "pk", "number", "last_published_at"
    ):
        home, own = f"{base}{number}/", written.get(issue, [])
        changed = latest([out, *(signed for *_, signed in own), *seen_in.get(issue, ())])
        yield Address(home, changed)
        for folio, shows in folios.get(issue, ()):
            yield Address(f"{home}folio-{folio}/", changed, shows)
        for key, article, signed in own:
            last = latest([out, signed, seen.get(key)])
            yield Address(f"{home}{article}/", last, pictures.get(key, ()))


def of_lists(base: str) -> Iterator[Address]:
    """Yield what leads to articles and issues, and what the paper says of itself.

    When a list last changed is not kept, so it is not said.
    """
    articles = ArticlePage.objects.published()
    for address in STATEMENTS:
        yield Address(f"{base}{address}")
    for year in IssuePage.objects.published().dates("date", "year", order="DESC"):
        yield Address(f"{base}archive/{year.year}/")
    used = Exists(articles.filter(section=OuterRef("pk")))
    for slug in Section.objects.filter(used).order_by("slug").values_list("slug", flat=True):
        yield Address(f"{base}sections/{slug}/")
    for key in contributors_of(articles).order_by("pk").values_list("pk", flat=True):
        yield Address(f"{base}contributors/{key}/")


def of_news(base: str, *, at: datetime.date | None = None) -> Iterator[Address]:
    """Yield the articles of today and yesterday, by the date they were printed under."""
    recent = _recent(at).newest_first().select_related("issue__issuepage__imprint")
    for article in recent.defer("body", "standfirst")[:MOST_NEWS]:
        issue = article.issue.issuepage
        yield Address(
            f"{base}{issue.number}/{article.number}/",
            news=News(issue.imprint.name, issue.date, shown(article)(article.title)),
        )


def _recent(at: datetime.date | None) -> ArticleQuerySet:
    today = at or timezone.localdate()
    first = today - datetime.timedelta(days=NEWS_DAYS - 1)
    return ArticlePage.objects.published().filter(issue__issuepage__date__range=(first, today))


def _parts(name: str, count: int) -> Iterator[str]:
    yield name
    yield from (f"{name}-{part}" for part in range(2, -(-count // MOST) + 1))


def _by_year(rows: QuerySet[Model], date: str, changed: str) -> Iterable[tuple[int, int, Moment]]:
    return (
        rows.order_by()
        .annotate(year=ExtractYear(date))
        .values("year")
        .annotate(count=Count("pk"), changed=Max(changed))
        .values_list("year", "count", "changed")
    )


def _log() -> QuerySet[PageLogEntry]:
    """Return what the log tells of changes to the articles of public issues."""
    entries = PageLogEntry.objects.filter(action__in=SEEN, page__articlepage__issue__live=True)
    if outside_of() is None:
        return entries
    return entries.filter(page__articlepage__in=ArticlePage.objects.open_to())


def _seen(year: int) -> tuple[dict[int, Moment], dict[int, list[Moment]]]:
    """Return the last change the log tells of, for each article, and all of them by issue.

    A withdrawn article is no address any more; its issue changed all the same.
    """
    by_article: dict[int, Moment] = {}
    by_issue: dict[int, list[Moment]] = {}
    for article, issue, moment in (
        _log()
        .filter(page__articlepage__issue__issuepage__date__year=year)
        .order_by()
        .values("page", "page__articlepage__issue")
        .annotate(last=Max("timestamp"))
        .values_list("page", "page__articlepage__issue", "last")
    ):
        by_article[article] = moment
        by_issue.setdefault(issue, []).append(moment)
    return by_article, by_issue


def _folios(issues: QuerySet[IssuePage]) -> QuerySet[Folio]:
    """Return the folios of ``issues`` of which the printed page is kept."""
    return Folio.objects.filter(issue__in=issues.order_by()).exclude(page_image=None, page_pdf="")


def _printed(
    issues: QuerySet[IssuePage], base: str
) -> dict[int, list[tuple[int, tuple[str, ...]]]]:
    """Return for each issue the folios of which the printed page is kept, with its picture."""
    rows = _folios(issues).order_by("number").values_list("issue", "number", "page_image")
    kept = list(rows)
    made = _made(FOLIO, {image for *_, image in kept if image}, base)
    folios: dict[int, list[tuple[int, tuple[str, ...]]]] = {}
    for issue, number, image in kept:
        shows = (made[image],) if image in made else ()
        folios.setdefault(issue, []).append((number, shows))
    return folios


def _photos(articles: QuerySet[ArticlePage], base: str) -> dict[int, tuple[str, ...]]:
    """Return for each article the photos that it shows."""
    illustrated = (
        articles.order_by()
        .annotate(stored=Cast("body", TextField()))
        .filter(Q(stored__contains='"photo"') | Q(stored__contains='"gallery"'))
    )
    shows = {
        article: list(images_in(body.raw_data))
        for article, body in illustrated.values_list("pk", "body").iterator()
    }
    made = _made(PHOTO, {image for images in shows.values() for image in images}, base)
    return {
        article: tuple(made[image] for image in images if image in made)
        for article, images in shows.items()
    }


def images_in(body: Iterable[dict[str, object]]) -> Iterator[int]:
    """Yield the keys of the photos in a stored body, in order."""
    for block in body:
        value = block["value"]
        if block["type"] == "photo" and isinstance(value, dict):
            items: list[object] = [value]
        elif block["type"] == "gallery" and isinstance(value, list):
            items = [item.get("value", item) for item in value]
        else:
            continue
        for item in items:
            if isinstance(item, dict) and item.get("image"):
                yield item["image"]


def _made(size: str, images: set[int], base: str) -> dict[int, str]:
    """Return the addresses of ``images`` in the size that pages show, where that was made."""
    renditions = PressPhotoRendition.objects.filter(filter_spec=size, image__in=images)
    return {made.image_id: urljoin(base, made.url) for made in renditions}
