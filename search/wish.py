"""Read what a reader wants found from an address, and write the addresses of other wishes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from newsroom.cjk import clean_line

__all__ = ["ADDRESS", "DEEPEST", "Wish"]

ADDRESS = "/search/"
DEEPEST = 50  # pages: nobody reads on, and every page costs the ones before it
FIRST_YEAR, LAST_YEAR = 1901, 2100
CORRECTIONS, NEWEST = "corrections", "newest"

NUMBER = re.compile(r"[1-9][0-9]{0,8}")
SLUG = re.compile(r"[-a-zA-Z0-9_]{1,40}")


@dataclass(frozen=True, slots=True)
class Wish:
    """A search as its address says it; what makes no sense there is left out."""

    q: str = ""
    year: int | None = None
    section: str = ""
    contributor: int | None = None
    corrections: bool = False  # in corrections, instead of articles
    newest: bool = False  # first, instead of the best
    page: int = 1

    @classmethod
    def read(cls, parameters: Mapping[str, str]) -> Wish:
        """Return what the parameters of an address ask for."""
        q = clean_line(parameters.get("q", ""))
        page = min(_number(parameters.get("page", "")) or 1, DEEPEST)
        if parameters.get("kind") == CORRECTIONS:  # there are few: nothing narrows them
            return cls(q=q, corrections=True, page=page)
        year = _number(parameters.get("year", ""))
        section = parameters.get("section", "")
        return cls(
            q=q,
            year=year if year and FIRST_YEAR <= year <= LAST_YEAR else None,
            section=section if SLUG.fullmatch(section) else "",
            contributor=_number(parameters.get("contributor", "")),
            newest=parameters.get("order") == NEWEST,
            page=page,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words limits what is found."""
        return bool(self.year or self.section or self.contributor)

    def but(self, **changes: Any) -> Wish:
        """Return another wish, on its first page."""
        return replace(self, **{"page": 1, **changes})

    def address(self, **changes: Any) -> str:
        """Return the address of this wish, or of one that differs in ``changes``."""
        wish = self.but(**changes) if changes else self
        parameters = {
            "q": wish.q,
            "kind": CORRECTIONS if wish.corrections else "",
            "year": wish.year,
            "section": wish.section,
            "contributor": wish.contributor,
            "order": NEWEST if wish.newest else "",
            "page": wish.page if wish.page > 1 else "",
        }
        return f"{ADDRESS}?{urlencode({name: said for name, said in parameters.items() if said})}"


def _number(text: str) -> int | None:
    return int(text) if NUMBER.fullmatch(text) else None
