"""What all reports of the office have in common: a table to filter, sort, plot and export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from wagtail.admin.ui.tables import BaseColumn
from wagtail.admin.views.reports import ReportView

from articles.querysets import ArticleQuerySet

from . import plots
from .permissions import may_see_figures
from .pieces import printed
from .tables import Row, write_csv, write_xlsx

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
            form = self.filters.form
            told = (f"{form.fields[name].label}：{wrong[0]}" for name, wrong in form.errors.items())
            return f"筛选条件填错了，没有列出什么。{''.join(told)}请改正，数据都还在。"
        return self.nothing_message

    @property
    def nothing_message(self) -> str:
        """What is said where the filters leave nothing."""
        return "没有符合条件的见报稿件。" if self.is_filtering else "还没有见报的稿件。"

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
