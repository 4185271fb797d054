"""What the head of each reader page tells machines, and that it tells only what is public."""

from __future__ import annotations

import datetime
import gzip
import json
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from desk.review.signing import sign_article
from issues.correcting import Wording, add_correction
from issues.models import Folio, IssuePage
from issues.previewing import make_preview_link, token_of
from issues.publishing import publish_issue
from issues.withdrawing import withdraw_article
from newsroom.hant_addresses import twin
from newsroom.models import Imprint, PressPhoto
from tests import factories
from tests.factories import make_article, make_issue, make_public_issue
from tests.test_queries import illustrated

from .test_linked_data import HOSTILE
from .vocabulary import faults

pytestmark = pytest.mark.django_db

SITE = "http://testserver"
PAGES = (
    *("/", "/450/", "/450/1/", "/450/2/", "/450/folio-1/", "/archive/", "/archive/2022/"),
    *("/2022-08-02/", "/corrections/", "/about/", "/accessibility/", "/contribute/"),
    *("/contribute/status/", "/450/99/"),
)


class Head:
    """The head of a page as a machine reads it."""

    def __init__(self, html: bytes) -> None:
        self.soup = BeautifulSoup(html, "html.parser")
        metas = self.soup.head.find_all("meta")
        self.metas = [(m.get("property") or m.get("name"), m.get("content")) for m in metas]
        block = self.soup.find_all("script", type="application/ld+json")
        assert len(block) <= 1
        self.data = json.loads(block[0].string) if block else None

    def __getitem__(self, name: str) -> str | None:
        return dict(self.metas).get(name)

    def all(self, name: str) -> list[str]:
        return [content for key, content in self.metas if key == name]

    @property
    def tells_machines(self) -> bool:
        return self.data is not None or any(
            str(name).startswith(("og:", "article:", "citation_", "twitter:"))
            for name, _ in self.metas
        )


def head(address: str, client: Client | None = None, status: int = 200) -> Head:
    answer = (client or Client()).get(address, follow=True)
    assert answer.status_code == status, f"{address}: {answer.status_code}"
    return Head(answer.content)


def a_photo(name: str = "plate", size: tuple[int, int] = (800, 600)) -> PressPhoto:
    file = get_test_image_file(filename=f"{name}.png", size=size)
    return PressPhoto.objects.create(title=name, file=file)


@pytest.fixture(autouse=True)
def no_renditions_of_other_tests() -> None:
    """Wagtail remembers renditions by the photo's key, which the next test gives again."""
    cache.clear()


@pytest.fixture
def sample() -> IssuePage:
    return factories.make_sample()


# What is told.


def test_an_article_tells_what_it_is(sample: IssuePage) -> None:
    told = head("/450/1/")
    news, way = told.data["@graph"]

    assert (told["og:type"], told["og:locale"]) == ("article", "zh_CN")
    assert told["og:title"] == news["headline"] == "确保工会数字化改革始终走在前列"
    assert told["og:url"] == news["url"] == f"{SITE}/450/1/"
    assert told["og:site_name"] == "杭州工运"
    assert told["article:published_time"] == news["datePublished"] == "2022-08-02"
    assert told["article:modified_time"] == news["dateModified"]
    assert told.all("citation_author") == [news["author"][0]["name"]] == ["汪燕盼"]
    assert news["alternativeHeadline"] == "全市工会数字化改革推进会召开"
    assert news["isPartOf"]["issueNumber"] == told["citation_issue"] == "450"
    assert news["isPartOf"]["isPartOf"]["identifier"]["value"] == "浙企准字第A286号"
    assert told["citation_pdf_url"] == f"{SITE}/450/issue.pdf"
    assert way["@type"] == "BreadcrumbList"


def test_an_author_leads_to_what_else_they_wrote(sample: IssuePage) -> None:
    byline = ArticlePage.objects.get(issue=sample, number=1).bylines.get()
    (author,) = head("/450/1/").data["@graph"][0]["author"]
    assert author["url"] == f"{SITE}/contributors/{byline.contributor_id}/"


def test_an_issue_tells_what_stands_in_it_also_as_the_latest(sample: IssuePage) -> None:
    for address in ("/450/", "/"):
        told = head(address)
        issue = told.data["@graph"][0]
        assert (issue["@type"], issue["url"]) == ("PublicationIssue", f"{SITE}/450/")
        assert [part["url"] for part in issue["hasPart"]] == [
            f"{SITE}/450/{n}/" for n in (1, 2, 3, 4)
        ]
        assert (told["og:url"], told["og:title"]) == (f"{SITE}/450/", "杭州工运 第450期")


