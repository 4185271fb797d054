"""What somebody types to decide a fee, to close a month and to open it again."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from newsroom.cjk import clean_line

from .deciding import ShareWish
from .ledger import Line, mark_of
from .models import ArticleFee, Grade

MOST = 999
DEFAULT = "按设置"


def grades() -> list[tuple[str, str]]:
    """Return what can be chosen, first what the settings say."""
    return [("", DEFAULT), *((str(grade.pk), str(grade)) for grade in Grade.objects.all())]


class GradeField(forms.ChoiceField):
    """One of the grades, or what the settings say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=grades, required=False, **options)

    def clean(self, value: Any) -> Grade | None:
        """Return the grade, None for what the settings say."""
        chosen = super().clean(value)
        return Grade.objects.filter(pk=chosen).first() if chosen else None


class LineField(forms.CharField):
    """A line of text with nothing invisible in it."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class FeeForm(forms.Form):
    """Grade, adjustment and shares of one article, with the mark of what they were decided for."""

    grade = GradeField(label="等级", help_text="选“按设置”，就用“字数与稿费”里定的等级。")
    is_paid = forms.BooleanField(label="发稿费", required=False)
    adjustment = forms.DecimalField(
        label="加减（元）",
        required=False,
        max_digits=7,
        decimal_places=2,
        help_text="在按字数算出的文字稿酬上加或减，如：50 或 -20。",
    )
    note = LineField(label="说明", required=False, max_length=100, help_text="如：头条加奖")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, line: Line, fee: ArticleFee | None, data: Any = None) -> None:
        initial = {
            "grade": str(fee.grade_id or "") if fee else "",
            "is_paid": fee.is_paid if fee else True,
            "adjustment": fee.adjustment if fee else Decimal(0),
            "note": fee.note if fee else "",
            "seen": mark_of([line]),
        }
        super().__init__(data, initial=initial)
        self.line = line
        for place, payee in enumerate(line.payees):
            self.fields[f"weight-{place}"] = _whole_number(
                f"{payee.label}的份额", payee.weight, MOST
            )
            self.fields[f"pictures-{place}"] = _whole_number(
                f"{payee.label}的图片", payee.pictures, line.pictures
            )

    @property
    def payees(self) -> list[tuple[Any, Any, Any]]:
        """Each payee with the fields that are theirs."""
        return [
            (payee, self[f"weight-{place}"], self[f"pictures-{place}"])
            for place, payee in enumerate(self.line.payees)
        ]

    @property
    def shares(self) -> list[ShareWish]:
        """What was typed for each payee."""
        typed = self.cleaned_data
        return [
            ShareWish(typed[f"weight-{place}"], typed[f"pictures-{place}"])
            for place in range(len(self.line.payees))
        ]

    def decision(self) -> dict[str, Any]:
        """Return what was typed, as the verb takes it."""
        typed = self.cleaned_data
        return {
            "grade": typed["grade"],
            "is_paid": typed["is_paid"],
            "adjustment": typed["adjustment"] or Decimal(0),
            "note": typed["note"],
            "seen": typed["seen"],
            "shares": self.shares,
        }


class CloseForm(forms.Form):
    """The mark of the sheet that somebody has read."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReopenForm(forms.Form):
    """Why a month is opened again."""

    reason = LineField(label="重开的原因", max_length=200)


def _whole_number(label: str, initial: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        initial=initial,
        widget=forms.NumberInput(attrs={"aria-label": label}),
    )
