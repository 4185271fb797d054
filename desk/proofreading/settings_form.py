"""The form in which editors choose the rules of proofreading."""

from __future__ import annotations

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm

from .rules import RULES


def _choices() -> list[tuple[str, str]]:
    return [(rule.code, rule.title) for rule in RULES]


class ProofreadingSettingsForm(WagtailAdminModelForm):
    """The settings, with the rules to tick."""

    switched_off = forms.MultipleChoiceField(
        label="不查的规则",
        required=False,
        choices=_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾上的不再提示，各期都一样。只想让某一处安静，请在那一处按“原文如此”。",
        error_messages={"invalid_choice": "没有这条规则，请刷新页面再选。"},
    )

    class Media:
        css = {"all": ["css/proofreading.css"]}

    def clean_switched_off(self) -> list[str]:
        """Keep the codes in one order, so that the same choice is the same row."""
        return sorted(self.cleaned_data["switched_off"])
