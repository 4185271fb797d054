"""The form in which editors choose the rules of proofreading, and how grave each is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.log_actions import log

from .alarms import Level
from .rules import GROUPS, RULES, Rule

__all__ = ["OFF", "ProofreadingSettingsForm", "level_label"]

OFF = "off"
LEVELS = {**{level.value: level.label for level in Level}, OFF: "不查"}
BY_CODE = {rule.code: rule for rule in RULES}
NO_SUCH = "没有保存：有的规则或级别认不出来，可能软件刚升级过。请刷新页面再选一次。"


def level_label(rule: Rule, levels: Mapping[str, str]) -> str:
    """Return what is in force for a rule, as editors call it."""
    return LEVELS.get(levels.get(rule.code, rule.level), rule.level.label)


class RuleLevels(forms.Widget):
    """A table of the rules: what each says, its own level, and a list to choose another from."""

    template_name = "desk/proofreading/rule_levels.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        chosen = value if isinstance(value, Mapping) else {}
        return {
            **super().get_context(name, None, attrs),
            "levels": list(LEVELS.items()),
            "groups": [
                (
                    heading,
                    [(rule, f"{name}-{rule.code}", chosen.get(rule.code, "")) for rule in rules],
                )
                for heading, rules in GROUPS
            ],
        }

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> Any:
        """Take the template from the project, where the renderer of forms does not look."""
        return render_to_string(template_name, context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> dict[str, str]:
        """Return what was chosen for each rule that the form sent."""
        prefix = f"{name}-"
        return {
            key.removeprefix(prefix): str(data.get(key)) for key in data if key.startswith(prefix)
        }

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """A form that sent no rule at all leaves them as they are."""
        return not any(key.startswith(f"{name}-") for key in data)

    def use_required_attribute(self, initial: Any) -> bool:
        return False


class RuleLevelsField(forms.Field):
    """What the newsroom lays down otherwise than the rules themselves, by code."""

    widget = RuleLevels

    def clean(self, value: Any) -> dict[str, str]:
        """Keep what differs from a rule's own level, in one order."""
        chosen = {code: level for code, level in value.items() if level}
        if not (chosen.keys() <= BY_CODE.keys() and set(chosen.values()) <= LEVELS.keys()):
            raise ValidationError(NO_SUCH, code="no_such_rule")
        return {
            code: chosen[code]
            for code, rule in BY_CODE.items()
            if code in chosen and chosen[code] != rule.level
        }

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or {}) != (data or {})


class ProofreadingSettingsForm(WagtailAdminModelForm):
    """The settings, with a table of the rules; what changed in it is told in the log."""

    levels = RuleLevelsField(
        label="各条规则",
        required=False,
        help_text="“必须改”的没有改好或认可，本期不能出版；“不查”的各期都不再提示。"
        "只想让某一处安静，请在那一处按“原文如此”。",
    )

    class Media:
        css = {"all": ["css/proofreading.css"]}

    def save(self, commit: bool = True) -> Any:
        before = dict(self.initial.get("levels") or {})
        saved = super().save(commit)
        changes = [
            [rule.title, level_label(rule, before), level_label(rule, saved.levels)]
            for rule in RULES
            if level_label(rule, before) != level_label(rule, saved.levels)
        ]
        if changes:
            log(instance=saved, action="desk.rules", user=self.for_user, data={"changes": changes})
        return saved
