"""Arrange by what a reader can narrow what was found: years, sections, contributors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .wish import Wish

__all__ = ["Choice", "Group", "Row", "arrange", "contributors"]

SHOWN = 8  # of a group at once; the rest folds out


@dataclass(frozen=True, slots=True)
class Row:
    """So many of the articles found stand in one year and one section."""

    year: int
    section: str  # its slug; nothing for those outside all sections
    section_name: str
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to narrow by: how many articles remain, and the address to take or drop it."""

    label: str
    count: int | None
    url: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one kind; ``more`` fold out."""

    label: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...] = ()

    def narrows(self, total: int) -> bool:
        """Whether a choice would leave fewer than ``total``, or was taken already."""
        return any(choice.is_chosen or choice.count != total for choice in self.choices)


def arrange(rows: Iterable[Row], wish: Wish) -> tuple[int, Group, Group]:
    """Return how many articles the wish finds, the years to choose from, and the sections.

    ``rows`` count what is found in all years and sections. A choice counts what would remain if
    it were taken: everything else that was chosen still holds.
    """
    years: Counter[int] = Counter()
    sections: Counter[tuple[str, str]] = Counter()
    total = 0
    for row in rows:
        of_year = wish.year in (None, row.year)
        of_section = wish.section in ("", row.section)
        years[row.year] += row.count * of_section
        if row.section:
            sections[row.section, row.section_name] += row.count * of_year
        total += row.count * of_year * of_section
    by_year = [
        _choice(f"{year}年", count, wish, "year", year)
        for year, count in sorted(years.items(), reverse=True)
    ]
    by_section = [
        _choice(name, count, wish, "section", slug)
        for (slug, name), count in sections.most_common()
    ]
    return total, _group("年份", by_year), _group("栏目", by_section)


def contributors(counts: Iterable[tuple[int, str, int]], wish: Wish) -> Group:
    """Return the contributors to choose from: key, name and number of articles of each."""
    return _group("作者", [_choice(name, n, wish, "contributor", key) for key, name, n in counts])


def _choice(label: str, count: int, wish: Wish, name: str, value: int | str) -> Choice:
    chosen = getattr(wish, name) == value
    return Choice(label, count, wish.address(**{name: None if chosen else value}), chosen)


def _group(label: str, choices: list[Choice]) -> Group:
    """Show the first choices and, wherever it stands, the one that was taken."""
    left = [choice for choice in choices if choice.count or choice.is_chosen]
    shown = [c for place, c in enumerate(left) if place < SHOWN or c.is_chosen]
    return Group(label, tuple(shown), tuple(choice for choice in left if choice not in shown))
