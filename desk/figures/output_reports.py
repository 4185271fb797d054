"""What was printed: by author and unit, by issue and section."""

from __future__ import annotations

from fractions import Fraction

from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BaseColumn

from . import filters, output, plots
from .columns import OUTPUT, FigureColumn, NumberColumn
from .output import Output, rounded, shown_number
from .pieces import pieces_of
from .report import Facts, FiguresReport

SHARED_OUTPUT = [
    NumberColumn("pieces", "署名篇数", lambda row: row.pieces),
    NumberColumn("share", "折合篇数", lambda row: rounded(row.share)),
    NumberColumn("characters", "署名稿字数", lambda row: row.characters),
    NumberColumn("characters_share", "折合字数", lambda row: rounded(row.characters_share)),
    NumberColumn("pictures", "图片", lambda row: row.pictures),
]


class AuthorsReport(FiguresReport):
    """What each author, or each unit, had in print."""

    page_title = "作者与单位"
    header_icon = "group"
    filterset_class = filters.AuthorFilters
    index_url_name = "desk_authors"
    index_results_url_name = "desk_authors_results"
    default_ordering = "-characters_share"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        name = FigureColumn("name", "单位" if self.by_unit else "作者", lambda row: row.name)
        unit = FigureColumn("unit", "单位", lambda row: row.unit)
        return [name, *([] if self.by_unit else [unit]), *SHARED_OUTPUT]

    @cached_property
    def by_unit(self) -> bool:
        return self.filters.is_valid() and self.chosen["by"] == filters.UNIT

    def rows(self) -> list[Output]:
        self.pieces = pieces_of(self.articles())
        add_up = output.by_unit if self.by_unit else output.by_person
        return add_up(self.pieces, self.filters.picks)

    def facts(self, rows: list[Output]) -> Facts:
        shown = sum(any(map(self.filters.picks, piece.authors)) for piece in self.pieces)
        characters = sum((row.characters_share for row in rows), Fraction(0))
        return [
            ("单位" if self.by_unit else "作者", f"{len(rows):,}"),
            ("见报稿件", f"{shown:,}篇"),
            ("折合字数", shown_number(rounded(characters)).removesuffix(".00")),
            ("图片", f"{sum(row.pictures for row in rows):,}张"),
        ]

    def plot(self, rows: list[Output]) -> plots.Plot | None:
        values = [
            (
                f"{row.name}（{row.unit}）" if row.unit and not self.by_unit else row.name,
                round(row.characters_share),
            )
            for row in rows
        ]
        return plots.rows("折合字数", values, unit="字")


class IssuesReport(FiguresReport):
    """What stood in each issue, or under each section."""

    page_title = "各期与栏目"
    header_icon = "doc-full"
    filterset_class = filters.IssueFilters
    index_url_name = "desk_output"
    index_results_url_name = "desk_output_results"

    @cached_property
    def columns(self) -> list[BaseColumn]:
        if self.by_section:
            return [FigureColumn("name", "栏目", lambda row: row.name), *OUTPUT]
        date = FigureColumn("date", "出版日期", lambda row: f"{row.date:%Y-%m-%d}")
        issue = FigureColumn("name", "期", lambda row: row.name, sort_key=None)
        return [issue, date, *OUTPUT]

    @cached_property
    def by_section(self) -> bool:
        return self.filters.is_valid() and self.chosen["by"] == filters.SECTION

    @property
    def default_ordering(self) -> str:
        return "-characters" if self.by_section else "-date"

    def rows(self) -> list[Output]:
        pieces = pieces_of(self.articles(), with_authors=False)
        return output.by_section(pieces) if self.by_section else output.by_issue(pieces)

    def facts(self, rows: list[Output]) -> Facts:
        count = len(rows)
        pieces = sum(row.pieces for row in rows)
        characters = sum(row.characters for row in rows)
        kind = "栏目" if self.by_section else "期"
        return [
            ("栏目" if self.by_section else "期数", f"{count:,}"),
            ("见报稿件", f"{pieces:,}篇"),
            ("字数", f"{characters:,}"),
            ("图片", f"{sum(row.pictures for row in rows):,}张"),
            (f"平均每{kind}", f"{characters // count:,}字" if count else ""),
        ]

    def plot(self, rows: list[Output]) -> plots.Plot | None:
        values = [(row.name, row.characters) for row in rows]
        if self.by_section:
            return plots.rows("各栏目字数", values, unit="字")
        return plots.columns("各期字数", values, unit="字")
