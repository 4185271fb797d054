"""Who may open the board of an issue; what they may do there each verb asks for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from issues.models import IssuePage, NewspaperPage
from issues.placing import why_not_place

if TYPE_CHECKING:
    from accounts.models import User


def may_begin(user: User) -> bool:
    """Whether ``user`` may make an issue."""
    paper = NewspaperPage.objects.first()
    return paper is not None and bool(paper.permissions_for_user(user).can_add_subpage())


def add_by_hand_url(user: User) -> str:
    """Return where an issue that follows no other is made, for those who may; else nothing."""
    paper = NewspaperPage.objects.first()
    if paper is None or not paper.permissions_for_user(user).can_add_subpage():
        return ""
    kind = (IssuePage._meta.app_label, IssuePage._meta.model_name)
    return f"{reverse('wagtailadmin_pages:add', args=[*kind, paper.pk])}?another=1"


def reason_not_to_place(issue: IssuePage, user: User) -> str:
    """Say why ``user`` may not place articles in ``issue``; nothing for those who may."""
    if issue.permissions_for_user(user).can_reorder_children():
        return ""
    return why_not_place(issue)
