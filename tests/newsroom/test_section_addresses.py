"""The list of sections asks for a name and nothing that an editor would have to invent."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import Section
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("责任编辑"))
    return client


def test_a_section_needs_a_name_alone(editor: Client) -> None:
    for name in ("工会动态", "职工之声"):
        editor.post(reverse("sections:add"), {"name": name, "slug": ""})

    made = Section.objects.order_by("pk").values_list("name", "slug")
    assert list(made) == [("工会动态", "lanmu-1"), ("职工之声", "lanmu-2")]


def test_an_address_stays_when_the_name_changes(editor: Client) -> None:
    section = Section.objects.create(name="动态", slug="news")

    editor.post(reverse("sections:edit", args=[section.pk]), {"name": "工会动态", "slug": ""})

    section.refresh_from_db()
    assert (section.name, section.slug) == ("工会动态", "news")
