"""Sessions end with what they began with: password, role, account, and in time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import User
from desk.founding import set_up
from operations.access.noting import tidy
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db: None) -> User:
    return make_user("编辑", username="editor")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/", headers={"accept": "text/html"}).status_code == 200


def new_password(user: User) -> None:
    user.set_password("another")
    user.save()


def switched_off(user: User) -> None:
    user.is_active = False
    user.save()


def made_admin(user: User) -> None:
    user.is_superuser = True
    user.save()


def other_role(user: User) -> None:
    user.groups.set([Group.objects.get(name="总编")])


def taken_from_role(user: User) -> None:
    Group.objects.get(name="编辑").user_set.remove(user)


@pytest.mark.parametrize(
    "change", [new_password, switched_off, made_admin, other_role, taken_from_role]
)
def test_every_session_ends_with(change: Callable[[User], None], editor: User) -> None:
    client = signed_in(editor)
    colleague = signed_in(make_user("编辑"))
    change(User.objects.get(pk=editor.pk))
    assert not is_in(client)
    assert is_in(colleague)


def test_another_name_or_mail_address_ends_nothing(editor: User) -> None:
    client = signed_in(editor)
    user = User.objects.get(pk=editor.pk)
    user.email = "new@example.org"
    user.save()
    user.groups.set([Group.objects.get(name="编辑")])
    assert is_in(client)


def test_changing_ones_own_password_ends_the_other_sessions(editor: User) -> None:
    here, elsewhere = signed_in(editor), signed_in(editor)
    answer = here.post(
        "/admin/account/",
        {
            "name_email-email": "editor@example.org",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
            "password-old_password": "x",
            "password-new_password1": "四平八稳的一个长口令",
            "password-new_password2": "四平八稳的一个长口令",
        },
    )
    assert answer.status_code == 302, answer.context["panels_by_tab"]
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_session_ends_after_a_day_however_busy(editor: User, settings) -> None:
    client = signed_in(editor)
    session = client.session
    session["began"] -= settings.SESSION_HOURS * 3600 + 1
    session.save()
    assert not is_in(client)


def test_work_prolongs_a_session_and_an_open_window_does_not(editor: User) -> None:
    client = signed_in(editor)

    def after(path: str, **headers: str) -> bool:
        session = client.session
        session["seen"] -= 1000
        session.save()
        before = Session.objects.get(pk=session.session_key).expire_date
        client.get(path, headers=headers)
        return Session.objects.get(pk=session.session_key).expire_date > before

    assert not after("/admin/", accept="application/json")
    assert after("/admin/", accept="text/html")


def test_what_is_old_is_forgotten_and_the_rest_stays(editor: User, settings) -> None:

    signed_in(editor)
    ModelLogEntry.objects.log_action(editor, "wagtail.edit", user=editor)
    tidy(timezone.now() + timedelta(days=settings.SIGN_IN_LOG_DAYS + 1))
    assert list(ModelLogEntry.objects.values_list("action", flat=True)) == ["wagtail.edit"]
    assert not Session.objects.exists()


@pytest.mark.parametrize(
    "password",
    [
        *(
            "13812345678",
            "a13812345678",
            "woaini1314520",
            "5201314woaini",
            "qwertyuiop",
            "1qaz2wsx3edc",
        ),
        *(
            "admin12345",
            "Hangzhou2022!",
            "hzgy@2022",
            "zongbian123",
            "aaaaaaaaaa",
            "short",
            "editor2022",
        ),
        *("password123", "1234567890", "gongyun520", "iloveyou1314"),
    ],
)
def test_what_people_try_first_is_no_password(password: str, editor: User) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, editor)
    assert all(any(letter >= "\u4e00" for letter in said) for said in refused.value.messages)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "西湖三潭印月的倒影里", "tG7vRk2pXw9s"]
)
def test_a_long_one_of_ones_own_is_good(password: str, editor: User) -> None:
    validate_password(password, editor)


def test_the_first_password_of_all_is_good(unfounded: None) -> None:
    admin = set_up(admin_name="chief")
    assert admin is not None
    validate_password(admin.password, User.objects.get(username="chief"))
