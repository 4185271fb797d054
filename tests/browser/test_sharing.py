"""What a reader's browser makes of days of mourning, of festivals, and of WeChat's script."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from newsroom.models import Occasion
from tests.factories import make_public_issue
from tests.following.wechat_server import wechat_server

PHONE = (
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/116.0.0.0 Mobile Safari/537.36"
)
IN_WECHAT = f"{PHONE} MicroMessenger/8.0.42.2460(0x28002A3B) NetType/WIFI Language/zh_CN"
# As WeChat's own script: it takes a configuration, is ready, and is told what to share.
STAND_IN = """
window.told = {};
window.wx = {
  config: function (given) { told.config = given; },
  ready: function (then) { then(); },
  updateAppMessageShareData: function (share) { told.message = share; },
  updateTimelineShareData: function (share) { told.timeline = share; },
};
"""


def set_look(look: str, **fields: Any) -> None:
    today = timezone.localdate()
    days = {} if "issue" in fields else {"since": today, "until": today}
    Occasion.objects.create(look=look, reason="公祭日", **days, **fields)


def colour_of(page: Page) -> int:
    """Return how far the page as it is seen is from grey, at its most colourful place."""
    seen = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
    red, green, blue = seen.split()
    apart = [ImageChops.difference(*pair).getextrema()[1] for pair in ((red, green), (green, blue))]
    return int(max(apart))


def filter_of(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.documentElement).filter"))


def test_on_a_day_of_mourning_nothing_on_the_screen_has_a_colour(page: Page) -> None:
    make_public_issue(450)
    page.goto("/450/")
    assert colour_of(page) > 60

    set_look("grey")
    for address in ("/450/", "/450/1/", "/archive/"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(address)
            assert colour_of(page) <= 2, (address, scheme)


@pytest.mark.parametrize("choice", ["theme-dark", "theme-light", "elder-on", "elder-on.theme-dark"])
def test_what_a_reader_chose_is_grey_as_well(page: Page, choice: str) -> None:
    make_public_issue(450)
    set_look("grey")
    page.add_init_script(f"localStorage.setItem('reading', '{choice}')")

    page.goto("/hant/450/")

    assert colour_of(page) <= 2
    name, ink = (
        page.locator(place).first.evaluate("e => getComputedStyle(e).color")
        for place in (".nameplate", "body")
    )
    assert name == ink  # a red that was made grey would be pale


def test_what_is_fixed_stays_fixed_on_a_grey_page(page: Page) -> None:
    make_public_issue(450, articles=9)
    set_look("grey")
    page.goto("/450/")

    top = page.evaluate("""() => {
      const pinned = document.createElement("div");
      pinned.id = "pinned";
      document.body.append(pinned);
      pinned.style.position = "fixed";
      pinned.style.bottom = "0";
      scrollTo(0, 200);
      return [scrollY, innerHeight - pinned.getBoundingClientRect().bottom];
    }""")

    assert top == [200, 0]


def test_grey_paper_is_text_and_chosen_colours_stay(page: Page) -> None:
    make_public_issue(450)
    set_look("grey")
    page.goto("/450/1/")
    assert filter_of(page) == "grayscale(1)"

    page.emulate_media(media="print")
    assert filter_of(page) == "none"
    name = page.locator(".folio-line__name").first
    assert name.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    page.emulate_media(media="screen", forced_colors="active")
    assert filter_of(page) == "none"


def test_for_a_festival_the_name_stands_on_red(page: Page) -> None:
    make_public_issue(450)
    set_look("red", issue=450)

    page.goto("/450/")
    plate = page.locator(".masthead__plate")
    assert plate.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(179, 18, 29)"
    page.goto("/450/1/")
    name = page.locator(".folio-line__name").first
    assert name.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(179, 18, 29)"
    page.goto("/archive/")
    assert page.locator("html").get_attribute("class") is None


@pytest.mark.parametrize("agent", [PHONE, IN_WECHAT])
def test_wechats_script_is_loaded_in_wechat_alone(
    browser: Browser,
    live_server: LiveServer,
    django_db_serialized_rollback: None,
    settings: Any,
    agent: str,
) -> None:
    cache.clear()
    make_public_issue(450)
    script = settings.WECHAT_SCRIPT
    settings.WECHAT_APP_ID, settings.WECHAT_APP_SECRET = "wx0123", "SECRET"
    settings.WAGTAILADMIN_BASE_URL = live_server.url
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": {**policy, "script-src": ["'self'", "https://res.wx.qq.com"]}
    }
    asked: list[str] = []
    with wechat_server() as server, browser.new_context(user_agent=agent) as context:
        settings.WECHAT_API = server.url
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.route(
            script,
            lambda route: route.fulfill(body=STAND_IN, content_type="application/javascript"),
        )
        page.goto(f"{live_server.url}/450/1/?from=timeline#s1")
        page.wait_for_load_state("networkidle")

        if agent is PHONE:
            assert not any("/share/" in url or "qq.com" in url for url in asked)
            assert server.asked == []
            return
        page.wait_for_function("window.told && told.timeline")
        told = page.evaluate("told")
        share = {
            "title": "第1条新闻",
            "desc": "7月27日，比赛在建德开赛。",
            "link": f"{live_server.url}/450/1/",
            "imgUrl": f"{live_server.url}/450/1/card.png",
        }
        assert told["config"]["appId"] == "wx0123"
        assert told["config"]["debug"] is False
        assert told["message"] == told["timeline"] == share
    cache.clear()
