"""Addresses of desk.figures below the admin."""

from django.urls import path, re_path

from . import views
from .fees_report import FeesReport
from .output_reports import AuthorsReport, IssuesReport
from .report import FiguresReport
from .timing_report import TimingReport

REPORTS: list[tuple[str, str, type[FiguresReport]]] = [
    ("figures/authors", "desk_authors", AuthorsReport),
    ("figures/output", "desk_output", IssuesReport),
    ("figures/timing", "desk_timing", TimingReport),
    ("fees", "desk_fees", FeesReport),
]
MONTH = r"(?P<month>(?:19|20)\d{2}-(?:0[1-9]|1[0-2]))"

urlpatterns = [
    *(path(f"{url}/", report.as_view(), name=name) for url, name, report in REPORTS),
    *(
        path(f"{url}/results/", report.as_view(results_only=True), name=f"{name}_results")
        for url, name, report in REPORTS
    ),
    path("fees/articles/<int:page_id>/", views.fee, name="desk_fee"),
    re_path(rf"^fees/{MONTH}/$", views.sheet, name="desk_fee_sheet"),
    re_path(rf"^fees/{MONTH}/close/$", views.close, name="desk_fees_close"),
    re_path(rf"^fees/{MONTH}/reopen/$", views.reopen, name="desk_fees_reopen"),
]
