"""What machines are told is no script to a browser, whatever stands in it."""

from __future__ import annotations

from playwright.sync_api import Page

from articles.models import ArticlePage
from tests.factories import make_article, make_issue
from tests.following.test_linked_data import HOSTILE

from .test_reading import NOTE_VIOLATIONS


def test_a_data_block_is_read_and_not_run(page: Page) -> None:
    issue = make_issue(450, live=True)
    article = make_article(issue, "题", names=("张晓燕",), signed=True)
    title = " ".join(HOSTILE.split())[:250]
    ArticlePage.objects.filter(pk=article.pk).update(title=title, verbatim_punctuation=True)
    page.add_init_script(NOTE_VIOLATIONS)

    page.goto("/450/1/")

    block = page.locator("script[type='application/ld+json']")
    told = block.evaluate("element => JSON.parse(element.textContent)")
    assert told["@graph"][1]["itemListElement"][2]["name"] == title
    assert page.locator("script:not([src])").count() == 1
    assert page.evaluate("violations") == []
    assert page.locator("meta[property='og:title']").get_attribute("content") == title
