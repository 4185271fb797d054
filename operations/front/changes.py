"""Tell at which addresses a change of an issue shows: exactly those, what matters most first."""

from __future__ import annotations

from dataclasses import dataclass, field

from .addresses import (
    CARD,
    CORRECTIONS_ON_A_PAGE,
    FEEDS,
    FOLLOWED,
    FRONT,
    GONE,
    LIST,
    MANIFEST,
    PAGE,
    POPULAR,
    QR_CODE,
    RECORDING,
    REST,
    archive_of,
    corrections_of,
    of_issue,
    of_list,
    sitemaps_of,
)
from .calendar import is_of_today, with_it_in_their_calendar
from .facts import Article, Issue, Paper, Place, Years

__all__ = ["Changed", "changed"]

IN_A_FEED = 30  # articles at least (following.feeds.sources)


@dataclass(slots=True)
class Changed:
    """Where a change shows: ``renew`` by urgency, and the downloads to ``forget`` until made."""

    ranks: dict[str, int] = field(default_factory=dict)
    forget: set[str] = field(default_factory=set)

    def add(self, rank: int, *addresses: str) -> None:
        """Note that ``addresses`` show it."""
        for address in addresses:
            self.ranks[address] = min(rank, self.ranks.get(address, rank))

    @property
    def renew(self) -> list[str]:
        """The addresses, the most urgent first."""
        return sorted(self.ranks, key=lambda address: self.ranks[address])


def changed(before: Issue | None, after: Issue | None, paper: Paper) -> Changed:
    """Return where it shows that an issue was as ``before`` and is as ``after``.

    None is an issue that readers do not get. ``paper`` is how things are now.
    """
    found = Changed()
    if before == after:
        return found
    if before and after and before.number == after.number and before.date == after.date:
        _within(before, after, paper, found)
    else:
        is_count = before is None or after is None or before.year != after.year
        for issue in filter(None, (before, after)):
            _whole(issue, paper, found, is_gone=issue is not after, is_count=is_count)
    return found


def _whole(issue: Issue, paper: Paper, found: Changed, *, is_gone: bool, is_count: bool) -> None:
    """Note where it shows that an issue comes out, goes, or comes to another place.

    ``is_count``: the years have another number of issues and articles than before.
    """
    files = {f"/{issue.number}/{file}" for file, _ in issue.files}
    for rank, address in of_issue(issue):
        if address not in files:
            found.add(GONE if is_gone else rank, address)
    found.forget |= files
    before, after = _neighbours(issue, paper)
    for neighbour in filter(None, (before, after)):
        found.add(FRONT, f"/{neighbour.number}/")
        if neighbour == paper.issues[0]:
            found.add(FRONT, "/")
        found.add(LIST, *(f"/{neighbour.number}/folio-{n}/" for n in neighbour.folios))
    for place in with_it_in_their_calendar(issue, paper):
        found.add(LIST, f"/{place.number}/")
        if place == paper.issues[0]:
            found.add(FRONT, "/")
    if after is None:
        found.add(FRONT, "/")
        found.add(REST, "/api/")  # its examples lead there
    if is_count:
        found.add(LIST, *archive_of(paper, issue.year))
    else:
        _in_archive_anew(issue, paper, found)
    found.add(LIST, f"/{issue.date}/")
    _follow(issue, paper, found)
    found.add(REST, "/sitemap-lists.xml")
    found.add(LIST, "/sections/")
    gone = len(issue.articles) if is_gone else 0
    for article in issue.articles:
        for home, years in _lists(article, paper).items():
            _list_anew(home, years, issue.year, found, is_count=is_count, gone=gone)
        if article.key in paper.popular:
            found.add(LIST, *POPULAR, *archive_of(paper))
    if any(article.corrections for article in issue.articles):
        _correct(paper, found)


