"""Sum up what readers get of an issue, to tell afterwards where a change of it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from typing import Any

__all__ = ["Article", "Issue", "Page", "Paper", "Place", "as_data", "from_data", "listed", "summed"]

Years = Mapping[int, int]  # how many articles a list has of each year


@dataclass(frozen=True, slots=True)
class Article:
    """An article that readers find, or why it was withdrawn.

    ``page`` sums up its own page, ``line`` its line in the contents of the issue, ``row`` the one
    in lists that span issues; ``recording`` is nothing where there is none.
    """

    key: int
    number: int
    page: str
    line: str
    row: str
    folio: int
    section: str = ""
    contributors: tuple[int, ...] = ()
    corrections: str = ""
    withdrawn: bool = False
    recording: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A printed page: ``look`` sums up its files, ``areas`` where its articles stand on it.

    ``has_picture`` is false of one of which only the PDF is kept.
    """

    folio: int
    look: str
    areas: str
    articles: tuple[int, ...] = ()  # the numbers of those
    has_picture: bool = True


@dataclass(frozen=True, slots=True)
class Issue:
    """A public issue; ``head`` sums up what of it stands on each of its pages.

    ``look`` is the one that it has on any day, if it has one (newsroom.looks). ``articles`` come in
    print order. ``pages`` are the printed pages that are kept, ``pdfs`` the folios of which there
    is a PDF; ``files`` maps a download to what it was made of.
    """

    key: int
    number: int
    date: str
    head: str
    articles: tuple[Article, ...] = ()
    pages: tuple[Page, ...] = ()
    pdfs: tuple[int, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    look: str = ""

    @property
    def folios(self) -> tuple[int, ...]:
        """The folios that have a page of their own: those printed, and those with articles."""
        shown = {page.folio for page in self.pages}
        public = {article.folio for article in self.articles if not article.withdrawn}
        return tuple(sorted(shown | public))

    @property
    def year(self) -> int:
        """The year it came out in."""
        return int(self.date[:4])


@dataclass(frozen=True, slots=True)
class Place:
    """Where a public issue stands among the others, how many articles and which folios it has."""

    key: int
    number: int
    date: str
    articles: int
    folios: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """What lists show now: the issues, the latest first, and how long the lists are.

    ``today`` is the day it is, as the archive goes by it; ``popular`` are the articles among the
    most read, whether readers still get them or not.
    """

    issues: tuple[Place, ...] = ()
    sections: Mapping[str, Years] = field(default_factory=dict)
    contributors: Mapping[int, Years] = field(default_factory=dict)
    corrections: int = 0
    popular: frozenset[int] = frozenset()
    today: str = ""


def listed(issues: Iterable[Issue]) -> Paper:
    """Return the paper of which these are all the issues, as far as they themselves tell."""
    sections: dict[str, dict[int, int]] = {}
    contributors: dict[int, dict[int, int]] = {}
    places = []
    for issue in issues:
        public = [article for article in issue.articles if not article.withdrawn]
        places.append(Place(issue.key, issue.number, issue.date, len(public), issue.folios))
        for article in public:
            lists = [contributors.setdefault(key, {}) for key in article.contributors]
            if article.section:
                lists.append(sections.setdefault(article.section, {}))
            for years in lists:
                years[issue.year] = years.get(issue.year, 0) + 1
    return Paper(issues=tuple(places), sections=sections, contributors=contributors)


def summed(*told: object) -> str:
    """Return a few characters that change with what they stand for."""
    return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def as_data(issue: Issue) -> dict[str, Any]:
    """Return ``issue`` as it is stored."""
    return asdict(issue)


def from_data(data: Mapping[str, Any]) -> Issue:
    """Return an issue that was stored."""
    articles = tuple(
        Article(**{**article, "contributors": tuple(article["contributors"])})
        for article in data["articles"]
    )
    # What was kept before there were pages here is like nothing that is there now.
    told = {name: value for name, value in data.items() if name != "folios"}
    pages = tuple(
        Page(**{**page, "articles": tuple(page["articles"])}) for page in data.get("pages", ())
    )
    files = tuple((file, digest) for file, digest in data["files"])
    return Issue(
        **{**told, "pages": pages, "pdfs": tuple(data["pdfs"])}
        | {"articles": articles, "files": files}
    )
