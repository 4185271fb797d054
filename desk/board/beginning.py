"""Begin the next issue from the last: its number, date, folios, editors and imprint, no article."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from articles.models import ArticlePage
from issues.models import Folio, IssuePage, NewspaperPage
from issues.sequence import propose_next

if TYPE_CHECKING:
    from accounts.models import User


class BeginningRefused(PermissionDenied):
    """The next issue is not made; the message says why, in Chinese."""


@transaction.atomic
def begin_next_issue(*, by: User) -> tuple[IssuePage, bool]:
    """Return the next issue, made as proposed, and whether it was made just now.

    An empty issue that is there already is used: two editors who begin at once get one issue.
    Raises BeginningRefused when ``by`` may not, or where nothing is known to print it under.
    """
    paper = NewspaperPage.objects.select_for_update().first()
    if paper is None:
        raise BeginningRefused("还没有建立报纸，请联系管理员。")
    if not paper.permissions_for_user(by).can_add_subpage():
        raise BeginningRefused("您没有新建一期的权限。")
    empty = IssuePage.objects.unused().newest_first().first()
    if empty is not None:
        return empty, False
    proposal = propose_next(IssuePage.objects)
    if proposal.imprint is None:
        raise BeginningRefused("还没有出版信息，不能新建一期。请先请总编在“出版信息”里填好。")
    issue = IssuePage(
        number=proposal.number,
        date=proposal.date,
        lunar_date=proposal.lunar_date,
        responsible_editor=proposal.responsible_editor,
        imprint=proposal.imprint,
        live=False,
        owner=by,
    )
    issue.folios = [
        Folio(sort_order=order, number=number, name=name, responsible_editor=editor)
        for order, (number, name, editor) in enumerate(proposal.folios)
    ]
    paper.add_child(instance=issue)
    issue.save_revision(user=by, log_action=True)
    return issue, True


@dataclass(frozen=True, slots=True)
class RunBefore:
    """So many articles under one section heading, or under none, as the issue before had them."""

    folio: int
    section: int | None
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Skeleton:
    """How the issue before was built: what an empty one may be filled in by."""

    title: str
    runs: tuple[RunBefore, ...]


def skeleton_for(issue: IssuePage) -> Skeleton | None:
    """Return how the issue before ``issue`` was built, or None where there is none."""
    before = IssuePage.objects.in_use().before(issue).newest_first().first()
    if before is None:
        return None
    places = (
        ArticlePage.objects.child_of(before)
        .not_withdrawn()
        .in_print_order()
        .values_list("folio", "section", "section__name")
    )
    runs = tuple(
        RunBefore(folio, section, name or "", sum(1 for _ in run))
        for (folio, section, name), run in groupby(places)
    )
    return Skeleton(before.title, runs) if runs else None
