"""The step of a review at which an article is read and approved, and the marks of its proofs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db import models, transaction
from wagtail.models import AbstractGroupApprovalTask, Revision, Task, TaskState, WorkflowState

from articles.models import ArticlePage

from .approving import approve, return_to_writer
from .house_rules import ReviewRules
from .signatures import hindrance_now, missing_steps

__all__ = ["ProofMark", "ReviewRules", "ReviewTask"]

NO_REASON = "请写明退回的理由，作者才知道改什么。"


class ReviewTask(AbstractGroupApprovalTask):
    """A step of the review: one signature by a member of some groups, for one text."""

    class Meta:
        verbose_name = "审稿"
        verbose_name_plural = "审稿"

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Offer 通过 to who may sign, and 退回修改 to the whole group; both are asked again."""
        if not (user.is_superuser or self._user_in_groups(user)):
            return []
        actions = [("reject", "退回修改", True)]
        waiting = obj.current_workflow_task_state
        if waiting and not hindrance_now(article=obj, task_state=waiting, user=user):
            name = self.name
            actions = [
                ("approve", f"{name}通过", False),
                ("approve", f"{name}通过并留言", True),
                *actions,
            ]
        return actions

    def get_form_for_action(self, action: str) -> Any:
        """Ask for the reason where one is required: its writer has to know."""
        form = super().get_form_for_action(action)
        if action != "reject":
            return form
        reason = forms.CharField(
            label="退回的理由", widget=forms.Textarea, error_messages={"required": NO_REASON}
        )
        return type("ReasonForm", (form,), {"comment": reason})

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        """Leave out of a reader's queue what they may not sign."""
        waiting = super().get_task_states_user_can_moderate(user, **kwargs)
        pages = ArticlePage.objects.in_bulk(
            [int(key) for key in waiting.values_list("workflow_state__object_id", flat=True)]
        )
        free = [
            state.pk
            for state in waiting.select_related("workflow_state")
            if (article := pages.get(int(state.workflow_state.object_id)))
            and not hindrance_now(article=article, task_state=state, user=user)
        ]
        return TaskState.objects.filter(pk__in=free)

    @transaction.atomic
    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Begin with the first step whose signature is missing for the text of today.

        Wagtail goes on where an article was returned, although it was changed since and the
        signatures before that step are for another text.
        """
        latest = workflow_state.content_object.get_latest_revision()
        missing = missing_steps(workflow_state, latest=latest)
        first: Task = missing[0] if missing else self
        if first.pk != self.pk:
            return first.specific.start(workflow_state, user=user)
        return super().start(workflow_state, user=user)

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Sign or return; of what Wagtail hands on only the comment counts.

        Raises SigningRefused.
        """
        comment = str(kwargs.get("comment", ""))
        if action_name == "approve":
            approve(task_state=task_state, by=user, comment=comment)
        elif action_name == "reject":
            return_to_writer(task_state=task_state, by=user, reason=comment)

    @classmethod
    def get_description(cls) -> str:
        return "所选组里一个人审过签字，稿件就到下一道；最后一道签过即定稿"


class ProofMark(models.Model):
    """A round of proof-reading (一校、二校、三校) done on an article."""

    class Round(models.IntegerChoices):
        """The three rounds."""

        FIRST = 1, "一校"
        SECOND = 2, "二校"
        THIRD = 3, "三校"

    article = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="proof_marks")
    round = models.PositiveSmallIntegerField("校次", choices=Round.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = "校次"
        verbose_name_plural = "校次"
        constraints = [
            models.UniqueConstraint(fields=["article", "round"], name="proof_round_once")
        ]

    def __str__(self) -> str:
        return self.get_round_display()
