"""The office's figures as Wagtail reports: what was printed, how long it took, what it earns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton

from articles.querysets import ArticleQuerySet

from . import filters, ledger, output, plots, timing
from .columns import FigureColumn, LinkColumn, NotesColumn, NumberColumn, shown_number
from .journeys import journeys_of
from .ledger import Line, Payee, Total
from .months import Ledger, ledger_of
from .output import Output, rounded
from .permissions import may_manage_fees, may_see_figures
from .pieces import pieces_of, printed
from .tables import Row, write_csv, write_xlsx
from .timing import Journey, days, in_words

Facts = list[tuple[str, str]]


class FiguresReport(ReportView):
    """A table of figures with a plot; rows are added up in Python, so they are sorted there."""

    template_name = "desk/figures/report.html"
    results_template_name = "desk/figures/report_results.html"
    header_icon = "history"
    columns: list[BaseColumn] = []
    list_export = ["columns"]  # Wagtail offers the export to what names something
    may_see: Callable[[Any], bool] = staticmethod(may_see_figures)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Refuse before anything is looked up."""
        if not self.may_see(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> list[Any]:
        """Return the lines of the table, as the filters want them."""
        raise NotImplementedError

    def facts(self, rows: list[Any]) -> Facts:
        """Return what the table says in all."""
        return []

    def plot(self, rows: list[Any]) -> plots.Plot | None:
        """Return a plot of the table."""
        return None

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What the filters say; only of use where they are valid."""
        return self.filters.form.cleaned_data

    def articles(self) -> ArticleQuerySet:
        """Return the printed articles that the filters leave."""
        return self.filters.filter_queryset(printed())

    def get_filtered_queryset(self) -> list[Any]:
        """Show nothing where the filters are nonsense: not what they were to leave out."""
        self.all_rows = self.rows() if self.filters.is_valid() else []
        return self.sorted(self.all_rows)

    def sorted(self, rows: list[Any]) -> list[Any]:
        """Return the rows by the chosen column, those with nothing in it last."""
        ordering = self.ordering or ""
        column = next((c for c in self.columns if c.name == ordering.lstrip("-")), None)
        if column is None:
            return rows
        known = [row for row in rows if column.reads(row) not in (None, "")]
        unknown = [row for row in rows if column.reads(row) in (None, "")]
        return [*sorted(known, key=column.reads, reverse=ordering.startswith("-")), *unknown]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.is_export and self.all_rows:
            context |= {"facts": self.facts(self.all_rows), "plot": self.plot(self.all_rows)}
        return context

    def get_page_title(self) -> str:
        return self.page_title

    @cached_property
    def no_results_message(self) -> str:
        if not self.filters.is_valid():
            return "筛选条件里有填错的地方（例如日期或期号），请改正；数据都还在。"
        return "没有符合条件的见报稿件。"

    # The export: the same columns, all rows.

    def table(self, rows: list[Any]) -> Iterator[Row]:
        """Yield the rows of the exported table, the headings first."""
        yield [column.label for column in self.columns]
        for row in rows:
            yield [column.exports(row) for column in self.columns]

    def get_filename(self) -> str:
        return f"{self.page_title}-{timezone.localdate():%Y-%m-%d}"

    def write_csv_response(self, queryset: list[Any]) -> StreamingHttpResponse:
        answer = StreamingHttpResponse(write_csv(self.table(queryset)), content_type="text/csv")
        name = f"{self.get_filename()}.csv"
        answer["Content-Disposition"] = content_disposition_header(True, name)
        return answer

    def write_xlsx(self, queryset: list[Any], output: IO[bytes]) -> None:
        write_xlsx(self.table(queryset), output, sheet=self.page_title)

    def as_spreadsheet(self, queryset: list[Any], spreadsheet_format: str) -> HttpResponse:
        answer = super().as_spreadsheet(queryset, spreadsheet_format)
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


OUTPUT = [
    NumberColumn("pieces", "篇数", lambda row: row.pieces),
    NumberColumn("characters", "字数", lambda row: row.characters),
    NumberColumn("pictures", "图片", lambda row: row.pictures),
]
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
            ("折合字数", shown_number(rounded(characters))),
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
        return plots.rows("折合字数最多的", values, unit="字")


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
        pieces = pieces_of(self.articles())
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


# How long a manuscript lay, in days, for the plot.
BINS = [(1, "1天内"), (3, "3天内"), (7, "7天内"), (14, "14天内"), (30, "30天内"), (90, "90天内")]
LONGER = "更久"


class TimingReport(FiguresReport):
    """How long each piece took."""

    page_title = "从来稿到见报"
    header_icon = "time"
    filterset_class = filters.TimingFilters
    index_url_name = "desk_timing"
    index_results_url_name = "desk_timing_results"
    default_ordering = "-to_print"
    columns = [
        LinkColumn(
            "title",
            "标题",
            lambda row: row.title,
            lambda row: reverse("wagtailadmin_pages:edit", args=[row.pk]),
        ),
        NumberColumn("issue", "期号", lambda row: row.issue),
        FigureColumn("received", "来稿", lambda row: _moment(row.received)),
        FigureColumn("drafted", "初稿", lambda row: _moment(row.drafted)),
        FigureColumn("signed", "定稿", lambda row: _moment(row.signed)),
        FigureColumn("printed", "见报", lambda row: _moment(row.printed)),
        NumberColumn("to_print", "来稿到见报（天）", lambda row: days(row.to_print)),
        NumberColumn("to_sign", "初稿到定稿（天）", lambda row: days(row.to_sign)),
    ]

    def rows(self) -> list[Journey]:
        return journeys_of(self.articles())

    def facts(self, rows: list[Journey]) -> Facts:
        facts = [("稿件", f"{len(rows):,}篇")]
        for name, spread in (
            ("来稿到见报", timing.spread(row.to_print for row in rows)),
            ("初稿到定稿", timing.spread(row.to_sign for row in rows)),
        ):
            if spread is not None:
                facts.append((f"{name}，中位数（{spread.known}篇）", in_words(spread.median)))
                facts.append((f"{name}，最慢", in_words(spread.slowest)))
        return facts

    def plot(self, rows: list[Journey]) -> plots.Plot | None:
        known = [span for row in rows if (span := days(row.to_print)) is not None]
        counts = Counter(
            next((name for most, name in BINS if span <= most), LONGER) for span in known
        )
        values = [(name, counts[name]) for _, name in [*BINS, (0, LONGER)]]
        return plots.columns("来稿多久见报", values, unit="篇")


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
                    *_of_line(lambda row: row[0]),
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
            *_of_line(lambda row: row),
            NumberColumn("characters", "字数", lambda row: row.characters),
            NumberColumn("pictures", "图片", lambda row: row.pictures),
            FigureColumn("grade", "等级", lambda row: row.grade),
            NumberColumn("rate", "千字稿酬", lambda row: row.rate),
            NumberColumn("adjustment", "加减", lambda row: row.adjustment),
            NumberColumn("fee", "文字稿酬", lambda row: row.fee),
            NumberColumn("amount", "实发合计（元）", lambda row: row.amount),
            FigureColumn(
                "shares", "分配", lambda row: row.shares, sort_key=None, classname="figures-shares"
            ),
            NotesColumn("notes", "备注", _notes, exports=_notes_in_words, sort_key=None),
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
            state = f"已关账（{closed.closed_by_name}，{_moment(closed.closed_at)}）"
        doubtful = sum(bool(line.doubts) for line in self.lines)
        paid = "其中所选作者实发" if self.filters.is_picky else "实发稿费"
        return [
            (self.ledger.name, state),
            ("稿件", f"{len(self.lines):,}篇"),
            ("字数", f"{sum(line.characters for line in self.lines):,}"),
            (paid, f"{ledger.total(self.parts):,.2f}元"),
            *([("待核对", f"{doubtful}篇")] if doubtful and not closed else []),
            *([("关账后又见报", f"{self.ledger.late}篇，不在表内")] if self.ledger.late else []),
        ]

    def plot(self, rows: list[Any]) -> plots.Plot | None:
        if self.by == filters.UNIT:
            units = ledger.by_unit(self.parts)
            return plots.rows("各单位稿费", [(t.name, float(t.amount)) for t in units], unit="元")
        people = ledger.by_payee(self.parts)
        return plots.rows("各位作者稿费", [(t.name, float(t.amount)) for t in people], unit="元")

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

    @cached_property
    def no_results_message(self) -> str:
        if not self.filters.is_valid():
            return "筛选条件里有填错的地方，请改正；数据都还在。"
        if self.filters.is_picky:
            return f"{self.ledger.name}没有符合条件的稿费。"
        return f"{self.ledger.name}还没有见报的稿件。"


def _of_line(line_of: Callable[[Any], Line]) -> list[BaseColumn]:
    """Return the columns that say which article it is."""
    return [
        NumberColumn("issue", "期号", lambda row: line_of(row).issue),
        LinkColumn(
            "title",
            "标题",
            lambda row: line_of(row).title,
            lambda row: reverse("desk_fee", args=[line_of(row).article]),
        ),
    ]


def _notes(line: Line) -> list[tuple[str, bool]]:
    """Return the remarks on a line, each with whether it is a doubt."""
    decided = f"{line.decided_by}核定，{line.decided_at}" if line.decided_at else ""
    told = [(doubt, True) for doubt in line.doubts]
    return [*told, *((note, False) for note in (line.note, decided) if note)]


def _notes_in_words(line: Line) -> str:
    return "；".join(note for note, _ in _notes(line))


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}" if moment else ""
