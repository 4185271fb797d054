"""Readers' pages are judged by axe-core (WCAG 2.2 AA), however the reader wants to read."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer
from wagtail.images.tests.utils import get_test_image_file

from issues.models import Folio
from issues.publishing import publish_issue
from newsroom.models import Occasion, PressPhoto
from tests.factories import make_article, make_issue, make_sample

from .conftest import MakeOnce
from .test_reading import opened

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
PAGES = (
    *("/", "/450/2/", "/archive/", "/archive/2022/", "/451/folio-1/", "/search/?q=托育"),
    *("/search/", "/archive/?find=499", "/corrections/", "/contribute/", "/reading/", "/nothing/"),
)
WAYS = {
    "normal": {},
    "dark": {"color_scheme": "dark"},
    "dark by choice": {"choice": "theme-dark"},
    "长者版": {"choice": "elder-on"},
    "长者版, dark": {"choice": "elder-on.theme-dark"},
    "320 px": {"viewport": {"width": 320, "height": 640}},
    "200 %": {"choice": "size-3"},
    "forced colours": {"forced_colors": "active"},
}


@pytest.fixture
def papers(made_once: MakeOnce) -> None:
    made_once(make_papers)


def make_papers() -> None:
    """Make the sample, and an issue of which a printed page is kept."""
    make_sample()
    issue = make_issue(451)
    make_article(issue, folio=1, signed=True)
    file = get_test_image_file(size=(800, 1200))
    image = PressPhoto.objects.create(title="版面", file=file)
    area = {"article": 1, "polygon": "5,10 95,10 95,40 5,40"}
    issue.folios = [Folio(number=1, name="要闻", page_image=image, hot_areas=[area])]
    issue.save_revision()
    issue.save()
    publish_issue(issue=issue, by=None)


def faults(
    browser: Browser, live_server: LiveServer, way: str, pages: tuple[str, ...]
) -> dict[tuple[str, str], object]:
    """Return what axe-core finds on pages, by address and rule, with the tools opened."""
    options = {"viewport": {"width": 1280, "height": 900}, **WAYS[way]}
    choice = options.pop("choice", "")
    found = {}
    with opened(browser, live_server, **options) as page:
        if choice:
            page.add_init_script(f"localStorage.setItem('reading', '{choice}')")
        for address in pages:
            page.goto(address)
            page.locator(".tools__label").click()
            results = Axe().run(page, options=RULES)
            for fault in results.response["violations"]:
                places = [node["target"] for node in fault["nodes"]][:5]
                found[address, fault["id"]] = places
    return found


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing(browser: Browser, live_server: LiveServer, papers, way: str) -> None:
    assert faults(browser, live_server, way, PAGES) == {}


@pytest.mark.parametrize("look", ["grey", "red"])
@pytest.mark.parametrize("way", ["normal", "dark", "dark by choice", "长者版", "长者版, dark"])
def test_axe_finds_nothing_on_days_of_mourning_or_at_festivals(
    browser: Browser, live_server: LiveServer, papers, look: str, way: str
) -> None:
    today = timezone.localdate()
    Occasion.objects.create(look=look, since=today, until=today, reason="公祭日")
    pages = ("/450/", "/450/2/", "/451/folio-1/", "/archive/", "/hant/450/")
    assert faults(browser, live_server, way, pages) == {}
