"""The editors' own searches find Chinese, and take whatever is typed."""

from __future__ import annotations

from django.test import TestCase
from django.urls import reverse
from modelsearch.index import get_indexed_models
from wagtail.images.tests.utils import get_test_image_file

from issues.models import NewspaperPage
from newsroom.models import Contributor, PressPhoto
from tests.contributions.factories import make_contribution
from tests.factories import make_article, make_issue, make_user

HOSTILE = ('"', "工会\x00", "'", "%", "\u3000", " ", "-", "AND", "工" * 300, "😀", "(", "\ud83d")


class AdminSearchTest(TestCase):
    """A paper with one of each."""

    @classmethod
    def setUpTestData(cls) -> None:
        paper = NewspaperPage.objects.get()
        cls.issue = make_issue(450)
        make_article(cls.issue, "中国象棋比赛在建德举行", text="霓虹灯下")
        make_article(cls.issue, "托育服务")
        PressPhoto.objects.create(
            title="IMG_0727", caption="中国象棋比赛现场", file=get_test_image_file("a.png")
        )
        PressPhoto.objects.create(title="IMG_0728", file=get_test_image_file("b.png"))
        Contributor.objects.create(name="欧阳　象棋", unit="杭州电化")
        Contributor.objects.create(name="司马乙")
        make_contribution(title="车间里的劳动竞赛")
        make_contribution(title="食堂的新菜")
        cls.admin = make_user("", is_superuser=True)
        cls.screens = {
            "期的列表": reverse("wagtailadmin_explore", args=[paper.pk]),
            "稿件列表": reverse("wagtailadmin_explore", args=[cls.issue.pk]),
            "找页面": reverse("wagtailadmin_pages:search"),
            "选页面": reverse("wagtailadmin_choose_page_search"),
            "图片": reverse("wagtailimages:index"),
            "选图片": reverse("wagtailimages_chooser:choose_results"),
            "作者": reverse("contributors:index"),
            "来稿": reverse("contributions_inbox:index"),
        }

    def setUp(self) -> None:
        self.client.force_login(self.admin)

    def shown(self, screen: str, typed: str) -> str:
        answer = self.client.get(self.screens[screen], {"q": typed})
        assert answer.status_code == 200, (screen, typed)
        return answer.content.decode()

    def test_every_screen_finds_chinese_inside_a_title(self) -> None:
        for screen, typed, expected, other in (
            ("期的列表", "45", "第450期", "托育服务"),
            ("期的列表", "2022-8-2", "第450期", "托育服务"),
            ("期的列表", "2022年8月2日", "第450期", "托育服务"),
            ("稿件列表", "象棋", "中国象棋比赛在建德举行", "托育服务"),
            ("稿件列表", "比赛 建德", "中国象棋比赛在建德举行", "托育服务"),
            ("稿件列表", "象棋 -服务", "中国象棋比赛在建德举行", "托育服务"),
            ("找页面", "育服", "托育服务", "中国象棋比赛在建德举行"),
            ("选页面", "棋", "中国象棋比赛在建德举行", "托育服务"),
            ("图片", "象棋", "IMG_0727", "IMG_0728"),
            ("选图片", "比赛现", "IMG_0727", "IMG_0728"),
            ("作者", "阳象", "欧阳　象棋", "司马乙"),
            ("作者", "電化", "欧阳　象棋", "司马乙"),
            ("来稿", "动竞", "车间里的劳动竞赛", "食堂的新菜"),
        ):
            shown = self.shown(screen, typed)
            assert expected in shown, (screen, typed)
            assert other not in shown, (screen, typed)

    def test_no_screen_fails(self) -> None:
        for screen in self.screens:
            for typed in HOSTILE:
                typed = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
                self.shown(screen, typed)

    def test_contributions_are_found_without_being_indexed(self) -> None:
        """What people sent in stays out of the index, contact data above all."""
        assert not [m for m in get_indexed_models() if m._meta.app_label == "contributions"]
