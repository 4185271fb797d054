"""A paper with something of everything, and what it takes to judge the answers of its API."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker
from wagtail.images.tests.utils import get_test_image_file

from articles.models import ArticlePage
from issues.correcting import Wording, add_correction
from issues.models import Folio, IssuePage
from issues.publishing import publish_issue
from newsroom.models import Contributor, PressPhoto, Section
from tests import forms
from tests.factories import make_article, make_issue

ROOT = "/api/v1/"
UNIT = "杭州某厂保密车间"


def make_photo(name: str) -> PressPhoto:
    file = get_test_image_file(filename=f"{name}.png", size=(60, 40))
    return PressPhoto.objects.create(title=name, file=file)


def illustrated(*names: str) -> list[tuple[str, object]]:
    photos = [
        ("photo", {"image": make_photo(name), "caption": "说明", "credit": "", "alt": ""})
        for name in names
    ]
    return [*photos, ("paragraph", forms.TEXT)]


def make_rich_issue(number: int, *, articles: int = 3, photos: int = 1) -> IssuePage:
    """Return a public issue with folios, hot areas, sections, contributors and a correction."""
    issue = make_issue(number)
    section, _ = Section.objects.get_or_create(name="职工之声", defaults={"slug": "workers-voice"})
    person, _ = Contributor.objects.get_or_create(name="张晓燕", unit=UNIT)
    for n in range(1, articles + 1):
        article = make_article(
            issue,
            f"第{number}期第{n}条",
            folio=1 if n * 2 <= articles else 2,  # in print order as they come
            section=section if n % 2 else None,
            body=illustrated(*(f"{number}-{n}-{p}" for p in range(photos))),
            signed=True,
        )
        article.bylines.update(contributor=person)
    publish_issue(issue=issue, by=None)
    issue = IssuePage.objects.get(pk=issue.pk)
    issue.folios = [
        Folio(
            number=1,
            name="要闻",
            page_image=make_photo(f"page-{number}"),
            hot_areas=[{"article": n, "polygon": "1,1 9,1 9,9"} for n in range(1, articles + 1)],
        ),
        Folio(number=2, name="综合", page_pdf=ContentFile(b"%PDF-1.4", name="page.pdf")),
        Folio(number=3, name="空版"),
    ]
    issue.save()
    first = ArticlePage.objects.child_of(issue).in_print_order()[0]
    wording = Wording(text="特此更正。", date=issue.date)
    add_correction(article=first, wording=wording, by=None)
    return issue


class Api:
    """The API of the paper under test, whose every answer is judged by its own description."""

    def __init__(self) -> None:
        self.client = Client(raise_request_exception=False)
        self.document = self.client.get(f"{ROOT}openapi.json").json()

    def get(self, path: str, **headers: str) -> HttpResponse:
        """Ask below the root, and check the answer."""
        answer = self.client.get(ROOT + path, headers=headers)
        assert not answer.cookies
        assert answer["Access-Control-Allow-Origin"] == "*"
        if answer.status_code != 304:
            self.judge(path, answer)
        return answer

    def fetch(self, address: str) -> bytes:
        """Return a file of the site."""
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return answer.getvalue()

    def items(self, path: str) -> list[dict[str, Any]]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()["items"]

    def judge(self, path: str, answer: HttpResponse) -> None:
        """Fail unless the description knows this status, type and form."""
        responses = self.operation(path)["responses"]
        described = responses[str(answer.status_code)]["content"]
        kind = answer["Content-Type"].partition(";")[0]
        schema = {**described[kind]["schema"], "components": self.document["components"]}
        Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer.json())

    def operation(self, path: str) -> dict[str, Any]:
        asked = path.partition("?")[0].strip("/").split("/")
        for template, operations in self.document["paths"].items():
            parts = template.strip("/").split("/")
            if len(parts) == len(asked) and all(
                part in ("{number}", "{article}", "{key}") or part == given
                for part, given in zip(parts, asked, strict=True)
            ):
                return operations["get"]
        raise AssertionError(path)
