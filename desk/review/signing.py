"""Sign an article off, and take a signature back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.blocks import StreamBlockValidationError
from wagtail.log_actions import log
from wagtail.models import Revision

from articles.crediting import credit
from articles.models import ArticlePage, Byline, Remark
from articles.reading import has_copy
from issues.locking import lock_article

if TYPE_CHECKING:
    from accounts.models import User


class SigningRefused(PermissionDenied):
    """The article is not signed; the message says why and what to do, in Chinese."""


@transaction.atomic
def sign_article(*, article: ArticlePage, revision: Revision, by: User | None) -> None:
    """Make exactly ``revision`` the signed version of ``article``.

    ``by`` None is the operator's command. Raises SigningRefused when ``by`` may not sign, when
    somebody saved a newer revision meanwhile, or when the copy cannot be printed as it stands.
    """
    _, article = lock_article(article.pk)
    if by is not None and not article.permissions_for_user(by).can_sign():
        raise SigningRefused("您没有定稿的权限：请提交审核，由责任编辑或总编定稿。")
    latest = article.get_latest_revision()
    if latest is None or latest.pk != revision.pk:
        raise SigningRefused(_newer(latest))
    copy = revision.as_object()
    if not has_copy(copy):
        raise SigningRefused("还不能定稿：正文还是空的，请先粘贴或输入正文。")
    try:
        copy.full_clean()
        copy.body.stream_block.clean(copy.body)
        for line in (*copy.bylines.all(), *copy.remarks.all()):
            line.full_clean(exclude=["article"])
    except ValidationError as error:
        raise SigningRefused("还不能定稿：" + _faults(error)) from error
    PublishPageRevisionAction(revision, user=by, changed=False, log_action="desk.sign").execute(
        skip_permission_checks=True
    )
    credit(article=article)


@transaction.atomic
def recall_article(*, article: ArticlePage, by: User | None) -> None:
    """Take the signature of an article back, so that it is a draft again.

    Raises SigningRefused when ``by`` may not sign, when nothing is signed, or when the issue is
    out already: what readers have seen is corrected or withdrawn, not unsigned.
    """
    issue, article = lock_article(article.pk)
    if by is not None and not article.permissions_for_user(by).can_sign():
        raise SigningRefused("您没有撤回定稿的权限，请找责任编辑或总编。")
    if not article.live:
        raise SigningRefused("这篇稿件还没有定稿。")
    if issue.live:
        raise SigningRefused("这一期已经出版，稿件不能退回草稿；要改请修改后重新定稿。")
    UnpublishPageAction(article, user=by, log_action=False).execute(skip_permission_checks=True)
    # The row of an unsigned article is its latest draft; while signed it was the signed version.
    draft = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    if issue.first_published_at is None:
        # No reader has seen it: it may be held over to another issue, or deleted, as before.
        draft.first_published_at = draft.last_published_at = None
    draft.save(clean=False)
    log(instance=draft, action="desk.recall", user=by)


def _newer(latest: Revision | None) -> str:
    if latest is None:
        return "这篇稿件还没有保存过，请先保存再定稿。"
    who = latest.user or "系统"
    when = timezone.localtime(latest.created_at)
    return (
        f"没有定稿：您打开之后，{who}在{when:%H:%M}又保存过这篇稿件。"
        "什么都没有丢；请重新打开，看过改动后再定稿。"
    )


def _faults(error: ValidationError) -> str:
    """Name each field that is at fault as the editor sees it."""
    if isinstance(error, StreamBlockValidationError):
        return "正文里有没填完的内容（例如空的小标题、引文或图片），请补上或删掉。"
    if not hasattr(error, "message_dict"):
        return "；".join(error.messages)
    labels = {
        field.name: str(field.verbose_name)
        for model in (Remark, Byline, ArticlePage)
        for field in model._meta.concrete_fields
    }
    named = []
    for name, messages in error.message_dict.items():
        label = f"{labels[name]}：" if name in labels else ""
        named.append(label + "、".join(messages))
    return "；".join(named)
