"""The printed pages of an issue, kept: beside versions of the masthead, and as its cover."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.images.tests.utils import get_test_image_file

from issues.folio_pages import THUMBNAIL, PageFile, keep_pages
from issues.folio_versions import with_pages_of_today
from issues.models import Folio, IssuePage
from newsroom.models import PressPhoto
from tests.factories import make_issue, make_user
from tests.forms import edit_form, edit_url

pytestmark = pytest.mark.django_db


def page_image() -> PressPhoto:
    return PressPhoto.objects.create(title="版面", file=get_test_image_file(size=(400, 600)))


@pytest.fixture
def issue() -> IssuePage:
    """Two folios; the first has a page."""
    issue = make_issue(451)
    issue.folios = [Folio(number=1, name="要闻"), Folio(number=2, name="副刊")]
    issue.save_revision()
    issue.save()
    keep_pages(issue=issue, pages={1: PageFile(page_image())}, by=None)
    return IssuePage.objects.get(pk=issue.pk)


def test_a_folio_that_is_renumbered_leaves_its_page_at_the_number() -> None:
    row = {"pk": 5, "number": 1, "name": "", "page_image": 7, "page_pdf": "", "hot_areas": []}
    [renumbered, page] = with_pages_of_today([{**row, "number": 2}], [row])
    assert (renumbered["pk"], renumbered["number"], renumbered["page_image"]) == (5, 2, None)
    assert (page["pk"], page["number"], page["page_image"]) == (None, 1, 7)


def test_the_masthead_refuses_to_renumber_a_folio_that_has_a_page(issue: IssuePage) -> None:
    client = Client()
    client.force_login(make_user("编辑"))
    data = edit_form(client, issue)
    [field] = [
        name for name, value in data.items() if name.endswith("-number") and value == "1"
        if name.startswith("folios-")
    ]  # fmt: skip
    answer = client.post(edit_url(issue), {**data, field: "3"})
    assert "第1版有版面图，不能直接改版次" in answer.content.decode()
    assert issue.get_latest_revision_as_object().folios.count() == 2
    # The other has none, and may be renumbered.
    other = field.replace("-0-", "-1-")
    client.post(edit_url(issue), {**data, other: "3"})
    latest = IssuePage.objects.get(pk=issue.pk).get_latest_revision_as_object()
    assert sorted(folio.number for folio in latest.folios.all()) == [1, 3]


def test_no_other_page_passes_for_the_cover(issue: IssuePage) -> None:
    def cover() -> str | None:
        told: str | None = IssuePage.objects.with_covers(THUMBNAIL).get(pk=issue.pk).cover
        return told

    cache.clear()  # which remembers renditions that another test made
    second = page_image()
    second.get_rendition(THUMBNAIL)
    keep_pages(issue=issue, pages={2: PageFile(second)}, by=None)
    assert cover() is None
    first = Folio.objects.get(issue=issue, number=1).page_image
    assert cover() is None
    made = first.get_rendition(THUMBNAIL)
    assert cover() == str(made.file.name)
    # A folio that has no picture is passed over.
    Folio.objects.filter(issue=issue, number=1).update(page_image=None)
    assert cover() == str(second.get_rendition(THUMBNAIL).file.name)
