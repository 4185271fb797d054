"""Name every address that nginx keeps (deploy/nginx/paper.conf), what matters most first.

Where a change shows among them is told by ``changes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .facts import Issue, Paper, Years

__all__ = [
    "CARD",
    "CORRECTIONS_ON_A_PAGE",
    "FEEDS",
    "FOLLOWED",
    "FRONT",
    "GONE",
    "LIST",
    "MANIFEST",
    "PAGE",
    "POPULAR",
    "QR_CODE",
    "RECORDING",
    "REST",
    "STATEMENTS",
    "TIMELY",
    "archive_of",
    "corrections_of",
    "of_everything",
    "of_issue",
    "of_list",
    "of_lists",
    "sitemaps_of",
]

QR_CODE = "qr.svg"  # of an address: only whether it is there changes
RECORDING = ".mp3"  # of an article; nothing else of the issue is in it
CARD = "card.png"  # by which a link is known (following.sharing)
MANIFEST = "manifest.json"  # of the printed pages (issues.manifest)
FEEDS = ("feed/", "feed.xml", "feed.json")
STATEMENTS = (
    *("/about/", "/accessibility/", "/privacy/"),
    *("/robots.txt", "/opensearch.xml"),
    *("/offline/", "/sw.js", "/manifest.webmanifest"),
)
POPULAR = ("/popular/", *(f"/popular/?span={span}" for span in ("week", "month", "year", "all")))
# What changes by time alone: what is read most, what is new.
TIMELY = (*POPULAR, "/sitemap.xml", "/sitemap-news.xml", "/api/")
ON_A_PAGE, CORRECTIONS_ON_A_PAGE = 60, 20  # of lists (issues.listing_views, issues.views)
IN_A_SITEMAP = 10_000
SHOWS_WHAT_IS_MADE = re.compile(r"/(?:archive/|sitemap|\d{4}-\d{2}-\d{2}/)")

# In this order they are taken anew.
GONE, FRONT, PAGE, LIST, FOLLOWED, REST = range(6)


def of_everything(issues: Iterable[Issue], paper: Paper) -> Iterator[str]:
    """Yield every address there is: what leads on first, then the issues as they come.

    The archive, days and sitemaps are the last: they name pictures in sizes that pages have made
    when they were shown.
    """
    lists = [address for _, address in of_lists(paper)]
    yield from (address for address in lists if not SHOWS_WHAT_IS_MADE.match(address))
    for issue in issues:
        yield from (address for _, address in of_issue(issue))
    yield from (address for address in lists if SHOWS_WHAT_IS_MADE.match(address))


def of_lists(paper: Paper) -> Iterator[tuple[int, str]]:
    """Yield the addresses that belong to no issue, each with its urgency; days come without."""
    yield FRONT, "/"
    for address in (*archive_of(paper), *(f"/{feed}" for feed in FEEDS)):
        yield LIST, address
    yield LIST, "/sections/"
    for slug, years in paper.sections.items():
        yield from of_list(f"/sections/{slug}/", years)
    for key, years in paper.contributors.items():
        yield from of_list(f"/contributors/{key}/", years)
    for address in corrections_of(paper):
        yield LIST, address
    for address in (*STATEMENTS, *TIMELY, *sitemaps_of(paper), "/sitemap-lists.xml"):
        yield REST, address
    for day in sorted({place.date for place in paper.issues}, reverse=True):
        yield REST, f"/{day}/"


def of_issue(issue: Issue) -> Iterator[tuple[int, str]]:
    """Yield the addresses of an issue, its articles and its files, each with its urgency."""
    home = f"/{issue.number}/"
    yield FRONT, home
    yield REST, f"{home}{QR_CODE}"
    yield REST, f"{home}{CARD}"
    for article in issue.articles:
        yield PAGE, f"{home}{article.number}/"
        yield REST, f"{home}{article.number}/{QR_CODE}"
        if not article.withdrawn:
            yield REST, f"{home}{article.number}/{CARD}"
            yield REST, f"{home}{article.number}.ris"
            yield REST, f"{home}{article.number}.bib"
            if article.recording:
                yield REST, f"{home}{article.number}{RECORDING}"
    for folio in issue.folios:
        yield REST, f"{home}folio-{folio}/"
    for folio in issue.pdfs:
        yield REST, f"{home}folio-{folio}.pdf"
    yield REST, f"{home}offline.json"
    if issue.pages:
        yield REST, f"{home}{MANIFEST}"
    for file, _ in issue.files:
        yield REST, f"{home}{file}"


def of_list(
    home: str, years: Years, *, also: int | None = None, gone: int = 0
) -> Iterator[tuple[int, str]]:
    """Yield the addresses of a list of articles: whole, by year, by page, and as feeds.

    ``also`` is a year of which there were ``gone`` more, and may be none any more.
    """
    yield LIST, home
    latest = max(years, default=None)
    for year in sorted({*years, *filter(None, [also])}, reverse=True):
        pages = -(-(years.get(year, 0) + gone * (year == also)) // ON_A_PAGE)
        yield LIST, f"{home}?year={year}"
        for page in range(2, pages + 1):
            yield LIST, f"{home}?year={year}&page={page}"
            if year == latest:
                yield LIST, f"{home}?page={page}"
    yield from ((FOLLOWED, f"{home}{feed}") for feed in FEEDS)


def archive_of(paper: Paper, *also: int) -> Iterator[str]:
    """Yield the pages of the archive: each shows all the years, and what is read most."""
    years = {*(int(place.date[:4]) for place in paper.issues), *also}
    yield "/archive/"
    yield from (f"/archive/{year}/" for year in sorted(years, reverse=True))


def corrections_of(paper: Paper) -> Iterator[str]:
    """Yield the pages of all corrections, and their feeds."""
    yield "/corrections/"
    yield from (f"/corrections/?page={page}" for page in range(2, _pages(paper.corrections) + 1))
    yield from (f"/corrections/{feed}" for feed in FEEDS)


def _pages(corrections: int) -> int:
    return max(1, -(-corrections // CORRECTIONS_ON_A_PAGE))


def sitemaps_of(paper: Paper, *only: int) -> Iterator[str]:
    """Yield the sitemaps of all years, or of some."""
    counts: dict[int, int] = dict.fromkeys(only, 0)
    for place in paper.issues:
        year = int(place.date[:4])
        if not only or year in only:
            # A printed page for each article would be more than there ever was.
            counts[year] = counts.get(year, 0) + 1 + 2 * place.articles
    for year, count in sorted(counts.items(), reverse=True):
        yield f"/sitemap-{year}.xml"
        for part in range(2, -(-count // IN_A_SITEMAP) + 1):
            yield f"/sitemap-{year}-{part}.xml"
