"""How long each piece took from the manuscript to print."""

from __future__ import annotations

from collections import Counter

from django.urls import reverse

from . import filters, plots, timing
from .columns import LinkColumn, MomentColumn, NumberColumn
from .journeys import journeys_of
from .report import Facts, FiguresReport
from .timing import Journey, days, in_words

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
        MomentColumn("received", "来稿", lambda row: row.received),
        MomentColumn("drafted", "初稿", lambda row: row.drafted),
        MomentColumn("signed", "定稿", lambda row: row.signed),
        MomentColumn("printed", "见报", lambda row: row.printed),
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
