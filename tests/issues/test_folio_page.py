"""A printed page: its picture, the articles where they stand on it, its PDF, and who sees them."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup, Tag
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from issues.folio_pages import PageFile, keep_pages, set_areas
from issues.models import Folio, IssuePage
from issues.previewing import make_preview_link, token_of
from issues.publishing import publish_issue, unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.models import PressPhoto
from tests.factories import fresh, make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%%EOF\n"


def area(article: int, top: int = 10) -> dict[str, object]:
    return {"article": article, "polygon": f"5,{top} 95,{top} 95,{top + 20} 5,{top + 20}"}


def page_image() -> PressPhoto:
    file: ImageFile = get_test_image_file(size=(800, 1200))
    return PressPhoto.objects.create(title="版面", file=file)


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    """Two folios with pictures, the first with a PDF; one article each, and one not signed."""
    issue = make_issue(451)
    make_article(issue, "头版的稿", folio=1, signed=True)
    make_article(issue, "二版的稿", folio=2, signed=True)
    first = Folio(number=1, name="要闻", page_image=page_image())
    first.hot_areas = [area(1), area(1, 40), area(98, 70), area(99)]
    first.page_pdf.save("第1版.pdf", ContentFile(PDF), save=False)
    issue.folios = [first, Folio(number=2, page_image=page_image(), hot_areas=[area(2)])]
    issue.save_revision()
    issue.save()
    return issue


@pytest.fixture
def draft(made: IssuePage) -> IssuePage:
    return fresh(made)


@pytest.fixture
def issue(draft: IssuePage) -> IssuePage:
    publish_issue(issue=draft, by=None)
    return IssuePage.objects.get(pk=draft.pk)


def seen(address: str, client: Client | None = None) -> Tag:
    answer = (client or Client()).get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return BeautifulSoup(answer.content, "html.parser")


def areas(page: Tag) -> list[tuple[str, str, str]]:
    """Return where each area leads, what it is called and where it lies."""
    return [
        (str(link["href"]), str(link["aria-label"]), str(polygon["points"]))
        for link in page.select(".printed__area")
        for polygon in link.select("polygon")
    ]


def test_a_page_is_shown_with_its_areas_list_and_pdf(issue: IssuePage) -> None:
    page = seen("/451/folio-1/")
    assert page.h1 is not None
    assert page.h1.text == "第1版 要闻"
    # The picture is half as high again as it is wide, and the drawing is 100 wide.
    assert areas(page) == [
        ("/451/1/", "头版的稿", "5,15.00 95,15.00 95,45.00 5,45.00"),
        ("/451/1/", "头版的稿", "5,60.00 95,60.00 95,90.00 5,90.00"),
    ]
    (drawing,) = page.select("svg")
    assert drawing["viewbox"] == "0 0 100 150.00"
    (image,) = page.select(".printed__image")
    assert image["alt"] == "第451期第1版 要闻的版面图"
    assert [link["href"] for link in page.select(".contents__link")] == ["/451/1/"]
    # Each line of the list leads to its place on the picture, and the article back to it.
    assert [link["href"] for link in page.select(".printed__where")] == ["#area-1"]
    assert [link["id"] for link in page.select(".printed__area")] == ["area-1"]
    (back,) = seen("/451/1/").select(".origin__place")
    assert back["href"] == "/451/folio-1/#area-1"
    assert [link["href"] for link in page.select(".printed__files a[href$=pdf]")] == [
        "/451/folio-1.pdf"
    ]
    assert [str(link["href"]) for link in page.select("link[rel=next]")] == ["/451/folio-2/"]
    assert page.select("[aria-current=page]")[0].text == "第1版 要闻"


def test_the_front_page_leads_to_the_pages(issue: IssuePage) -> None:
    links = [link["href"] for link in seen("/451/").select(".folio-pages__link")]
    assert links == ["/451/folio-1/", "/451/folio-2/"]


def test_a_page_without_articles_is_still_shown(draft: IssuePage) -> None:
    draft.folios.add(Folio(number=3, page_image=page_image()))
    draft.save()  # a page belongs to the issue as it stands
    draft.save_revision()
    publish_issue(issue=draft, by=None)
    page = seen("/451/folio-3/")
    assert page.select(".printed__image")
    assert not page.select(".printed__contents, .printed__areas, .printed__files a[href$=pdf]")


def test_a_folio_without_a_picture_lists_its_articles(issue: IssuePage) -> None:
    make_article(issue, "三版的稿", folio=3, signed=True)
    publish_issue(issue=IssuePage.objects.get(pk=issue.pk), by=None)
    page = seen("/451/folio-3/")
    assert [link.text.strip() for link in page.select(".contents__link")] == ["三版的稿"]
    assert not page.select(".printed__page")


def test_only_what_readers_may_see_has_an_area(issue: IssuePage) -> None:
    article = ArticlePage.objects.child_of(issue).get(folio=1)
    restriction = PageViewRestriction.objects.create(page=article, restriction_type="login")
    page = seen("/451/folio-1/")
    assert (areas(page), "头版的稿" in page.text) == ([], False)
    restriction.delete()
    assert areas(seen("/451/folio-1/"))
    withdraw_article(article=article, by=make_user("总编"), reason="失实")
    page = seen("/451/folio-1/")
    assert (areas(page), "头版的稿" in page.text) == ([], False)


def test_an_unsigned_article_has_no_area(draft: IssuePage) -> None:
    make_article(draft, "没有定稿", folio=2)
    set_areas(issue=draft, number=2, areas=[area(2), area(3, 40)], by=None)
    publish_issue(issue=draft, by=None, without_unfinished=True)
    page = seen("/451/folio-2/")
    assert [name for _, name, _ in areas(page)] == ["二版的稿"]
    assert "没有定稿" not in page.text


@pytest.mark.parametrize(
    "address",
    [
        "/451/folio-3/",
        "/451/folio-0/",
        "/451/folio-01/",
        "/451/folio-100/",
        "/451/folio-１/",
        "/451/folio-1/1/",
        "/451/folio-/",
        "/452/folio-1/",
        "/451/folio-2.pdf",  # no PDF is kept of this one
        "/451/folio-3.pdf",
        "/451/folio-01.pdf",
        "/452/folio-1.pdf",
    ],
)
def test_addresses_of_nothing_are_404(issue: IssuePage, address: str) -> None:
    assert Client().get(address).status_code == 404


def test_the_pdf_is_handed_out_as_it_was_kept(issue: IssuePage) -> None:
    answer = Client().get("/451/folio-1.pdf")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert "max-age=3600" in answer["Cache-Control"]
    assert Client().post("/451/folio-1.pdf").status_code == 405


def test_a_draft_issue_and_one_taken_back_show_neither_page_nor_pdf(draft: IssuePage) -> None:
    def answers() -> list[int]:
        page, pdf = Client().get("/451/folio-1/"), Client().get("/451/folio-1.pdf")
        b"".join(pdf)  # a file that is read to its end is closed
        return [page.status_code, pdf.status_code]

    assert answers() == [404, 404]
    publish_issue(issue=draft, by=None)
    assert answers() == [200, 200]
    unpublish_issue(issue=IssuePage.objects.get(pk=draft.pk), by=make_user("总编"))
    assert answers() == [404, 404]


def test_a_closed_issue_shows_neither_page_nor_pdf(issue: IssuePage) -> None:
    PageViewRestriction.objects.create(
        page=issue, restriction_type=PageViewRestriction.PASSWORD, password="工会"
    )
    answer = Client().get("/451/folio-1/")
    assert "printed__page" not in answer.content.decode()
    assert "头版的稿" not in answer.content.decode()
    assert Client().get("/451/folio-1.pdf").status_code == 404


def test_a_preview_shows_the_pages_small_and_leads_to_nothing_closed(draft: IssuePage) -> None:
    editor = make_user("编辑")
    link = make_preview_link(issue=draft, days=3, by=editor)
    desk = Client()
    desk.force_login(editor)
    for client, address in (
        (Client(), reverse("preview_issue", args=[token_of(link)])),
        (desk, reverse("wagtailadmin_pages:view_draft", args=[draft.pk])),
    ):
        page = seen(address, client)
        assert [link.text for link in page.select(".folio-pages__link")] == ["第1版 要闻", "第2版"]
        assert len(page.select(".folio-pages__image")) == 2
        assert not page.select("a[href*='/folio-']")


def ways(address: str, client: Client | None = None) -> list[tuple[str, str]]:
    """Return where the page leads among the issues, and what that is called."""
    links = seen(address, client).select('.pager[aria-label="上一期和下一期"] .pager__link')
    return [(str(link["href"]), link.select(".pager__title")[0].text) for link in links]


def test_it_leads_to_the_same_folio_of_the_issues_around(issue: IssuePage) -> None:
    assert ways("/451/folio-1/") == []
    for number, folios in ((449, [1, 2]), (450, [1]), (452, [1]), (453, [1, 2])):
        other = make_issue(number)
        for folio in folios:
            make_article(other, f"第{folio}版的稿", folio=folio, signed=True)
        if number == 452:
            make_article(other, "撤下的稿", folio=2, signed=True)
        publish_issue(issue=other, by=None)
    by = make_user("总编")
    withdrawn = ArticlePage.objects.get(title="撤下的稿")
    withdraw_article(article=withdrawn, by=by, reason="失实")

    front = [("/450/folio-1/", "第450期第1版"), ("/452/folio-1/", "第452期第1版")]
    assert ways("/451/folio-1/") == front
    assert ways("/451/folio-2/") == [("/450/", "第450期"), ("/452/", "第452期")]
    assert ways("/449/folio-1/") == [("/450/folio-1/", "第450期第1版")]
    # A page that was kept is one, with articles or without.
    next_issue = IssuePage.objects.get(number=452)
    keep_pages(issue=next_issue, pages={2: PageFile(page_image())}, by=None)
    assert ways("/451/folio-2/")[1] == ("/452/folio-2/", "第452期第2版")
    unpublish_issue(issue=next_issue, by=by)
    assert ways("/451/folio-2/")[1] == ("/453/folio-2/", "第453期第2版")
    restriction = PageViewRestriction.objects.create(page=withdrawn.issue, restriction_type="login")
    publish_issue(issue=IssuePage.objects.get(pk=next_issue.pk), by=by)
    assert ways("/451/folio-2/")[1] == ("/453/folio-2/", "第453期第2版")
    restriction.delete()
    assert ways("/451/folio-2/")[1] == ("/452/folio-2/", "第452期第2版")
    links = seen("/451/folio-2/").select("a[rel=next], link[rel=next]")
    assert not [link for link in links if "452" in str(link["href"])]


def test_queries_do_not_grow_with_articles_areas_and_pages(issue: IssuePage) -> None:
    client = Client()
    seen("/451/folio-1/", client)  # pictures are made once
    with CaptureQueriesContext(connection) as few:
        seen("/451/folio-1/", client)
    count = len(few)
    for number in range(3, 13):
        make_article(issue, f"第{number}篇", folio=1, signed=True)
    draft = IssuePage.objects.get(pk=issue.pk)
    first, _ = draft.folios.all()
    more = [area(number) for number in range(3, 13)]
    set_areas(issue=draft, number=1, areas=[*first.hot_areas, *more], by=None)
    pages = {number: PageFile(page_image()) for number in range(3, 8)}
    keep_pages(issue=draft, pages=pages, by=None)
    assert len(areas(seen("/451/folio-1/", client))) == 12
    with CaptureQueriesContext(connection) as many:
        seen("/451/folio-1/", client)
    assert len(many) == count > 0


def test_an_article_that_goes_on_here_has_its_area_and_its_line(issue: IssuePage) -> None:
    set_areas(issue=issue, number=2, areas=[area(2), area(1, 40)], by=None)
    page = seen("/451/folio-2/")
    assert [name for _, name, _ in areas(page)] == ["头版的稿", "二版的稿"]
    assert [link.text.strip() for link in page.select(".contents__link")] == [
        "头版的稿",
        "二版的稿",
    ]
