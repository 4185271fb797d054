"""Ask for new issues by e-mail, confirm it, and leave: the verbs, and the one question by mail.

Nothing here tells whoever asks whether an address is known.
"""

from __future__ import annotations

import logging
import unicodedata
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.encoding import punycode
from django_tasks import task
from wagtail.log_actions import log

from newsroom.sealing import Unreadable, keyed_digests

from . import letters
from .models import Asked, Subscription
from .permissions import may_remove
from .posting import AddressRefused, MailRefused, post

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

__all__ = [
    "confirm",
    "digests_of",
    "forget_unconfirmed",
    "is_open",
    "queue_again",
    "remove",
    "subscribe",
    "typed_address",
    "unsubscribe",
]

logger = logging.getLogger(__name__)

LIFE = timedelta(hours=48)  # of what is not confirmed
MOST_QUESTIONS = 3  # in that time, however often somebody types the address of another
LEFT_ALONE = timedelta(days=30)  # who answered that it was somebody else
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
CLAIM = timedelta(minutes=10)  # longer than a slow mail server takes
QUEUED = timedelta(hours=1)  # longer than it takes until a full queue comes to its end
BATCH = 100


def typed_address(text: str) -> str:
    """Return an address as it is meant: a Chinese keyboard writes ＠ and 。 for @ and the dot."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").strip()


def digests_of(address: str) -> list[str]:
    """Return what an address is found by, under each of our keys, however it is spelt."""
    return keyed_digests("following: address", "@".join(_parts(address)))


def _mailbox_digests(address: str) -> list[str]:
    """Return what all the addresses of one mailbox have in common: wang+news@ is wang@."""
    local, domain = _parts(address)
    return keyed_digests("following: mailbox", f"{local.partition('+')[0]}@{domain}")


def _parts(address: str) -> tuple[str, str]:
    """Return both parts of an address without capitals, the domain as the mail server gets it."""
    local, _, domain = address.casefold().rpartition("@")
    return local, punycode(domain)


@transaction.atomic
def subscribe(address: str, *, at: datetime | None = None) -> None:
    """Write to ``address`` and ask whether it wants new issues, unless it has them already.

    The question can be asked again, a few times: the first mail may be lost.
    """
    at = at or timezone.now()
    asked = _locked_count(address, at)
    found = _locked(address).first()
    if asked.questions < MOST_QUESTIONS and not (found and found.confirmed_at):
        found = found or Subscription(email=address, digest=digests_of(address)[0])
        found.asked_at = found.next_try = at
        found.tries = 0
        asked.questions += 1
        asked.forget_at = at + LIFE
    # The same is done in each case, so that the time it takes tells nothing either.
    asked.save()
    if found:
        found.save()
    key = found.pk if found else 0
    transaction.on_commit(lambda: _queue(key), robust=True)


def confirm(token: str, *, at: datetime | None = None) -> bool:
    """Begin to send issues to whom ``token`` was sent; return whether it still opens anything."""
    at = at or timezone.now()
    if _open(token, at).filter(confirmed_at=None).update(confirmed_at=at, next_try=None):
        return True
    return is_open(token, at=at)


def is_open(token: str, *, at: datetime | None = None) -> bool:
    """Return whether ``token`` belongs to a subscription, confirmed or waiting to be."""
    return _open(token, at or timezone.now()).exists()


@transaction.atomic
def unsubscribe(token: str, *, at: datetime | None = None) -> None:
    """Erase the subscription that ``token`` opens; that there is none is no error.

    Who had not confirmed it is not asked again for a month, whoever types the address.
    """
    found = Subscription.objects.filter(token=token).first()
    if found is None:
        return
    if not (found.confirmed_at or isinstance(found.email, Unreadable)):
        at = at or timezone.now()
        asked = _locked_count(found.email, at)
        asked.questions = MOST_QUESTIONS
        asked.forget_at = at + LEFT_ALONE
        asked.save()
    found.delete()


@transaction.atomic
def remove(*, address: str, by: User | AnonymousUser) -> bool:
    """Erase the subscription of ``address``, whose owner asked the newsroom; return if there was.

    The log keeps who did it, not the address.
    """
    if not may_remove(by):
        raise PermissionDenied("您没有删除订阅的权限，请找总编。")
    found = _locked(address).first()
    if found is None:
        return False
    log(instance=found, action="following.remove_subscription", user=by, deleted=True)
    found.delete()
    return True


def queue_again(*, at: datetime | None = None) -> int:
    """Queue the questions that are due, since they failed or the queue lost them."""
    at = at or timezone.now()
    due = Subscription.objects.filter(~Q(queued_until__gt=at), next_try__lte=at, confirmed_at=None)
    queued = 0
    for key in list(due.values_list("pk", flat=True)):
        # Taken first: while the server hangs, each look would queue everything once more.
        if due.filter(pk=key).update(queued_until=at + QUEUED):
            _queue(key)
            queued += 1
    return queued


def forget_unconfirmed(*, at: datetime | None = None) -> int:
    """Erase the addresses that did not answer in time, and the old counts of questions."""
    at = at or timezone.now()
    Asked.objects.filter(forget_at__lte=at).delete()
    return Subscription.objects.filter(confirmed_at=None, asked_at__lt=at - LIFE).delete()[0]


def rotate_keys() -> tuple[int, int]:
    """Seal all addresses anew with the first key; return how many, and how many no key opens."""
    last = sealed = unreadable = 0
    while True:
        with transaction.atomic():
            rows = Subscription.objects.select_for_update().filter(pk__gt=last).order_by("pk")
            batch = list(rows[:BATCH])
            for row in batch:
                if isinstance(row.email, Unreadable):
                    unreadable += 1
                    continue
                row.digest = digests_of(row.email)[0]
                row.save(update_fields=["email", "digest"])
                sealed += 1
        if not batch:
            return sealed, unreadable
        last = batch[-1].pk


@task(backend="subscriptions")
def ask(key: int) -> None:
    """Send the question that is owed. Nothing is raised: the task table would keep the error."""
    at = timezone.now()
    due = Subscription.objects.filter(pk=key, confirmed_at=None, next_try__lte=at)
    if not due.update(next_try=at + CLAIM, queued_until=None):
        return
    row = Subscription.objects.filter(pk=key).first()
    if row is None or isinstance(row.email, Unreadable):
        return
    waiting = Subscription.objects.filter(pk=key, confirmed_at=None)
    try:
        post(letters.question(row))
    except AddressRefused:
        waiting.delete()
    except Exception as error:
        said = error if isinstance(error, MailRefused) else type(error).__name__
        logger.warning("a question to a subscriber was not sent: %s", said)
        pause = PAUSES[min(row.tries, len(PAUSES) - 1)]
        waiting.update(tries=row.tries + 1, next_try=at + pause)
    else:
        waiting.update(next_try=None)


def _queue(key: int) -> None:
    ask.enqueue(key)


def _locked(address: str) -> QuerySet[Subscription]:
    return Subscription.objects.select_for_update().filter(digest__in=digests_of(address))


def _locked_count(address: str, at: datetime) -> Asked:
    """Return how often the mailbox of ``address`` was asked; who comes meanwhile has to wait."""
    digests = _mailbox_digests(address)
    rows = Asked.objects.select_for_update().filter(digest__in=digests)
    asked = rows.first()
    if asked is None:
        new = Asked(digest=digests[0], forget_at=at + LIFE)
        Asked.objects.bulk_create([new], ignore_conflicts=True)
        asked = rows.get()
    if asked.forget_at <= at:
        asked.questions, asked.forget_at = 0, at + LIFE
    return asked


def _open(token: str, at: datetime) -> QuerySet[Subscription]:
    waiting = Subscription.objects.filter(confirmed_at=None, asked_at__gte=at - LIFE)
    confirmed = Subscription.objects.filter(confirmed_at__isnull=False)
    return (waiting | confirmed).filter(token=token)