def test_a_correction_is_told_and_moves_the_date(sample: IssuePage) -> None:
    article = ArticlePage.objects.get(issue=sample, number=1)
    ArticlePage.objects.filter(pk=article.pk).update(last_published_at="2022-08-02T01:00:00Z")
    IssuePage.objects.filter(pk=sample.pk).update(last_published_at="2022-08-02T02:00:00Z")
    assert head("/450/1/")["article:modified_time"] == "2022-08-02T10:00:00+08:00"

    wording = Wording(text="第3段“8817家”应为“8818家”。", date=datetime.date(2022, 8, 9))
    add_correction(article=article, wording=wording, by=None)

    told = head("/450/1/")
    assert told.data["@graph"][0]["correction"] == [
        {
            "@type": "CorrectionComment",
            "text": "第3段“8817家”应为“8818家”。",
            "datePublished": "2022-08-09",
        }
    ]
    changed = article.corrections.get().changed_at.replace(microsecond=0)
    assert datetime.datetime.fromisoformat(told["article:modified_time"]) == changed


def test_every_page_is_right_by_the_vocabulary(sample: IssuePage) -> None:
    for address in ("/", "/450/", "/450/1/", "/450/2/", "/450/3/", "/450/4/", "/450/folio-1/"):
        assert faults(head(address).data) == [], address


def test_every_page_is_html_without_a_parse_error(sample: IssuePage) -> None:
    for address in PAGES:
        html = Client().get(address, follow=True).content
        html5lib.HTMLParser(strict=True).parse(html, transport_encoding="utf-8")


def test_every_page_that_has_an_address_makes_a_card(sample: IssuePage) -> None:
    for address in PAGES[:-1]:
        told = head(address)
        canonical = told.soup.find("link", rel="canonical")["href"]
        assert told["og:url"] == canonical
        assert told["og:title"]
        is_drawn = address in ("/", "/450/", "/450/1/", "/450/2/", "/2022-08-02/")
        assert told["twitter:card"] == ("summary_large_image" if is_drawn else "summary")
        languages = told.soup.find_all("link", rel="alternate", hreflang=True)
        assert {link["hreflang"]: link["href"] for link in languages} == {
            "zh-Hans": canonical,
            **({"zh-Hant": there} if (there := twin(canonical)) else {}),
            "x-default": canonical,
        }
        search = told.soup.find("link", rel="search")
        assert (search["href"], search["title"]) == ("/opensearch.xml", "杭州工运")


# The picture of the card.


def test_an_article_shows_its_photo_or_its_card_and_an_issue_its_card() -> None:
    issue = make_issue(450)
    make_article(issue, "有图", body=illustrated("photo"), signed=True)
    make_article(issue, "无图", signed=True)
    publish_issue(issue=issue, by=None)

    told = head("/450/2/")
    assert told["og:image"] == f"{SITE}/450/2/card.png"
    assert told["og:image:alt"] == "《杭州工运》第450期：无图"
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    assert told["twitter:card"] == "summary_large_image"
    assert told.data["@graph"][0]["image"] == told["og:image"]
    for address in ("/", "/450/"):
        told = head(address)
        assert told["og:image"] == f"{SITE}/450/card.png"
        assert told["og:image:alt"] == "《杭州工运》第450期，2022年8月2日"
        assert told.data["@graph"][0]["image"] == told["og:image"]
        assert Client().get(told["og:image"])["Content-Type"] == "image/png"

    told = head("/450/1/")
    assert "/photo." in told["og:image"]
    assert told.data["@graph"][0]["image"] == told["og:image"]
    picture = Client().get(told["og:image"])
    assert picture["Content-Type"] == "image/jpeg"
    picture.close()


def test_a_printed_page_shows_itself_and_a_list_the_nameplate() -> None:
    issue = make_public_issue(450)
    Imprint.objects.update(nameplate=a_photo("plate"))
    told = head("/archive/")
    assert "/plate." in told["og:image"]
    assert told["og:image:alt"] == "《杭州工运》报头"
    assert "/plate." in head("/450/folio-1/")["og:image"]

    issue.folios = [Folio(number=1, name="要闻", page_image=a_photo("page"))]
    issue.save()
    told = head("/450/folio-1/")
    assert "/page." in told["og:image"]
    assert told["og:image:alt"] == "第450期第1版 要闻的版面图"


def test_a_card_stands_for_a_photo_whose_file_is_gone() -> None:
    issue = make_issue(450)
    make_article(issue, "有图", body=illustrated("photo"), signed=True)
    publish_issue(issue=issue, by=None)
    photo = PressPhoto.objects.get()
    Path(photo.file.path).unlink()

    assert head("/450/1/")["og:image"] == f"{SITE}/450/1/card.png"


# What is not told.


def test_a_preview_tells_machines_nothing() -> None:
    issue = make_issue(450)
    article = make_article(issue, signed=True)
    chief = factories.make_user("总编")
    address = f"/preview/{token_of(make_preview_link(issue=issue, by=chief, days=1))}/"
    editor = Client()
    editor.force_login(chief)

    for told in (
        head(address),
        head(f"{address}{article.number}/"),
        head(f"/admin/pages/{issue.pk}/view_draft/", editor),
        head(f"/admin/pages/{article.pk}/view_draft/", editor),
    ):
        assert not told.tells_machines
        assert told.soup.find("p", class_="cite") is None


