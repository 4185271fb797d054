"""Who reads out a receipt code on the telephone is found, and the code is written nowhere."""

from __future__ import annotations

import logging

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from contributions.models import Contribution
from tests.contributions.factories import make_contribution
from tests.factories import make_user
from tests.test_admin_in_chinese import english_in, shown_by

pytestmark = pytest.mark.django_db

CODE = "K7QM-93XH-ABCD-EFGH"


@pytest.fixture(autouse=True)
def newsroom(client: Client) -> None:
    client.force_login(make_user("编辑"))


@pytest.fixture
def contribution() -> Contribution:
    make_contribution()
    return make_contribution(typed_code=CODE, name="张三")


def find() -> str:
    return reverse("contributions_admin:find")


@pytest.mark.parametrize(
    "typed", [CODE, "k7qm93xhabcdefgh", " Ｋ７ＱＭ 93XH—ABCD\u3000EFGH ", f"回执码：{CODE}"]
)
def test_the_code_leads_to_the_contribution(
    typed: str, contribution: Contribution, client: Client
) -> None:
    answer = client.post(find(), {"code": typed}, follow=True)

    here = reverse("contributions_admin:detail", args=[contribution.pk])
    assert answer.redirect_chain == [(here, 302)]
    assert "张三" in answer.content.decode()
    (entry,) = ModelLogEntry.objects.all()
    assert (entry.action, entry.object_id) == ("contributions.view", str(contribution.pk))


@pytest.mark.parametrize("typed", ["K7QM-93XH-ABCD-EFGJ", "字" * 256, "\ud800", "0", "-"])
def test_a_wrong_code_is_told_in_chinese(
    typed: str, contribution: Contribution, client: Client
) -> None:
    answer = client.post(find(), {"code": typed.encode("utf-8", "replace").decode()})

    assert answer.status_code == 200
    assert "没有这个回执码的来稿" in answer.content.decode()
    assert not ModelLogEntry.objects.exists()


@pytest.mark.parametrize("typed", ["", "  ", "\0", "K" * 257])
def test_what_is_no_code_at_all_is_asked_for_again(typed: str, client: Client) -> None:
    answer = client.post(find(), {"code": typed})

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "error-message" in page
    assert [text for text in shown_by(page) if english_in(text)] == []


def test_the_code_is_kept_by_no_log_address_or_browser(
    contribution: Contribution, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    asked = client.get(find())
    field = BeautifulSoup(asked.content, "html.parser").select_one("input[name=code]")
    assert field["autocomplete"] == "off"
    assert field.find_parent("form")["method"] == "post"
    wrong = client.post(find(), {"code": CODE + "X"})
    found = client.post(find(), {"code": CODE}, follow=True)

    assert "no-store" in asked["Cache-Control"]
    assert "no-store" in wrong["Cache-Control"]
    assert not any("code=" in url or CODE in url for url, _ in found.redirect_chain)
    assert CODE not in found.content.decode()
    assert CODE not in caplog.text
    assert not any(CODE in f"{entry.label}{entry.data}" for entry in ModelLogEntry.objects.all())


def test_an_address_with_a_code_finds_nothing(contribution: Contribution, client: Client) -> None:
    answer = client.get(find(), {"code": CODE})

    assert answer.status_code == 200
    assert CODE not in answer.content.decode()
    assert client.put(find()).status_code == 405


def test_another_site_cannot_send_the_form(contribution: Contribution) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("编辑"))

    assert strict.post(find(), {"code": CODE}).status_code == 403


def test_who_may_not_read_finds_nothing(contribution: Contribution, client: Client) -> None:
    user = make_user()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)

    for answer in (client.get(find()), client.post(find(), {"code": CODE})):
        assert answer.headers["Location"] == reverse("wagtailadmin_home")


def test_the_inbox_leads_there(client: Client) -> None:
    page = client.get(reverse("contributions_inbox:index")).content.decode()

    assert f'href="{find()}"' in page
