"""The form in which 总编 says whom the paper is open to."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import HelpPanel
from wagtail.log_actions import LogFormatter, log

from .limits import forwarded_address

__all__ = ["CirculationChanged", "CirculationForm", "YourAddressPanel"]


class CirculationForm(WagtailAdminModelForm):
    """Whom the paper is open to; what was changed is told in the log, before and after."""

    def save(self, commit: bool = True) -> Any:
        before = {name: self.initial.get(name) for name in self.changed_data}
        saved = super().save(commit)
        if before:
            changes = [
                [_label(saved, name), _said(saved, name, old), _said(saved, name)]
                for name, old in before.items()
            ]
            log(
                instance=saved,
                action="newsroom.circulation",
                user=self.for_user,
                data={"changes": changes},
            )
        return saved


def _label(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def _said(row: Any, name: str, *value: Any) -> str:
    """Return a field's value, or that of ``row``, in the words of the screen."""
    said = value[0] if value else getattr(row, name)
    choices = dict(row._meta.get_field(name).choices or ())
    return "、".join(str(choices.get(said, said or "空")).split("\n"))


class CirculationChanged(LogFormatter):
    """What of the circulation was changed."""

    label = "改发行范围"

    def format_message(self, log_entry: Any) -> str:
        """Name each field with what it said before and after."""
        changes = log_entry.data.get("changes", [])
        told = "；".join(f"{field}：{old}→{new}" for field, old, new in changes)
        return f"改了发行范围（{told}）"


class YourAddressPanel(HelpPanel):
    """Tell from which address this very computer is seen: that of its network, if all is well."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["template"] = "newsroom/your_address.html"
        super().__init__(**kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the address by which we would judge it."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "address": forwarded_address(self.request)}
