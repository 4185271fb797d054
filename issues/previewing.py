"""Let a colleague without an account read an unpublished issue, by a signed link that ends."""

from __future__ import annotations

import datetime
import secrets
from typing import TYPE_CHECKING

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from wagtail.log_actions import log

from .models import IssuePage, PreviewLink

if TYPE_CHECKING:
    from accounts.models import User

DAYS = (1, 3, 7)
MOST_OPEN = 20  # links to one issue at a time: more is a mistake, and nobody keeps track of them
MOST_TOKEN = 200
_signer = signing.Signer(salt="issues.previewing", sep=".")


class PreviewRefused(PermissionDenied):
    """No link is made or taken back; the message says why, in Chinese."""


class NoSuchLink(Exception):
    """The token was not made by us, or its link is gone."""


class LinkEnded(Exception):
    """The link has run out or was taken back."""


@transaction.atomic
def make_preview_link(
    *, issue: IssuePage, by: User, days: int, with_drafts: bool = False
) -> PreviewLink:
    """Make a link that shows ``issue`` for so many ``days``; ``with_drafts`` all as last saved.

    Raises PreviewRefused when ``by`` may not edit the issue, when the issue is public or closed
    to part of the readers, or when too many links to it are open.
    """
    issue = IssuePage.objects.select_for_update().get(pk=issue.pk)
    _check_role(issue, by)
    if days not in DAYS:
        raise PreviewRefused("没有分享：有效期请从1天、3天、7天里选。")
    if issue.live:
        raise PreviewRefused("这一期已经出版，直接把报上的网址发给同事就行。")
    if not IssuePage.objects.open_to().filter(pk=issue.pk).exists():
        raise PreviewRefused("没有分享：这一期设了阅读权限，只有指定的人能看。请找管理员。")
    if issue.preview_links.open().count() >= MOST_OPEN:
        raise PreviewRefused(
            f"没有分享：这一期已有{MOST_OPEN}个有效的预览链接。请先收回不用的，再分享。"
        )
    now = timezone.now().replace(microsecond=0)
    link = PreviewLink.objects.create(
        issue=issue,
        nonce=secrets.token_urlsafe(9),
        with_drafts=with_drafts,
        made_by=by,
        made_at=now,
        until=now + datetime.timedelta(days=days),
    )
    log(
        instance=issue,
        action="issues.share_preview",
        user=by,
        data={"link": link.pk, "until": link.until.isoformat(), "with_drafts": with_drafts},
    )
    return link


@transaction.atomic
def revoke_preview_links(
    *,
    issue: IssuePage,
    by: User | None,
    link: int | None = None,
    at: datetime.datetime | None = None,
) -> int:
    """End the open links to ``issue``, or only the one of key ``link``; return how many ended.

    ``by`` None is the program itself. Raises PreviewRefused when ``by`` may not edit the issue.
    """
    if by is not None:
        _check_role(issue, by)
    links = PreviewLink.objects.filter(issue=issue).open(at)
    if link is not None:
        links = links.filter(pk=link)
    ended = list(links.select_for_update().values_list("pk", flat=True))
    PreviewLink.objects.filter(pk__in=ended).update(revoked_at=at or timezone.now())
    if ended:
        log(instance=issue, action="issues.revoke_preview", user=by, data={"links": ended})
    return len(ended)


def token_of(link: PreviewLink) -> str:
    """Return what stands in the address of ``link``; the same each time."""
    return _signer.sign(f"{link.pk}.{int(link.until.timestamp())}.{link.nonce}")


def link_of(token: str, *, at: datetime.datetime | None = None) -> PreviewLink:
    """Return the link that ``token`` opens.

    Raises NoSuchLink for what we have not signed or no longer know, LinkEnded for what is over.
    """
    now = at or timezone.now()
    try:
        # What is not ASCII, or holds a NUL, is none of ours: it never gets to the database.
        number, seconds, nonce = _signer.unsign(token[:MOST_TOKEN]).split(".")
        key, until = int(number), int(seconds)
    except (signing.BadSignature, ValueError):
        raise NoSuchLink from None
    if until <= now.timestamp():
        raise LinkEnded
    link = PreviewLink.objects.select_related("issue").filter(pk=key).first()
    if link is None or not constant_time_compare(link.nonce, nonce):
        raise NoSuchLink
    if link.revoked_at is not None or link.until <= now:
        raise LinkEnded
    return link


def _check_role(issue: IssuePage, by: User) -> None:
    if not issue.permissions_for_user(by).can_edit():
        raise PreviewRefused("您现在不能分享或收回这一期的预览：请找总编。")
