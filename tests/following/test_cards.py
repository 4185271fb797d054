"""The cards of issues and articles: who gets them, and what they cost."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from following.sharing import views
from following.sharing.cards import card_of_article, card_of_issue
from interchange.typesetting.press import TypesettingFailed
from issues.models import Folio, IssuePage
from issues.publishing import unpublish_issue
from issues.withdrawing import withdraw_article
from newsroom.circulation import Extent
from newsroom.models import CirculationSettings, Imprint, Occasion, PressPhoto
from tests import factories
from tests.factories import make_article, make_public_issue

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return make_public_issue(450, articles=3)


@pytest.fixture
def issue(made: IssuePage) -> IssuePage:
    return factories.fresh(made)


def status(address: str, client: Client | None = None) -> int:
    return int((client or Client()).get(address).status_code)


def picture(address: str) -> Image.Image:
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    return Image.open(BytesIO(answer.content))


def a_photo(name: str, size: tuple[int, int]) -> PressPhoto:
    return PressPhoto.objects.create(
        title=name, file=get_test_image_file(filename=f"{name}.png", size=size)
    )


@pytest.mark.parametrize("address", ["/450/card.png", "/450/2/card.png"])
def test_everybody_gets_a_card(issue: IssuePage, address: str) -> None:
    answer = Client().get(address)

    assert Image.open(BytesIO(answer.content)).size == (1200, 630)
    assert answer["Content-Type"] == "image/png"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert not answer.cookies
    again = Client().get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "address",
    [
        *("/0450/card.png", "/450/02/card.png", "/450/9/card.png", "/449/card.png"),
        *("/449/1/card.png", "/450/card.jpg", "/card.png", "/450/folio-1/card.png"),
    ],
)
def test_no_other_address_has_one(issue: IssuePage, address: str) -> None:
    assert status(address) == 404


def test_a_card_is_only_sent(issue: IssuePage) -> None:
    assert Client().post("/450/card.png").status_code == 405
    assert Client().head("/450/card.png").status_code == 200


def test_what_is_not_public_has_none(issue: IssuePage) -> None:
    draft = make_article(issue, "还没有定稿")
    assert status(f"/450/{draft.number}/card.png") == 404

    unpublish_issue(issue=issue, by=None)

    assert status("/450/card.png") == 404
    assert status("/450/1/card.png") == 404


def test_a_withdrawn_article_is_gone_with_its_card(issue: IssuePage) -> None:
    before = Client().get("/450/card.png").content
    first = ArticlePage.objects.get(issue=issue, number=1)

    withdraw_article(article=first, reason="内容有误。", by=None)

    answer = Client().get("/450/1/card.png")
    assert (answer.status_code, answer.content) == (410, b"")
    assert answer["Cache-Control"] == "no-cache"
    assert Client().get("/450/card.png").content != before


def test_what_lies_behind_a_password_has_none(issue: IssuePage) -> None:
    PageViewRestriction.objects.create(page=issue, restriction_type=PageViewRestriction.LOGIN)
    reader = Client()
    reader.force_login(factories.make_user())

    for address in ("/450/card.png", "/450/1/card.png"):
        assert status(address) == 404
        assert status(address, reader) == 404


def test_outside_a_closed_paper_there_is_none(issue: IssuePage) -> None:
    CirculationSettings.objects.create(extent=Extent.EVERYTHING, networks="10.0.0.0/8")

    for address in ("/450/card.png", "/450/1/card.png"):
        assert status(address, Client(REMOTE_ADDR="203.0.113.9")) == 403
        inside = Client(REMOTE_ADDR="10.1.2.3").get(address)
        assert (inside.status_code, inside["Cache-Control"]) == (200, "private, no-store")


def test_a_card_says_what_the_article_says(issue: IssuePage, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://paper.example.org"
    article = ArticlePage.objects.get(issue=issue, number=2)
    article.kicker, article.title = "市总工会:", "“杭工惠”上线,职工叫好"

    card = card_of_article(article, issue)

    assert (card.name, card.kicker) == ("杭州工运", "市总工会：")
    assert card.headline == "“杭工惠”上线，职工叫好"
    assert card.dates[0] == "2022年8月2日"
    assert card.dates[-1] == "第450期"
    assert card.foot == ("第1版", "paper.example.org/450/2")
    assert card.opening.startswith("7月27日，")


def test_an_issue_shows_its_lead_its_headlines_and_its_first_page(issue: IssuePage) -> None:
    ArticlePage.objects.filter(issue=issue, number=2).update(prominence="lead")
    image = a_photo("page", (800, 1200))
    Folio.objects.create(issue=issue, number=1, page_image=image)

    card = card_of_issue(issue, list(ArticlePage.objects.child_of(issue).in_print_order()))

    assert card.headline == "第2条新闻"
    assert card.others == ("第1条新闻", "第3条新闻")
    assert card.page is not None
    assert picture("/450/card.png").size == (1200, 630)


def test_a_nameplate_that_is_a_picture_stands_on_it(issue: IssuePage) -> None:
    before = Client().get("/450/1/card.png").content
    plate = a_photo("plate", (800, 200))
    Imprint.objects.update(nameplate=plate)
    assert Client().get("/450/1/card.png").content != before

    plate.file.storage.delete(plate.file.name)

    assert Client().get("/450/1/card.png").content == before


def test_it_follows_mourning(issue: IssuePage) -> None:
    today = timezone.localdate()
    Occasion.objects.create(look="grey", since=today, until=today, reason="公祭日")

    colours = picture("/450/1/card.png").convert("RGB").getcolors(1 << 20)

    assert all(red == green == blue for _, (red, green, blue) in colours)


def test_one_that_cannot_be_drawn_is_not_found(
    issue: IssuePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a 500: nginx would ask for it again and again."""

    def fail(card: object) -> bytes:
        raise TypesettingFailed("no font")

    monkeypatch.setattr("following.sharing.views.draw_card", fail)
    assert Client().get("/450/card.png").status_code == 404


def test_one_is_drawn_at_a_time(issue: IssuePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PATIENCE", 0.05)
    with views._drawing:
        answer = Client().get("/450/card.png")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert answer["Cache-Control"] == "no-store"
    assert status("/450/card.png") == 200


def test_a_card_costs_the_same_however_many_articles(
    issue: IssuePage, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(5):
        assert status("/450/card.png") == 200
    with django_assert_max_num_queries(5):
        assert status("/450/1/card.png") == 200