def test_a_withdrawn_article_tells_machines_nothing(sample: IssuePage) -> None:
    article = ArticlePage.objects.get(issue=sample, number=1)
    withdraw_article(article=article, reason="内容有误。", by=None)

    assert not head("/450/1/", status=410).tells_machines
    assert article.title not in json.dumps(head("/450/").data, ensure_ascii=False)
    assert Client().get("/450/1.ris").status_code == 404


def test_what_is_not_found_tells_machines_nothing(sample: IssuePage) -> None:
    assert not head("/450/99/", status=404).tells_machines


def test_what_lies_behind_a_password_tells_machines_nothing(sample: IssuePage) -> None:
    shut = PageViewRestriction.objects.create(
        page=sample, restriction_type=PageViewRestriction.LOGIN
    )
    reader = Client()
    reader.force_login(factories.make_user())

    for address in ("/450/", "/450/1/", "/450/folio-1/"):
        assert not head(address, reader).tells_machines, address
    assert head("/450/1/", reader).soup.find("p", class_="cite") is None
    assert Client().get("/450/1.ris").status_code == 404
    assert reader.get("/450/1.bib").status_code == 404
    shut.delete()
    assert head("/450/1/", reader).tells_machines


def test_the_head_of_an_issue_names_public_articles_only() -> None:
    issue = make_public_issue(450, articles=2)
    draft = make_article(issue, "还没有定稿")
    shut = make_article(issue, "要密码的")
    sign_article(article=shut, revision=shut.get_latest_revision(), by=None)
    PageViewRestriction.objects.create(page=shut, restriction_type=PageViewRestriction.LOGIN)

    parts = head("/450/").data["@graph"][0]["hasPart"]

    assert [part["headline"] for part in parts] == ["第1条新闻", "第2条新闻"]
    assert Client().get(f"/450/{draft.number}.ris").status_code == 404
    assert Client().get(f"/450/{shut.number}.ris").status_code == 404


# Citations as files.


@pytest.mark.parametrize(
    ("form", "kind"),
    [("ris", "application/x-research-info-systems"), ("bib", "application/x-bibtex")],
)
def test_an_article_is_offered_to_reference_managers(
    sample: IssuePage, form: str, kind: str
) -> None:
    link = head("/450/1/").soup.find("p", class_="cite").find("a", href=f"/450/1.{form}")
    answer = Client().get(link["href"])

    assert answer["Content-Type"] == f"{kind}; charset=utf-8"
    assert f"%E7%AC%AC450%E6%9C%9F%E7%AC%AC1%E7%AF%87.{form}" in answer["Content-Disposition"]
    assert "确保工会数字化改革始终走在前列" in answer.content.decode()
    again = Client().get(link["href"], headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "address", ["/450/01.ris", "/0450/1.ris", "/450/9.ris", "/449/1.ris", "/450/1.enw"]
)
def test_no_other_address_cites(sample: IssuePage, address: str) -> None:
    assert Client().get(address).status_code == 404


def test_a_citation_costs_the_same_however_many_names(django_assert_max_num_queries) -> None:
    issue = make_issue(450)
    make_article(issue, names=("甲", "乙", "丙", "丁"), signed=True)
    publish_issue(issue=issue, by=None)
    with django_assert_max_num_queries(7):
        assert Client().get("/450/1.ris").status_code == 200


# Whatever stands in the copy.


def test_no_wording_breaks_out_of_the_head() -> None:
    issue = make_issue(450)
    title = HOSTILE[:250].strip()
    article = make_article(issue, "题", text=HOSTILE, names=("甲",), signed=True)
    ArticlePage.objects.filter(pk=article.pk).update(
        title=title, kicker=title[:100], subhead=title[:150]
    )
    article.bylines.update(name=HOSTILE[:50])
    Imprint.objects.update(name='"><b>报', publisher="</title>社")
    publish_issue(issue=issue, by=None)

    for address in ("/450/", "/450/1/"):
        told = head(address)
        assert faults(told.data) == []
        assert "alert(1)" in json.dumps(told.data)
        assert told.soup.find("script", type=None, src=None) is None
        assert told.soup.find("b") is None
        html5lib.HTMLParser(strict=True).parse(
            Client().get(address).content, transport_encoding="utf-8"
        )
    for address in (
        "/450/1.ris",
        "/450/1.bib",
        "/opensearch.xml",
        "/sitemap-2022.xml",
        "/robots.txt",
    ):
        assert Client().get(address).status_code == 200


def test_an_article_weighs_little(sample: IssuePage) -> None:
    page = Client().get("/450/2/").content
    soup = BeautifulSoup(page, "html.parser")
    for otherwise in soup.find_all("noscript"):
        otherwise.decompose()
    links = [link["href"] for link in soup.find_all("link", rel=["stylesheet", "icon"])]
    addresses = [*links, *(script["src"] for script in soup.find_all("script", src=True))]
    files = [Path(finders.find(each.removeprefix(settings.STATIC_URL))) for each in addresses]
    weights = [len(gzip.compress(file.read_bytes())) for file in files]

    assert len(soup.head.encode()) < 6500
    assert len(page) + sum(weights) < 60 * 1024, weights
