"""Publish an issue: one act on one row, now or at a set time, and take it back."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import PageLogEntry, Revision

from articles.models import ArticlePage

from .models import IssuePage
from .previewing import revoke_preview_links
from .timer_mail import tell_refusal

if TYPE_CHECKING:
    from accounts.models import User


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why an issue cannot be published yet, and where to mend it.

    ``waivable`` is one that goes away when an unfinished article stays behind, which 总编 may
    decide. It must never be said of an article that is live: that one would come along.
    """

    reason: str
    url: str = ""
    code: str = ""
    waivable: bool = False


Objector = Callable[[IssuePage], Iterable[Objection]]

# What must be asked before an issue is published; apps above register theirs in ready().
objectors: list[Objector] = []

NO_TIMER = {
    "publish_at": None,
    "publish_by": None,
    "publish_without_unfinished": False,
    "publish_articles": "",
    "publish_refusal": "",
}
MOST_SEEN = 20_000  # characters of what a browser says it was shown


class PublishingRefused(PermissionDenied):
    """The issue is not published; ``objections`` say why."""

    def __init__(self, *objections: Objection) -> None:
        super().__init__("；".join(objection.reason for objection in objections))
        self.objections = objections


def objections(issue: IssuePage) -> list[Objection]:
    """Collect what speaks against publishing ``issue`` now."""
    return [objection for objector in objectors for objection in objector(issue)]


def own_objections(issue: IssuePage) -> Iterable[Objection]:
    """Object to an issue that has nothing to show, or no imprint to print it under."""
    has_pages = issue.folios.exclude(page_image=None, page_pdf="").exists()
    if not (has_pages or ArticlePage.objects.child_of(issue).live().not_withdrawn().exists()):
        yield Objection(
            "这一期还没有定稿的稿件，出版后将是空的。请先让至少一篇稿件定稿。",
            reverse("wagtailadmin_explore", args=[issue.pk]),
            code="empty",
        )
    try:
        issue.get_latest_revision_as_object().full_clean()
    except ValidationError as error:
        for reason in error.messages:
            yield Objection(
                f"刊头有误：{reason}",
                reverse("wagtailadmin_pages:edit", args=[issue.pk]),
                code="masthead",
            )


def signed_versions(issue: IssuePage) -> str:
    """Name what publishing ``issue`` now would bring out, in print order.

    Each article with its signed revision: "12:34,13:40". A screen that shows it hands it back, so
    that nothing is published that was not on it.
    """
    articles = ArticlePage.objects.child_of(issue).live().not_withdrawn().in_print_order()
    return ",".join(
        f"{article}:{revision or 0}"
        for article, revision in articles.values_list("pk", "live_revision")
    )


@transaction.atomic
def publish_issue(
    *,
    issue: IssuePage,
    by: User | None,
    seen: int | None = None,
    seen_articles: str | None = None,
    without_unfinished: bool = False,
) -> Revision:
    """Make ``issue`` public with everything signed off under it; the rest stays behind.

    ``by`` None is the operator's command. ``seen`` is the key of the revision of the masthead
    that ``by`` looked at, ``seen_articles`` what ``signed_versions`` said then; anything newer is
    refused, not published unread. ``without_unfinished`` passes over the waivable objections: the
    unfinished articles stay behind. Publishing an issue that is already out brings its corrected
    masthead to the readers. Raises PublishingRefused with all objections.
    """
    issue = IssuePage.objects.select_for_update().get(pk=issue.pk)
    _check_role(issue, by)
    # Of an issue that is out, the unfinished articles have stayed behind already.
    waived = _check_objections(issue, waive=without_unfinished or issue.live)
    revision = issue.get_latest_revision() or issue.save_revision(user=by)
    _check_seen(issue, revision, seen, seen_articles)
    again = issue.live
    PublishPageRevisionAction(revision, user=by, changed=False, log_action=False).execute(
        skip_permission_checks=True
    )
    IssuePage.objects.filter(pk=issue.pk).update(**NO_TIMER)
    log(
        instance=issue,
        action="issues.publish",
        user=by,
        revision=revision,
        data={
            "again": again,
            "articles": _numbers(issue, live=True),
            "left_behind": _numbers(issue, live=False),
            "waived": [] if again else [objection.reason for objection in waived],
        },
    )
    return revision


