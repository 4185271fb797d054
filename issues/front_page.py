"""Arrange an issue's articles into folios and sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from articles.story import Story


@dataclass(frozen=True, slots=True)
class FolioHead:
    """What is printed above a folio."""

    number: int
    name: str = ""
    responsible_editor: str = ""


@dataclass(frozen=True, slots=True)
class SectionRun:
    """Stories that follow each other under one section heading, or under none."""

    name: str
    slug: str
    stories: tuple[Story, ...]


@dataclass(frozen=True, slots=True)
class FolioSheet:
    """One folio with its runs of stories."""

    number: int
    name: str
    responsible_editor: str
    sections: tuple[SectionRun, ...]


@dataclass(frozen=True, slots=True)
class FrontPage:
    """A whole issue, arranged."""

    folios: tuple[FolioSheet, ...]
    stories: tuple[Story, ...]

    @property
    def shows_folios(self) -> bool:
        """Whether folio headings say anything: several folios, or one with a name."""
        return len(self.folios) > 1 or any(folio.name for folio in self.folios)


def lay_out(stories: Iterable[Story], heads: Sequence[FolioHead] = ()) -> FrontPage:
    """Arrange ``stories``, which come in print order, under the folios' ``heads``.

    A folio that nobody described still gets its sheet; one without stories is left out. Sections
    are runs: an article between two of one section keeps its printed place, and the heading
    stands twice, as it would in print.
    """
    in_order = tuple(stories)
    described = {head.number: head for head in heads}
    folios = []
    for number, of_folio in groupby(in_order, key=lambda story: story.folio):
        head = described.get(number, FolioHead(number))
        runs = tuple(
            SectionRun(name, slug, tuple(run))
            for (name, slug), run in groupby(of_folio, key=lambda s: (s.section, s.section_slug))
        )
        folios.append(FolioSheet(number, head.name, head.responsible_editor, runs))
    return FrontPage(tuple(folios), in_order)
