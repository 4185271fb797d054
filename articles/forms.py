"""The article's form: clean copy in, placement handed on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.rich_text import RichText

from newsroom.cjk import clean_line, clean_text

from .copy import read_rich_text, whole_characters, without_indents

PLACEMENT = ("folio", "section", "prominence")
# The id of the one list of names that all byline fields of a page share.
KNOWN_NAMES = "known-names"
LINES = ("kicker", "title", "subhead")
# Not "autofocus": the browser would look for it while the tab is not yet shown.
FOCUSED = {
    "data-controller": "w-init w-focus",
    "data-action": "w-init:ready->w-focus#focus",
    "data-w-focus-target-value": "#id_title",
}


class NameInput(forms.TextInput):
    """A name, with the known contributors offered while typing (``panels.KnownNamesPanel``)."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"list": KNOWN_NAMES, "autocomplete": "off", **(attrs or {})})


class BylineForm(WagtailAdminModelForm):
    """One name; whoever is meant by it is found out at signing, unless the editor says so."""

    def clean(self) -> dict[str, Any]:
        """Take out what pasting brings along, and let a new name mean a new person."""
        data = super().clean()
        if data.get("name"):
            data["name"] = clean_line(data["name"])
        if "name" in self.changed_data and "contributor" not in self.changed_data:
            data["contributor"] = None
        return data


class RemarkForm(WagtailAdminModelForm):
    """One remark."""

    def clean(self) -> dict[str, Any]:
        """Take out what pasting brings along."""
        data = super().clean()
        if data.get("after"):
            data["after"] = clean_line(data["after"])
        if data.get("text"):
            data["text"] = clean_text(data["text"])
        return data


def place_of(article: Any) -> str:
    """Return the placement of ``article`` as the form keeps it."""
    fields = (article._meta.get_field(name) for name in PLACEMENT)
    return "|".join(str(field.value_from_object(article) or "") for field in fields)


class ArticleForm(WagtailAdminPageForm):
    """What the editor of an article posts.

    Placement is no part of the copy: the form leaves the page's own as it is and hands what the
    editor chose on as ``wanted_place``, for ``issues.placing`` to do after the save.
    """

    # The placement that this form showed. Only what the editor changed on it is wanted: somebody
    # else may have moved the article since.
    shown_place = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["shown_place"] = place_of(self.instance)
        if self.instance.pk is None:
            self._open_for_writing()
        if not self._may_place():
            for name in PLACEMENT:
                if name in self.fields:
                    self.fields[name].disabled = True

    def _open_for_writing(self) -> None:
        """Let a new article begin in its headline, ready for pasting and for the author."""
        if "title" in self.fields:
            self.fields["title"].widget.attrs.update(FOCUSED)
        if "body" in self.fields and not self.instance.body:
            block = self.fields["body"].block
            self.initial["body"] = block.to_python([{"type": "paragraph", "value": ""}])
        if "bylines" in self.formsets and not self.is_bound:
            self.formsets["bylines"].extra = 1

    def save(self, commit: bool = True) -> Any:
        """Save the copy; a new article is placed as chosen, an old one stays where it stands."""
        if self.instance.pk is not None:
            shown = self.data.get(self.add_prefix("shown_place"), "").split("|")
            stands = type(self.instance).objects.get(pk=self.instance.pk)
            self.instance.wanted_place = {}
            for name, was in zip(PLACEMENT, shown, strict=False):
                field = self.instance._meta.get_field(name)
                if str(getattr(self.instance, field.attname) or "") != was:
                    self.instance.wanted_place[name] = getattr(self.instance, name)
                setattr(self.instance, field.attname, getattr(stands, field.attname))
        return super().save(commit=commit)

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        """Tell an autosaved form where the article stands now, so that it can be moved back."""
        stands = type(self.instance).objects.get(pk=self.instance.pk)
        return [*super().get_field_updates_for_resave(), ("shown_place", place_of(stands))]

    def _may_place(self) -> bool:
        """Whether this user may place articles in this issue now."""
        if self.for_user is None or self.parent_page is None:
            return True
        return self.parent_page.permissions_for_user(self.for_user).can_reorder_children()

    def clean(self) -> dict[str, Any]:
        """Take out what pasting brings along: line breaks, invisible and direction characters."""
        data = super().clean()
        for name in LINES:
            if data.get(name):
                data[name] = clean_line(data[name])
        if data.get("standfirst"):
            data["standfirst"] = clean_text(data["standfirst"])
        if "title" in data and not data["title"] and "title" not in self.errors:
            self.add_error("title", "主题里没有可以见报的文字，请输入标题。")
        self._strip_pasted_indents(data.get("body") or ())
        return data

    def _strip_pasted_indents(self, body: Iterable[Any]) -> None:
        """Take out the indents of the lines that are new; what stood there before stands."""
        known = {
            line.text
            for block in self.instance.body.raw_data
            if block["type"] == "paragraph"
            for line in read_rich_text(block["value"])
        }
        for block in body:
            if block.block_type == "paragraph":
                source = whole_characters(block.value.source)
                block.value = RichText(without_indents(source, known=known))
