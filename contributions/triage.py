"""What editors do with contributions: each act is logged, and senders hear of what concerns them.

The log holds who did what and when, and nothing of the content.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from articles.models import ArticlePage

from .models import Contribution, Mail, Message, Note, Status
from .outbox import owe
from .permissions import may_read, may_work

if TYPE_CHECKING:
    from accounts.models import User


class TriageRefused(PermissionDenied):
    """The act is not possible; the message says why, in Chinese."""


def read(*, contribution: Contribution, by: User) -> None:
    """Note that ``by`` opened ``contribution``: it is unread no more.

    Raises TriageRefused for someone who may not.
    """
    if not may_read(by):
        raise TriageRefused("您没有看来稿的权限。")
    Contribution.objects.filter(pk=contribution.pk, unread=True).update(unread=False)
    contribution.unread = False
    log(instance=contribution, action="contributions.view", user=by)


@transaction.atomic
def assign(*, contributions: Iterable[Contribution], to: User | None, by: User) -> int:
    """Give contributions to ``to`` (None: to nobody); return how many changed hands.

    Raises TriageRefused for someone who may not open contributions.
    """
    if to is not None and not may_read(to):
        raise TriageRefused("这位同事没有看来稿的权限，请另选一位。")
    changed = 0
    for contribution in _locked(contributions, by):
        if contribution.assignee_id == (to.pk if to else None):
            continue
        contribution.assignee = to
        contribution.save(update_fields=["assignee"])
        log(instance=contribution, action="contributions.assign", user=by)
        changed += 1
    return changed


@transaction.atomic
def star(*, contribution: Contribution, starred: bool, by: User) -> None:
    """Mark ``contribution`` for everybody's attention, or take the mark away."""
    for current in _locked([contribution], by):
        current.starred = starred
        current.save(update_fields=["starred"])
        log(
            instance=current,
            action="contributions.star" if starred else "contributions.unstar",
            user=by,
        )


@transaction.atomic
def begin_review(*, contributions: Iterable[Contribution], by: User) -> int:
    """Take contributions into the first review, or back into it; return how many it concerned.

    Raises TriageRefused for one that became an article: its way leads on from there.
    """
    changed = 0
    for contribution in _locked(contributions, by):
        if contribution.article_id is not None:
            raise TriageRefused("这件来稿已转为稿件，请在那篇稿件上继续处理。")
        if contribution.status == Status.REVIEWING:
            continue
        _move(contribution, Status.REVIEWING, by=by)
        changed += 1
    return changed


@transaction.atomic
def decline(*, contributions: Iterable[Contribution], reason: str, by: User) -> int:
    """Tell senders kindly that theirs is not used; return how many it concerned.

    Raises TriageRefused without a reason, and for one that became an article.
    """
    if not reason.strip():
        raise TriageRefused("请写一句理由，投稿人凭回执码会看到。")
    changed = 0
    for contribution in _locked(contributions, by):
        if contribution.article_id is not None:
            raise TriageRefused("这件来稿已转为稿件；请先删去那篇稿件，再退稿。")
        contribution.reason = reason.strip()
        _move(contribution, Status.DECLINED, by=by)
        changed += 1
    return changed


@transaction.atomic
def mark_spam(*, contributions: Iterable[Contribution], by: User) -> int:
    """Put contributions away as spam; nobody is told. Return how many it concerned."""
    changed = 0
    for contribution in _locked(contributions, by):
        if contribution.article_id is not None:
            raise TriageRefused("这件来稿已转为稿件，不能标为垃圾。")
        if contribution.status == Status.SPAM:
            continue
        contribution.unread = False
        _move(contribution, Status.SPAM, by=by)
        changed += 1
    return changed


@transaction.atomic
def ask(*, contribution: Contribution, text: str, by: User) -> Message:
    """Put a question to the sender, who finds it with the receipt code."""
    if not text.strip():
        raise TriageRefused("请写下要问的话。")
    for current in _locked([contribution], by):
        message = Message.objects.create(
            contribution=current, from_newsroom=True, author=by, text=text.strip()
        )
        log(instance=current, action="contributions.ask", user=by)
        if current.email:
            owe(contribution=current, occasion=Mail.Occasion.QUESTION)
        return message
    raise TriageRefused("这件来稿已经不在了。")


@transaction.atomic
def note(*, contribution: Contribution, text: str, by: User) -> Note:
    """Keep an internal note on ``contribution``."""
    if not text.strip():
        raise TriageRefused("备注是空的。")
    for current in _locked([contribution], by):
        written = Note.objects.create(contribution=current, author=by, text=text.strip())
        log(instance=current, action="contributions.note", user=by)
        return written
    raise TriageRefused("这件来稿已经不在了。")


@transaction.atomic
def clear_flag(*, contribution: Contribution, by: User) -> None:
    """Say that ``contribution`` repeats nothing after all."""
    for current in _locked([contribution], by):
        current.duplicate_of = current.printed_before = None
        current.save(update_fields=["duplicate_of", "printed_before"])
        log(instance=current, action="contributions.clear_flag", user=by)


def note_printed(*, at: datetime | None = None) -> int:
    """Note what readers get by now, and have the senders told; return how many it concerned."""
    at = at or timezone.now()
    due = Contribution.objects.printed().filter(printed_at=None)
    return sum(_note_printed(key, at) for key in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _note_printed(key: int, at: datetime) -> bool:
    """Note it, unless another timer has meanwhile, or the issue was taken back."""
    due = Contribution.objects.printed().filter(pk=key, printed_at=None)
    contribution = due.select_for_update(of=("self",)).first()
    if contribution is None:
        return False
    contribution.printed_at = at
    contribution.save(update_fields=["printed_at"])
    log(instance=contribution, action="contributions.printed")
    if contribution.email:
        owe(contribution=contribution, occasion=Mail.Occasion.PROGRESS)
    return True


@transaction.atomic
def reopen(*, article: ArticlePage, by: User | None = None) -> None:
    """Take what became ``article`` back into the first review, since that article goes.

    Even what was printed: an editor has to say what becomes of it now.
    """
    for contribution in Contribution.objects.select_for_update().filter(article=article.pk):
        contribution.article = None
        contribution.printed_at = None
        contribution.unread = True
        contribution.save(update_fields=["article", "printed_at"])
        _move(contribution, Status.REVIEWING, by=by)


def reopen_when_deleted(sender: type[ArticlePage], instance: ArticlePage, **kwargs: Any) -> None:
    """Never leave a contribution 拟用 without its article."""
    reopen(article=instance)


def _locked(contributions: Iterable[Contribution], by: User) -> list[Contribution]:
    """Lock the rows, always in the same order, and return them as they stand now."""
    if not may_work(by):
        raise TriageRefused("您没有处理来稿的权限。")
    keys = [contribution.pk for contribution in contributions]
    return list(Contribution.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _move(contribution: Contribution, status: Status, *, by: User | None) -> None:
    """Set the status of a locked row, log it, and have its sender told where that is due."""
    contribution.status = status
    closed = status in (Status.DECLINED, Status.SPAM)
    contribution.closed_at = timezone.now() if closed else None
    contribution.save(update_fields=["status", "closed_at", "reason", "unread"])
    log(
        instance=contribution,
        action="contributions.status",
        user=by,
        data={"status": str(status.label)},
    )
    if contribution.email and status != Status.SPAM:
        owe(contribution=contribution, occasion=Mail.Occasion.PROGRESS)
