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


class PagesKept(LogFormatter):
    """Printed pages were kept."""

    label = "存版面"

    def format_message(self, log_entry: Any) -> str:
        numbers = (log_entry.data or {}).get("folios", [])
        return f"存了第{'、'.join(map(str, numbers))}版的版面"


class AreasDrawn(LogFormatter):
    """Where the articles stand on a page was changed."""

    label = "改热区"

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data or {}
        return f"改了第{data.get('folio')}版的热区，现有{data.get('areas')}块"


class PageRemoved(LogFormatter):
    """A printed page was taken away."""

    label = "撤版面"

    def format_message(self, log_entry: Any) -> str:
        return f"撤下了第{(log_entry.data or {}).get('folio')}版的版面"


def _named(numbers: list[int]) -> str:
    return f"{len(numbers)}篇（第{'、'.join(map(str, numbers))}篇）"


def register_actions(actions: Any) -> None:
    """Name the verbs on issues for Wagtail's log."""
    actions.register_action("issues.publish")(Published)
    actions.register_action("issues.schedule")(Scheduled)
    actions.register_action("issues.publish_refused")(Refused)
    actions.register_action("issues.keep_pages")(PagesKept)
    actions.register_action("issues.hot_areas")(AreasDrawn)
    actions.register_action("issues.remove_page")(PageRemoved)
    for action, label, message in (
        ("issues.unschedule", "取消定时", "取消了定时出版"),
        ("issues.unpublish", "撤下", "把这一期从报上撤下"),
        ("issues.undo", "撤销出版", "撤销了出版"),
        ("issues.share_preview", "分享预览", "做了一个预览链接"),
        ("issues.revoke_preview", "收回预览", "收回了预览链接"),
    ):
        actions.register_action(action, label, message)
