"""Give the signature of one step, return an article to its writer, or send it back to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Revision, TaskState, WorkflowState

from articles.models import ArticlePage
from issues.locking import lock_article
from newsroom.cjk import clean_text

from .refusals import Overtaken, SigningRefused
from .signatures import digest_of, hindrance_now, missing_steps, same_copy

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_COMMENT = 2000


@transaction.atomic
def approve(*, task_state: TaskState, by: User, comment: str = "", seen: str | None = None) -> None:
    """Sign the step that ``task_state`` stands for; the last signature makes the article 定稿.

    ``seen`` is the mark of the text that the reader had before them (``digest_of``); without it,
    they had the one that was handed in, or one of their own. A signature before this one that was
    for another text falls, and the article goes to that step next. Raises Overtaken when somebody
    else changed the text since, and SigningRefused when the step was taken already, when ``by``
    may not take it, or when the copy cannot be printed as it stands.
    """
    state, article, latest = _lock(task_state)
    _check_group(state, article, by)
    if reason := hindrance_now(article=article, task_state=state, user=by):
        raise SigningRefused(f"没有签字：{reason}")
    if seen is not None:
        is_read = seen == digest_of(latest)
    else:
        is_read = latest.user_id == by.pk or same_copy(state.revision, latest)
    if not is_read:
        raise Overtaken(overtaken(latest))
    state.revision = latest
    state.approve(user=by, update=False, comment=_fitting(comment))
    review = WorkflowState.objects.get(pk=state.workflow_state_id)
    missing = missing_steps(review, latest=latest)
    review.update(user=by, next_task=missing[0].specific if missing else None)


@transaction.atomic
def return_to_writer(*, task_state: TaskState, by: User, reason: str) -> None:
    """Return an article from its review, with the reason that its writer will read.

    Raises SigningRefused without a reason, when the step was taken already, or when it is not
    ``by``'s.
    """
    state, article, _ = _lock(task_state)
    _check_group(state, article, by)
    words = _fitting(reason)
    if not words:
        raise SigningRefused("没有退回：请写明退回的理由，作者才知道改什么。")
    state.reject(user=by, comment=words)


@transaction.atomic
def send_back(*, article: ArticlePage, by: User | None, reason: str) -> bool:
    """Have a text that was changed under review read again, from the first step that missed it.

    Returns whether there was a review under way.
    """
    _, article = lock_article(article.pk)
    review = article.current_workflow_state
    if review is None or review.status != WorkflowState.STATUS_IN_PROGRESS:
        return False
    latest = article.get_latest_revision()
    waiting = review.current_task_state
    waiting.status = TaskState.STATUS_CANCELLED
    waiting.finished_at = timezone.now()
    waiting.finished_by = by
    waiting.comment = _fitting(reason)
    waiting.save()
    review = WorkflowState.objects.get(pk=review.pk)
    missing = missing_steps(review, latest=latest)
    review.update(user=by, next_task=missing[0].specific if missing else waiting.task.specific)
    log(
        instance=article, action="desk.send_back", user=by, revision=latest,
        data={"reason": reason},
    )  # fmt: skip
    return True


def overtaken(latest: Revision) -> str:
    """Tell who changed the text, and that it is to be read again."""
    when = timezone.localtime(latest.created_at)
    return (
        f"没有签字：您打开之后，{latest.user or '系统'}在{when:%H:%M}又改过这篇稿件。"
        "什么都没有丢；稿件已退回重审，请看过改动再签。"
    )


def _lock(task_state: TaskState) -> tuple[TaskState, ArticlePage, Revision]:
    """Lock the article; return its step as it stands now, itself, and its latest revision."""
    key = int(task_state.workflow_state.object_id)
    _, article = lock_article(key)
    state = TaskState.objects.select_related("workflow_state", "revision").get(pk=task_state.pk)
    waiting = article.current_workflow_task_state
    if (
        waiting is None
        or waiting.pk != state.pk
        or state.status != TaskState.STATUS_IN_PROGRESS
        or state.workflow_state.status != WorkflowState.STATUS_IN_PROGRESS
    ):
        raise SigningRefused("这一道审已经有人处理过了，没有重复签字。请刷新看最新的进度。")
    # The caller knows which revision its reader had; the row may be older.
    state.revision = task_state.revision
    return state, article, article.get_latest_revision()


def _check_group(state: TaskState, article: ArticlePage, by: User) -> None:
    task = state.task.specific
    member = task.groups.filter(pk__in=by.groups.all()).exists()
    if not (by.is_active and (by.is_superuser or member)):
        raise SigningRefused(f"这一道（{task.name}）不归您签，请找有权审这一道的同事。")


def _fitting(comment: str) -> str:
    return clean_text(comment).strip()[:LONGEST_COMMENT]
