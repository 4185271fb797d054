"""Put an article where it stands: folio, section, prominence, order, and which issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.actions.move_page import MovePageAction
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.search.index import insert_or_update_object

from articles.models import ArticlePage, Prominence
from newsroom.models import Section

from .locking import lock_article, lock_issues
from .models import ArticleCounter, IssuePage

if TYPE_CHECKING:
    from accounts.models import User


LAST_FOLIO = 99


class PlacingRefused(PermissionDenied):
    """The article cannot stand there; the message says why, in Chinese."""


class PlacingOvertaken(PlacingRefused):
    """Somebody else has placed articles since the caller looked; nothing was changed."""


class _Unchanged:
    """The default of what a caller leaves as it is (None is a section: none)."""


UNCHANGED: Final = _Unchanged()


def order_version(places: Iterable[tuple[int, int]]) -> str:
    """Return the version of an order: of the keys and folios of articles in print order."""
    order = ",".join(f"{key}:{folio}" for key, folio in places)
    return sha256(order.encode()).hexdigest()[:16]


def why_not_place(issue: IssuePage) -> str:
    """Say why somebody who is refused may not place articles in ``issue``."""
    if issue.live:
        return "这一期已经出版，只有总编可以调整版面。"
    if issue.publish_at is not None:
        return "这一期等着定时出版，只有总编可以调整版面。"
    return "您没有调整版面的权限。"


@transaction.atomic
def place(
    *,
    article: ArticlePage,
    by: User | None,
    folio: int | None = None,
    section: Section | _Unchanged | None = UNCHANGED,
    prominence: str | None = None,
    position: int | None = None,
    expected_order: str | None = None,
    expected: Mapping[str, Any] | None = None,
) -> None:
    """Place ``article`` within its issue and keep the tree in print order.

    ``position`` counts from 0 among the articles of the folio; without it an article stays where
    it is, or goes to the end of a folio that is new to it. ``by`` None is a command of the
    operator. Placement is written straight to the row: revisions do not hold it.

    With nothing asked for it only brings a new article into print order, which anybody may.

    ``expected_order`` is the ``order_version`` of the issue that ``by`` looked at, ``expected`` the
    columns of the placement as they stood there. Raises PlacingOvertaken where either is no longer
    so; PlacingRefused when ``by`` may not place articles in this issue, or for a folio that no
    paper has.
    """
    issue, stands = lock_article(article.pk)
    changes: dict[str, Any] = {}
    if folio is not None and folio != stands.folio:
        if folio < 1:
            raise PlacingRefused("版次从1起。")
        if folio > LAST_FOLIO:
            raise PlacingRefused(f"版次最多到{LAST_FOLIO}。")
        changes["folio"] = folio
    if not isinstance(section, _Unchanged) and section != stands.section:
        changes["section"] = section
    if prominence is not None and prominence != stands.prominence:
        changes["prominence"] = Prominence(prominence).value
    asked = changes or position is not None
    if asked and by and not issue.permissions_for_user(by).can_reorder_children():
        raise PlacingRefused(why_not_place(issue))
    _check_expected(issue, stands, expected_order, expected)
    if changes:
        ArticlePage.objects.filter(pk=stands.pk).update(**changes)
        log(
            instance=stands,
            action="issues.place",
            user=by,
            data={name: str(value or "") for name, value in changes.items()},
        )
    for name, value in changes.items():
        setattr(article, name, value)
        setattr(stands, name, value)
    if "section" in changes:
        insert_or_update_object(stands)  # it is found by the name of its section
    _move_into_order(issue, stands, position=position, new_folio="folio" in changes, by=by)


def _check_expected(
    issue: IssuePage, stands: ArticlePage, order: str | None, columns: Mapping[str, Any] | None
) -> None:
    if order is not None and order != order_version(
        ArticlePage.objects.child_of(issue).in_print_order().values_list("pk", "folio")
    ):
        raise PlacingOvertaken("您打开之后，别人动过这一期的版面，所以没有照您的意思移动。")
    for name, was in (columns or {}).items():
        if getattr(stands, name) != was:
            raise PlacingOvertaken(
                f"您打开之后，别人改过《{stands.draft_title}》的版面，所以没有照您的意思改。"
            )


@transaction.atomic
def transfer(*, article: ArticlePage, issue: IssuePage, by: User | None) -> None:
    """Hold an unsigned article over to another issue, where it gets a new number.

    Raises PlacingRefused for an article that is signed off or was ever public (its address is
    promised), for an issue that is already out, and when ``by`` may not change both issues.
    """
    issue_key = ArticlePage.objects.values_list("issue_id", flat=True).get(pk=article.pk)
    locked = lock_issues(issue_key, issue.pk)
    source, issue = locked[issue_key], locked[issue.pk]
    stands = ArticlePage.objects.select_for_update().get(pk=article.pk)
    if source.pk == issue.pk:
        raise PlacingRefused(f"这篇稿件已经在{issue}。")
    if stands.live:
        raise PlacingRefused("已定稿的稿件不能移到另一期，请先撤回定稿。")
    if stands.first_published_at is not None:
        raise PlacingRefused("见过报的稿件不能移到另一期：它的网址不能变。")
    if issue.live:
        raise PlacingRefused(f"{issue}已经出版，不能移入稿件。")
    for touched in (source, issue):
        if by and not touched.permissions_for_user(by).can_reorder_children():
            raise PlacingRefused(f"{touched}已经出版，或等着定时出版，不能移入或移出稿件。")
    counter, _ = ArticleCounter.objects.select_for_update().get_or_create(issue=issue)
    counter.last += 1
    counter.save()
    # The number first: the target issue may have an article of the old one.
    ArticlePage.objects.filter(pk=stands.pk).update(
        issue=issue, number=counter.last, slug=str(counter.last)
    )
    moved = ArticlePage.objects.get(pk=stands.pk)
    MovePageAction(moved, issue, pos="last-child", user=by).execute(skip_permission_checks=True)
    article.refresh_from_db()
    _move_into_order(issue, article, position=None, new_folio=True, by=by)


def _move_into_order(
    issue: IssuePage,
    article: ArticlePage,
    *,
    position: int | None,
    new_folio: bool,
    by: User | None,
) -> None:
    """Move ``article`` in the tree so that path order is: folio, then position."""
    others = list(
        ArticlePage.objects.child_of(issue).exclude(pk=article.pk).in_print_order().only("folio")
    )
    same = [other for other in others if other.folio == article.folio]
    if position is None and not new_folio:
        position = sum(other.path < article.path for other in same)
    if position is None:
        position = len(same)
    position = max(0, min(position, len(same)))
    before = [other for other in others if other.folio < article.folio] + same[:position]
    stands_after = sum(other.path < article.path for other in others)
    if stands_after == len(before) and others[:stands_after] == before:
        return
    if before:
        target, side = before[-1], "right"
    else:
        target, side = others[0], "left"
    MovePageAction(article, Page.objects.get(pk=target.pk), pos=side, user=by).execute(
        skip_permission_checks=True
    )
    article.refresh_from_db(fields=["path"])
