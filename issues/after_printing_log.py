"""The words for what happens to an article after it was printed, in its history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wagtail.log_actions import LogFormatter

from articles.models import Correction


class Corrected(LogFormatter):
    """A correction was added; its words are in the log."""

    label = "登更正"
    begins = "登了更正"

    def format_message(self, log_entry: Any) -> str:
        """Tell the words: those before, and those after."""
        data = log_entry.data or {}
        told = [_quoted(data[part]) for part in ("before", "after") if part in data]
        return f"{self.begins}：{'　改为：'.join(told)}"


class Changed(Corrected):
    """A correction was worded anew."""

    label = "改更正"
    begins = "改了更正"


class Removed(Corrected):
    """A correction was taken from the readers."""

    label = "删更正"
    begins = "删了更正"


class Printed(LogFormatter):
    """An issue prints a correction, or is still to."""

    label = "刊登更正"

    def format_message(self, log_entry: Any) -> str:
        """Name the issue."""
        data = log_entry.data or {}
        issue = data.get("issue")
        return f"{f'第{issue}期刊登更正' if issue else '更正改为还没有刊登'}：{_quoted(data)}"


class Withdrawn(LogFormatter):
    """An article was taken from the readers."""

    label = "撤稿"
    begins = "撤稿"

    def format_message(self, log_entry: Any) -> str:
        """Tell the reason."""
        return f"{self.begins}：{(log_entry.data or {}).get('reason', '')}"


class Reinstated(Withdrawn):
    """A withdrawn article was given back."""

    label = "恢复见报"
    begins = "恢复见报，原撤稿原因"


def register_after_printing(actions: Any) -> None:
    """Name the verbs of correcting and withdrawing for Wagtail's log."""
    for name, formatter in (
        ("issues.correct", Corrected),
        ("issues.change_correction", Changed),
        ("issues.remove_correction", Removed),
        ("issues.print_correction", Printed),
        ("issues.withdraw", Withdrawn),
        ("issues.reinstate", Reinstated),
    ):
        actions.register_action(name)(formatter)


def _quoted(words: Mapping[str, Any]) -> str:
    """Return the words of a correction on one line."""
    kind = dict(Correction.Kind.choices).get(words.get("kind", ""), "")
    wrong = f"（原文：{words['wrong']}）" if words.get("wrong") else ""
    right = f"（更正为：{words['right']}）" if words.get("right") else ""
    return f"{words.get('date', '')} {kind} {words.get('text', '')}{wrong}{right}"
