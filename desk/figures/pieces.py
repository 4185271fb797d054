"""Fetch what was printed, as the figures see it."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import F

from articles.models import ArticlePage, Byline
from articles.querysets import ArticleQuerySet
from newsroom.models import Contributor

from .authorship import Named, Person, authors_of
from .counting import Custom, characters
from .filling import count_signed, read_back
from .models import FigureSettings
from .output import Piece


def printed() -> ArticleQuerySet:
    """Return what counts: signed, in a public issue, not withdrawn.

    What only some readers get (a view restriction) was printed as well, and is paid for.
    """
    return ArticlePage.objects.live().filter(issue__live=True).not_withdrawn()


def pieces_of(
    articles: ArticleQuerySet, *, custom: Custom | None = None, with_authors: bool = True
) -> list[Piece]:
    """Return ``articles`` in print order, counted by the paper's custom; a few queries for all."""
    count_signed()
    custom = custom or FigureSettings.load().custom
    bylines, alone = _credited(articles) if with_authors else ({}, {})
    rows = articles.order_by("issue__issuepage__date", "issue__issuepage__number", "path").values(
        "pk",
        "title",
        "figures__parts",
        "figures__credits",
        section_name=F("section__name"),
        issue_number=F("issue__issuepage__number"),
        issue_date=F("issue__issuepage__date"),
    )
    return [
        Piece(
            pk=row["pk"],
            title=row["title"],
            issue=row["issue_number"],
            date=row["issue_date"],
            section=row["section_name"] or "",
            characters=characters(read_back(row["figures__parts"] or {}), custom),
            pictures=len(row["figures__credits"] or ()),
            authors=authors_of(bylines.get(row["pk"], ()), row["figures__credits"] or (), alone.get)
            if with_authors
            else (),
        )
        for row in rows
    ]


def _credited(articles: ArticleQuerySet) -> tuple[dict[int, list[Named]], dict[str, Person]]:
    """Return the byline of each article, and who is the only contributor of each name."""
    people = {
        key: Person(name, unit, key)
        for key, name, unit in Contributor.objects.values_list("pk", "name", "unit")
    }
    bylines: dict[int, list[Named]] = defaultdict(list)
    named = Byline.objects.filter(article__in=articles.order_by().values("pk"))
    for article, name, role, contributor in named.order_by(
        "article", "sort_order", "pk"
    ).values_list("article", "name", "role", "contributor"):
        person = people.get(contributor) or Person(name)
        bylines[article].append(Named(person, name, role))
    return bylines, _bearers(people)


def _bearers(people: dict[int, Person]) -> dict[str, Person]:
    """Return the contributors whose name nobody else bears, by name."""
    bearers: dict[str, list[Person]] = defaultdict(list)
    for person in people.values():
        bearers[person.name].append(person)
    return {name: found[0] for name, found in bearers.items() if len(found) == 1}
