"""The lists behind the fees: grades, and who gets none; and the places of the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.viewsets.model import ModelViewSet

from .fees_report import FeesReport
from .models import Grade, Unpaid
from .output_reports import AuthorsReport, IssuesReport
from .report import FiguresReport
from .timing_report import TimingReport


class GradeDeleteView(DeleteView):
    """A grade in use stays; Wagtail's own index of references does not know of fees."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().form_valid(form)
        except ProtectedError:
            messages.error(
                self.request,
                f"没有删除：有稿件或设置在用“{self.object.name}”这个等级。请先给它们另定等级；"
                "已关账的稿件用过的，留着就好。",
            )
            return redirect(self.get_success_url())


class GradeViewSet(ModelViewSet):
    """稿酬等级."""

    model = Grade
    icon = "table"
    menu_label = "稿酬等级"
    menu_order = 420
    add_to_settings_menu = True
    list_display = ["name", "rate"]
    form_fields = ["name", "rate"]
    sort_order_field = "position"
    delete_view_class = GradeDeleteView
    copy_view_enabled = False


class UnpaidViewSet(ModelViewSet):
    """不发稿费的作者."""

    model = Unpaid
    icon = "user"
    menu_label = "不发稿费的作者"
    menu_order = 430
    add_to_settings_menu = True
    list_display = ["contributor", "reason"]
    form_fields = ["contributor", "reason"]
    copy_view_enabled = False


class ReportMenuItem(MenuItem):
    """The way to a report, for those who may see it."""

    def __init__(self, report: type[FiguresReport], **options: Any) -> None:
        super().__init__(
            report.page_title,
            reverse(report.index_url_name),
            name=report.index_url_name.replace("_", "-"),
            icon_name=report.header_icon,
            **options,
        )
        self.may_see = report.may_see

    def is_shown(self, request: HttpRequest) -> bool:
        return self.may_see(request.user)


def report_items() -> Iterator[Callable[[], MenuItem]]:
    """Yield what makes the menu item of each report, in their order."""
    for order, report in enumerate([IssuesReport, AuthorsReport, TimingReport, FeesReport]):
        yield partial(ReportMenuItem, report, order=100 + order)


def permissions() -> QuerySet[Permission]:
    """Return what may be given to a group by hand."""
    return Permission.objects.filter(
        Q(codename="view_figures") | Q(codename="manage_fees"), content_type__app_label="desk"
    )
