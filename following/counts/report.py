"""The reports of the newsroom: how often articles, and whole issues, were read."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView

from following.exporting import InertTable

from .models import ReadCount, Span

ARTICLE, ISSUE, DATE = "article__title", "issue_title", "date"


class ReadsFilters(WagtailFilterSet):
    """What can be picked out."""

    number = django_filters.NumberFilter(
        "article__issue__issuepage__number", label="总期号", min_value=1, max_value=99_999
    )

    class Meta:
        model = ReadCount
        fields: ClassVar[list[str]] = []


def _within(span: Span) -> Subquery:
    """Return how often the article of a row was read within the current ``span``."""
    of_it = ReadCount.objects.filter(
        article=OuterRef("article"), span=span, since=span.first_day(timezone.localdate())
    )
    return Subquery(of_it.values("count")[:1])


class ReadsReport(InertTable, ReportView):
    """How often each article was read, the most read one first."""

    page_title = "阅读量"
    header_icon = "view"
    model = ReadCount
    filterset_class = ReadsFilters
    index_url_name = "reads_report"
    index_results_url_name = "reads_report_results"
    no_results_message = (
        "还没有统计。读者看一篇文章满五秒才算一次；不启用脚本的、选了“不跟踪”的不算。"
    )
    default_ordering = "-count"
    columns: ClassVar[list[Column]] = [
        TitleColumn(
            "title",
            label="稿件",
            accessor=lambda row: row["article__title"],
            get_url=lambda row: reverse("wagtailadmin_pages:edit", args=[row["article_id"]]),
        ),
        Column("issue_title", label="期"),
        Column("date", label="出版日期"),
        Column("week", label="本周", sort_key="week"),
        Column("month", label="本月", sort_key="month"),
        Column("year", label="今年", sort_key="year"),
        Column("count", label="全部", sort_key="count"),
    ]
    list_export: ClassVar[list[str]] = [ARTICLE, ISSUE, DATE, "week", "month", "year", "count"]
    export_headings: ClassVar[dict[str, str]] = {
        ARTICLE: "稿件",
        ISSUE: "期",
        DATE: "出版日期",
        **{span.value: span.label for span in Span},
        "count": "全部",
    }

    def get_base_queryset(self) -> QuerySet:
        return (
            ReadCount.objects.filter(span=Span.ALL)
            .annotate(
                issue_title=F("article__issue__title"),
                date=F("article__issue__issuepage__date"),
                **{span.value: _within(span) for span in (Span.WEEK, Span.MONTH, Span.YEAR)},
            )
            .values("article_id", *self.list_export)
        )

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        field = F(self.ordering.lstrip("-"))
        # What was not read within the span has no row of it.
        most_first = self.ordering.startswith("-")
        order = field.desc(nulls_last=True) if most_first else field.asc(nulls_first=True)
        return queryset.order_by(order, "-article_id")

    def get_filename(self) -> str:
        return f"reads-{timezone.localdate():%Y-%m-%d}"

    def to_row_dict(self, item: dict[str, Any]) -> dict[str, Any]:
        return {name: item[name] for name in self.list_export}


class IssueReadsReport(ReadsReport):
    """How often the articles of each issue were read together."""

    page_title = "各期阅读量"
    index_url_name = "issue_reads_report"
    index_results_url_name = "issue_reads_report_results"
    columns: ClassVar[list[Column]] = [
        TitleColumn(
            "title",
            label="期",
            accessor=lambda row: row["issue_title"],
            get_url=lambda row: f"{reverse('reads_report')}?number={row['number']}",
        ),
        Column("date", label="出版日期"),
        Column("count", label="全部", sort_key="count"),
    ]
    list_export: ClassVar[list[str]] = [ISSUE, DATE, "count"]

    def get_base_queryset(self) -> QuerySet:
        return (
            ReadCount.objects.filter(span=Span.ALL)
            .order_by()
            .values(
                issue_title=F("article__issue__title"),
                date=F("article__issue__issuepage__date"),
                number=F("article__issue__issuepage__number"),
            )
            .annotate(count=Sum("count"))
        )

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.order_by(self.ordering, "-number")


REPORTS = (ReadsReport, IssueReadsReport)

urlpatterns = [
    path("reads/", ReadsReport.as_view(), name="reads_report"),
    path("reads/results/", ReadsReport.as_view(results_only=True), name="reads_report_results"),
    path("reads/issues/", IssueReadsReport.as_view(), name="issue_reads_report"),
    path(
        "reads/issues/results/",
        IssueReadsReport.as_view(results_only=True),
        name="issue_reads_report_results",
    ),
]


def menu_item(report: type[ReadsReport], order: int) -> MenuItem:
    """Return the way to a report; whoever has an account may see how often something was read."""
    return MenuItem(
        report.page_title,
        reverse(report.index_url_name),
        name=report.index_url_name.replace("_", "-"),
        icon_name=report.header_icon,
        order=order,
    )
