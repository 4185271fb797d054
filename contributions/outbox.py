"""Mails that are owed: written down with what they tell of, sent in the background, tried again.

A mail is never sent inside a transaction: on SQLite that would keep every sender waiting for the
mail server. Whoever sends claims the rows first, by moving their next try ahead; two workers
cannot both succeed in that. A worker that is killed between sending and noting so leaves a claim
that runs out, and the mail goes out once more: better twice than never.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import task
from wagtail.log_actions import log

from newsroom.mail_trouble import PATIENCE, is_of_server, reason_of
from newsroom.sealing import Unreadable

from . import mails
from .models import Contribution, Mail
from .permissions import readers

__all__ = ["failing", "forget_old", "owe", "queue_again", "stuck"]

logger = logging.getLogger(__name__)

TO_NEWSROOM = (Mail.Occasion.ARRIVAL, Mail.Occasion.ANSWER)
CHOICES = ("at_once", "daily", "off")  # of CONTRIBUTIONS_MAIL
DIGEST_HOUR = 8  # in Shanghai
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
CLAIM = timedelta(minutes=10)  # longer than PATIENCE with every step of a slow mail server
MOST_AT_ONCE = 200  # rows in one mail
KEPT = timedelta(days=30)
STUCK_TRIES = 3  # in vain: twenty minutes and more
STUCK = timedelta(minutes=30)


class Undeliverable(Exception):
    """Nobody can be written to; the message says why, in Chinese."""


def owe(*, contribution: Contribution, occasion: Mail.Occasion) -> Mail:
    """Note that a mail is owed, and have it sent once what it tells of is committed.

    That it cannot be queued is no failure of what it tells of: the timer finds it.
    """
    mail = Mail.objects.create(contribution=contribution, occasion=occasion)
    transaction.on_commit(lambda: _queue(mail.pk), robust=True)
    return mail


def _queue(key: int) -> None:
    deliver.enqueue(key)


@task(backend="background")
def deliver(key: int) -> None:
    """Send the mail that is owed, and those that can go along with it.

    Nothing is raised: the task table would keep a traceback, and the row says what failed.
    """
    try:
        mail = Mail.objects.select_related("contribution").filter(pk=key, sent_at=None).first()
        if mail is None:
            return
        if mail.occasion in TO_NEWSROOM:
            tell_newsroom()
        else:
            tell_sender(mail.contribution)
    except Exception as error:
        logger.error("a mail was not sent: %s", type(error).__name__)


def tell_newsroom(*, at: datetime | None = None) -> int:
    """Tell the editors, in one mail, of all that is due; return of how much."""
    at = at or timezone.now()
    if settings.CONTRIBUTIONS_MAIL == "off":
        _unsent().filter(occasion__in=TO_NEWSROOM).delete()
        return 0
    claimed = _claim(_due(at).filter(occasion__in=TO_NEWSROOM), at)
    if claimed:
        _send(claimed, at, lambda: _to_editors(claimed))
    return len(claimed)


def tell_sender(contribution: Contribution, *, at: datetime | None = None) -> int:
    """Tell the sender that there is something new, once for all that is due; return how much."""
    at = at or timezone.now()
    owed = _due(at).filter(contribution=contribution).exclude(occasion__in=TO_NEWSROOM)
    if not contribution.email:
        owed.delete()  # the address was erased meanwhile
        return 0
    claimed = _claim(owed, at)
    if claimed:
        _send(claimed, at, lambda: _to_sender(contribution))
    return len(claimed)


def queue_again(*, at: datetime | None = None) -> int:
    """Queue what is due, since it failed or the queue lost it; return how many mails that makes."""
    due = list(_due(at or timezone.now()).values_list("pk", "contribution", "occasion"))
    newsroom = [key for key, _, occasion in due if occasion in TO_NEWSROOM]
    senders = {sender: key for key, sender, occasion in due if occasion not in TO_NEWSROOM}
    queued = [*newsroom[:1], *senders.values()]
    for key in queued:
        _queue(key)
    return len(queued)


def failing() -> QuerySet[Mail]:
    """Return the mails that failed and are tried again, the last failure first."""
    return _unsent().exclude(last_error="").order_by("-next_try")


def stuck(*, at: datetime | None = None) -> int:
    """Return how many mails wait for the mail server, or for a worker, longer than they should.

    A mail to an address that does not exist is not among them: trying again does not help it.
    """
    at = at or timezone.now()
    told = failing().filter(tries__gte=STUCK_TRIES).values_list("last_error", flat=True)
    untouched = _due(at - STUCK).filter(tries=0).count()
    return untouched + sum(map(is_of_server, told))


def forget_old(*, at: datetime | None = None) -> int:
    """Remove what was sent a month ago, and give up what was tried in vain; return how many."""
    moment = (at or timezone.now()) - KEPT
    return _give_up(moment) + Mail.objects.filter(sent_at__lt=moment).delete()[0]


@transaction.atomic
def _give_up(moment: datetime) -> int:
    """Remove what could not be sent since ``moment``, and say so where somebody will see it."""
    stuck = list(
        _unsent()
        .filter(owed_since__lt=moment)
        .select_for_update(of=("self",))
        .select_related("contribution")
    )
    for mail in stuck:
        log(
            instance=mail.contribution,
            action="contributions.mail_given_up",
            data={"occasion": mail.occasion, "error": mail.last_error},
        )
    if stuck:
        _unsent().filter(pk__in=[mail.pk for mail in stuck]).delete()
        logger.error("%s mails were given up, unsent for %s days", len(stuck), KEPT.days)
    return len(stuck)


def _unsent() -> QuerySet[Mail]:
    return Mail.objects.filter(sent_at=None)


def _due(at: datetime) -> QuerySet[Mail]:
    """Return what may be sent now; for a daily mail, what was owed by eight o'clock."""
    due = _unsent().filter(next_try__lte=at)
    if settings.CONTRIBUTIONS_MAIL == "daily":
        due = due.exclude(occasion__in=TO_NEWSROOM, owed_since__gte=_last_digest(at))
    return due


