"""The step of a review at which an article is read and approved."""

from __future__ import annotations

from typing import Any

from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState

from .review.signing import SigningRefused


class ReviewTask(AbstractGroupApprovalTask):
    """Approval of an article by the members of some groups, in the newsroom's words."""

    class Meta:
        verbose_name = "审稿"
        verbose_name_plural = "审稿"

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Offer 定稿 and 退回修改; returning asks for the reason."""
        if user.is_superuser or self._user_in_groups(user):
            return [("approve", "定稿", False), ("reject", "退回修改", True)]
        return []

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Approve only what was submitted, or what the approver saved last.

        Raises SigningRefused when somebody else changed the article after it was submitted.
        """
        if action_name == "approve":
            latest: Revision = task_state.workflow_state.content_object.get_latest_revision()
            if latest.pk != task_state.revision_id:
                if latest.user_id != user.pk:
                    raise SigningRefused(
                        f"没有定稿：提交之后，{latest.user or '系统'}又改过这篇稿件。"
                        "什么都没有丢；请打开稿件，看过改动后再定稿。"
                    )
                task_state.revision = latest
                task_state.save()
        return super().on_action(task_state, user, action_name, **kwargs)

    @classmethod
    def get_description(cls) -> str:
        return "指定的组里任何一人审过即可定稿"
