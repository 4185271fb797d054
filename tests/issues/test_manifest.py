"""The manifest of an issue's pages: judged by the rules of IIIF Presentation 3, and who gets it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator, ValidationError
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from issues.folio_pages import PageFile, keep_pages, remove_page
from issues.models import Folio, IssuePage
from issues.publishing import publish_issue, unpublish_issue
from newsroom.models import PressPhoto
from tests.factories import make_article, make_issue, make_user

from .presentation_3 import MANIFEST

pytestmark = pytest.mark.django_db


def page_image() -> PressPhoto:
    file: ImageFile = get_test_image_file(size=(800, 1200))
    return PressPhoto.objects.create(title="版面", file=file)


@pytest.fixture
def issue() -> IssuePage:
    issue = make_issue(451)
    make_article(issue, signed=True)
    first = Folio(number=1, name="要闻", page_image=page_image())
    first.page_pdf.save("第1版.pdf", ContentFile(b"%PDF-1.4\n%%EOF\n"), save=False)
    issue.folios = [first, Folio(number=2, page_image=page_image()), Folio(number=3)]
    issue.save_revision()
    issue.save()
    publish_issue(issue=issue, by=None)
    return IssuePage.objects.get(pk=issue.pk)


def told() -> dict[str, Any]:
    answer = Client().get("/451/manifest.json")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def judge(data: dict[str, Any]) -> None:
    Draft202012Validator(MANIFEST).validate(data)


def test_it_is_what_the_specification_says(issue: IssuePage) -> None:
    data = told()
    judge(data)
    assert data["navDate"] == "2022-08-09T00:00:00+08:00"
    assert data["label"] == {"zh-Hans": ["《杭州工运》第451期"]}


def test_a_broken_one_would_be_noticed(issue: IssuePage) -> None:
    for break_it in (
        lambda data: data.pop("label"),
        lambda data: data["items"][0].update(type="Leaf"),
        lambda data: data["items"][0].update(height="high"),
    ):
        data = told()
        break_it(data)
        with pytest.raises(ValidationError, match=r"label|Canvas|high"):
            judge(data)


def test_it_names_each_page_with_its_picture_and_pdf(issue: IssuePage) -> None:
    first, second = told()["items"]
    assert [page["label"]["zh-Hans"] for page in (first, second)] == [["第1版 要闻"], ["第2版"]]
    assert (first["width"], first["height"]) == (800, 1200)
    [painting] = first["items"][0]["items"]
    assert painting["target"] == first["id"]
    assert painting["body"]["format"] == "image/webp"
    assert first["rendering"][0]["id"] == "http://testserver/451/folio-1.pdf"
    assert "rendering" not in second
    assert first["homepage"][0]["id"] == "http://testserver/451/folio-1/"
    assert Client().get(first["homepage"][0]["id"]).status_code == 200


def test_viewers_of_other_sites_may_read_it(issue: IssuePage) -> None:
    answer = Client().get("/451/manifest.json")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Content-Type"].startswith("application/ld+json")
    assert Client().post("/451/manifest.json").status_code == 405


def test_there_is_none_of_what_readers_do_not_get(issue: IssuePage) -> None:
    assert Client().get("/452/manifest.json").status_code == 404
    restriction = PageViewRestriction.objects.create(page=issue, restriction_type="login")
    assert Client().get("/451/manifest.json").status_code == 404
    restriction.delete()
    assert told()
    unpublish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=make_user("总编"))
    assert Client().get("/451/manifest.json").status_code == 404


def test_there_is_none_without_pages(issue: IssuePage) -> None:
    for number in (1, 2):
        remove_page(issue=issue, number=number, by=None)
    assert Client().get("/451/manifest.json").status_code == 404


def test_queries_do_not_grow_with_pages(issue: IssuePage) -> None:
    told()  # pictures are made once
    with CaptureQueriesContext(connection) as few:
        told()
    pages = {number: PageFile(page_image()) for number in range(3, 9)}
    keep_pages(issue=issue, pages=pages, by=None)
    told()
    with CaptureQueriesContext(connection) as many:
        assert len(told()["items"]) == 8
    assert len(many) == len(few)
