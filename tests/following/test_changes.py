"""What is renamed in the admin is news to whoever asks by date alone, of feeds and of the API."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.db.models import F
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry, PageLogEntry

from following.changes import last_change
from newsroom.models import Contributor, Imprint, Section
from tests.factories import make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def paper() -> None:
    cache.clear()
    make_public_issue(450)


@pytest.fixture
def chief() -> Client:
    client = Client()
    client.force_login(make_user("总编", username="chief", is_superuser=True))
    return client


def as_of_yesterday() -> None:
    """Have all that the logs know happened a day earlier: the validator counts seconds."""
    for log in (PageLogEntry, ModelLogEntry):
        log.objects.update(timestamp=F("timestamp") - datetime.timedelta(days=1))


@pytest.mark.parametrize("path", ["/feed/", "/feed.json", "/api/v1/articles/"])
@pytest.mark.parametrize("kind", ["sections", "contributors", "imprints"])
def test_what_the_admin_renames_is_sent_again(chief: Client, path: str, kind: str) -> None:
    rows = {
        "sections": Section.objects.create(name="旧栏", slug="old"),
        "contributors": Contributor.objects.create(name="旧名"),
        "imprints": Imprint.objects.get(),
    }
    forms = {
        "sections": {"name": "新栏", "slug": "old", "position": "0"},
        "contributors": {"name": "新名", "unit": ""},
        "imprints": {
            **{"since": "2020-01-01", "name": "新报", "publisher": "新社"},
            **{"permit_number": "", "submissions_url": ""},
        },
    }
    as_of_yesterday()
    before = Client().get(path)["Last-Modified"]
    asked = {"If-Modified-Since": before}
    assert Client().get(path, headers=asked).status_code == 304

    answer = chief.post(reverse(f"{kind}:edit", args=[rows[kind].pk]), forms[kind])
    assert answer.status_code == 302
    assert Client().get(path, headers=asked).status_code == 200
    assert Client().get(path)["Last-Modified"] != before


def test_what_readers_do_not_get_is_no_news() -> None:
    before = last_change()
    for log in (
        PageLogEntry(page_id=1, action="wagtail.edit"),
        ModelLogEntry(object_id="1", action="wagtail.edit"),
    ):
        log.timestamp = before + datetime.timedelta(days=1)
        log.label = "x"
        log.save()

    assert last_change() == before


def test_a_paper_to_which_nothing_happened_has_no_change() -> None:
    PageLogEntry.objects.all().delete()
    ModelLogEntry.objects.all().delete()

    assert last_change() is None
