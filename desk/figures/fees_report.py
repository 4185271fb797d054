"""The ledger of a month: what each article earns and who gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.widgets.button import HeaderButton

from . import filters, ledger, output, plots
from .columns import OUTPUT, FigureColumn, LinkColumn, NotesColumn, NumberColumn, moment_in_words
from .ledger import Line, Payee, Total
from .months import Ledger, ledger_of
from .permissions import may_manage_fees
from .report import Facts, FiguresReport

EARNED = [
    NumberColumn("text_fee", "文字稿酬", lambda row: row.text_fee),
    NumberColumn("picture_fee", "图片稿酬", lambda row: row.picture_fee),
    NumberColumn("amount", "合计（元）", lambda row: row.amount),
]


class FeesReport(FiguresReport):
    """The ledger of a month: what each article earns and who gets it."""

    page_title = "稿费"
    header_icon = "table"
    filterset_class = filters.FeeFilters
    index_url_name = "desk_fees"
    index_results_url_name = "desk_fees_results"
    may_see = staticmethod(may_manage_fees)

    @cached_property
    def ledger(self) -> Ledger:
        typed = self.chosen["month"]
        return ledger_of(filters.first_of(typed) if typed else filters.latest_month())

    @cached_property
    def lines(self) -> list[Line]:
        """The articles in which somebody who is wanted has a part."""
        if not self.filters.is_picky:
            return list(self.ledger.lines)
        return [line for line in self.ledger.lines if any(map(self.filters.picks, line.payees))]

    @cached_property
    def parts(self) -> list[Line]:
        """The same, with only the parts of those who are wanted."""
        return [
            replace(line, payees=tuple(filter(self.filters.picks, line.payees)))
            for line in self.lines
        ]

    @cached_property
    def by(self) -> str:
        return self.chosen["by"] if self.filters.is_valid() else ""

    @property
    def default_ordering(self) -> str | None:
        return "-amount" if self.by in (filters.PERSON, filters.UNIT) else None

    @cached_property
    def columns(self) -> list[BaseColumn]:
        match self.by:
            case filters.PERSON | filters.UNIT:
                words = [FigureColumn("name", "作者", lambda row: row.name)]
                if self.by == filters.UNIT:
                    words = []
                unit = FigureColumn("unit", "单位", lambda row: row.unit or output.NO_UNIT)
                return [*words, unit, *OUTPUT, *EARNED]
            case filters.SHARES:
                return [
                    *self.of_line(lambda row: row[0]),
                    FigureColumn("name", "作者", lambda row: row[1].name),
                    FigureColumn("unit", "单位", lambda row: row[1].unit),
                    NumberColumn("weight", "份额", lambda row: row[1].weight),
                    NumberColumn("pictures", "图片", lambda row: row[1].pictures),
                    NumberColumn("text_fee", "文字稿酬", lambda row: row[1].text_fee),
                    NumberColumn("picture_fee", "图片稿酬", lambda row: row[1].picture_fee),
                    NumberColumn("amount", "合计（元）", lambda row: row[1].amount),
                    FigureColumn("unpaid", "不发的原因", lambda row: row[1].unpaid),
                ]
        return [
            *self.of_line(lambda row: row),
            NumberColumn("characters", "字数", lambda row: row.characters),
            NumberColumn("pictures", "图片", lambda row: row.pictures),
            FigureColumn("grade", "等级", lambda row: row.grade),
            NumberColumn("rate", "千字稿酬", lambda row: row.rate),
            NumberColumn("adjustment", "加减", lambda row: row.adjustment),
            NumberColumn("fee", "文字稿酬", lambda row: row.fee),
            NumberColumn("amount", "实发（元）", lambda row: row.amount),
            NotesColumn(
                "shares",
                "分配",
                lambda row: [(share, False) for share in row.shares],
                exports=lambda row: "；".join(row.shares),
                sort_key=None,
            ),
            NotesColumn("notes", "备注", _notes, exports=_notes_in_words, sort_key=None),
        ]

    def of_line(self, line_of: Callable[[Any], Line]) -> list[BaseColumn]:
        """Return the columns that say which article it is, leading to its fee while it is open."""

        def leads_to(row: Any) -> str | None:
            line = line_of(row)
            return None if self.ledger.is_closed else reverse("desk_fee", args=[line.article])

        return [
            NumberColumn("issue", "期号", lambda row: line_of(row).issue),
            LinkColumn("title", "标题", lambda row: line_of(row).title, leads_to),
        ]

    def rows(self) -> list[Line] | list[tuple[Line, Payee]] | list[Total]:
        match self.by:
            case filters.PERSON:
                return ledger.by_payee(self.parts)
            case filters.UNIT:
                return ledger.by_unit(self.parts)
            case filters.SHARES:
                return [(line, payee) for line in self.parts for payee in line.payees]
        return self.lines

    def facts(self, rows: list[Any]) -> Facts:
        closed = self.ledger.sheet
        state = "未关账"
        if closed is not None:
            state = f"已关账（{closed.closed_by_name}，{moment_in_words(closed.closed_at)}）"
        doubtful = sum(bool(line.doubts) for line in self.lines)
        paid = "其中所选作者实发" if self.filters.is_picky else "实发稿费"
        return [
            (self.ledger.name, state),
            ("稿件", f"{len(self.lines):,}篇"),
            ("字数", f"{sum(line.characters for line in self.lines):,}"),
            (paid, f"{ledger.total(self.parts):,.2f}元"),
            *([("待核对", f"{doubtful}篇")] if doubtful and not closed else []),
            *([("关账后又见报", f"{self.ledger.late}篇，不在表内")] if self.ledger.late else []),
            *([("关账后撤下", f"{self.ledger.gone}篇，仍在表内")] if self.ledger.gone else []),
        ]

    def plot(self, rows: list[Any]) -> plots.Plot | None:
        if self.by == filters.UNIT:
            title, totals = "各单位稿费", ledger.by_unit(self.parts)
        else:
            title, totals = "各位作者稿费", ledger.by_payee(self.parts)
        return plots.rows(title, [(each.label, float(each.amount)) for each in totals], unit="元")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.filters.is_valid():
            return []
        sheet = reverse("desk_fee_sheet", args=[f"{self.ledger.month:%Y-%m}"])
        label = "稿费表（打印）" if self.ledger.is_closed else "稿费表（打印、关账）"
        return [HeaderButton(label, sheet, icon_name="doc-full-inverse", priority=1)]

    def get_page_subtitle(self) -> str:
        return self.ledger.name if self.filters.is_valid() else ""

    def get_filename(self) -> str:
        return f"稿费-{self.ledger.month:%Y-%m}" if self.filters.is_valid() else "稿费"

    @property
    def nothing_message(self) -> str:
        if self.filters.is_picky:
            return f"{self.ledger.name}没有符合条件的稿费。"
        return f"{self.ledger.name}还没有见报的稿件。"


def _notes(line: Line) -> list[tuple[str, bool]]:
    """Return the remarks on a line, each with whether it is a doubt."""
    decided = f"{line.decided_by}核定，{line.decided_at}" if line.decided_at else ""
    told = [(doubt, True) for doubt in line.doubts]
    return [*told, *((note, False) for note in (line.note, decided) if note)]


def _notes_in_words(line: Line) -> str:
    return "；".join(note for note, _ in _notes(line))
