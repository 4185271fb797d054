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
from wagtail.models import Revision

from articles.models import ArticlePage

from .models import IssuePage

if TYPE_CHECKING:
    from accounts.models import User


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason why an issue cannot be published yet, and where to mend it."""

    reason: str
    url: str = ""


Objector = Callable[[IssuePage], Iterable[Objection]]

# What must be asked before an issue is published; apps above register theirs in ready().
objectors: list[Objector] = []


class PublishingRefused(PermissionDenied):
    """The issue is not published; ``objections`` say why."""

    def __init__(self, *objections: Objection) -> None:
        super().__init__("；".join(objection.reason for objection in objections))
        self.objections = objections


def objections(issue: IssuePage) -> list[Objection]:
    """Collect what speaks against publishing ``issue`` now."""
    return [objection for objector in objectors for objection in objector(issue)]


def own_objections(issue: IssuePage) -> Iterable[Objection]:
    """Object to an issue without anything to print, or without an imprint to print it under."""
    if not ArticlePage.objects.child_of(issue).live().exists():
        yield Objection(
            "这一期还没有定稿的稿件，出版后将是空的。请先让至少一篇稿件定稿。",
            reverse("wagtailadmin_explore", args=[issue.pk]),
        )
    try:
        issue.get_latest_revision_as_object().full_clean()
    except ValidationError as error:
        for reason in error.messages:
            yield Objection(
                f"刊头有误：{reason}", reverse("wagtailadmin_pages:edit", args=[issue.pk])
            )


@transaction.atomic
def publish_issue(*, issue: IssuePage, by: User | None, seen: int | None = None) -> Revision:
    """Make ``issue`` public with everything signed off under it; the rest stays behind.

    ``by`` None is the operator's command. ``seen`` is the key of the revision of the masthead
    that ``by`` looked at; a newer one is refused, not published unread. Publishing an issue that
    is already out brings its corrected masthead to the readers. Raises
    PublishingRefused with all objections.
    """
    issue = IssuePage.objects.select_for_update().get(pk=issue.pk)
    _check_role(issue, by)
    if against := objections(issue):
        raise PublishingRefused(*against)
    revision = issue.get_latest_revision() or issue.save_revision(user=by)
    if seen is not None and revision.pk != seen:
        raise PublishingRefused(
            Objection("您打开之后，刊头又有人改过。什么都没有丢；请看过新的刊头，再按一次出版。")
        )
    PublishPageRevisionAction(revision, user=by, changed=False).execute(skip_permission_checks=True)
    IssuePage.objects.filter(pk=issue.pk).update(publish_at=None, publish_by=None)
    return revision


@transaction.atomic
def schedule_issue(*, issue: IssuePage, by: User, at: datetime.datetime) -> None:
    """Have the timer publish ``issue`` at ``at``; the rules are asked now and again then.

    Raises PublishingRefused, also for a time that has passed.
    """
    issue = IssuePage.objects.select_for_update().get(pk=issue.pk)
    _check_role(issue, by)
    if issue.live:
        raise PublishingRefused(Objection("这一期已经出版，不必再定时。"))
    if at <= timezone.now():
        raise PublishingRefused(
            Objection("定时出版的时间已经过去，请选一个将来的时间，或立即出版。")
        )
    if against := objections(issue):
        raise PublishingRefused(*against)
    IssuePage.objects.filter(pk=issue.pk).update(publish_at=at, publish_by=by)
    log(instance=issue, action="issues.schedule", user=by, data={"at": at.isoformat()})


@transaction.atomic
def unschedule_issue(*, issue: IssuePage, by: User) -> None:
    """Call a scheduled publication off."""
    _check_role(issue, by)
    waiting = IssuePage.objects.filter(pk=issue.pk, publish_at__isnull=False)
    if waiting.update(publish_at=None, publish_by=None):
        log(instance=issue, action="issues.unschedule", user=by)


@transaction.atomic
def unpublish_issue(*, issue: IssuePage, by: User) -> None:
    """Take ``issue`` and so all its articles from the readers; what is signed stays signed."""
    issue = IssuePage.objects.select_for_update().get(pk=issue.pk)
    _check_role(issue, by)
    if not issue.live:
        raise PublishingRefused(Objection("这一期还没有出版。"))
    UnpublishPageAction(issue, user=by).execute(skip_permission_checks=True)
    # The admin may have published it by Wagtail's own door while it waited for its time.
    IssuePage.objects.filter(pk=issue.pk).update(publish_at=None, publish_by=None)


def publish_due(*, at: datetime.datetime | None = None) -> list[tuple[IssuePage, str]]:
    """Publish the issues whose time has come; return each with what stood in its way, or "".

    Each is published in the name of whoever scheduled it, through ``publish_issue``, so the rules
    are asked again and someone who lost the role no longer publishes. A refused one keeps its
    time and is tried again on the next run; what goes wrong with one does not stop the others.
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
    publish_issue(issue=current, by=current.publish_by)
    return True


def _check_role(issue: IssuePage, by: User | None) -> None:
    if by is not None and not issue.permissions_for_user(by).can_publish_issue():
        raise PublishingRefused(Objection("只有总编可以出版、定时或撤下一期。"))
