"""The words for what happened to contributions, in the log."""

from typing import Any


def register_actions(actions: Any) -> None:
    """Name our verbs for Wagtail's log."""
    for action, label in (
        ("contributions.view", "打开"),
        ("contributions.record", "查看历次来稿与见报"),
        ("contributions.download", "下载附件"),
        ("contributions.export", "导出"),
        ("contributions.assign", "指派经办人"),
        ("contributions.star", "加星标"),
        ("contributions.unstar", "去掉星标"),
        ("contributions.status", "改变进展"),
        ("contributions.ask", "给投稿人留言"),
        ("contributions.answer", "投稿人答复"),
        ("contributions.note", "写内部备注"),
        ("contributions.clear_flag", "取消重复标记"),
        ("contributions.convert", "转为稿件"),
        ("contributions.printed", "见报"),
        ("contributions.mail_given_up", "通知邮件放弃发送"),
        ("contributions.erase", "彻底删除"),
        ("contributions.forget_contact", "清除联系方式"),
    ):
        actions.register_action(action, label, label)