def _within(before: Issue, after: Issue, paper: Paper, found: Changed) -> None:
    """Note where it shows that something of an issue changed that stays where it is."""
    home = f"/{after.number}/"
    if before.look != after.look:
        _dress(before, after, paper, found)
    if (before.head, before.articles, before.pages) == (after.head, after.articles, after.pages):
        # Only files were made: the front page says how large they are.
        _front(after, paper, found)
        made = dict(before.files)
        for file, digest in after.files:
            if made.get(file) != digest:
                found.add(PAGE, f"{home}{file}")
        return
    files = {f"{home}{file}" for file, _ in (*before.files, *after.files)}
    found.forget |= files
    for neighbour in filter(None, _neighbours(after, paper)):
        # Their folios lead to the same one here, or else to the front.
        other = {*before.folios} ^ {*after.folios}
        found.add(
            REST, *(f"/{neighbour.number}/folio-{n}/" for n in sorted(other & {*neighbour.folios}))
        )
    _pages_within(before, after, paper, found)
    if (before.head, before.articles) == (after.head, after.articles):
        return
    _front(after, paper, found)
    old, new = ({article.key: article for article in each.articles} for each in (before, after))
    gone = [article for key, article in old.items() if key not in new]
    touched = [article for key, article in new.items() if article != old.get(key)]
    for article in gone:
        _article(home, article, GONE, found)
    for article in touched:
        rank = GONE if article.withdrawn else PAGE
        _article(home, article, rank, found)
    for article in (*gone, *touched):
        # Whoever hears what was taken back is to hear it no longer.
        _recording(home, old.get(article.key), new.get(article.key), found)
    if gone or touched:
        found.add(REST, f"{home}offline.json", f"{home}{CARD}")
    for article in (*gone, *touched):
        was, now = old.get(article.key), new.get(article.key)
        if was is None or now is None or was.withdrawn != now.withdrawn:
            found.add(REST, f"{home}{article.number}/{QR_CODE}")
    if before.head != after.head or _contents(before) != _contents(after):
        # Every page of the issue shows its head and contents; an article's card, the head.
        others = (QR_CODE, RECORDING, *(() if before.head != after.head else (CARD,)))
        found.add(REST, f"{home}{CARD}")
        for rank, address in (*of_issue(before), *of_issue(after)):
            if address not in files and not address.endswith(others):
                found.add(rank, address)
    for folio in {*before.folios, *after.folios}:
        if _contents(before, folio) != _contents(after, folio):
            found.add(REST, f"{home}folio-{folio}/")
    _follow(after, paper, found)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        # Lists show them in print order.
        lists = [_lists(article, paper) for article in after.articles]
        for home in {home for each in lists for home in each}:
            of_list_here = [each[home] for each in lists if home in each]
            if len(of_list_here) > 1:
                _list_anew(home, of_list_here[0], after.year, found)
    if before.head != after.head:
        # In each feed an article says where it was printed.
        for article in after.articles:
            for home in _lists(article, paper):
                found.add(FOLLOWED, *(f"{home}{feed}" for feed in FEEDS))
    if (before.head, _in_the_archive(before)) != (after.head, _in_the_archive(after)):
        _in_archive_anew(after, paper, found)
        if sum(place.date == after.date for place in paper.issues) > 1:
            found.add(LIST, f"/{after.date}/")
    _relist(old, new, after.year, paper, found)


def _pages_within(before: Issue, after: Issue, paper: Paper, found: Changed) -> None:
    """Note where it shows that printed pages of an issue changed, or what stands where on them."""
    home = f"/{after.number}/"
    old, new = ({page.folio: page for page in each.pages} for each in (before, after))
    looks, areas = (
        {n for n in {*old, *new} if getattr(old.get(n), name, "") != getattr(new.get(n), name, "")}
        for name in ("look", "areas")
    )
    found.add(PAGE, *(f"{home}folio-{folio}/" for folio in sorted(areas | looks)))
    if looks:
        _front(after, paper, found)
        _follow(after, paper, found)
        # Each of them shows all of them, small.
        found.add(REST, *(f"{home}folio-{folio}/" for folio in {*before.folios, *after.folios}))
        found.add(REST, *(f"{home}folio-{n}.pdf" for n in sorted({*before.pdfs, *after.pdfs})))
        found.add(REST, f"{home}{MANIFEST}", f"{home}offline.json")
        if _cover(before) != _cover(after):
            found.add(REST, f"{home}{CARD}")
            _in_archive_anew(after, paper, found)
            # In feeds it stands for articles without a photograph.
            for listed_at in {at for each in after.articles for at in _lists(each, paper)}:
                found.add(FOLLOWED, *(f"{listed_at}{feed}" for feed in FEEDS))
            if sum(place.date == after.date for place in paper.issues) > 1:
                found.add(LIST, f"/{after.date}/")
    # An article leads to its place on the page, where there is a picture of it.
    placed = [{(a, page.folio) for page in each.pages if page.has_picture for a in page.articles}
              for each in (before, after)]  # fmt: skip
    moved = {article for article, _ in placed[0] ^ placed[1]}
    for article in after.articles:
        if not article.withdrawn and article.number in moved:
            found.add(PAGE, f"{home}{article.number}/")


def _cover(issue: Issue) -> str:
    """Return how the first page that has a picture looks; a PDF alone is no cover."""
    pages = ((page.folio, page.look) for page in issue.pages if page.has_picture)
    return min(pages, default=(0, ""))[1]


def _dress(before: Issue, after: Issue, paper: Paper, found: Changed) -> None:
    """Note the pages and cards of an issue that turns grey, or red; its PDFs are forgotten."""
    files = {f"/{each.number}/{file}" for each in (before, after) for file, _ in each.files}
    _front(after, paper, found)
    for rank, address in of_issue(after):
        if address not in files and not address.endswith((QR_CODE, RECORDING)):
            found.add(rank, address)
    found.forget |= {file for file in files if file.endswith(".pdf")}


def _in_archive_anew(issue: Issue, paper: Paper, found: Changed) -> None:
    found.add(LIST, f"/archive/{issue.year}/")
    of_latest_year = bool(paper.issues) and paper.issues[0].date[:4] == issue.date[:4]
    if of_latest_year or is_of_today(issue, paper):
        found.add(LIST, "/archive/")


