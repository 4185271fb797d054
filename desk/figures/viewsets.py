"""The lists behind the fees: grades, and who gets none; and the places of the reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet

from .models import Grade, Unpaid
from .permissions import may_manage_fees, may_see_figures
from .reports import AuthorsReport, FeesReport, FiguresReport, IssuesReport, TimingReport


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

    def __init__(self, report: type[FiguresReport], may_see: Callable[[Any], bool], **options: Any):
        super().__init__(
            report.page_title,
            reverse(report.index_url_name),
            name=report.index_url_name.replace("_", "-"),
            icon_name=report.header_icon,
            **options,
        )
        self.may_see = may_see

    def is_shown(self, request: HttpRequest) -> bool:
        return self.may_see(request.user)


def report_items() -> Iterator[Callable[[], MenuItem]]:
    """Yield what makes the menu item of each report, in their order."""
    for order, (report, may_see) in enumerate(
        [
            (IssuesReport, may_see_figures),
            (AuthorsReport, may_see_figures),
            (TimingReport, may_see_figures),
            (FeesReport, may_manage_fees),
        ]
    ):
        yield partial(ReportMenuItem, report, may_see, order=100 + order)


def permissions() -> QuerySet[Permission]:
    """Return what may be given to a group by hand."""
    return Permission.objects.filter(
        Q(codename="view_figures") | Q(codename="manage_fees"), content_type__app_label="desk"
    )
