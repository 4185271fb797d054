"""What the API answers: the paper as readers have it, in the form that its description says."""

from __future__ import annotations

import datetime
import json
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openapi_spec_validator import OpenAPIV31SpecValidator
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage, Byline
from interchange import editions
from interchange.editions import edition_of
from interchange.models import Edition
from interchange.pages import public_form
from interchange.typesetting.press import TypesettingFailed
from issues.models import IssuePage
from issues.publishing import unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import Contributor, PressPhoto
from tests.factories import make_article, make_issue, make_user

from .asking import ROOT, UNIT, Api, make_rich_issue


class AnswersTest(TestCase):
    """Issues 450 (two articles), 451 and 452 (three), with something of everything."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.issues = [make_rich_issue(450, articles=2), make_rich_issue(451), make_rich_issue(452)]

    def setUp(self) -> None:
        # It counts who asks; and renditions are kept in it by keys that the next test gives anew.
        cache.clear()
        self.addCleanup(cache.clear)
        self.api = Api()

    def article(self, issue: int = 451, number: int = 1) -> ArticlePage:
        return ArticlePage.objects.get(issue__issuepage__number=issue, number=number)

    def titles(self, query: str = "") -> list[str]:
        return [item["title"] for item in self.api.items(f"articles/{query}")]

    def test_the_description_is_valid_openapi(self) -> None:
        assert self.api.document["openapi"].startswith("3.1")
        OpenAPIV31SpecValidator(self.api.document).validate()

    def test_an_issue_has_the_same_bytes_as_its_json(self) -> None:
        assert self.api.get("issues/451/").content == self.api.fetch("/451/issue.json")

    def test_an_article_is_the_one_in_the_issues_json_with_pictures_that_can_be_fetched(
        self,
    ) -> None:
        whole = self.api.get("issues/451/").json()
        answer = self.api.get("issues/451/articles/2/").json()

        assert answer["article"] == next(a for a in whole["articles"] if a["number"] == 2)
        assert answer["url"] == "http://testserver/451/2/"
        picture = answer["images"][0]
        assert picture["file"] == answer["article"]["body"][0]["file"]
        assert self.api.fetch(picture["url"])

    def test_folios_have_their_articles_and_pictures(self) -> None:
        first, second = self.api.items("issues/451/folios/")

        assert (first["name"], first["articles"], second["articles"]) == ("要闻", [1], [2, 3])
        assert self.api.fetch(first["image"]["url"])
        assert [area["article"] for area in first["hot_areas"]] == [1, 2, 3]
        assert self.api.fetch(second["pdf"])
        assert self.api.fetch(second["url"])

    def test_issues_come_newest_first_and_by_year_and_number(self) -> None:
        def numbers(query: str) -> list[int]:
            return [item["number"] for item in self.api.items(f"issues/{query}")]

        assert numbers("") == [452, 451, 450]
        assert numbers("?year=2022") == [452, 451, 450]
        assert numbers("?year=2021") == []
        assert numbers("?number_from=451") == [452, 451]
        assert numbers("?number_to=451") == [451, 450]
        assert numbers("?number_from=451&number_to=451") == [451]
        assert [item["articles"] for item in self.api.items("issues/")] == [3, 3, 2]

    def test_articles_come_newest_first_in_print_order_of_their_issue(self) -> None:
        assert self.titles("?issue=452") == ["第452期第1条", "第452期第2条", "第452期第3条"]
        assert self.titles()[:3] == self.titles("?issue=452")
        assert self.titles()[-1] == "第450期第2条"

    def test_articles_are_found_by_section_contributor_and_day(self) -> None:
        person = Contributor.objects.get(name="张晓燕")
        Byline.objects.filter(article=self.article(450, 1)).update(contributor=None)

        assert len(self.titles(f"?contributor={person.pk}")) == 7
        assert len(self.titles("?section=workers-voice")) == 5
        assert self.titles("?section=nothing") == []
        assert len(self.titles("?since=2022-08-09&until=2022-08-09")) == 3
        assert len(self.titles("?year=2022&section=workers-voice&issue=450")) == 1

    def test_what_is_new_or_corrected_since_is_found(self) -> None:
        long_ago = timezone.now() - datetime.timedelta(days=30)
        IssuePage.objects.update(last_published_at=long_ago)
        ArticlePage.objects.update(last_published_at=long_ago)
        yesterday = timezone.localtime() - datetime.timedelta(days=1)

        corrected = self.titles(f"?updated_since={yesterday:%Y-%m-%dT%H:%M:%S}")
        assert corrected == ["第452期第1条", "第451期第1条", "第450期第1条"]
        IssuePage.objects.filter(number=451).update(last_published_at=timezone.now())
        assert len(self.titles(f"?updated_since={yesterday:%Y-%m-%d}")) == 5
        assert self.titles("?updated_since=2099-01-01T00:00:00Z") == []

    def test_articles_are_found_by_their_words(self) -> None:
        assert len(self.api.items("search/?q=第451期")) == 3
        assert len(self.api.items("search/?q=第451期 -第2条&limit=1")) == 1
        assert self.api.get("search/?q=第451期 -第2条&limit=1").json()["count"] == 2
        assert self.api.items("search/?q=……") == []

    def test_words_beyond_eight_are_told_of(self) -> None:
        words = "甲 乙 丙 丁 戊 己 庚 辛 壬 癸"

        assert self.api.get(f"search/?q={words}").json()["ignored"] == ["壬", "癸"]
        assert self.api.get("search/?q=第451期").json()["ignored"] == []

    def test_a_picture_that_is_gone_is_left_out(self) -> None:
        for title in ("451-1-0", "page-451"):
            PressPhoto.objects.filter(title=title).update(file=f"original_images/{title}-gone.png")

        told = self.api.get("issues/451/articles/1/").json()
        assert told["images"] == []
        assert told["article"]["body"][0]["file"]
        assert self.api.items("issues/451/folios/")[0]["image"] is None
        assert len(self.api.get("issues/451/articles/2/").json()["images"]) == 1

    def test_a_picture_that_is_deleted_meanwhile_is_left_out(self) -> None:
        def form_then_delete(issue: IssuePage) -> Any:
            formed = public_form(issue)
            PressPhoto.objects.filter(title="451-2-0").delete()
            return formed

        with mock.patch("following.api.reading.public_form", form_then_delete):
            assert self.api.get("issues/451/articles/2/").json()["images"] == []

    def test_an_issue_that_another_process_makes_anew_meanwhile_is_sent(self) -> None:
        whole = self.api.get("issues/451/").content
        asked = []

        def made_anew(*args: Any) -> Edition:
            edition = edition_of(*args)
            if not asked:
                edition.file.storage.delete(edition.file.name)
            asked.append(args)
            return edition

        with mock.patch("following.api.router.edition_of", made_anew):
            answer = self.api.get("issues/451/")
        assert (answer.status_code, answer.content, len(asked)) == (200, whole, 2)

    def test_contributors_are_listed_who_signed_something_public_with_their_own_name(self) -> None:
        known = Contributor.objects.get(name="张晓燕")
        others = {
            name: Contributor.objects.create(name=name)
            for name in ("甲印名", "笔名者", "未定稿", "没有稿")
        }
        self.article(450, 1).bylines.update(contributor=others["甲印名"], name="甲 印名")
        self.article(450, 2).bylines.update(contributor=others["笔名者"], name="另一名")
        draft = make_article(self.issues[1], names=("未定稿",))
        draft.bylines.update(contributor=others["未定稿"])

        listed = self.api.items("contributors/")
        assert [(each["name"], each["articles"]) for each in listed] == [
            ("张晓燕", 6),
            ("甲印名", 1),
        ]
        assert listed[0]["id"] == known.pk
        for each in listed:
            path = each["api_url"].removeprefix(f"http://testserver{ROOT}")
            assert self.api.get(path).json()["count"] == each["articles"]
        first = self.api.get("contributors/?limit=1").json()
        assert (first["count"], len(first["items"])) == (2, 1)
        second = self.api.items(first["next"].removeprefix(f"http://testserver{ROOT}"))
        assert [each["name"] for each in second] == ["甲印名"]

    def test_more_contributors_cost_no_more_queries(self) -> None:
        few = self.cost("contributors/")
        for n, byline in enumerate(Byline.objects.all()):
            byline.contributor = Contributor.objects.create(name=byline.name, unit=f"{n}")
            byline.save()

        assert len(self.api.items("contributors/")) == 8
        assert self.cost("contributors/") == few

    def test_lists_are_walked_page_by_page(self) -> None:
        seen, path = [], "articles/?limit=3"
        while path:
            answer = self.api.get(path).json()
            seen += [item["title"] for item in answer["items"]]
            path = (answer["next"] or "").removeprefix(f"http://testserver{ROOT}")

        assert answer["count"] == len(seen) == 8
        assert seen == self.titles("?limit=100")
        assert "offset=3" in answer["previous"]

    def test_sections_corrections_and_contributors_tell_what_is_public(self) -> None:
        person = Contributor.objects.get(name="张晓燕")
        (section,) = self.api.items("sections/")
        correction = self.api.items("corrections/")[0]
        told = self.api.get(f"contributors/{person.pk}/").json()

        assert (section["slug"], section["articles"]) == ("workers-voice", 5)
        assert (correction["text"], correction["issue"]) == ("特此更正。", 452)
        assert (told["name"], told["articles"], told["first"]) == ("张晓燕", 8, "2022-08-02")

    def test_a_contributor_is_called_what_was_printed_and_nothing_tells_their_unit(self) -> None:
        person = Contributor.objects.get(name="张晓燕")

        assert self.api.get(f"contributors/{person.pk}/").json()["name"] == "张晓燕"
        for path in (*PATHS, f"contributors/{person.pk}/"):
            assert UNIT not in self.api.get(path).content.decode()

    def test_nothing_tells_who_signed_with_a_pen_name(self) -> None:
        person = Contributor.objects.get(name="张晓燕")
        Contributor.objects.update(name="真名")

        assert self.api.get(f"contributors/{person.pk}/").status_code == 404
        listed = self.api.get("articles/").json()["items"]
        names = [name for article in listed for name in article["bylines"]]
        assert {name["contributor"] for name in names} == {None}
        assert not self.api.get(f"articles/?contributor={person.pk}").json()["items"]
        for path in PATHS:
            said = self.api.get(path).content.decode()
            assert UNIT not in said
            assert "真名" not in said

    def test_what_is_not_public_appears_nowhere(self) -> None:
        make_article(IssuePage.objects.get(number=452), "未定稿的稿件", names=("某甲",))
        make_article(make_issue(453), "未出版的稿件", names=("某甲",), signed=True)
        withdraw_article(article=self.article(452, 1), reason="撤下", by=None)
        unpublish_issue(
            issue=self.issues[1], by=make_user("总编", username="chief", is_superuser=True)
        )
        PageViewRestriction.objects.create(
            page=self.article(450, 2), restriction_type=PageViewRestriction.LOGIN
        )
        hidden = ("未定稿", "未出版", "第452期第1条", "第451期", "第450期第2条", "某甲")

        for path in PATHS:
            said = self.api.get(path).content.decode()
            assert not [words for words in hidden if words in said], path
        for path in (
            *("issues/451/", "issues/453/", "issues/451/folios/", "issues/453/articles/1/"),
            *("issues/452/articles/1/", "issues/452/articles/4/", "issues/450/articles/2/"),
        ):
            assert self.api.get(path).status_code == 404, path
        assert [i["articles"] for i in self.api.items("issues/")] == [2, 1]
        for folio in self.api.items("issues/452/folios/"):
            assert 1 not in folio["articles"]
            assert 1 not in [area["article"] for area in folio["hot_areas"]]

    def test_what_is_closed_is_closed_to_editors_too(self) -> None:
        PageViewRestriction.objects.create(
            page=self.issues[0], restriction_type=PageViewRestriction.LOGIN
        )
        self.api.client.force_login(make_user("总编"))

        answer = self.api.get("issues/450/")
        assert answer.status_code == 404
        assert "Cookie" not in answer.get("Vary", "")

    def test_a_contributor_without_public_articles_is_not_told_of(self) -> None:
        unknown = Contributor.objects.create(name="某乙")
        article = make_article(make_issue(453), names=("某乙",))
        article.bylines.update(contributor=unknown)

        assert self.api.get(f"contributors/{unknown.pk}/").status_code == 404

    def test_more_articles_photos_and_issues_cost_no_more_queries(self) -> None:
        few = {path: self.cost(path) for path in PATHS}
        for number in range(453, 459):
            make_rich_issue(number)
        self.issues[0].delete()
        make_rich_issue(450, articles=12, photos=3)
        many = {path: self.cost(path) for path in PATHS}

        assert few == many
        assert max(few.values()) <= 25, few

    def cost(self, path: str) -> int:
        """Count the queries of an answer, asked for a second time."""
        self.api.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert self.api.get(path).status_code == 200
        return len(captured)

    def test_the_page_for_people_shows_examples_that_work(self) -> None:
        page = self.api.client.get("/api/")
        shown = page.content.decode()

        assert page.status_code == 200
        assert not page.cookies
        assert shown.count("<script") == shown.count('<script src="/static/')
        tried = [e.example for e in page.context["endpoints"]]
        assert all(tried), tried
        for address in tried:
            assert self.api.client.get(address).status_code == 200, address
        for path in self.api.document["paths"]:
            assert f"GET /api/v1{path}" in shown
        for operations in self.api.document["paths"].values():
            for parameter in operations["get"]["parameters"]:
                assert parameter["in"] == "path" or f"<code>{parameter['name']}</code>" in shown


PATHS = (
    *("issues/", "issues/450/", "issues/450/articles/1/", "issues/450/folios/", "articles/"),
    *("contributors/", "sections/", "corrections/", "search/?q=建德"),
)


EMPTY = ("issues/", "articles/", "contributors/", "sections/", "corrections/")


@pytest.mark.django_db
def test_an_empty_paper_answers_and_is_described() -> None:
    api = Api()

    assert [api.items(path) for path in EMPTY] == [[]] * len(EMPTY)
    assert api.client.get("/api/").status_code == 200


@pytest.mark.django_db
def test_an_issue_whose_json_cannot_be_made_is_told_of_and_tried_later(monkeypatch) -> None:
    make_rich_issue(450)

    def fail(*args: object) -> bytes:
        raise TypesettingFailed("版面放不下。")

    broken = editions.FORMATS["issue.json"].__class__(
        "issue.json", "JSON", "application/json", fail
    )
    monkeypatch.setattr("following.api.router.FORMATS", {"issue.json": broken})
    answer = Api().get("issues/450/")

    assert answer.status_code == 503
    assert "版面放不下" in json.loads(answer.content)["detail"]
    assert int(answer["Retry-After"]) >= 1