def _relist(
    old: dict[int, Article], new: dict[int, Article], year: int, paper: Paper, found: Changed
) -> None:
    """Note the lists that show an article of the issue otherwise, or another number of them."""
    for key in {*old, *new}:
        was, now = old.get(key), new.get(key)
        if was == now:
            continue
        before, after = _lists(was, paper), _lists(now, paper)
        rows = {each.row if each and not each.withdrawn else "" for each in (was, now)}
        for home in {*before, *after}:
            if home not in before or home not in after:
                years = {**before, **after}[home]
                _list_anew(home, years, year, found, is_count=True, gone=len(old))
            elif len(rows) > 1:
                _list_anew(home, after[home], year, found)
            else:
                # Its feeds hold the whole text.
                found.add(FOLLOWED, *(f"{home}{feed}" for feed in FEEDS))
        if {*before} != {*after}:
            found.add(REST, "/sitemap-lists.xml")
        if len(rows) > 1 or {*before} != {*after}:
            found.add(LIST, "/sections/")
        if key in paper.popular:
            found.add(LIST, *POPULAR, *(archive_of(paper) if len(rows) > 1 else ()))
        told = {each.corrections if each else "" for each in (was, now)}
        if len(told) > 1 or (len(rows) > 1 and told != {""}):
            _correct(paper, found)


def _article(home: str, article: Article, rank: int, found: Changed) -> None:
    found.add(rank, f"{home}{article.number}/")
    beside = (".ris", ".bib", f"/{CARD}")
    found.add(REST, *(f"{home}{article.number}{file}" for file in beside))


def _recording(home: str, was: Article | None, now: Article | None, found: Changed) -> None:
    """Note the recording of an article that has another one than before, or readers one no more."""
    files = [each.recording if each and not each.withdrawn else "" for each in (was, now)]
    if files[0] != files[1]:
        number = next(each.number for each in (was, now) if each)
        found.add(PAGE if files[1] else GONE, f"{home}{number}{RECORDING}")


def _front(issue: Issue, paper: Paper, found: Changed) -> None:
    found.add(FRONT, f"/{issue.number}/")
    if paper.issues and paper.issues[0].key == issue.key:
        found.add(FRONT, "/")
        found.add(REST, "/api/")


def _follow(issue: Issue, paper: Paper, found: Changed) -> None:
    """Note the feeds of the paper, if they reach back to the issue, and its sitemaps."""
    later = sum(place.articles for place in paper.issues if _order(place) > _order(issue))
    if later < IN_A_FEED or not any(_order(place) > _order(issue) for place in paper.issues):
        found.add(LIST, *(f"/{feed}" for feed in FEEDS))
    found.add(FOLLOWED, "/sitemap.xml", "/sitemap-news.xml", *sitemaps_of(paper, issue.year))


def _lists(article: Article | None, paper: Paper) -> dict[str, Years]:
    """Return the lists with ``article``, each with how many it has of each year."""
    if article is None or article.withdrawn:
        return {}
    lists = {
        f"/contributors/{key}/": paper.contributors.get(key, {}) for key in article.contributors
    }
    if article.section:
        lists[f"/sections/{article.section}/"] = paper.sections.get(article.section, {})
    return lists


def _list_anew(
    home: str,
    years: Years,
    year: int,
    found: Changed,
    *,
    is_count: bool = False,
    gone: int = 0,
) -> None:
    """Note a list; one that counts another number says so on the page of each year."""
    for rank, address in of_list(home, years, also=year, gone=gone):
        of_year = f"?year={year}" in address or "year=" not in address
        if of_year or is_count:
            found.add(rank if of_year else REST, address)


def _correct(paper: Paper, found: Changed) -> None:
    found.add(PAGE, "/corrections/")  # whoever was wronged looks there first
    found.add(LIST, *corrections_of(paper))
    if paper.corrections % CORRECTIONS_ON_A_PAGE == 0:
        there_was = max(1, paper.corrections // CORRECTIONS_ON_A_PAGE) + 1
        found.add(LIST, f"/corrections/?page={there_was}")


def _neighbours(issue: Issue, paper: Paper) -> tuple[Place | None, Place | None]:
    """Return the issues before and after ``issue`` among those there are now."""
    later = [place for place in paper.issues if _order(place) > _order(issue)]
    earlier = [place for place in paper.issues if _order(place) < _order(issue)]
    return (
        max(earlier, key=_order, default=None),
        min(later, key=_order, default=None),
    )


def _order(issue: Issue | Place) -> tuple[str, int]:
    return issue.date, issue.number


def _contents(issue: Issue, folio: int | None = None) -> list[tuple[int, str]]:
    return [
        (each.number, each.line)
        for each in issue.articles
        if not each.withdrawn and folio in (None, each.folio)
    ]


def _in_the_archive(issue: Issue) -> tuple[int, str]:
    """Return what the archive says of an issue: how many articles, and the first headline."""
    lines = [each.line for each in issue.articles if not each.withdrawn]
    return len(lines), next(iter(lines), "")
