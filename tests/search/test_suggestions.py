"""What is suggested while somebody types: little, public, and each thing once."""

from __future__ import annotations

import json

from django.test import Client, TestCase

from articles.models import ArticlePage
from newsroom.models import Contributor, Section
from tests.factories import make_article, make_issue, make_sample


def suggest(q: str) -> list[tuple[str, str, str]]:
    answer = Client().get("/search/suggest/", {"q": q})
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    offered = json.loads(answer.content)["suggestions"]
    return [(each["kind"], each["text"], each["url"]) for each in offered]


class SuggestionsTest(TestCase):
    """The sample issue."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_sample()

    def test_titles_by_any_part_of_them(self) -> None:
        title = "拱墅区总工会普惠性托育解决职工难题"

        for q in ("托育", "普惠性", "難題", "托"):
            assert ("文章", title, "/450/2/") in suggest(q), q

    def test_names_of_those_who_wrote(self) -> None:
        writer = Contributor.objects.get(name="焦利芳")

        assert ("作者", "焦利芳", f"/contributors/{writer.pk}/") in suggest("焦利")

    def test_sections_with_articles(self) -> None:
        section = Section.objects.create(name="职工之声", slug="workers-voice")
        assert suggest("职工之") == []
        ArticlePage.objects.filter(number=1).update(section=section)

        assert suggest("职工之") == [("栏目", "职工之声", "/sections/workers-voice/")]

    def test_an_issue_by_number_and_by_day(self) -> None:
        for q in ("450", "第450期", "2022-8-2"):
            assert suggest(q)[0] == ("期", "第450期", "/450/"), q

    def test_nothing_for_nothing_and_for_whole_sentences(self) -> None:
        for q in ("", " ", "，。", "\x00", "托育" * 11):
            assert suggest(q) == [], q

    def test_never_many(self) -> None:
        issue = make_issue(451, live=True)
        for n in range(12):
            make_article(issue, f"托育新闻第{n}条")
        ArticlePage.objects.update(live=True)

        assert [kind for kind, *_ in suggest("托育")] == ["文章"] * 6
        assert suggest("托育")[0][2].startswith("/451/"), "the newest first"
