"""What an editor sees first: the issue in the making, and the way to each next step."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from wagtail.admin.ui.components import Component

from .models import IssuePage, NewspaperPage


class CurrentIssuePanel(Component):
    """The next issue to come out, or the way to begin it; and what did not come out in time."""

    order = 10
    template_name = "issues/admin/current_issue_panel.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Find the unpublished issue that comes out first."""
        user = parent_context["request"].user
        issue = (
            IssuePage.objects.in_the_making()
            .with_article_counts()
            .order_by("date", "number")
            .first()
        )
        paper = NewspaperPage.objects.first()
        return {
            # A panel is rendered without the request, from which the token would come.
            "csrf_token": get_token(parent_context["request"]),
            "issue": issue,
            "last_out": IssuePage.objects.live().newest_first().first(),
            "refused": IssuePage.objects.filter(live=False).exclude(publish_refusal=""),
            "may_publish": bool(issue and issue.permissions_for_user(user).can_publish_issue()),
            "may_begin": bool(paper and paper.permissions_for_user(user).can_add_subpage()),
        }
