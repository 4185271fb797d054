"""The way to the issue in the making: first in the admin's menu."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from wagtail.admin.menu import MenuItem
from wagtail.permissions import page_permission_policy


class CurrentIssueMenuItem(MenuItem):
    """本期: the board of the issue that comes out next."""

    def __init__(self) -> None:
        super().__init__(
            "本期", reverse_lazy("desk_current"), name="current-issue", icon_name="grid", order=10
        )

    def is_shown(self, request: HttpRequest) -> bool:
        """Show it to whoever works on pages at all."""
        return bool(page_permission_policy.user_has_any_permission(request.user, ["add", "change"]))
