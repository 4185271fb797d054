"""Register what access adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.widgets import Button

from . import report, views
from .noting import register_actions
from .second_factor import OFF


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("phone/", views.phone, name="second_factor"),
        path("phone/<int:pk>/take-away/", views.take_away, name="take_away_second_factor"),
        path("reports/security/unlock/", views.unlock, name="unlock_sign_in"),
        *report.urlpatterns,
    ]


@hooks.register("register_account_menu_item")
def show_phone(request: HttpRequest) -> dict[str, str] | None:
    if settings.SECOND_FACTOR == OFF:
        return None
    return {
        "url": reverse("second_factor"),
        "label": "手机验证",
        "help_text": "登录时除了密码，再填手机上的六位数字。",
    }


@hooks.register("register_user_listing_buttons")
def let_in_without_phone(user: Any, request_user: Any) -> Iterator[Button]:
    if settings.SECOND_FACTOR != OFF and user.totpdevice_set.filter(confirmed=True).exists():
        yield Button(
            "停用手机验证",
            reverse("take_away_second_factor", args=[user.pk]),
            icon_name="lock-open",
            priority=90,
        )


@hooks.register("register_permissions")
def offer_permission() -> Any:
    return Permission.objects.filter(content_type__app_label="access", codename="view_security_log")


hooks.register("register_reports_menu_item", report.LogItem)
hooks.register("register_log_actions", register_actions)
