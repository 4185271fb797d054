"""Ways for articles to come into an issue that other apps add to its board.

An app below the desk registers a Wagtail hook and need not know the board:
``register_board_entrance`` names a function ``(issue, user)`` that returns a button, or None for
who may not use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail import hooks
from wagtail.admin.widgets.button import BaseButton

from issues.models import IssuePage

if TYPE_CHECKING:
    from accounts.models import User


def entrances(issue: IssuePage, user: User) -> list[BaseButton]:
    """Return the buttons that stand beside 粘贴稿件 for ``user``, in their order."""
    offered = (make(issue, user) for make in hooks.get_hooks("register_board_entrance"))
    return sorted(button for button in offered if button is not None)
