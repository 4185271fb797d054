"""What those who come in fill in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest
from wagtail.admin.forms.auth import PasswordResetForm

from newsroom.limits import TooMany, address_of, count

from .letters import send_reset

RESETS_OF_ONE, RESETS_IN_ALL = 10, 100  # an hour


class CodeForm(forms.Form):
    """A number from the phone, or a recovery code."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        help_text="手机上那六位数字。手机不在身边，就填一个恢复码。",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": ""}),
    )


class ResetForm(PasswordResetForm):
    """Asks for a new password by mail; answers alike, and as fast, for every address."""

    def save(self, *, request: HttpRequest, **kwargs: Any) -> None:
        """Leave the mail to the worker, unless too many are asked for."""
        try:
            count("reset", address_of(request), from_one=RESETS_OF_ONE, in_all=RESETS_IN_ALL)
        except TooMany:
            return
        send_reset.enqueue(self.cleaned_data["email"])