def _last_digest(at: datetime) -> datetime:
    """Return the last time it was eight o'clock."""
    eight = timezone.localtime(at).replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return eight if eight <= at else eight - timedelta(days=1)


@transaction.atomic
def _claim(due: QuerySet[Mail], at: datetime) -> list[Mail]:
    """Take rows for ourselves for a while; a worker that comes second gets none of them.

    All at once, so that what goes to one sender in one mail is not divided between two workers.
    """
    locked = due.select_for_update(of=("self",)).select_related("contribution").order_by("pk")
    claimed = list(locked[:MOST_AT_ONCE])
    Mail.objects.filter(pk__in=[mail.pk for mail in claimed]).update(next_try=at + CLAIM)
    return claimed


def _send(claimed: Sequence[Mail], at: datetime, make: Callable[[], EmailMessage]) -> None:
    """Send what ``make`` makes of claimed rows, and note in each row how it went."""
    try:
        message = make()
        message.connection = get_connection(timeout=settings.EMAIL_TIMEOUT or PATIENCE)
        message.send()
    except Exception as error:
        for mail in claimed:
            pause = PAUSES[min(mail.tries, len(PAUSES) - 1)]
            Mail.objects.filter(pk=mail.pk).update(
                tries=mail.tries + 1, next_try=at + pause, last_error=_reason(error)
            )
    else:
        keys = [mail.pk for mail in claimed]
        Mail.objects.filter(pk__in=keys).update(sent_at=timezone.now(), last_error="")


def _reason(error: Exception) -> str:
    return f"{error}。" if isinstance(error, Undeliverable) else reason_of(error)


def _to_editors(claimed: Sequence[Mail]) -> EmailMessage:
    """Return one mail to every editor, none of whom sees the others' addresses."""
    addresses = editors()
    if not addresses:
        raise Undeliverable("能看来稿的用户都没有填邮箱")
    letter = mails.to_newsroom(claimed)
    return EmailMessage(
        letter.subject,
        letter.text,
        bcc=addresses,
        headers={"To": "undisclosed-recipients:;", "Auto-Submitted": "auto-generated"},
    )


def _to_sender(contribution: Contribution) -> EmailMessage:
    if isinstance(contribution.email, Unreadable):
        raise Undeliverable("邮箱地址无法解读（密钥不对）")
    try:
        validate_email(contribution.email)
    except ValidationError:
        raise Undeliverable("邮箱地址写得不对") from None
    letter = mails.to_sender()
    return EmailMessage(
        letter.subject,
        letter.text,
        to=[contribution.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def editors() -> list[str]:
    """Return the addresses of all who may open contributions."""
    return sorted(set(readers().exclude(email="").values_list("email", flat=True)))
