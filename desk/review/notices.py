"""Mail to whom an article falls, and to whom it came back: Wagtail's notices in our words.

They leave after the transaction, so that nobody waits with a lock in hand for a mail server, and
nobody is told of a signature that was undone. Each person can switch off their own (账号), the
paper all of them (审稿规则).
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from wagtail.admin.mail import (
    GroupApprovalTaskStateSubmissionEmailNotifier,
    Notifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
)
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from .house_rules import ReviewRules
from .models import ReviewTask
from .signatures import hindrance_now

UIDS = {
    task_submitted: ("group_approval_task_submitted_email_notification", TaskState),
    workflow_submitted: ("workflow_state_submitted_email_notification", WorkflowState),
    workflow_rejected: ("workflow_state_rejected_email_notification", WorkflowState),
    workflow_approved: ("workflow_state_approved_email_notification", WorkflowState),
}


class AfterCommit(Notifier):
    """Send when the transaction is through, unless the paper wants no mail."""

    def __call__(self, instance: Any = None, **kwargs: Any) -> None:
        tell = super().__call__

        def send() -> None:
            if ReviewRules.load().tell_by_mail:
                tell(instance=instance, **kwargs)

        transaction.on_commit(send, robust=True)


class FallsToYou(AfterCommit, GroupApprovalTaskStateSubmissionEmailNotifier):
    """Tell the readers of a step, without those who may not sign this article."""

    def get_recipient_users(self, task_state: TaskState, **kwargs: Any) -> Any:
        people = super().get_recipient_users(task_state, **kwargs).distinct()
        article = task_state.workflow_state.content_object.specific
        if not isinstance(task_state.task.specific, ReviewTask):
            return people
        return [
            person
            for person in people
            if not hindrance_now(article=article, task_state=task_state, user=person)
        ]


class SignedOff(AfterCommit, WorkflowStateApprovalEmailNotifier):
    """Tell who handed it in that it is 定稿."""


class CameBack(AfterCommit, WorkflowStateRejectionEmailNotifier):
    """Tell who handed it in why it came back."""


NOTICES = {
    task_submitted: FallsToYou(),
    workflow_rejected: CameBack(),
    workflow_approved: SignedOff(),
}


def take_over() -> None:
    """Put our notices in the place of Wagtail's, once, when the apps are ready."""
    for signal, (uid, sender) in UIDS.items():
        signal.disconnect(sender=sender, dispatch_uid=uid)
        if signal in NOTICES:
            signal.connect(NOTICES[signal], sender=sender, dispatch_uid=uid)
