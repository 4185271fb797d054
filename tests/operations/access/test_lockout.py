"""Who guesses passwords is shut out, however it is tried, and nobody learns who is here."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, PageViewRestriction

from accounts.models import User
from operations.access import lockout
from operations.access.noting import UNKNOWN
from tests.factories import make_public_issue, make_user

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"


@pytest.fixture
def editor(db: None) -> User:
    cache.clear()  # what other tests asked for counts no more
    return make_user("编辑", username="editor", email="editor@example.org")


def attempt(name: str = "editor", password: str = "no", **fields: Any) -> Any:
    return Client(**fields).post(LOGIN, {"username": name, "password": password})


def test_five_wrong_passwords_shut_the_door_even_for_the_right_one(editor: User) -> None:
    assert [attempt().status_code for _ in range(6)] == [200, 200, 200, 200, 429, 429]
    shut = attempt(password="x")
    assert shut.status_code == 429
    assert shut["Retry-After"] == "1800"
    assert "请过30分钟再登录" in shut.content.decode()


def test_the_door_opens_by_itself(editor: User) -> None:
    for _ in range(6):
        attempt()
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=31))
    assert attempt().status_code == 200
    assert attempt(password="x").status_code == 302


def test_the_right_password_forgets_the_slips(editor: User) -> None:
    for _ in range(3):
        for _ in range(3):
            assert attempt().status_code == 200
        assert attempt(password="x").status_code == 302


@pytest.mark.parametrize("name", ["EDITOR", " editor ", "Editor", "ｅｄｉｔｏｒ"])
def test_another_spelling_is_the_same_name(name: str, editor: User) -> None:
    for _ in range(4):
        attempt()
    assert attempt(name).status_code == 429


def test_a_made_up_proxy_header_changes_nothing(editor: User, settings) -> None:
    answers = [attempt(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}").status_code for n in range(6)]
    assert answers[-1] == 429
    # Behind one proxy of ours, what it added counts, not what the sender put to the left of it.
    settings.PROXIES = 1
    AccessAttempt.objects.all().delete()
    answers = [
        attempt(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}, 203.0.113.7").status_code for n in range(6)
    ]
    assert answers[-1] == 429
    assert attempt(password="x", HTTP_X_FORWARDED_FOR="203.0.113.8").status_code == 302


def test_a_household_has_one_address_in_ipv6(editor: User) -> None:
    answers = [attempt(REMOTE_ADDR=f"2001:db8::{n:x}").status_code for n in range(1, 7)]
    assert answers[-1] == 429
    assert attempt(password="x", REMOTE_ADDR="2001:db8:0:1::1").status_code == 302


def test_an_outsider_does_not_shut_the_owner_out(editor: User) -> None:
    for _ in range(8):
        attempt(REMOTE_ADDR="203.0.113.9")
    assert attempt(password="x").status_code == 302


def test_a_name_is_not_guessed_at_from_many_addresses(editor: User) -> None:
    answers = [attempt(REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(55)]
    assert answers.count(200) < lockout.FROM_ANYWHERE
    assert answers[-1] == 429


def test_an_address_does_not_try_many_names(editor: User) -> None:
    answers = [attempt(f"name{n}").status_code for n in range(35)]
    assert answers.count(200) < lockout.BY_ONE
    assert answers[-1] == 429


def test_an_account_of_ones_own_does_not_buy_more_guesses(editor: User) -> None:
    make_user("编辑", username="insider")
    answers = []
    for _ in range(6):
        answers.append(attempt().status_code)
        attempt("insider", password="x")
    assert answers[-1] == 429


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, all threads share one")
def test_many_at_once_are_no_more_than_five(editor: User, monkeypatch) -> None:
    looked_at: list[str] = []
    check = User.check_password
    monkeypatch.setattr(
        User, "check_password", lambda self, raw: looked_at.append(raw) or check(self, raw)
    )
    begin = threading.Barrier(12)

    def guess(number: int) -> None:
        begin.wait()
        attempt(password=f"guess{number}")
        connections.close_all()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(looked_at) <= lockout.AT_HOME
    assert looked_at


@pytest.mark.parametrize("name", ["editor", "nobody", "gone"])
def test_answers_do_not_tell_who_is_here(name: str, editor: User) -> None:
    make_user("编辑", username="gone", is_active=False)
    answers = [attempt(name) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429, 429]
    assert [answer.context["form"].non_field_errors() for answer in answers[:1]] != []
    text = answers[-1].content.decode()
    assert name not in text


def test_a_name_nobody_has_costs_a_look_at_a_password_too(editor: User, monkeypatch) -> None:
    hashed: list[str] = []
    set_password = User.set_password
    monkeypatch.setattr(
        User, "set_password", lambda self, raw: hashed.append(raw) or set_password(self, raw)
    )
    attempt("nobody")
    assert hashed == ["no"]


def test_what_was_typed_as_a_name_is_not_kept(editor: User) -> None:
    for _ in range(6):
        attempt("my secret password")
    kept = str(list(ModelLogEntry.objects.values())) + str(
        list(ModelLogEntry.objects.values("data"))
    )
    assert ModelLogEntry.objects.filter(action="access.locked_out", label=UNKNOWN).exists()
    assert "secret" not in kept


@pytest.mark.parametrize(("role", "may"), [("总编", True), ("责任编辑", False), ("编辑", False)])
def test_the_chief_editor_opens_the_door_again(role: str, may: bool, editor: User) -> None:
    for _ in range(6):
        attempt()
    chief = Client(REMOTE_ADDR="203.0.113.20")
    chief.force_login(make_user(role))
    page = chief.get("/admin/reports/security/")
    assert ("解除登录暂停" in page.content.decode()) is may
    chief.post("/admin/reports/security/unlock/", {"name": "editor"})
    assert (attempt(password="x").status_code == 302) is may


@pytest.mark.parametrize(
    ("tried", "field"),
    [
        ([(f"name{n}", "203.0.113.7") for n in range(31)], {"address": "203.0.113.7"}),
        ([("editor", f"198.51.100.{n}") for n in range(51)], {"name": "editor"}),
    ],
)
def test_every_kind_of_lock_is_shown_and_opened(
    tried: list[tuple[str, str]], field: dict[str, str], editor: User
) -> None:
    for name, address in tried:
        attempt(name, REMOTE_ADDR=address)
    assert attempt(password="x", REMOTE_ADDR="203.0.113.7").status_code == 429
    chief = Client(REMOTE_ADDR="203.0.113.20")
    chief.force_login(make_user("总编"))
    assert (
        'value="{}"'.format(*field.values())
        in chief.get("/admin/reports/security/").content.decode()
    )

    chief.post("/admin/reports/security/unlock/", field)
    assert attempt(password="x", REMOTE_ADDR="203.0.113.7").status_code == 302
    assert ModelLogEntry.objects.filter(action="access.unlock").exists()


def test_the_password_of_a_page_is_not_guessed_at(editor: User) -> None:
    page = make_public_issue(450)
    shut = PageViewRestriction.objects.create(
        page=page, restriction_type=PageViewRestriction.PASSWORD, password="工会"
    )
    where = f"/_util/authenticate_with_password/{shut.pk}/{page.pk}/"
    sent = {"password": "不对", "return_url": "/450/"}
    answers = [Client().post(where, sent) for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {200}
    assert answers[30].status_code == 429
    assert "密码试的次数太多" in answers[30].content.decode()


@pytest.mark.parametrize("email", ["editor@example.org", "nobody@example.org"])
def test_asking_for_a_new_password_answers_alike(email: str, editor: User) -> None:
    answer = Client().post("/admin/password_reset/", {"email": email})
    assert answer["Location"] == "/admin/password_reset/done/"
    assert len(mail.outbox) == (email == editor.email)


def test_the_link_in_the_mail_leads_to_us_whatever_host_was_asked(editor: User, settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.WAGTAILADMIN_BASE_URL = "https://paper.example"
    Client(HTTP_HOST="evil.example").post("/admin/password_reset/", {"email": editor.email})
    assert "https://paper.example/admin/password_reset/confirm/" in mail.outbox[0].body
    assert "evil.example" not in mail.outbox[0].body


def test_nobody_is_pestered_with_mails(editor: User) -> None:
    for _ in range(14):
        answer = Client().post("/admin/password_reset/", {"email": editor.email})
        assert answer["Location"] == "/admin/password_reset/done/"
    assert len(mail.outbox) == 10
