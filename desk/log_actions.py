"""The words for what editors did, in the history of a page."""

from typing import Any


def register_actions(actions: Any) -> None:
    """Name our verbs for Wagtail's log."""
    for action, label, message in (
        ("desk.sign", "定稿", "定稿"),
        ("desk.recall", "撤回定稿", "撤回定稿，退回草稿"),
        ("issues.place", "调整版面", "调整了版面位置"),
        ("issues.schedule", "定时出版", "安排了定时出版"),
        ("issues.unschedule", "取消定时", "取消了定时出版"),
    ):
        actions.register_action(action, label, message)
