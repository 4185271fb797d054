"""What the foot of the issue editor offers beside saving: the way to the publishing screen."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem

from .models import IssuePage


class PublishIssueMenuItem(ActionMenuItem):
    """Lead to the screen where the whole issue is published."""

    label = "出版…"
    name = "issue-publish"
    icon_name = "upload"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return (
            isinstance(page, IssuePage)
            and page.pk is not None
            and page.permissions_for_user(context["request"].user).can_publish_issue()
        )

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("issue_publish", args=[context["page"].pk])


def arrange_issue_menu(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Put publishing the issue behind saving it."""
    item = PublishIssueMenuItem()
    if item.is_shown(context):
        items.append(item)
