"""How far each article of a list is: one answer for many, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count
from wagtail.models import Comment, Page, TaskState, WorkflowState

from articles.models import ArticlePage

from .house_rules import ReviewRules
from .models import ProofMark, ReviewTask
from .signatures import hindrance

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one article is, in the newsroom's words, and what a user may do about it."""

    code: str  # draft, review, returned, signed, changed, public, withdrawn
    label: str
    waits_for: str = ""
    may_act: bool = False
    comments: int = 0
    proofs: tuple[int, ...] = ()
    reason: str = ""  # why it was returned


def progress_of(articles: Iterable[ArticlePage], *, user: User) -> dict[int, Progress]:
    """Return how far each of ``articles`` is, by its key."""
    articles = list(articles)
    keys = [article.pk for article in articles]
    states = _reviews(keys)
    given = defaultdict(list)
    for state, step, who in TaskState.objects.filter(
        workflow_state__in=[state.pk for state in states.values()],
        status=TaskState.STATUS_APPROVED,
    ).values_list("workflow_state_id", "task_id", "finished_by_id"):
        given[state].append((step, who))
    groups = {
        task.pk: {group.pk: group.name for group in task.groups.all()}
        for task in ReviewTask.objects.prefetch_related("groups")
    }
    own_groups = set(user.groups.values_list("pk", flat=True))
    rules = ReviewRules.load()
    comments = dict(
        Comment.objects.filter(page__in=keys, resolved_at=None)
        .values_list("page")
        .annotate(open=Count("pk"))
    )
    proofs = defaultdict(list)
    for key, number in (
        ProofMark.objects.filter(article__in=keys).order_by("round").values_list("article", "round")
    ):
        proofs[key].append(number)

    told = {}
    for article in articles:
        code, label, waits_for, may_act, reason = "", "", "", False, ""
        state = states.get(article.pk)
        waiting = state.current_task_state if state else None
        if state and waiting and state.status == WorkflowState.STATUS_IN_PROGRESS:
            of_step = groups.get(waiting.task_id, {})
            hindered = hindrance(
                article=article,
                step_id=waiting.task_id,
                given=given[state.pk],
                user=user,
                rules=rules,
            )
            code, label = "review", waiting.task.name
            waits_for = "、".join(of_step.values())
            member = user.is_superuser or bool(own_groups & of_step.keys())
            may_act = user.is_active and member and not hindered
        elif state and waiting:
            code, label, reason = "returned", "已退回", waiting.comment
            waits_for = str(state.requested_by or article.owner or "")
        else:
            code, label = settled(article)
        told[article.pk] = Progress(
            code=code,
            label=label,
            waits_for=waits_for,
            may_act=may_act,
            comments=comments.get(article.pk, 0),
            proofs=tuple(proofs[article.pk]),
            reason=reason,
        )
    return told


def settled(article: ArticlePage) -> tuple[str, str]:
    """Return the code and label of an article that is in no review."""
    if not article.live:
        return "draft", article.standing
    if article.is_withdrawn:
        return "withdrawn", article.standing
    if article.has_unpublished_changes:
        return "changed", article.standing
    return ("public" if article.is_public else "signed"), article.standing


def _reviews(keys: list[int]) -> dict[int, WorkflowState]:
    """Return the review under way of each article that has one, by the article's key."""
    states = (
        WorkflowState.objects.active()
        .filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id__in=[str(key) for key in keys],
        )
        .select_related("current_task_state__task", "requested_by")
    )
    return {int(state.object_id): state for state in states}