@transaction.atomic
def schedule_issue(
    *,
    issue: IssuePage,
    by: User,
    at: datetime.datetime,
    seen: int | None = None,
    seen_articles: str | None = None,
    without_unfinished: bool = False,
) -> None:
    """Have the timer publish ``issue`` at ``at``; the rules are asked now and again then.

    The other arguments are those of ``publish_issue``. Raises PublishingRefused, also for a time
    that has passed.
    """
    issue = IssuePage.objects.select_for_update().get(pk=issue.pk)
    _check_role(issue, by)
    if issue.live:
        raise PublishingRefused(Objection("这一期已经出版，不必再定时。"))
    if at <= timezone.now():
        raise PublishingRefused(
            Objection("定时出版的时间已经过去，请选一个将来的时间，或立即出版。")
        )
    waived = _check_objections(issue, waive=without_unfinished)
    _check_seen(issue, issue.get_latest_revision(), seen, seen_articles)
    IssuePage.objects.filter(pk=issue.pk).update(
        publish_at=at,
        publish_by=by,
        publish_without_unfinished=without_unfinished,
        publish_articles=signed_versions(issue),
        publish_refusal="",
    )
    log(
        instance=issue,
        action="issues.schedule",
        user=by,
        data={
            "at": at.isoformat(),
            "articles": _numbers(issue, live=True),
            "left_behind": _numbers(issue, live=False),
            "waived": [objection.reason for objection in waived],
        },
    )


@transaction.atomic
def unschedule_issue(*, issue: IssuePage, by: User) -> None:
    """Call a scheduled publication off."""
    _check_role(issue, by)
    waiting = IssuePage.objects.filter(pk=issue.pk, publish_at__isnull=False)
    if waiting.update(**NO_TIMER):
        log(instance=issue, action="issues.unschedule", user=by)


@transaction.atomic
def unpublish_issue(*, issue: IssuePage, by: User, undo: bool = False) -> None:
    """Take ``issue`` and so all its articles from the readers; what is signed stays signed.

    Preview links from before it came out end too: they would show it again to whoever kept one.
    ``undo`` is for the log: somebody takes back what was just done. Raises PublishingRefused.
    """
    issue = IssuePage.objects.select_for_update().get(pk=issue.pk)
    _check_role(issue, by)
    if not issue.live:
        raise PublishingRefused(Objection("这一期还没有出版。"))
    UnpublishPageAction(
        issue, user=by, log_action="issues.undo" if undo else "issues.unpublish"
    ).execute(skip_permission_checks=True)
    # The admin may have published it by Wagtail's own door while it waited for its time.
    IssuePage.objects.filter(pk=issue.pk).update(**NO_TIMER)
    revoke_preview_links(issue=issue, by=by)


def published_at(issue: IssuePage) -> datetime.datetime | None:
    """Return when ``issue`` last came out, not counting a corrected masthead; None if it is not."""
    if not issue.live:
        return None
    entries = PageLogEntry.objects.filter(page=issue.pk, action="issues.publish").order_by("-pk")
    return next((entry.timestamp for entry in entries if not entry.data.get("again")), None)


def publish_due(*, at: datetime.datetime | None = None) -> list[tuple[IssuePage, str]]:
    """Publish the issues whose time has come; return each with what stood in its way, or "".

    Each is published in the name of whoever scheduled it, through ``publish_issue``, so the rules
    are asked again and someone who lost the role no longer publishes. A refused one keeps its
    time, says so on its screens and by mail, and is tried again on the next run; what goes wrong
    with one does not stop the others.
    """
    now = at or timezone.now()
    outcome = []
    for issue in IssuePage.objects.filter(publish_at__lte=now, live=False):
        try:
            against = "" if _publish_if_due(issue, now) else None
        except PublishingRefused as refused:
            against = str(refused)
        except Exception:
            logger.exception("publishing %s at its time failed", issue)
            against = "出了故障，详情在服务器的日志里。"
        if against is not None:
            outcome.append((issue, against))
        if against:
            _note_refusal(issue, against)
    return outcome


@transaction.atomic
def _publish_if_due(issue: IssuePage, now: datetime.datetime) -> bool:
    """Publish ``issue`` unless it was called off since it was found."""
    waiting = IssuePage.objects.select_for_update().filter(
        pk=issue.pk, publish_at__lte=now, live=False
    )
    current = waiting.first()
    if current is None:
        return False
    if current.publish_by is None:
        raise PublishingRefused(Objection("安排定时出版的人已不在，请重新安排。"))
    _check_still_signed(current)
    publish_issue(
        issue=current,
        by=current.publish_by,
        without_unfinished=current.publish_without_unfinished,
    )
    return True


