"""The words for what was done with issues, in their history."""

from __future__ import annotations

from typing import Any

from wagtail.log_actions import LogFormatter


class Published(LogFormatter):
    """An issue came out; the unfinished articles that 总编 left behind are named."""

    label = "出版"

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        if data.get("again"):
            return "把刊头的修改发布到报上"
        out, behind = data.get("articles", []), data.get("left_behind", [])
        said = f"出版，共{len(out)}篇"
        if behind:
            said += f"；未定稿的{_named(behind)}没有带上"
        return said


class Refused(LogFormatter):
    """The timer could not publish."""

    label = "到时没有出版"

    def format_message(self, log_entry: Any) -> str:
        return f"到时没有出版：{(log_entry.data or {}).get('reason', '')}"


class Scheduled(LogFormatter):
    """A time was set."""

    label = "定时出版"

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        behind = data.get("left_behind", []) if data.get("waived") else []
        return "安排了定时出版" + (f"，不带未定稿的{_named(behind)}" if behind else "")


def _named(numbers: list[int]) -> str:
    return f"{len(numbers)}篇（第{'、'.join(map(str, numbers))}篇）"


def register_actions(actions: Any) -> None:
    """Name the verbs on issues for Wagtail's log."""
    actions.register_action("issues.publish")(Published)
    actions.register_action("issues.schedule")(Scheduled)
    actions.register_action("issues.publish_refused")(Refused)
    for action, label, message in (
        ("issues.unschedule", "取消定时", "取消了定时出版"),
        ("issues.unpublish", "撤下", "把这一期从报上撤下"),
        ("issues.undo", "撤销出版", "撤销了出版"),
        ("issues.share_preview", "分享预览", "做了一个预览链接"),
        ("issues.revoke_preview", "收回预览", "收回了预览链接"),
    ):
        actions.register_action(action, label, message)
