"""Name the meta elements of a page: the card it makes where it is shared, and how it is cited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newsroom.hant_addresses import twin

from .facts import LANGUAGE, Article, Issue, Picture

__all__ = ["Tag", "alternates", "article_card", "card", "citation"]

LARGE = 600  # pixels from which a picture is shown over the whole width of a card


@dataclass(frozen=True, slots=True)
class Tag:
    """One meta element; ``attribute`` is "property" (Open Graph) or "name" (all others)."""

    attribute: str
    name: str
    content: str


def card(
    *,
    title: str,
    url: str,
    site_name: str,
    description: str = "",
    picture: Picture | None = None,
    kind: str = "website",
) -> Iterator[Tag]:
    """Yield the card of any page (Open Graph; X takes the rest from there)."""
    facts = {
        "og:type": kind,
        "og:title": title,
        "og:description": description,
        "og:url": url,
        "og:site_name": site_name,
        "og:locale": "zh_CN",
    }
    if picture is not None:
        facts |= {
            "og:image": picture.url,
            "og:image:width": str(picture.width),
            "og:image:height": str(picture.height),
            "og:image:alt": picture.alt,
        }
    yield from (Tag("property", name, content) for name, content in facts.items() if content)
    large = picture is not None and picture.width >= LARGE
    yield Tag("name", "twitter:card", "summary_large_image" if large else "summary")


def article_card(article: Article) -> Iterator[Tag]:
    """Yield the card of an article."""
    yield from card(
        kind="article",
        title=article.headline,
        url=article.url,
        site_name=article.issue.paper.name,
        description=article.description,
        picture=article.picture,
    )
    yield Tag("property", "article:published_time", article.issue.date.isoformat())
    if article.changed:
        yield Tag("property", "article:modified_time", article.changed.isoformat())
    for person in article.people:
        yield Tag("property", "article:author", person)
    if article.section:
        yield Tag("property", "article:section", article.section)


def issue_card(issue: Issue, description: str, picture: Picture | None) -> Iterator[Tag]:
    """Yield the card of an issue."""
    return card(
        title=f"{issue.paper.name} {issue.title}",
        url=issue.url,
        site_name=issue.paper.name,
        description=description,
        picture=picture,
    )


def citation(article: Article) -> Iterator[Tag]:
    """Yield what reference managers and Google Scholar read."""
    issue = article.issue
    yield Tag("name", "citation_title", article.headline)
    for person in article.people:
        yield Tag("name", "citation_author", person)
    facts = {
        "citation_publication_date": issue.date.strftime("%Y/%m/%d"),
        "citation_journal_title": issue.paper.name,
        "citation_publisher": issue.paper.publisher,
        "citation_issue": str(issue.number),
        "citation_firstpage": str(article.folio),
        "citation_language": LANGUAGE,
        "citation_fulltext_html_url": article.url,
        "citation_pdf_url": issue.pdf_url,
    }
    yield from (Tag("name", name, content) for name, content in facts.items() if content)


def alternates(address: str) -> tuple[tuple[str, str], ...]:
    """Return the languages in which the page at ``address`` is to be had, and where."""
    traditional = twin(address)
    others = (("zh-Hant", traditional),) if traditional else ()
    return ((LANGUAGE, address), *others, ("x-default", address))
