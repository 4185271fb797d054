"""What a page of search costs in queries does not grow with what is found."""

from __future__ import annotations

from collections.abc import Iterator

from django.test import TestCase

from articles.models import ArticlePage, Byline, Correction
from newsroom.models import Contributor, Section
from tests.search.many import fill, index_all
from tests.test_queries import queries

FEW, MANY = 20, 200
ADDRESSES = (
    "/search/",
    "/search/?q=象棋",
    "/search/?q=象棋&order=newest",
    "/search/?q=象棋&year=1950",
    "/search/?q=象棋&section=s1&contributor=1",
    "/search/?q=象棋&page=9",
    "/search/?q=象棋&kind=corrections",
    "/search/?q=象棋 比赛 火星 木星",
    "/search/?q=象棋比寨",
    "/search/?q=乙某",
    "/search/?q=4",
    "/search/?q=1950年",
    "/search/suggest/?q=象棋",
    "/search/suggest/?q=甲某",
)


class GrowthTest(TestCase):
    """Twenty articles, then two hundred, each with a name, a section and a correction."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.sections = [Section.objects.create(name=f"栏目{n}", slug=f"s{n}") for n in range(4)]

    def grow(self, *, issues: int, first: int) -> None:
        fill(texts(), issues=issues, per_issue=5, first=first)
        for article in ArticlePage.objects.filter(bylines=None):
            name = f"{'甲乙丙丁戊己庚辛壬癸'[article.pk % 10]}某{article.pk % 37}"
            contributor, _ = Contributor.objects.get_or_create(name=name)
            Byline.objects.create(article=article, name=name, contributor=contributor)
            section = self.sections[article.pk % 4]
            ArticlePage.objects.filter(pk=article.pk).update(section=section)
            Correction.objects.create(article=article, text="象棋比赛的名次有误，特此更正。")
        index_all()

    def costs(self) -> dict[str, int]:
        return {address: queries(self.client, address) for address in ADDRESSES}

    def test_more_results_cost_no_more_queries(self) -> None:
        self.grow(issues=FEW // 5, first=1)
        few = self.costs()
        self.grow(issues=(MANY - FEW) // 5, first=1 + FEW // 5)
        many = self.costs()

        assert "共200篇" in self.client.get("/search/?q=象棋").content.decode()
        assert few == many, f"with {FEW} articles: {few}; with {MANY}: {many}"
        assert max(many.values()) <= 24, many
        assert many["/search/?q=象棋"] <= 14, many


def texts() -> Iterator[tuple[str, str]]:
    n = 0
    while True:
        n += 1
        yield f"象棋新闻第{n}条", f"第{n}轮象棋比赛在建德开赛。"
