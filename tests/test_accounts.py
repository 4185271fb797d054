"""The people who log in: what they may say of themselves."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("names", [("王", "某"), ("", "")])
def test_nobody_signs_under_a_name_of_their_own_choice(client: Client, names) -> None:
    user = make_user("编辑", last_name=names[0], first_name=names[1])
    client.force_login(user)
    called = str(user)

    answer = client.post(
        reverse("wagtailadmin_account"),
        {
            "name_email-last_name": "总",
            "name_email-first_name": "编",
            "name_email-email": "wang@example.com",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "theme-keyboard_shortcuts": "on",
        },
    )

    assert answer.status_code == 302
    user.refresh_from_db()
    assert (str(user), user.email) == (called, "wang@example.com")
