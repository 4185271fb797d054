"""Tick the rounds of proof-reading: 一校, 二校, 三校, each with a name and a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from articles.models import ArticlePage
from issues.locking import lock_article

from .models import ProofMark

if TYPE_CHECKING:
    from accounts.models import User


class ProofRefused(PermissionDenied):
    """The round is not ticked, or stays so; the message says why, in Chinese."""


@transaction.atomic
def tick_proof(*, article: ArticlePage, round: int, by: User) -> ProofMark:
    """Note that ``by`` has proof-read the article as it stands; rounds go in their order.

    Raises ProofRefused for a round that is ticked already or comes too soon, and when ``by`` does
    not work on articles.
    """
    article = _lock(article, by)
    name = _name(round)
    done = set(article.proof_marks.values_list("round", flat=True))
    if round in done:
        raise ProofRefused(f"{name}已经有人勾过了，请刷新看是谁。")
    if missing := [n for n in ProofMark.Round.values if n < round and n not in done]:
        raise ProofRefused(f"没有勾上：请先完成{_name(missing[0])}，再勾{name}。")
    mark = ProofMark.objects.create(
        article=article, round=round, by=by, revision=article.get_latest_revision()
    )
    log(instance=article, action="desk.proof", user=by, data={"round": round})
    return mark


@transaction.atomic
def untick_proof(*, article: ArticlePage, round: int, by: User) -> None:
    """Take a tick back, and those of the rounds after it.

    Raises ProofRefused when it is not ticked, or is a colleague's and ``by`` may not sign off.
    """
    article = _lock(article, by)
    mark = article.proof_marks.filter(round=round).first()
    if mark is None:
        raise ProofRefused(f"{_name(round)}本来就没有勾，请刷新看最新的情况。")
    if mark.by_id != by.pk and not article.permissions_for_user(by).can_recall():
        raise ProofRefused(f"{_name(round)}是{mark.by or '别人'}勾的，请本人或责任编辑取消。")
    for undone in article.proof_marks.filter(round__gte=round).order_by("-round"):
        undone.delete()
        log(instance=article, action="desk.unproof", user=by, data={"round": undone.round})


def _lock(article: ArticlePage, by: User) -> ArticlePage:
    _, locked = lock_article(article.pk)
    if not locked.permissions_for_user(by).can_edit():
        raise ProofRefused("您没有校对这篇稿件的权限。")
    return locked


def _name(round: int) -> str:
    try:
        return ProofMark.Round(round).label
    except ValueError as error:
        raise ProofRefused("没有这个校次，只有一校、二校、三校。") from error
