"""What the foot of the article editor offers: save, submit, sign; never "publish"."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.action_menu import ActionMenuItem

from articles.models import ArticlePage
from newsroom.pages import PaperPage

WAGTAILS_OWN = {"action-publish", "action-unpublish"}


class SignMenuItem(ActionMenuItem):
    """Sign what is on the screen."""

    label = "定稿"
    name = "action-sign"
    icon_name = "check"
    order = 5

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return (
            isinstance(page, ArticlePage)
            and context["view"] == "edit"
            and not context["locked_for_user"]
            and not page.workflow_in_progress
            and page.permissions_for_user(context["request"].user).can_sign()
        )


def arrange_article_menu(
    items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]
) -> None:
    """Take out publishing, put in signing; saving stays what a click on the button does."""
    page = context.get("page")
    parent = context.get("parent_page")
    ours = isinstance(page, PaperPage) or isinstance(parent, PaperPage)
    if not ours:
        return
    items[:] = [item for item in items if item.name not in WAGTAILS_OWN]
    sign = SignMenuItem()
    if sign.is_shown(context):
        items.insert(1, sign)
