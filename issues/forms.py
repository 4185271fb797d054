"""The issue's form: everything proposed, the lunar date following the date."""

from __future__ import annotations

from typing import Any

from wagtail.admin.forms import WagtailAdminPageForm

from newsroom.cjk import clean_line

from .sequence import lunar_or_nothing, propose_next

PROPOSED = ("number", "date", "lunar_date", "responsible_editor", "imprint")


class IssueForm(WagtailAdminPageForm):
    """What the editor of an issue posts."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and not self.instance.number:
            self._propose()

    def _propose(self) -> None:
        """Fill a new form with what follows from the last issue."""
        proposal = propose_next(type(self.instance).objects, beside_drafts=True)
        for name in PROPOSED:
            if name in self.fields:
                self.initial[name] = getattr(proposal, name)
        formset = self.formsets.get("folios")
        if formset is not None and not formset.is_bound:
            formset.initial = [
                {"number": number, "name": name, "responsible_editor": editor}
                for number, name, editor in proposal.folios
            ]
            formset.extra = len(formset.initial)

    def clean(self) -> dict[str, Any]:
        """Let the lunar date follow a changed date, unless somebody typed one."""
        data = super().clean()
        day = data.get("date")
        follows = "date" in self.changed_data and "lunar_date" not in self.changed_data
        if day and (follows or not data.get("lunar_date")):
            data["lunar_date"] = lunar_or_nothing(day)
        for name in ("lunar_date", "responsible_editor"):
            if data.get(name):
                data[name] = clean_line(data[name])
        if "number" in self.changed_data and not self._may_renumber():
            self.add_error(
                "number",
                "这一期出版过，期号就是它的网址，改了读者手里的链接就打不开。确实要改，请找管理员。",
            )
        return data

    def _may_renumber(self) -> bool:
        """Whether the number is still no address that readers have, or the admin changes it."""
        never_out = self.instance.first_published_at is None
        return never_out or self.for_user is None or self.for_user.is_superuser

    def is_valid(self) -> bool:
        """Refuse two folios of one number, and to lose or move a printed page with its folio."""
        valid = super().is_valid()
        formset = self.formsets.get("folios")
        if formset is not None and valid:
            numbers = [
                form.cleaned_data["number"]
                for form in formset.forms
                if form.cleaned_data.get("number") and not form.cleaned_data.get("DELETE")
            ]
            if len(numbers) != len(set(numbers)):
                formset._non_form_errors.append("有两个版的版次相同，请改成不同的版次。")
                return False
            for form in formset.forms:
                if form.cleaned_data.get("DELETE") and form.instance.has_page:
                    formset._non_form_errors.append(
                        f"第{form.instance.number}版有版面图，不能直接删。"
                        "请先到“版面”里撤下它的版面，再删这一版。"
                    )
                    return False
                if "number" in form.changed_data and form.instance.has_page:
                    formset._non_form_errors.append(
                        f"第{form.initial['number']}版有版面图，不能直接改版次。"
                        "请先到“版面”里撤下它的版面，改了版次再重新上传。"
                    )
                    return False
        return valid
