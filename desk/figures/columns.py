"""How a table of figures shows its cells, sorts by them and hands them out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.tables import Column, TitleColumn

from .output import shown_number
from .tables import Cell

__all__ = [
    "OUTPUT",
    "FigureColumn",
    "LinkColumn",
    "MomentColumn",
    "NotesColumn",
    "NumberColumn",
    "moment_in_words",
]

Reads = Callable[[Any], Any]


class FigureColumn(Column):
    """A column of words; ``reads`` says what a row has in it, ``exports`` what a table gets."""

    def __init__(
        self, name: str, label: str, reads: Reads, *, exports: Reads | None = None, **options: Any
    ) -> None:
        options.setdefault("sort_key", name)
        super().__init__(name, label=label, accessor=reads, **options)
        self.reads = reads
        self.exports: Callable[[Any], Cell] = exports or reads


class NumberColumn(FigureColumn):
    """A column of numbers, set so that their digits stand below each other."""

    def __init__(self, name: str, label: str, reads: Reads, **options: Any) -> None:
        super().__init__(name, label, reads, classname="figures-number", **options)

    def get_cell_context_data(self, instance: Any, parent_context: dict[str, Any]) -> dict:
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"value": shown_number(context["raw_value"])}


class MomentColumn(FigureColumn):
    """A column of moments."""

    def __init__(self, name: str, label: str, reads: Reads) -> None:
        super().__init__(
            name, label, lambda row: moment_in_words(reads(row)), classname="figures-moment"
        )


class LinkColumn(TitleColumn):
    """What a row is called, leading on."""

    def __init__(self, name: str, label: str, reads: Reads, leads_to: Reads) -> None:
        super().__init__(name, label=label, accessor=reads, get_url=leads_to, sort_key=name)
        self.reads = reads
        self.exports = reads


class NotesColumn(FigureColumn):
    """Remarks on a row, one below the other, doubts first."""

    cell_template_name = "desk/figures/notes_cell.html"


def moment_in_words(moment: datetime.datetime | None) -> str:
    """Return a moment as the tables show it: 2022-08-02 09:00."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""


OUTPUT = [
    NumberColumn("pieces", "篇数", lambda row: row.pieces),
    NumberColumn("characters", "字数", lambda row: row.characters),
    NumberColumn("pictures", "图片", lambda row: row.pictures),
]
