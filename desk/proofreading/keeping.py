"""Take a pasted list into the house's table of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from wagtail.log_actions import log

from .lists import MOST_LINES, PastedRule, State, read_pasted
from .models import WordRule

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["KeepingRefused", "add_word_rules", "preview_word_rules"]


class KeepingRefused(PermissionDenied):
    """Nothing was taken in; the message says why and what to do, in Chinese."""


def preview_word_rules(text: str) -> list[PastedRule]:
    """Return what would become of each pasted line; nothing is written. Raises KeepingRefused."""
    if len(text.splitlines()) > MOST_LINES:
        raise KeepingRefused(f"没有收下：一次最多粘贴{MOST_LINES}行，请分几次。")
    return read_pasted(text, dict(WordRule.objects.values_list("wrong", "right")))


@transaction.atomic
def add_word_rules(*, text: str, by: User) -> list[WordRule]:
    """Add the new ones among the pasted lines; what is known, doubled or in conflict is left out.

    Raises KeepingRefused when ``by`` may not, or when there is too much of it.
    """
    if not by.has_perm("desk.add_wordrule"):
        raise KeepingRefused("没有收下：您没有修改校对词表的权限，请找责任编辑或总编。")
    added = []
    for pasted in preview_word_rules(text):
        if pasted.state is not State.NEW:
            continue
        rule = WordRule(wrong=pasted.wrong, right=pasted.right)
        try:
            rule.full_clean()
        except ValidationError as error:
            reasons = "、".join(error.messages)
            raise KeepingRefused(
                f"一条也没有收下：第{pasted.line}行“{pasted.text}”：{reasons}"
            ) from error
        rule.save()
        log(instance=rule, action="wagtail.create", user=by)
        added.append(rule)
    return added
