"""The security log: who came in, who changed accounts and settings, who saw whom to reach."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.fields.json import KT
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils import timezone
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from accounts.models import User
from following.exporting import InertTable

from .lockout import shut_out
from .noting import ACTIONS

MAY_SEE = "access.view_security_log"
WHAT = (
    *ACTIONS,
    ("wagtail.create", "新建"),
    ("wagtail.edit", "修改"),
    ("wagtail.delete", "删除"),
    ("contributions.view", "打开来稿"),
    ("contributions.record", "查看历次来稿与见报"),
    ("contributions.download", "下载附件"),
    ("contributions.export", "导出来稿"),
)


def _what(action: str) -> str:
    return dict(WHAT).get(action) or str(registry.get_action_label(action))


class LogFilters(WagtailFilterSet):
    """What can be picked out."""

    timestamp = django_filters.DateFromToRangeFilter(label="时间", widget=DateRangePickerWidget)
    action = django_filters.ChoiceFilter(label="做了什么", choices=WHAT)
    user = django_filters.ModelChoiceFilter(label="谁做的", queryset=User.objects.all())
    about = django_filters.ModelChoiceFilter(
        label="哪个账号", queryset=User.objects.all(), method="about_account"
    )

    def about_account(self, queryset: QuerySet, name: str, value: User) -> QuerySet:
        """Leave what was done by an account or to it."""
        return queryset.filter(
            Q(user=value)
            | Q(
                object_id=str(value.pk),
                content_type__app_label="accounts",
                content_type__model="user",
            )
        )

    class Meta:
        model = ModelLogEntry
        fields: ClassVar[list[str]] = []


class SecurityReport(InertTable, ReportView):
    """Everything that Wagtail's log holds but the work on pages; nothing here changes a line."""

    page_title = "安全记录"
    header_icon = "lock"
    model = ModelLogEntry
    template_name = "access/report.html"
    filterset_class = LogFilters
    index_url_name = "security_log"
    index_results_url_name = "security_log_results"
    default_ordering = "-timestamp"
    no_results_message = "没有符合的记录。"
    columns: ClassVar[list[Column]] = [
        DateColumn("timestamp", label="时间", sort_key="timestamp"),
        Column("who", label="谁", accessor=lambda entry: entry.user_display_name),
        Column("what", label="做了什么", accessor=lambda entry: _what(entry.action)),
        Column("label", label="对象"),
        Column("kind", label="种类", accessor=lambda entry: entry.content_type.name),
        Column("address", label="从哪里", accessor=lambda entry: entry.address or ""),
    ]
    list_export: ClassVar[list[str]] = [
        *("timestamp", "user_display_name", "action", "label", "content_type"),
        "address",
    ]
    export_headings: ClassVar[dict[str, str]] = {
        "timestamp": "时间",
        "user_display_name": "谁",
        "action": "做了什么",
        "label": "对象",
        "content_type": "种类",
        "address": "从哪里",
    }
    custom_field_preprocess: ClassVar[dict[str, Any]] = {
        "timestamp": {"csv": lambda at: f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"},
        "action": dict.fromkeys(("csv", "xlsx"), _what),
        "content_type": dict.fromkeys(("csv", "xlsx"), lambda kind: kind.name),
        "address": dict.fromkeys(("csv", "xlsx"), lambda address: address or ""),
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Let in who may see it; Wagtail's reports ask for rights on a model of pages."""
        if not request.user.has_perm(MAY_SEE):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        """Return the lines, with what is shown of each."""
        lines = ModelLogEntry.objects.select_related("user", "content_type")
        return lines.annotate(address=KT("data__address"))

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the names and addresses that are shut out at the moment."""
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        context["shut_out"], context["shut_out_addresses"] = shut_out()
        context["keep_days"] = settings.SIGN_IN_LOG_DAYS
        return context


class LogItem(MenuItem):
    """The entry among the reports, for who may see it."""

    def __init__(self) -> None:
        super().__init__(
            "安全记录", reverse("security_log"), name="security-log", icon_name="lock", order=900
        )

    def is_shown(self, request: Any) -> bool:
        """Show it to 总编 and the admin."""
        return bool(request.user.has_perm(MAY_SEE))


urlpatterns = [
    path("reports/security/", SecurityReport.as_view(), name="security_log"),
    path(
        "reports/security/results/",
        SecurityReport.as_view(results_only=True),
        name="security_log_results",
    ),
]
