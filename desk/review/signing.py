"""Make an article 定稿 by the signatures of its review, and take that back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.blocks import StreamBlockValidationError
from wagtail.log_actions import log
from wagtail.models import Revision, WorkflowState

from articles.crediting import credit
from articles.models import ArticlePage, Byline, Remark
from articles.reading import has_copy
from issues.locking import lock_article

from .refusals import Overtaken, SigningRefused
from .signatures import Signature, signatures, steps

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["SIGN", "SigningRefused", "recall_article", "sign_article"]

# The word for a signature in the log; what is live without it was not signed (objecting.py).
SIGN = "desk.sign"
LOADED = "由系统命令载入，没有经过审稿。"


@transaction.atomic
def sign_article(
    *,
    article: ArticlePage,
    revision: Revision,
    by: User | None,
    review: WorkflowState | None = None,
) -> None:
    """Make exactly ``revision`` the signed version of ``article`` (定稿).

    ``review`` is the finished review whose signatures stand for it, the last of them ``by``'s;
    ``by`` None is the operator's command, which loads what was printed long ago. Raises
    SigningRefused without the signature of every step for this very text, when somebody saved a
    newer text meanwhile, or when the copy cannot be printed as it stands.
    """
    _, article = lock_article(article.pk)
    latest = article.get_latest_revision()
    if latest is None or latest.pk != revision.pk:
        raise Overtaken(_newer(latest))
    # Read again under the lock: what is outside revisions may have changed since (withdrawal).
    revision = latest
    record = _record(article, revision, review, by)
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
    PublishPageRevisionAction(revision, user=by, changed=False, log_action=False).execute(
        skip_permission_checks=True
    )
    log(instance=copy, action=SIGN, user=by, revision=revision, data=record)
    credit(article=article)


def _record(
    article: ArticlePage, revision: Revision, review: WorkflowState | None, by: User | None
) -> dict[str, list[Any]]:
    """Return what the log keeps of the signatures, which outlives steps and accounts."""
    if by is None:
        return {"signatures": [], "exceptions": [LOADED]}
    if review is None:
        raise SigningRefused("没有定稿：稿件要逐道审过、签过才能定稿，请先提交审核。")
    given = signatures(review, latest=revision)
    needed = steps(review)
    if not needed:
        raise SigningRefused("还没有人审过这篇稿件，不能定稿。请联系管理员检查审稿流程的设置。")
    signed = {signature.step for signature in given if signature.stands}
    if missing := [step.name for step in needed if step.name not in signed]:
        raise SigningRefused(f"还不能定稿：现在的文字还缺{'、'.join(missing)}的签字。")
    return {
        "signatures": [
            {
                "stage": signature.step,
                "by": signature.by.pk if signature.by else None,
                "name": str(signature.by or ""),
                "at": signature.at.isoformat() if signature.at else "",
                "comment": signature.comment,
                "revision": signature.revision_id,
            }
            for signature in given
        ],
        "exceptions": list(_exceptions(article, given)),
    }


def _exceptions(article: ArticlePage, given: Sequence[Signature]) -> Iterator[str]:
    """Yield where the paper's rules let one person do the work of two (ReviewRules)."""
    steps_of: dict[User, list[str]] = {}
    for signature in given:
        if signature.by:
            steps_of.setdefault(signature.by, []).append(signature.step)
    for person, own in steps_of.items():
        if len(own) > 1:
            yield f"{'、'.join(own)}由{person}一人签字。"
        if person.pk == article.owner_id:
            yield f"{person}审了自己建的稿件（{'、'.join(own)}）。"


@transaction.atomic
def recall_article(*, article: ArticlePage, by: User | None) -> None:
    """Take the signature of an article back, so that it is a draft again.

    Raises SigningRefused when ``by`` may not sign, when nothing is signed, or when the issue is
    out already: what readers have seen is corrected or withdrawn, not unsigned.
    """
    issue, article = lock_article(article.pk)
    if by is not None and not article.permissions_for_user(by).can_recall():
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
