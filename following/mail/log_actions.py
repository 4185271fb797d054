"""The words for what happened to subscriptions, in the log."""

from typing import Any


def register_actions(actions: Any) -> None:
    """Name our verbs for Wagtail's log."""
    for action, label in (
        ("following.remove_subscription", "按读者要求删除邮件订阅"),
        ("following.drop_subscription", "邮箱接连拒收，删除邮件订阅"),
    ):
        actions.register_action(action, label, label)
