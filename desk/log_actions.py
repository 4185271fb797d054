"""The words for what editors did, in the history of a page."""

from typing import Any

from wagtail.log_actions import LogFormatter


class RulesChanged(LogFormatter):
    """Which rules of proofreading got which level."""

    label = "改校对规则"

    def format_message(self, log_entry: Any) -> str:
        """Name each rule with its level before and after."""
        changes = log_entry.data.get("changes", [])
        told = "，".join(f"{title}：{old}→{new}" for title, old, new in changes)
        return f"改了校对规则（{told}）"


def register_actions(actions: Any) -> None:
    """Name our verbs for Wagtail's log."""
    for action, label, message in (
        ("desk.sign", "定稿", "定稿"),
        ("desk.send_back", "退回重审", "审稿中又有修改，退回重审"),
        ("desk.proof", "校对", "完成了一个校次"),
        ("desk.unproof", "取消校对", "取消了一个校次"),
        ("desk.accept_alarm", "认可提示", "认可了一处校对提示（原文如此）"),
        ("desk.unaccept_alarm", "撤销认可", "撤销了一处校对提示的认可"),
        ("desk.import", "导入", "导入了稿件"),
        ("desk.recall", "撤回定稿", "撤回定稿，退回草稿"),
        ("desk.fee", "核定稿费", "核定了稿费"),
        ("desk.close_fees", "稿费关账", "关账"),
        ("desk.reopen_fees", "稿费重开", "重开了关账的月份"),
        ("issues.place", "调整版面", "调整了版面位置"),
    ):
        actions.register_action(action, label, message)
    actions.register_action("desk.rules")(RulesChanged)
