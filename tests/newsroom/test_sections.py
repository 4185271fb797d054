"""The list of sections is the editors' own, but what a printed issue shows stays."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from articles.models import ArticlePage
from issues.models import IssuePage
from newsroom.models import Section
from tests.factories import make_public_issue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def issue() -> IssuePage:
    return make_public_issue(450, articles=2)


@pytest.fixture
def section(issue: IssuePage) -> Section:
    section = Section.objects.create(name="职工之声", slug="voice")
    ArticlePage.objects.filter(number=1).update(section=section)
    return section


@pytest.fixture
def editor(issue: IssuePage) -> User:
    return make_user("责任编辑")


def rename(client: Client, by: User, section: Section, **fields: str) -> str:
    client.force_login(by)
    data = {"name": section.name, "slug": section.slug, **fields}
    answer = client.post(reverse("sections:edit", args=[section.pk]), data)
    section.refresh_from_db()
    return answer.content.decode()


@pytest.mark.parametrize("fields", [{"name": "工人之声"}, {"slug": "workers"}])
def test_a_section_that_readers_have_seen_keeps_its_name_and_address(
    section: Section, client: Client, fields: dict[str, str]
) -> None:
    for by in (make_user("责任编辑"), make_user("总编"), make_user(is_superuser=True)):
        told = rename(client, by, section, **fields)
        assert "已经见报" in told
        assert "新建一个栏目" in told
        assert (section.name, section.slug) == ("职工之声", "voice")
    assert "职工之声" in client.get("/450/").content.decode()


def test_it_stays_so_after_its_issue_was_taken_back(
    section: Section, editor: User, issue: IssuePage, client: Client
) -> None:
    """What was printed was printed."""
    IssuePage.objects.filter(pk=issue.pk).update(live=False)

    assert "已经见报" in rename(client, editor, section, name="工人之声")


def test_a_section_of_drafts_may_be_renamed(section: Section, editor: User, client: Client) -> None:
    ArticlePage.objects.update(live=False)  # left behind in an issue that is out

    rename(client, editor, section, name="工人之声", slug="workers")

    assert (section.name, section.slug) == ("工人之声", "workers")


def test_a_section_without_articles_may_be_renamed(
    section: Section, editor: User, client: Client
) -> None:
    ArticlePage.objects.update(section=None)

    rename(client, editor, section, name="工人之声")

    assert section.name == "工人之声"


def test_saving_a_printed_section_as_it_is_is_no_fault(
    section: Section, editor: User, client: Client
) -> None:
    assert "已经见报" not in rename(client, editor, section)
