"""Changing the imprint never changes what an issue was printed under."""

from __future__ import annotations

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from issues.models import IssuePage
from newsroom.imprints import amend, is_in_print
from newsroom.models import Imprint
from tests.factories import make_imprint, make_issue, make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def imprint() -> Imprint:
    return make_imprint(permit_number="浙企准字第A286号")


def test_an_unused_imprint_is_changed_in_place(imprint: Imprint) -> None:
    imprint.permit_number = "新号"

    assert amend(imprint=imprint).pk == imprint.pk
    assert Imprint.objects.get().permit_number == "新号"


def test_an_imprint_that_only_a_draft_issue_uses_is_changed_in_place(imprint: Imprint) -> None:
    issue = make_issue(451)
    imprint.permit_number = "新号"

    amend(imprint=imprint)

    assert IssuePage.objects.get(pk=issue.pk).imprint.permit_number == "新号"


def test_an_imprint_in_print_gets_a_next_row_and_the_old_issue_keeps_its_own(
    imprint: Imprint, client: Client
) -> None:
    make_public_issue(450)
    imprint.permit_number = "新号"

    row = amend(imprint=imprint)

    assert row.since == timezone.localdate()
    assert Imprint.objects.count() == 2
    assert Imprint.objects.current() == row
    assert IssuePage.objects.get().imprint.permit_number == "浙企准字第A286号"
    assert "浙企准字第A286号" in client.get("/450/").content.decode()


def test_the_next_row_is_in_force_from_the_day_given(imprint: Imprint) -> None:
    make_public_issue(450)
    imprint.permit_number = "新号"
    day = datetime.date(2030, 1, 1)

    amend(imprint=imprint, since=day)

    assert Imprint.objects.current().permit_number == "浙企准字第A286号"
    assert Imprint.objects.current(at=day).permit_number == "新号"


def test_a_later_day_typed_into_the_form_is_kept(imprint: Imprint) -> None:
    make_public_issue(450)
    imprint.since = datetime.date(2030, 1, 1)

    assert amend(imprint=imprint).since == datetime.date(2030, 1, 1)


def test_an_imprint_stays_read_only_after_its_issue_was_taken_back(imprint: Imprint) -> None:
    """What was printed was printed."""
    issue = make_public_issue(450)
    assert is_in_print(imprint)

    IssuePage.objects.filter(pk=issue.pk).update(live=False)

    assert is_in_print(imprint)


def test_an_imprint_at_fault_is_not_saved(imprint: Imprint) -> None:
    imprint.police_number = "没有数字"

    with pytest.raises(ValidationError, match="公安备案号里应有一串数字"):
        amend(imprint=imprint)
    assert Imprint.objects.get().police_number == ""


def test_an_imprint_that_an_issue_uses_cannot_be_deleted(imprint: Imprint) -> None:
    make_issue(451)

    with pytest.raises(ProtectedError):
        imprint.delete()


def test_of_two_rows_of_one_day_the_later_made_is_in_force(imprint: Imprint) -> None:
    newer = make_imprint()

    assert Imprint.objects.current() == newer


def test_before_the_first_row_there_is_none(imprint: Imprint) -> None:
    assert Imprint.objects.current(at=datetime.date(2009, 12, 31)) is None


def test_the_chief_editors_form_makes_the_next_row_and_warns_before(
    imprint: Imprint, client: Client
) -> None:
    make_public_issue(450)
    client.force_login(make_user("总编"))
    address = reverse("imprints:edit", args=[imprint.pk])

    assert "它不会被改动" in client.get(address).content.decode()
    client.post(
        address,
        {
            "since": "2010-01-01",
            "name": "杭州工运",
            "publisher": "杭州市总工会",
            "permit_number": "新号",
        },
    )

    assert [row.permit_number for row in Imprint.objects.order_by("pk")] == [
        "浙企准字第A286号",
        "新号",
    ]


@pytest.mark.parametrize("role", ["编辑", "责任编辑"])
def test_nobody_below_the_chief_editor_changes_the_imprint(
    imprint: Imprint, client: Client, role: str
) -> None:
    client.force_login(make_user(role))

    client.post(
        reverse("imprints:edit", args=[imprint.pk]),
        {"since": "2010-01-01", "name": "改名", "publisher": "x"},
    )

    assert Imprint.objects.get().name == "杭州工运"
