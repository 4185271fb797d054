"""What waits for someone: 待我审, and what came back to its writer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.admin.ui.components import Component
from wagtail.models import Page, TaskState, WorkflowState

from articles.models import ArticlePage

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article at a step of its review."""

    article: ArticlePage
    step: TaskState


def waiting_for(user: User) -> list[Waiting]:
    """Return what ``user`` may sign now: the issue that comes out first, in print order."""
    steps = TaskState.objects.reviewable_by(user).select_related(
        "task", "workflow_state__requested_by"
    )
    return _in_print_order({int(step.workflow_state.object_id): step for step in steps})


def returned_to(user: User) -> list[Waiting]:
    """Return what came back from its review to ``user``, who wrote it or handed it in."""
    own = ArticlePage.objects.filter(owner=user).values_list("pk", flat=True)
    states = (
        WorkflowState.objects.filter(
            status=WorkflowState.STATUS_NEEDS_CHANGES,
            base_content_type=ContentType.objects.get_for_model(Page),
        )
        .filter(Q(requested_by=user) | Q(object_id__in=[str(key) for key in own]))
        .select_related("current_task_state__task", "current_task_state__finished_by")
    )
    return _in_print_order({int(s.object_id): s.current_task_state for s in states})


def _in_print_order(steps: dict[int, TaskState]) -> list[Waiting]:
    articles = (
        ArticlePage.objects.filter(pk__in=steps)
        .select_related("issue")
        .order_by("issue__issuepage__date", "path")
    )
    return [Waiting(article, steps[article.pk]) for article in articles]


class QueuePanel(Component):
    """What waits for the user's signature, and what came back to them."""

    order = 5
    template_name = "desk/review/queue_panel.html"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        """Find both lists."""
        user = parent_context["request"].user
        return {"waiting": waiting_for(user), "returned": returned_to(user)}
