"""Accept an alarm as it stands (原文如此), and take that back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.log_actions import log

from articles.models import ArticlePage
from issues.models import IssuePage
from newsroom.cjk import clean_line

from .alarms import Alarm, Level
from .models import AcceptedAlarm
from .report import report

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["AcceptingRefused", "accept_alarm", "may_accept", "unaccept_alarm"]

LONGEST_REASON = 200


class AcceptingRefused(PermissionDenied):
    """Nothing was accepted or taken back; the message says why and what to do, in Chinese."""


def may_accept(user: User, issue: IssuePage, level: str) -> bool:
    """Whether ``user`` may answer an alarm of ``level`` in ``issue`` with 原文如此."""
    if not issue.permissions_for_user(user).holds_change():
        return False
    if level == Level.BLOCK:
        return user.has_perm("desk.accept_blocking_alarm")
    return user.has_perm("desk.accept_alarm")


@transaction.atomic
def accept_alarm(
    *,
    issue: IssuePage,
    article: ArticlePage | None,
    key: str,
    by: User,
    reason: str = "",
    among: Iterable[Alarm] | None = None,
) -> AcceptedAlarm:
    """Note that the alarm ``key`` is right as it stands, so that it stays quiet and blocks no more.

    ``among`` are the alarms of a text that is still being written; without it the alarm is looked
    for in the issue as last saved and as signed. Accepting twice changes nothing. Raises
    AcceptingRefused when there is no such alarm any more, or when ``by`` may not accept it.
    """
    IssuePage.objects.select_for_update().get(pk=issue.pk)
    alarm = _find(issue, article, key, among)
    if alarm is None:
        raise AcceptingRefused(
            "没有认可：这条提示已经不在，文字可能刚刚改过。什么都没有丢，请刷新后再看。"
        )
    if not may_accept(by, issue, alarm.level):
        raise AcceptingRefused(_why_not(alarm))
    accepted, made = AcceptedAlarm.objects.get_or_create(
        issue=None if article else issue,
        article=article,
        key=alarm.key,
        defaults={
            "code": alarm.code,
            "level": alarm.level.value,
            "quote": alarm.place.quote,
            "reason": clean_line(reason)[:LONGEST_REASON],
            "by": by,
            "by_name": str(by),
        },
    )
    if made:
        _note(accepted, "desk.accept_alarm", by)
    return accepted


@transaction.atomic
def unaccept_alarm(*, issue: IssuePage, article: ArticlePage | None, key: str, by: User) -> None:
    """Take an acceptance back, so that the alarm speaks again; one that is gone stays gone.

    Raises AcceptingRefused when ``by`` may not.
    """
    IssuePage.objects.select_for_update().get(pk=issue.pk)
    accepted = AcceptedAlarm.objects.of(issue).filter(article=article, key=key).first()
    if accepted is None:
        return
    if not may_accept(by, issue, accepted.level):
        raise AcceptingRefused("没有撤销：您没有认可或撤销这一条的权限，请找责任编辑或总编。")
    accepted.delete()
    _note(accepted, "desk.unaccept_alarm", by)


def _find(
    issue: IssuePage, article: ArticlePage | None, key: str, among: Iterable[Alarm] | None
) -> Alarm | None:
    if among is not None:
        return next((alarm for alarm in among if alarm.key == key), None)
    wanted = article.pk if article else None
    for signed in (False, True):
        for standing in report(issue, signed=signed).standings:
            if standing.alarm.key == key and standing.article_pk == wanted:
                return standing.alarm
    return None


def _why_not(alarm: Alarm) -> str:
    if alarm.level == Level.BLOCK:
        return "没有认可：“必须改”的提示只有责任编辑和总编可以认可，请改稿或找他们。"
    return "没有认可：您没有认可校对提示的权限，请找责任编辑或总编。"


def _note(accepted: AcceptedAlarm, action: str, by: User) -> None:
    """Log in the history of the article, or of the issue."""
    log(
        instance=accepted.article or accepted.issue,
        action=action,
        user=by,
        data={
            "code": accepted.code,
            "level": accepted.level,
            "quote": accepted.quote[:200],
            "reason": accepted.reason,
        },
    )
