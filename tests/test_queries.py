"""What a page costs in queries does not grow with the articles, the issues or the photos."""

from __future__ import annotations

import datetime

from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file

from articles.models import ArticlePage, Byline, Correction
from following.counts.counting import add_reads
from issues.models import Folio, NewspaperPage
from newsroom.models import Contributor, PressPhoto, Section
from tests import factories, forms
from tests.factories import make_article, make_issue, make_public_issue, make_user

FEW, MANY, ISSUES = 4, 40, 60
READER_PAGES = (
    *("/", "/450/", "/450/2/", "/archive/", "/archive/2022/", "/2022-08-02/"),
    *("/archive/?find=9999", "/sections/", "/sections/s1/?year=2022", "/corrections/"),
    *("/popular/", "/popular/?span=all"),
)
# What each is for stands in docs/pages.md.
STATEMENTS = {"/": 10, "/450/": 10, "/450/2/": 9, "/archive/": 12, "/archive/2022/": 12}


class GrowthTest(TestCase):
    """An issue of four articles, then of forty among sixty issues."""

    @classmethod
    def setUpTestData(cls) -> None:
        paper = NewspaperPage.objects.get()
        cls.sections = [Section.objects.create(name=f"栏目{n}", slug=f"s{n}") for n in range(3)]
        cls.issue = make_public_issue(450, articles=FEW)
        ArticlePage.objects.filter(number=1).update(section=cls.sections[1])
        cls.writer = Contributor.objects.get(name="张晓燕")
        cls.read_and_correct()
        cls.next = make_issue(451)
        for _ in range(FEW):
            make_article(cls.next)
        cls.chief = make_user("总编")
        cls.screens = {
            "期的列表": reverse("wagtailadmin_explore", args=[paper.pk]),
            "稿件列表": reverse("wagtailadmin_explore", args=[cls.issue.pk]),
            "草稿列表": reverse("wagtailadmin_explore", args=[cls.next.pk]),
            "整期预览": reverse("wagtailadmin_pages:view_draft", args=[cls.next.pk]),
            "稿件预览": reverse(
                "wagtailadmin_pages:view_draft", args=[cls.next.get_children()[1].pk]
            ),
            "出版": reverse("issue_publish", args=[cls.next.pk]),
            "分享预览": reverse("issue_share", args=[cls.next.pk]),
        }

    def test_more_articles_and_issues_cost_no_more_queries(self) -> None:
        few = self.costs()
        self.grow()
        many = self.costs()

        assert few == many, f"with {FEW} articles: {few}; with {MANY}: {many}"

    def test_more_articles_with_photos_cost_no_more_queries(self) -> None:
        for issue in (self.issue, self.next):
            for article in ArticlePage.objects.child_of(issue):
                article.body = illustrated(f"{issue}{article.number}")
                article.save()
        few = self.costs()
        self.grow(photos=True)
        many = self.costs()

        assert few == many, f"with {FEW} articles: {few}; with {MANY}: {many}"

    def test_the_costs_are_small(self) -> None:
        costs = self.costs()

        assert max(costs[address] for address in READER_PAGES) <= 20, costs

    def test_the_main_pages_ask_what_the_docs_say(self) -> None:
        asked = {address: queries(Client(), address) for address in STATEMENTS}

        assert asked == STATEMENTS

    @classmethod
    def read_and_correct(cls) -> None:
        """Have every article read, corrected and credited to its writer."""
        Byline.objects.filter(name=cls.writer.name).update(contributor=cls.writer)
        public = ArticlePage.objects.published().with_issues()
        add_reads({(a.issue.issuepage.number, a.number): a.number for a in public})
        Correction.objects.bulk_create(Correction(article=a, text="更正。") for a in public)

    def costs(self) -> dict[str, int]:
        """Count the queries of each page, opened a second time."""
        reader, chief = Client(), Client()
        chief.force_login(self.chief)
        return {
            **{address: queries(reader, address) for address in READER_PAGES},
            "作者": queries(reader, f"/contributors/{self.writer.pk}/?year=2022"),
            "阅读量": queries(chief, reverse("reads_report")),
            "各期阅读量": queries(chief, reverse("issue_reads_report")),
            **{name: queries(chief, address) for name, address in self.screens.items()},
        }

    def grow(self, *, photos: bool = False) -> None:
        """Fill both issues up, over several folios and sections, and add the other issues."""
        for issue in (self.issue, self.next):
            issue.folios = [Folio(number=n, name=f"版{n}") for n in (1, 2, 3)]
            issue.save()
            for n in range(FEW, MANY):
                make_article(
                    issue,
                    names=("张晓燕", "汪燕盼"),
                    folio=1 + n // 15,
                    section=self.sections[n % 3],
                    prominence=("lead", "major", "normal", "brief")[n % 4],
                    **({"body": illustrated(f"{issue}{n}")} if photos else {}),
                )
        for n in range(ISSUES - 2):
            day = factories.FIRST_DAY - datetime.timedelta(days=7 * (n + 1))
            make_article(make_issue(449 - n, live=True, date=day))
        # By the short way, as signing a hundred articles would take its time.
        ArticlePage.objects.exclude(issue=self.next).update(live=True)
        self.read_and_correct()


def illustrated(name: str) -> list[tuple[str, object]]:
    """Return a body with a photo of its own."""
    file = get_test_image_file(filename=f"{name}.png", size=(60, 40))
    image = PressPhoto.objects.create(title=name, file=file, caption="说明")
    photo = {"image": image, "caption": "", "credit": "", "alt": ""}
    return [("photo", photo), ("paragraph", forms.TEXT)]


def queries(client: Client, address: str) -> int:
    """Open a page twice, the first time to make renditions and fill caches; count the second."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code in (200, 302), f"{address}: {answer.status_code}"
    return len(captured)