def _note_refusal(issue: IssuePage, why: str) -> None:
    """Show why ``issue`` did not come out, and mail each distinct reason once.

    The log holds what was told; a mail that cannot be sent is tried again on the next run.
    """
    try:
        waiting = IssuePage.objects.filter(pk=issue.pk, publish_at=issue.publish_at, live=False)
        if issue.publish_at is None or not waiting.update(publish_refusal=why):
            return
        occasion = {"at": issue.publish_at.isoformat(), "reason": why}
        told = PageLogEntry.objects.filter(page=issue.pk, action="issues.publish_refused")
        if any(entry.data == occasion for entry in told):
            return
        tell_refusal(issue, why)
        log(instance=issue, action="issues.publish_refused", data=occasion)
    except Exception:
        logger.exception("nobody could be told that %s did not come out", issue)


def _check_role(issue: IssuePage, by: User | None) -> None:
    if by is not None and not issue.permissions_for_user(by).can_publish_issue():
        raise PublishingRefused(Objection("只有总编可以出版、定时或撤下一期。"))


def _check_objections(issue: IssuePage, *, waive: bool) -> list[Objection]:
    """Raise PublishingRefused with all that stands; return what was waived."""
    against = objections(issue)
    waived = [objection for objection in against if waive and objection.waivable]
    if len(against) > len(waived):
        raise PublishingRefused(*(each for each in against if each not in waived))
    return waived


def _check_seen(
    issue: IssuePage, revision: Revision | None, seen: int | None, seen_articles: str | None
) -> None:
    changes = []
    if seen is not None and (revision is None or revision.pk != seen):
        changes.append("刊头又有人改过")
    if seen_articles is not None:
        changes += _changes(issue, seen_articles, signed_versions(issue))
    if changes:
        raise PublishingRefused(
            Objection(
                f"您打开之后，{'；'.join(changes)}。没有出版，什么都没有丢；"
                "请看过现在的样子，再按一次。"
            )
        )


def _check_still_signed(issue: IssuePage) -> None:
    """Refuse to bring out less than 总编 saw when the time was set."""
    now = _pairs(signed_versions(issue))
    gone = [article for article in _pairs(issue.publish_articles) if article not in now]
    if gone:
        raise PublishingRefused(
            Objection(
                f"安排定时以后，{_titles(issue, gone)}不再是定稿。"
                "请让它重新定稿；或者不带它，重新安排出版时间。",
                reverse("wagtailadmin_explore", args=[issue.pk]),
                code="recalled",
            )
        )


def _changes(issue: IssuePage, before: str, after: str) -> list[str]:
    """Say what changed among the signed articles between two answers of ``signed_versions``."""
    if before == after:
        return []
    old, new = _pairs(before), _pairs(after)
    said = []
    for what, articles in (
        ("新定稿了", [article for article in new if article not in old]),
        (
            "又重新定稿了",
            [article for article in new if old.get(article, new[article]) != new[article]],
        ),
        ("不再是定稿的有", [article for article in old if article not in new]),
    ):
        if articles:
            said.append(f"{what}{_titles(issue, articles)}")
    return said or ["稿件的次序调整过"]


def _pairs(versions: str) -> dict[int, int]:
    """Read an answer of ``signed_versions``, which may have gone through a browser."""
    pairs = {}
    for pair in versions[:MOST_SEEN].split(","):
        article, _, revision = pair.partition(":")
        if all(part.isdecimal() and len(part) < 18 for part in (article, revision)):
            pairs[int(article)] = int(revision)
    return pairs


def _titles(issue: IssuePage, articles: list[int]) -> str:
    """Name articles by their headlines; of what is gone from the issue, say how many."""
    titles = list(
        ArticlePage.objects.child_of(issue)
        .in_print_order()
        .filter(pk__in=articles[:500])
        .values_list("draft_title", flat=True)
    )
    named = "".join(f"《{title}》" for title in titles)
    gone = len(articles) - len(titles)
    return named + (f"{'和另外' if named else ''}{gone}篇已不在本期的稿件" if gone else "")


def _numbers(issue: IssuePage, *, live: bool) -> list[int]:
    articles = ArticlePage.objects.child_of(issue).not_withdrawn().filter(live=live)
    return list(articles.in_print_order().values_list("number", flat=True))
