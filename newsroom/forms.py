"""Forms of the editors' lists."""

from __future__ import annotations

from itertools import count
from typing import Any

from wagtail.admin.forms import WagtailAdminModelForm

from .models import Section


class SectionForm(WagtailAdminModelForm):
    """A section by its name; whoever has no word in Latin letters for its address needs none."""

    class Meta:
        model = Section
        fields = ("name", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = False
        self.fields["slug"].help_text = "可以不填。要填，只用小写字母和短横，如 workers-voice。"

    def clean_slug(self) -> str:
        """Return what was typed, or what the address has already, or the first free one."""
        typed: str = self.cleaned_data["slug"]
        return typed or self.instance.slug or free_slug()


def free_slug() -> str:
    """Return an address that no section has."""
    taken = set(Section.objects.values_list("slug", flat=True))
    return next(slug for number in count(1) if (slug := f"lanmu-{number}") not in taken)
