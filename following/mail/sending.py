"""Send each new issue once to everybody who wants it, so many mails a minute.

Nothing depends on a signal: the timer finds the issue that came out and was not sent yet. What
goes to whom is written down first, a row each, and whoever sends takes a row before the server
gets the mail: two workers never send one twice, and one that is killed leaves the rest to the
next. A mail that was cut off half-way stays taken: better none than two.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from wagtail.log_actions import log

from issues.models import IssuePage
from newsroom.circulating import current
from newsroom.sealing import Unreadable

from .letters import IssueLetter
from .models import Delivery, Sending, Subscription
from .posting import AddressRefused, MailRefused, ServerTrouble, Uncertain, post

__all__ = ["begin_sendings", "failing", "give_up", "send_batch", "stuck"]

logger = logging.getLogger(__name__)

GRACE = timedelta(minutes=10)  # in which 总编 may undo a publication before anybody was told
WITHIN = timedelta(days=3)  # after it came out, an issue is no news any more
NEWS = timedelta(days=7)  # nor is one dated longer ago: a back number
MINUTE = timedelta(minutes=1)
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (2, 5, 15, 60, 180, 360))
MOST_TRIES = len(PAUSES)
STUCK_TRIES = 3  # batches in a row of which nothing went out: twenty minutes and more
MOST_REFUSALS = 3  # issues in a row that the server would never take for an address


def begin_sendings(*, at: datetime | None = None) -> int:
    """Write down to whom each issue that just came out is to go; return how many issues."""
    at = at or timezone.now()
    news = IssuePage.objects.published().filter(
        date__gte=timezone.localdate(at) - NEWS,
        first_published_at__gt=at - WITHIN,
        first_published_at__lte=at - GRACE,
        sending=None,
    )
    return sum(_begin(issue, at) for issue in news.order_by("date", "number"))


def _begin(issue: IssuePage, at: datetime) -> bool:
    try:
        with transaction.atomic():
            sending = Sending.objects.create(issue=issue, begun_at=at, next_batch=at)
            readers = Subscription.objects.filter(confirmed_at__lte=at).order_by("pk")
            made = Delivery.objects.bulk_create(
                (
                    Delivery(sending=sending, subscription_id=key, next_try=at)
                    for key in readers.values_list("pk", flat=True)
                ),
                batch_size=500,
            )
            Sending.objects.filter(pk=sending.pk).update(subscribers=len(made))
    except IntegrityError:
        return False  # another worker was faster, or a reader left meanwhile: the next look
    return True


def send_batch(*, at: datetime | None = None) -> int:
    """Send as many mails as the server is to get in a minute; return how many were sent."""
    at = at or timezone.now()
    _finish(at)
    sending = _take_turn(at)
    if sending is None:
        return 0
    letter = IssueLetter.of(sending.issue)
    keys = list(_due(sending, at).order_by("pk").values_list("pk", flat=True))
    sent, trouble = 0, None
    for key in keys[: settings.MAIL_PER_MINUTE]:
        # Asked again before each: the issue may be taken back while its mails go out.
        if not IssuePage.objects.published().filter(pk=sending.issue_id).exists():
            break
        # Closed or opened meanwhile: the next minute's letter is another.
        if current().covers(sending.issue.date) != letter.stays_inside:
            break
        if not Delivery.objects.filter(pk=key, taken_at=None).update(taken_at=timezone.now()):
            continue  # its reader left
        delivery = Delivery.objects.select_related("subscription").filter(pk=key).first()
        if delivery is None:
            continue
        before, trouble = trouble, None
        try:
            sent += _send(delivery, letter)
        except (ServerTrouble, Uncertain) as error:
            trouble = error
            # One mailbox may be what cuts the line; two in a row are the server's trouble.
            if before or isinstance(error, ServerTrouble):
                break
    _note_state(sending, trouble, at, sent=sent)
    _finish(at)
    return sent


def _take_turn(at: datetime) -> Sending | None:
    """Return the sending whose turn it is, for us alone; None where the minute is spent."""
    if Sending.objects.filter(next_batch__gt=at).exists():
        return None
    open_now = Sending.objects.filter(finished_at=None)
    due = Delivery.objects.filter(sending=OuterRef("pk"), taken_at=None, next_try__lte=at)
    public = open_now.filter(Exists(due), issue__in=IssuePage.objects.published()).exclude(
        paused_until__gt=at
    )
    sending = public.select_related("issue").order_by("begun_at", "pk").first()
    if sending is None:
        return None
    ours = open_now.filter(pk=sending.pk, next_batch__lte=at)
    # By the clock's minutes: a timer that looks each minute, now sooner, now later, misses none.
    next_minute = at.replace(second=0, microsecond=0) + MINUTE
    return sending if ours.update(next_batch=next_minute) else None


def _due(sending: Sending, at: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(sending=sending, taken_at=None, next_try__lte=at)


def _send(delivery: Delivery, letter: IssueLetter) -> bool:
    """Send one mail that is taken, and note how it went; raise what concerns all the others."""
    row = Delivery.objects.filter(pk=delivery.pk)
    sending = Sending.objects.filter(pk=delivery.sending_id)
    reader = delivery.subscription
    if isinstance(reader.email, Unreadable):
        logger.error("%s: no key opens its address", reader)
        row.delete()
        return False
    try:
        post(letter.to(reader))
    except AddressRefused:
        row.delete()
        sending.update(refused=F("refused") + 1)
        _note_refusal(reader)
        return False
    except ServerTrouble:
        row.update(taken_at=None)
        raise
    except Uncertain:
        raise
    except MailRefused:
        if delivery.tries + 1 >= MOST_TRIES:
            row.delete()
            sending.update(refused=F("refused") + 1)
        else:
            later = timezone.now() + PAUSES[delivery.tries]
            row.update(taken_at=None, tries=delivery.tries + 1, next_try=later)
        return False
    row.delete()
    sending.update(sent=F("sent") + 1)
    Subscription.objects.filter(pk=reader.pk, refusals__gt=0).update(refusals=0)
    return True


@transaction.atomic
def _note_refusal(reader: Subscription) -> None:
    """Count that the server will not take mail for this reader, and erase who is long gone."""
    row = Subscription.objects.select_for_update().filter(pk=reader.pk).first()
    if row is None:
        return
    row.refusals += 1
    if row.refusals < MOST_REFUSALS:
        row.save(update_fields=["refusals"])
        return
    log(instance=row, action="following.drop_subscription", deleted=True)
    row.delete()


def _note_state(sending: Sending, trouble: MailRefused | None, at: datetime, *, sent: int) -> None:
    """Pause after trouble, the longer the more batches in a row sent nothing at all."""
    row = Sending.objects.filter(pk=sending.pk)
    if trouble is None:
        row.update(tries=0, last_error="", paused_until=None)
        return
    tries = 0 if sent else sending.tries
    pause = PAUSES[min(tries, len(PAUSES) - 1)]
    row.update(tries=tries + 1, last_error=str(trouble), paused_until=at + pause)


def _finish(at: datetime) -> None:
    """Close the sendings of which nothing is left to send."""
    left = Delivery.objects.filter(sending=OuterRef("pk"), taken_at=None)
    Sending.objects.filter(~Exists(left), finished_at=None).update(finished_at=at)


def give_up(*, at: datetime | None = None) -> int:
    """Drop what could not be sent while it was news, and what was cut off; return how many."""
    late = (at or timezone.now()) - WITHIN
    old = Delivery.objects.filter(sending__begun_at__lt=late)
    unsent = old.filter(taken_at=None).count()
    if unsent:
        logger.error("%s mails of an issue were given up, unsent for three days", unsent)
    return old.delete()[0]


def failing() -> QuerySet[Sending]:
    """Return the sendings that stand still because of the mail server."""
    return Sending.objects.filter(finished_at=None).exclude(last_error="").select_related("issue")


def stuck() -> int:
    """Return how many sendings have waited for the mail server long enough to tell somebody."""
    return failing().filter(tries__gte=STUCK_TRIES).count()
