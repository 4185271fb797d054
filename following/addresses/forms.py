"""What an editor posts: an old address and where it leads, or a table of them."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from wagtail.contrib.redirects.forms import RedirectForm

from .tables import Row, TableRefused, read_table


class ImportForm(forms.Form):
    """A table, and what is to happen with rows that are wrong."""

    table = forms.FileField(
        label="表格文件",
        help_text="CSV（用Excel存的就行）或XLSX：第一列旧网址，第二列转到哪里。",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )
    skip_faulty = forms.BooleanField(
        label="跳过有错的行，导入其余各行",
        required=False,
        help_text="不勾选时，只要有一行不对，就什么都不导入。",
    )
    elsewhere = forms.BooleanField(
        label="允许转到别的网站",
        required=False,
        help_text="不勾选时，只能转到本站的网址。",
    )

    def clean_table(self) -> list[Row]:
        """Return the rows of the table."""
        try:
            return read_table(self.cleaned_data["table"].read())
        except TableRefused as refused:
            raise forms.ValidationError(str(refused)) from refused


def check_redirects() -> None:
    """Have Wagtail's form of a redirect refuse what is no address; once, when the apps are ready.

    By itself it fails on one, when it looks whether there is such a redirect already.
    """
    RedirectForm.base_fields["old_path"].validators.append(_refuse_no_address)


def _refuse_no_address(text: str) -> None:
    try:
        urlsplit(text)
    except ValueError:
        raise forms.ValidationError("网址写得不对。请从浏览器的地址栏里复制。") from None
