"""Whose signatures an article carries, what text they are for, and who may give the next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from wagtail.models import Revision, Task, TaskState, WorkflowState

from articles.models import ArticlePage

from .house_rules import ReviewRules

if TYPE_CHECKING:
    from accounts.models import User

LINES = ("title", "kicker", "subhead", "standfirst", "verbatim_punctuation")
# What the text editor puts into the tags of running text for its own use, and nothing wider: what
# is left out of the comparison is text that nobody signs.
KEY_OF_A_LINE = re.compile(r'(?<=<)(\w+) data-block-key="[a-z0-9]{1,8}"')
OF_A_BYLINE = ("name", "role", "contributor")


@dataclass(frozen=True, slots=True)
class Signature:
    """One approval as it is kept: of which step, whose, when, of which revision."""

    step: str
    by: User | None
    at: datetime | None
    comment: str
    revision_id: int
    stands: bool  # the text it was given for is the text of today


def copy_of(revision: Revision) -> tuple[Any, ...]:
    """Return what the signatures are for, comparable: headlines, body, bylines in order, recording.

    Comments, remarks and placement are no copy; nor are the keys by which blocks are known.
    """
    content = revision.content
    body = content.get("body") or []
    if isinstance(body, str):
        body = json.loads(body)
    bylines = sorted(content.get("bylines", ()), key=lambda line: line.get("sort_order") or 0)
    return (
        *(content.get(name) or "" for name in LINES),
        _without_keys(body),
        [[line.get(name) for name in OF_A_BYLINE] for line in bylines],
        content.get("recording"),
    )


def _without_keys(value: Any) -> Any:
    """Return a stored body without the keys of blocks and lines, which saving may give anew."""
    if isinstance(value, list):
        return [_without_keys(item) for item in value]
    if not isinstance(value, dict):
        return value
    is_block = "type" in value
    bare = {
        name: _without_keys(item) for name, item in value.items() if not (name == "id" and is_block)
    }
    if value.get("type") == "paragraph" and isinstance(value.get("value"), str):
        bare["value"] = KEY_OF_A_LINE.sub(r"\1", value["value"])
    return bare


def digest_of(revision: Revision) -> str:
    """Return a mark of the text of a revision, by which a page tells what its reader had seen.

    The revision's key would not do: saving by itself writes over the last revision.
    """
    copy = json.dumps(copy_of(revision), ensure_ascii=False, sort_keys=True)
    return sha256(copy.encode("utf-8", "surrogatepass")).hexdigest()


def same_copy(one: Revision, other: Revision) -> bool:
    """Tell whether two revisions carry the same text, so that a signature holds for both."""
    return one.pk == other.pk or copy_of(one) == copy_of(other)


def steps(state: WorkflowState) -> list[Task]:
    """Return the steps of the review as it is set up today, in order."""
    return list(state.workflow.tasks.filter(active=True))


def signatures(state: WorkflowState, *, latest: Revision) -> list[Signature]:
    """Return the last approval of each step that has one, in the order of the steps."""
    given = _approvals(state)
    return [
        Signature(
            step=step.name,
            by=given[step.pk].finished_by,
            at=given[step.pk].finished_at,
            comment=given[step.pk].comment,
            revision_id=given[step.pk].revision_id,
            stands=same_copy(given[step.pk].revision, latest),
        )
        for step in steps(state)
        if step.pk in given
    ]


def missing_steps(state: WorkflowState, *, latest: Revision) -> list[Task]:
    """Return the steps whose signature is still to be given for the text of ``latest``."""
    given = _approvals(state)
    return [
        step
        for step in steps(state)
        if step.pk not in given or not same_copy(given[step.pk].revision, latest)
    ]


def _approvals(state: WorkflowState) -> dict[int, TaskState]:
    """Return the last approval of each step, by the step's key."""
    approved = (
        TaskState.objects.filter(workflow_state=state, status=TaskState.STATUS_APPROVED)
        .select_related("revision", "finished_by")
        .order_by("finished_at", "pk")
    )
    return {approval.task_id: approval for approval in approved}


def hindrance(
    *,
    article: ArticlePage,
    step_id: int,
    given: Iterable[tuple[int, int | None]],
    user: User,
    rules: ReviewRules,
) -> str:
    """Return why ``user`` may not sign this step although it is their group's, or nothing.

    ``given`` are the signatures so far in this review: (step, who). The rule is that of 三审:
    three people, none of them the one whose article it is.
    """
    if article.owner_id == user.pk and not rules.may_sign_own:
        return "这篇稿件是您建的，要由别人来审。"
    others = any(who == user.pk and step != step_id for step, who in given)
    if others and not rules.one_signs_several:
        return "您已经签过这篇稿件的另一道审，这一道要由别人来签。"
    return ""


def hindrance_now(*, article: ArticlePage, task_state: TaskState, user: User) -> str:
    """Return why ``user`` may not give the signature that ``article`` waits for, or nothing."""
    given = TaskState.objects.filter(
        workflow_state_id=task_state.workflow_state_id, status=TaskState.STATUS_APPROVED
    ).values_list("task_id", "finished_by_id")
    return hindrance(
        article=article,
        step_id=task_state.task_id,
        given=given,
        user=user,
        rules=ReviewRules.load(),
    )
