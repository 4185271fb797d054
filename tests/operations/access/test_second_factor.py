"""A second step by phone: enrolling, signing in, codes for when it is lost, and its end."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from wagtail.models import ModelLogEntry

from accounts.models import User
from newsroom.circulation import Extent
from newsroom.models import CirculationSettings
from operations.access import second_factor
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOGIN, STEP, PHONE = "/admin/login/", "/admin/second-step/", "/admin/phone/"


@pytest.fixture
def editor(db: None) -> User:
    return make_user("编辑", username="editor")


def now_on(device: TOTPDevice, *, later: int = 0) -> str:
    """Return what the phone shows, so many steps later."""
    totp = TOTP(device.bin_key, drift=later)
    return f"{totp.token():06}"


def enrolled(user: User) -> list[str]:
    waiting = second_factor.prepare(user)
    codes = second_factor.enrol(user=user, waiting=waiting, code=now_on(waiting))
    assert codes is not None
    # What was just used is not taken twice; the test does not wait for the next half minute.
    TOTPDevice.objects.filter(user=user).update(last_t=-1)
    return codes


def enrol_here(client: Client) -> None:
    client.get(PHONE)
    client.post(PHONE, {"code": now_on(TOTPDevice.objects.get())})


def password(client: Client, name: str = "editor", **fields: Any) -> Any:
    return client.post(LOGIN, {"username": name, "password": "x", **fields})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_enrolling_shows_the_key_then_the_codes_once(client: Client, editor: User) -> None:
    client.force_login(editor)
    page = client.get(PHONE)
    key = page.context["secret"].replace(" ", "")
    assert base64.b32decode(key) == TOTPDevice.objects.get().bin_key
    assert "data:image/svg+xml" in page.content.decode()
    assert "验证码不对" in client.post(PHONE, {"code": "000000"}).content.decode()
    TOTPDevice.objects.update(throttling_failure_count=0)

    codes = client.post(PHONE, {"code": now_on(TOTPDevice.objects.get())}).context["codes"]

    assert len(set(codes)) == 10
    again = client.get(PHONE).content.decode()
    assert "还有10个恢复码" in again
    assert not any(code in again for code in codes)
    assert is_in(client)


def test_a_key_that_somebody_else_saw_is_not_the_one_that_is_enrolled(editor: User) -> None:
    thief, owner = Client(), Client()
    keys = []
    for visitor in (thief, owner):
        visitor.force_login(editor)
        keys.append(visitor.get(PHONE).context["secret"])
    stolen = thief.post(PHONE, {"code": now_on(TOTPDevice.objects.get())})
    assert "密钥已经换了" in stolen.content.decode()
    assert second_factor.device_of(editor) is None

    # By that the owner's key was put away, too; each look shows another.
    keys.append(stolen.context["secret"])
    keys.append(owner.get(PHONE).context["secret"])
    wrong = owner.post(PHONE, {"code": "000000"})
    assert wrong.context["secret"] == keys[-1]  # as it was scanned
    assert len(set(keys)) == 4
    TOTPDevice.objects.update(throttling_failure_count=0)
    assert owner.post(PHONE, {"code": now_on(TOTPDevice.objects.get())}).context["codes"]


def test_the_readers_door_asks_for_the_second_step_too(client: Client, editor: User) -> None:
    enrolled(editor)
    CirculationSettings.objects.create(extent=Extent.EVERYTHING)
    sent = {"username": "editor", "password": "x", "next": "/archive/"}
    assert client.post("/login/", sent)["Location"] == STEP
    assert client.get("/archive/").status_code == 403
    code = now_on(TOTPDevice.objects.get())
    assert client.post(STEP, {"code": code})["Location"] == "/archive/"
    assert client.get("/archive/").status_code == 200
    assert not client.session.get_expire_at_browser_close()


def test_no_other_door_takes_a_password(client: Client, editor: User) -> None:
    enrolled(editor)
    sent = {"username": "editor", "password": "x"}
    assert client.post("/_util/login/", sent)["Location"] == LOGIN
    assert "_auth_user_id" not in client.session


def test_a_password_alone_lets_nobody_in(client: Client, editor: User) -> None:
    enrolled(editor)
    assert password(client)["Location"] == STEP
    assert not is_in(client)
    assert "_auth_user_id" not in client.session
    wrong = client.post(STEP, {"code": "000000"})
    assert "验证码不对" in wrong.content.decode()
    assert not is_in(client)


@pytest.mark.parametrize("written", ["{}", " {} ", "full-width"])
def test_the_number_on_the_phone_lets_in(client: Client, editor: User, written: str) -> None:
    enrolled(editor)
    password(client, next="/admin/account/")
    code = now_on(TOTPDevice.objects.get())
    wide = code.translate({ord(str(n)): chr(ord("０") + n) for n in range(10)})
    answer = client.post(STEP, {"code": wide if written == "full-width" else written.format(code)})
    assert answer["Location"] == "/admin/account/"
    assert is_in(client)


def test_a_number_is_taken_once(client: Client, editor: User) -> None:
    enrolled(editor)
    code = now_on(TOTPDevice.objects.get())
    for visitor, way in ((client, "/admin/"), (Client(), None)):
        password(visitor)
        assert visitor.post(STEP, {"code": code}).headers.get("Location") == way


def test_a_recovery_code_lets_in_once(client: Client, editor: User) -> None:
    code = enrolled(editor)[3]
    for visitor, way in ((client, "/admin/"), (Client(), None)):
        password(visitor)
        assert visitor.post(STEP, {"code": code.upper()}).headers.get("Location") == way
    assert second_factor.codes_left(editor) == 9


def test_the_database_does_not_hold_the_recovery_codes(editor: User) -> None:
    codes = {code.replace("-", "") for code in enrolled(editor)}
    assert codes.isdisjoint(StaticToken.objects.values_list("token", flat=True))


def test_guessing_gets_slower_and_says_so(client: Client, editor: User) -> None:
    enrolled(editor)
    password(client)
    client.post(STEP, {"code": "000000"})
    TOTPDevice.objects.update(throttling_failure_count=5)
    right = client.post(STEP, {"code": now_on(TOTPDevice.objects.get())}).content.decode()
    assert re.search(r"请过1[56]秒再填", right)
    assert not is_in(client)


def test_nobody_who_guesses_shuts_the_owner_out_for_long(client: Client, editor: User) -> None:
    code = enrolled(editor)[0]
    long_ago = timezone.now() - timedelta(days=1)
    for _ in range(second_factor.MOST_SLIPS + 3):
        TOTPDevice.objects.update(throttling_failure_timestamp=long_ago)
        second_factor.check(user=editor, code="000000")
    until = second_factor.free_again_at(editor, "000000")
    assert until is not None
    assert timedelta(minutes=8) < until - timezone.now() < timedelta(minutes=15)

    password(client)
    assert client.post(STEP, {"code": code})["Location"] == "/admin/"


def test_half_way_is_no_way_without_a_password_or_after_ten_minutes(
    client: Client, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolled(editor)
    assert client.get(STEP)["Location"] == LOGIN
    password(client)
    assert client.get(STEP).status_code == 200
    monkeypatch.setattr("operations.access.views.PATIENCE", -1)
    assert client.get(STEP)["Location"] == LOGIN


def test_half_way_ends_when_the_password_changes(client: Client, editor: User) -> None:
    enrolled(editor)
    password(client)
    editor.set_password("y")
    editor.save()
    assert client.post(STEP, {"code": now_on(TOTPDevice.objects.get())})["Location"] == LOGIN


def test_enrolling_ends_the_other_sessions(client: Client, editor: User) -> None:
    elsewhere = Client()
    for visitor in (client, elsewhere):
        visitor.force_login(editor)
    enrol_here(client)
    assert is_in(client)
    assert not is_in(elsewhere)


def test_a_session_that_never_took_the_second_step_is_no_use(client: Client, editor: User) -> None:
    enrolled(editor)
    client.force_login(User.objects.get(pk=editor.pk))
    assert client.get("/admin/").status_code == 302


def test_required_means_nothing_before_enrolling(client: Client, editor: User, settings) -> None:
    settings.SECOND_FACTOR = "required"
    assert password(client)["Location"] == "/admin/"
    for address in ("/admin/", "/admin/account/", reverse("wagtailimages:index")):
        assert client.get(address)["Location"] == PHONE
    assert client.get(PHONE).status_code == 200
    client.post(PHONE, {"code": now_on(TOTPDevice.objects.get())})
    assert is_in(client)


def test_off_asks_nobody(client: Client, editor: User, settings) -> None:
    enrolled(editor)
    settings.SECOND_FACTOR = "off"
    assert password(client)["Location"] == "/admin/"
    assert is_in(client)
    assert client.get(PHONE).status_code == 302


def test_one_takes_ones_own_away_with_a_code_only(client: Client, editor: User) -> None:
    client.force_login(editor)
    enrol_here(client)
    client.post(PHONE, {"code": "000000", "take_away": "1"})
    assert second_factor.device_of(editor) is not None
    TOTPDevice.objects.update(throttling_failure_count=0, last_t=-1)
    client.post(PHONE, {"code": now_on(TOTPDevice.objects.get()), "take_away": "1"})
    assert second_factor.device_of(editor) is None
    assert is_in(client)


@pytest.mark.parametrize(("role", "may"), [("admin", True), ("总编", False), ("编辑", False)])
def test_only_who_keeps_the_accounts_takes_it_away(role: str, may: bool, editor: User) -> None:
    enrolled(editor)
    fields = {"is_superuser": True} if role == "admin" else {}
    by = make_user("" if role == "admin" else role, **fields)
    client = Client()
    client.force_login(by)
    client.post(reverse("take_away_second_factor", args=[editor.pk]))
    assert (second_factor.device_of(editor) is None) is may
    assert ModelLogEntry.objects.filter(action="access.take_away", user=by).exists() is may


def test_the_admin_who_lost_everything_has_a_command(editor: User) -> None:
    enrolled(editor)
    call_command("reset_second_factor", "editor")
    assert second_factor.device_of(editor) is None


def test_what_happens_is_noted_without_the_code(client: Client, editor: User) -> None:
    code = enrolled(editor)[0]
    password(client)
    client.post(STEP, {"code": "000000"})
    TOTPDevice.objects.update(throttling_failure_count=0)
    client.post(STEP, {"code": code})
    entries = ModelLogEntry.objects.filter(action__startswith="access.")
    assert set(entries.values_list("action", flat=True)) == {
        *("access.enrol", "access.codes", "access.wrong_code", "access.code_used", "access.login"),
    }
    assert code not in str(list(entries.values()))
