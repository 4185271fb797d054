"""QR codes: of what everybody may read, and of nothing else."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import segno
from django.test import Client
from wagtail.models import PageViewRestriction

from articles.models import ArticlePage
from issues.models import IssuePage
from issues.publishing import unpublish_issue
from issues.withdrawing import reinstate_article, withdraw_article
from tests.factories import fresh, make_article, make_sample, make_user

SVG = "{http://www.w3.org/2000/svg}"
FRAME = 4
STEP = re.compile(r"([Mmh])(-?[0-9.]+)(?: (-?[0-9.]+))?")


def fields(drawing: bytes) -> list[list[int]]:
    """Read the fields of a drawing back, without the frame: 1 is dark."""
    picture = ET.fromstring(drawing)
    _, _, width, height = map(int, picture.attrib["viewBox"].split())
    assert width == height
    ground, lines = picture.findall(f"{SVG}path")
    assert ground.attrib == {"fill": "#fff", "d": f"M0 0h{width}v{width}h-{width}z"}
    assert lines.attrib["stroke"] == "#000"
    grid = [[0] * width for _ in range(width)]
    x = y = 0.0
    for act, across, down in STEP.findall(lines.attrib["d"]):
        if act == "h":
            for column in range(int(x), int(x) + int(across)):
                grid[int(y)][column] = 1
            x += int(across)
        else:
            x, y = (float(across), float(down)) if act == "M" else (x + int(across), y + int(down))
    assert not any(map(any, grid[:FRAME] + grid[-FRAME:]))
    assert not any(any(row[:FRAME] + row[-FRAME:]) for row in grid)
    return [row[FRAME:-FRAME] for row in grid[FRAME:-FRAME]]


def code_of(address: str) -> list[list[int]]:
    return [list(row) for row in segno.make(address, error="m", micro=False).matrix]


@pytest.fixture(scope="module")
def made(shared_rows: None) -> IssuePage:
    return make_sample()


@pytest.fixture
def sample(db: None, made: IssuePage) -> IssuePage:
    return fresh(made)


@pytest.mark.parametrize(
    ("page", "title"), [("/450/", "第450期"), ("/450/3/", "第450期第3篇")], ids=["issue", "article"]
)
def test_it_holds_the_address_of_the_page(sample: IssuePage, page: str, title: str) -> None:
    answer = Client().get(f"{page}qr.svg", HTTP_HOST="localhost")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"
    assert "max-age" in answer["Cache-Control"]
    assert ET.fromstring(answer.content).findtext(f"{SVG}title") == title
    assert fields(answer.content) == code_of(f"http://localhost{page}")
    assert len(answer.content) < 3000


@pytest.mark.parametrize(
    "address",
    [
        *("/451/qr.svg", "/450/99/qr.svg", "/0450/qr.svg", "/450/03/qr.svg", "/450/folio-1/qr.svg"),
        *("/99999/1/qr.svg", "/450/999999999/qr.svg", "/450/3/4/qr.svg", "/450/%00/qr.svg"),
    ],
)
def test_there_is_none_of_what_is_not_there(sample: IssuePage, address: str) -> None:
    assert Client().get(address).status_code == 404


def test_a_draft_has_none(sample: IssuePage) -> None:
    draft = make_article(sample)

    assert Client().get(f"/450/{draft.number}/qr.svg").status_code == 404


def test_it_goes_and_comes_with_the_page(sample: IssuePage) -> None:
    chief = make_user("总编")
    article = ArticlePage.objects.get(number=3)
    withdraw_article(article=article, reason="内容有误。", by=chief)
    gone = Client().get("/450/3/qr.svg")
    assert gone.status_code == 410
    assert b"<svg" not in gone.content
    assert "no-cache" in gone["Cache-Control"]

    reinstate_article(article=article, by=chief)
    assert Client().get("/450/3/qr.svg").status_code == 200

    unpublish_issue(issue=sample, by=chief)
    for address in ("/450/qr.svg", "/450/3/qr.svg"):
        assert Client().get(address).status_code == 404


def test_what_is_behind_a_password_has_none_and_offers_none(sample: IssuePage) -> None:
    PageViewRestriction.objects.create(
        page=sample, restriction_type=PageViewRestriction.PASSWORD, password="x"
    )
    for address in ("/450/qr.svg", "/450/3/qr.svg"):
        assert Client().get(address).status_code == 404
