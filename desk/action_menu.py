"""What the foot of the article editor offers: save, submit, approve, return; never "publish"."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem, WorkflowMenuItem
from wagtail.models import WorkflowState

from articles.models import ArticlePage
from newsroom.pages import PaperPage

WAGTAILS_OWN = {"action-publish", "action-unpublish"}
IN_OUR_WORDS = {
    "action-cancel-workflow": "撤回提交",
    "action-restart-workflow": "从头再审",
}


class SubmitMenuItem(SubmitForModerationMenuItem):
    """Hand the article in, in the words of the newsroom."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        review = page.current_workflow_state if page and page.pk else None
        returned = review and review.status == WorkflowState.STATUS_NEEDS_CHANGES
        context["label"] = "改好，重新提交审核" if returned else "提交审核"
        return context


def arrange_article_menu(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Take out publishing and say the rest in our words; saving stays what a click does."""
    page = context.get("page")
    parent = context.get("parent_page")
    ours = isinstance(page, PaperPage) or isinstance(parent, PaperPage)
    if not ours:
        return
    items[:] = [
        SubmitMenuItem(order=item.order) if isinstance(item, SubmitForModerationMenuItem) else item
        for item in items
        if item.name not in WAGTAILS_OWN
    ]
    for item in items:
        item.label = IN_OUR_WORDS.get(item.name, item.label)
    if isinstance(page, ArticlePage) and page.workflow_in_progress:
        _name_last_step(items, page, request)


def _name_last_step(items: list[ActionMenuItem], page: ArticlePage, request: HttpRequest) -> None:
    """Undo Wagtail's label of the last step ("… and Publish"): a signature publishes nothing."""
    task = page.current_workflow_task
    actions = iter(task.get_actions(page, request.user) if task else ())
    for item in items:
        if isinstance(item, WorkflowMenuItem):
            item.label = next(
                label
                for name, label, modal in actions
                if (name, modal) == (item.name, item.launch_modal)
            )
