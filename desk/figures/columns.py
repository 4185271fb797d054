"""How a table of figures shows its cells, sorts by them and hands them out."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from wagtail.admin.ui.tables import Column, TitleColumn

from .tables import Cell

__all__ = ["FigureColumn", "LinkColumn", "NotesColumn", "NumberColumn", "shown_number"]

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


class LinkColumn(TitleColumn):
    """What a row is called, leading on."""

    def __init__(self, name: str, label: str, reads: Reads, leads_to: Reads) -> None:
        super().__init__(name, label=label, accessor=reads, get_url=leads_to, sort_key=name)
        self.reads = reads
        self.exports = reads


class NotesColumn(FigureColumn):
    """Remarks on a row, one below the other, doubts first."""

    cell_template_name = "desk/figures/notes_cell.html"


def shown_number(value: int | float | Decimal | None) -> str:
    """Return a number as people read it: 12,345, amounts and shares with two decimals."""
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
