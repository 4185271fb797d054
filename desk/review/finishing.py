"""End a workflow with our signature instead of Wagtail's publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wagtail.models import WorkflowState

    from accounts.models import User


def finish_review(workflow_state: WorkflowState, user: User | None = None) -> None:
    """Sign the revision that the last approval names.

    Stands in Wagtail's place (WAGTAIL_FINISH_WORKFLOW_ACTION), which would publish the latest
    revision, whoever wrote it and whoever read it. Raises SigningRefused.
    """
    # Wagtail imports this module while it defines its own models, which signing needs.
    from .signing import SigningRefused, sign_article

    approval = (
        workflow_state.task_states.filter(status="approved").order_by("finished_at", "pk").last()
    )
    if approval is None or user is None:
        raise SigningRefused("还没有人审过这篇稿件，不能定稿。请联系管理员检查审稿流程的设置。")
    sign_article(
        article=workflow_state.content_object.specific,
        revision=approval.revision,
        by=user,
        review=workflow_state,
    )
