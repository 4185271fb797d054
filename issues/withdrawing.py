"""Withdraw a printed article (撤稿), so that its address tells why, and give it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.search.index import insert_or_update_object

from articles.models import ArticlePage
from newsroom.cjk import clean_text

from .locking import lock_article

if TYPE_CHECKING:
    from accounts.models import User

LONGEST_REASON = 500


class WithdrawingRefused(PermissionDenied):
    """Nothing was withdrawn or given back; the message says why, in Chinese."""


@transaction.atomic
def withdraw_article(
    *, article: ArticlePage, reason: str, by: User | None, with_title: bool = False
) -> None:
    """Take a printed article from the readers; ``reason`` is what they are told at its address.

    ``with_title`` takes its headline from them too, where that is what must not be read. Copy,
    signature and place stay. ``by`` None is the operator's command. Raises WithdrawingRefused
    when ``by`` may not, without a reason, or when readers do not have the article.
    """
    _, article = lock_article(article.pk)
    _check_role(article, by)
    reason = clean_text(reason).strip()
    if not reason:
        raise WithdrawingRefused("没有撤稿：请写明原因，读者打开这篇文章时会看到。")
    if len(reason) > LONGEST_REASON:
        raise WithdrawingRefused(f"没有撤稿：原因最多{LONGEST_REASON}个字，现在有{len(reason)}个。")
    if article.is_withdrawn:
        raise WithdrawingRefused("这篇稿件已经撤稿，不用再撤。")
    if not article.is_public:
        raise WithdrawingRefused("这篇稿件还没有见报，读者看不到它，不用撤稿；要停用请撤回定稿。")
    _write(
        article,
        withdrawn_at=timezone.now(),
        withdrawn_by=by,
        withdrawn_reason=reason,
        title_withdrawn=with_title,
    )
    data = {"reason": reason, "with_title": with_title}
    log(instance=article, action="issues.withdraw", user=by, data=data)


@transaction.atomic
def reinstate_article(*, article: ArticlePage, by: User | None) -> None:
    """Give a withdrawn article back to the readers, as it is signed; the log keeps the reason.

    Raises WithdrawingRefused when ``by`` may not, or when the article is not withdrawn.
    """
    _, article = lock_article(article.pk)
    _check_role(article, by)
    if not article.is_withdrawn:
        raise WithdrawingRefused("这篇稿件没有撤稿，不用恢复。")
    reason = article.withdrawn_reason
    _write(
        article,
        withdrawn_at=None,
        withdrawn_by=None,
        withdrawn_reason="",
        title_withdrawn=False,
    )
    log(instance=article, action="issues.reinstate", user=by, data={"reason": reason})


def _check_role(article: ArticlePage, by: User | None) -> None:
    if by is not None and not article.permissions_for_user(by).holds("articles.withdraw_article"):
        raise WithdrawingRefused("只有总编可以撤稿，或恢复已撤的稿件。")


def _write(article: ArticlePage, **columns: object) -> None:
    """Write to the row alone: no revision holds a withdrawal, and none may bring it back."""
    ArticlePage.objects.filter(pk=article.pk).update(**columns)
    article.refresh_from_db(fields=list(columns))
    insert_or_update_object(article)
