"""Hand an article in for review, and say to whom it falls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Revision, WorkflowState

from articles.models import ArticlePage
from articles.reading import has_copy
from issues.locking import lock_article

from .signatures import same_copy

if TYPE_CHECKING:
    from accounts.models import User


class SubmittingRefused(PermissionDenied):
    """The article is not handed in; the message says why and what to do, in Chinese."""


@transaction.atomic
def submit_article(*, article: ArticlePage, by: User) -> None:
    """Hand in ``article`` as last saved; one that was returned goes on in its review.

    Raises SubmittingRefused when ``by`` may not, when there is nothing to review, or when it is
    under review or signed as it is; SigningRefused when the paper has no review to go through.
    """
    _, article = lock_article(article.pk)
    latest = article.get_latest_revision()
    if obstacle := _obstacle(article, latest, by):
        raise SubmittingRefused(f"《{article.draft_title}》没有提交：{obstacle}")
    returned = article.current_workflow_state
    if returned is not None:
        returned.resume(by)
    else:
        article.get_workflow().start(article, by)


def may_submit(*, article: ArticlePage, by: User) -> bool:
    """Tell whether ``by`` could hand the article in, for a button to be shown."""
    allowed = article.permissions_for_user(by)
    waits = not article.live or article.has_unpublished_changes
    return bool(waits and allowed.can_edit() and allowed.can_submit_for_moderation())


def _obstacle(article: ArticlePage, latest: Revision | None, by: User) -> str:
    allowed = article.permissions_for_user(by)
    if latest is None:
        return "它还没有保存过，请先保存。"
    if not allowed.can_edit():
        return "您没有编辑它的权限。"
    if article.workflow_in_progress:
        return "它已经在审稿中了。"
    if article.get_workflow() is None:
        return "还没有设置审稿流程，请联系管理员。"
    if allowed.page_locked():
        return "它被锁定了，请先请锁定的同事解锁。"
    if article.live and (signed := article.live_revision) and same_copy(latest, signed):
        return "它已经定稿，定稿后没有新的修改。"
    if not has_copy(latest.as_object()):
        return "正文还是空的，请先粘贴或输入正文。"
    return ""


def next_up(article: ArticlePage) -> str:
    """Say where the article stands now and to whom it falls: 二审（责任编辑：王某、李某）."""
    state: WorkflowState | None = article.current_workflow_state
    if state is None or state.current_task_state is None:
        return "定稿" if article.live else "草稿"
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return f"退回给{state.requested_by or article.owner or '作者'}修改"
    step = state.current_task_state.task.specific
    groups = list(step.groups.all()) if hasattr(step, "groups") else []
    people = {
        str(person): None for group in groups for person in group.user_set.filter(is_active=True)
    }
    who = "、".join(group.name for group in groups)
    names = "、".join(list(people)[:6])
    return f"{step.name}（{who}：{names}）" if names else f"{step.name}（{who}，还没有人）"
