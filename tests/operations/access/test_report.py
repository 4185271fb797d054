"""The security log tells who did what, to those who may see it, and takes no change."""

from __future__ import annotations

import pytest
from django.test import Client
from wagtail.log_actions import log

from accounts.models import User
from tests.contributions.factories import make_contribution
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOG = "/admin/reports/security/"


@pytest.fixture
def chief(db: None) -> User:
    return make_user("总编", username="chief", last_name="=总", first_name="编")


def test_it_tells_who_came_in_and_who_looked_at_what(client: Client, chief: User) -> None:
    client.post("/admin/login/", {"username": "chief", "password": "x"})
    log(make_contribution(title="秘密的标题"), "contributions.view", user=chief)
    page = client.get(LOG).content.decode()
    for told in ("登录", "打开来稿", "127.0.0.1", str(chief)):
        assert told in page
    assert "秘密的标题" not in page


def test_it_can_be_narrowed_down(client: Client, chief: User) -> None:
    client.post("/admin/login/", {"username": "chief", "password": "x"})
    log(chief, "wagtail.edit", user=chief)
    listed = client.get(LOG, {"action": "wagtail.edit"}).context["object_list"]
    assert [entry.action for entry in listed] == ["wagtail.edit"]


def test_the_table_is_inert_and_in_chinese(client: Client, chief: User) -> None:
    client.post("/admin/login/", {"username": "chief", "password": "x"})
    table = b"".join(client.get(LOG, {"export": "csv"}).streaming_content).decode()
    assert table.startswith("\ufeff时间,谁,做了什么,对象,种类,从哪里")
    assert ",登录,'=总编,用户,127.0.0.1" in table


@pytest.mark.parametrize("role", ["编辑", "责任编辑", ""])
def test_nobody_else_sees_it(role: str, client: Client, chief: User) -> None:
    client.force_login(make_user(role))
    for address in (LOG, f"{LOG}results/", f"{LOG}?export=csv"):
        assert client.get(address).status_code == 302


def test_no_screen_changes_or_removes_a_line(client: Client, chief: User) -> None:
    client.force_login(chief)
    assert client.post(LOG, {"id": 1}).status_code == 405
