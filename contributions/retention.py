"""Erase what is no longer needed, or what its sender wants gone; the log keeps that, not what."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from articles.models import ArticlePage
from issues.locking import lock_article
from newsroom.tending import Outcome

from .models import Attachment, Contribution, Mail, Status
from .outbox import TO_NEWSROOM
from .permissions import may_erase
from .triage import TriageRefused
from .unprinted import take_back, why_article_stays
from .vault import discard, names_in_vault, vault

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

# What says who the sender is; the sealed ones and what was made of them.
CONTACT = ("name", "phone", "email", "signed_off_by", "unit", "sender")

ORPHAN_AGE = timedelta(hours=1)  # far longer than a file may wait for its row
ORPHANS_AT_ONCE = 20
BATCH = 500


class TooManyOrphans(Exception):
    """Most of the vault belongs to no row: it is the rows that are missing (an old backup?)."""


@transaction.atomic
def erase(*, contribution: Contribution, by: User | None, with_article: bool = False) -> None:
    """Erase ``contribution`` with all that hangs on it, files included; ``by`` None is the timer.

    ``with_article`` takes along the article it became, with the photos that came with it; the
    timer never does. A file that cannot be removed after the commit is left without a row;
    ``remove_orphans`` finds it. Raises TriageRefused when ``by`` may not delete one or the other,
    or readers have had the article.
    """
    _check(by)
    this = Contribution.objects.filter(pk=contribution.pk)
    article = _lock_article_of(this) if with_article else None
    if article is None or by is None:
        _erase(this, by)
        return
    if reason := why_article_stays(this.get(article=article), by=by):
        raise TriageRefused(reason)
    _erase(this, by)  # first, or it would be taken back into review
    take_back(article, since=contribution.received_at, by=by)


def _lock_article_of(this: QuerySet[Contribution]) -> ArticlePage | None:
    """Lock the issue and the article, and only then the contribution: as the desk does."""
    key = this.values_list("article", flat=True).first()
    if key is None:
        return None
    try:
        _, article = lock_article(key)
    except ArticlePage.DoesNotExist:
        return None  # deleted while we waited
    same = this.select_for_update(of=("self",)).filter(article=key).exists()
    return article if same else None


def _erase(these: QuerySet[Contribution], by: User | None) -> bool:
    """Erase the one that ``these`` are, unless it is not among them any more."""
    # Nobody can add a file or an answer to a row that is locked.
    current = these.select_for_update(of=("self",)).first()
    if current is None:
        return False
    names = [name for file in current.attachments.all() for name in file.stored_names]
    log(instance=current, action="contributions.erase", user=by, deleted=True)
    current.delete()
    transaction.on_commit(lambda: discard(*names), robust=True)
    return True


@transaction.atomic
def forget_contact(*, contribution: Contribution, by: User | None) -> None:
    """Erase who sent ``contribution``, and keep what was sent.

    Raises TriageRefused when ``by`` may not delete.
    """
    _check(by)
    _forget_contact(Contribution.objects.filter(pk=contribution.pk), by)


def _forget_contact(these: QuerySet[Contribution], by: User | None) -> bool:
    current = these.select_for_update(of=("self",)).first()
    if current is None:
        return False
    for name in CONTACT:
        setattr(current, name, "")
    current.save(update_fields=CONTACT)
    Mail.objects.filter(contribution=current).exclude(occasion__in=TO_NEWSROOM).delete()
    log(instance=current, action="contributions.forget_contact", user=by)
    return True


def erase_due(*, at: datetime | None = None) -> Outcome:
    """Erase what was closed longer ago than CONTRIBUTIONS_KEEP_DAYS."""
    moment = (at or timezone.now()) - timedelta(days=settings.CONTRIBUTIONS_KEEP_DAYS)
    return _each(Contribution.objects.closed_before(moment), _erase)


def forget_due(*, at: datetime | None = None) -> Outcome:
    """Erase the contact data of what was declined a set time ago.

    The time is CONTRIBUTIONS_KEEP_CONTACT_DAYS.
    """
    moment = (at or timezone.now()) - timedelta(days=settings.CONTRIBUTIONS_KEEP_CONTACT_DAYS)
    known = Q()
    for name in CONTACT:
        known |= ~Q(**{name: ""})
    declined = Contribution.objects.filter(
        known, status__in=[Status.DECLINED, Status.SPAM], closed_at__lt=moment
    )
    return _each(declined, _forget_contact)


def remove_orphans(*, at: datetime | None = None, even_most: bool = False) -> Outcome:
    """Remove the files that no row names: a submission was cut off, or a removal failed.

    Raises TooManyOrphans where that is most of the vault, unless ``even_most``: with yesterday's
    database restored beside today's files, today's would be lost.
    """
    before = (at or timezone.now()) - ORPHAN_AGE
    names = list(names_in_vault())
    orphans = [name for name in _without_row(names) if _modified(name) < before]
    if len(orphans) > max(ORPHANS_AT_ONCE, len(names) // 2) and not even_most:
        raise TooManyOrphans(f"{len(orphans)}/{len(names)}")
    return _tally(partial(_discard, name) for name in orphans)


def _without_row(names: list[str]) -> Iterator[str]:
    """Yield the names that no row has; asked after they were listed, so no row is too young."""
    left = iter(names)
    while batch := list(islice(left, BATCH)):
        rows = Attachment.objects.filter(Q(file__in=batch) | Q(original__in=batch))
        known = {name for pair in rows.values_list("file", "original") for name in pair}
        yield from (name for name in batch if name not in known)


def _modified(name: str) -> datetime:
    """Return when a file was written; a moment to come for one that is gone meanwhile."""
    try:
        return vault().get_modified_time(name)
    except FileNotFoundError:
        return timezone.now()


def _discard(name: str) -> bool:
    discard(name)
    return True


def _check(by: User | None) -> None:
    if by is not None and not may_erase(by):
        raise TriageRefused("您没有删除来稿的权限，请找责任编辑或总编。")


Act = Callable[[QuerySet[Contribution], None], bool]


def _each(due: QuerySet[Contribution], act: Act) -> Outcome:
    """Do ``act`` to each that is due, in a transaction each; asked again when it is locked."""
    keys = due.order_by("pk").values_list("pk", flat=True)
    return _tally(partial(transaction.atomic(act), due.filter(pk=key), None) for key in keys)


def _tally(acts: Iterator[Callable[[], bool]]) -> Outcome:
    """Do everything, whatever fails, and count; what fails is tried again the next time."""
    done = failed = 0
    for act in acts:
        try:
            done += act()
        except Exception as error:
            failed += 1
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("something was not erased: %s\n%s", type(error).__name__, frames)
    return Outcome(done, failed)
