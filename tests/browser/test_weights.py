"""What readers' pages weigh is held: on the whole, and what the reading aids have of it."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from bench.weights import PAGES, Weight, weigh

KB = 1_000
# docs/performance.md has what it is today; a new aid has to be worth what it costs everybody.
MOST_REQUESTS, MOST_OF_TEXTS = 17, 36 * KB
MOST_OF_AIDS, REQUESTS_OF_AIDS = 13 * KB, 7
MOST_OF_A_VOICE = 3 * KB


def texts(weight: Weight) -> int:
    return weight.html + weight.css + weight.js


@pytest.mark.parametrize("name", PAGES)
def test_a_page_weighs_no_more_than_was_agreed(
    browser: Browser, live_server: LiveServer, printed_sample: None, name: str
) -> None:
    address = urljoin(live_server.url, PAGES[name])
    whole = weigh(browser, address)
    bare = weigh(browser, address, aids=False)
    spoken = weigh(browser, address, voice=True)

    assert whole.requests <= MOST_REQUESTS
    assert texts(whole) <= MOST_OF_TEXTS
    assert 0 < whole.requests - bare.requests <= REQUESTS_OF_AIDS
    assert 0 < texts(whole) - texts(bare) <= MOST_OF_AIDS
    assert texts(spoken) - texts(whole) <= MOST_OF_A_VOICE
