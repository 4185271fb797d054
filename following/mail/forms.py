"""The forms for addresses: the reader's own, and the one somebody wants taken off the list."""

from __future__ import annotations

from typing import Any

from django import forms

from .subscribing import typed_address

LONGEST = 254  # RFC 5321
EMPTY = "请填写邮箱地址。"
WRONG = "邮箱地址好像不对，应该像 zhang@example.com 这样，请检查一下。"


class AddressField(forms.EmailField):
    """An e-mail address, read as it is meant."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": EMPTY, "invalid": WRONG, "max_length": WRONG}
        super().__init__(label="邮箱", max_length=LONGEST, error_messages=messages, **kwargs)

    def to_python(self, value: Any) -> Any:
        """Read what a Chinese keyboard wrote."""
        return super().to_python(typed_address(value) if isinstance(value, str) else value)


class SubscribeForm(forms.Form):
    """Where new issues are to go."""

    email = AddressField(
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )


class RemoveForm(forms.Form):
    """Whom to take off the list."""

    email = AddressField(widget=forms.EmailInput(attrs={"autocomplete": "off"}))
