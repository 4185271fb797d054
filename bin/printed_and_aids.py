"""The screens of printed pages, of the calendar and of the reading aids, for bin/screenshots."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SIZES = {"1280": WIDE, "390": PHONE}
PATIENCE = 120_000  # milliseconds in which the workers make the edition, and read it again
# Chromium without a screen has no voice: one that begins, and reads the first sentence for ever.
VOICE = """
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [{lang: "zh-CN", localService: true, name: "zh"}],
  speak: (said) => setTimeout(() => said.onstart && said.onstart()),
  cancel() {}, resume() {},
}});
"""


def desk_scenes(page: Page, address: str) -> Iterator[tuple[Page, str]]:
    """Give issue 450 its own PDF edition as its printed pages, and draw on the first of them."""
    found = page.request.get(f"{address}admin/api/main/pages/?type=issues.IssuePage").json()
    key = next(one["id"] for one in found["items"] if "450" in one["title"])
    screen = f"{address}admin/desk/issues/{key}/folios/"
    page.goto(screen)
    if not page.locator(".folio-card__image").count():
        _upload(page, address)
    page.goto(screen)
    for size, window in SIZES.items():
        page.set_viewport_size(window)
        page.evaluate("scrollTo(0, 0)")
        yield page, f"desk-folios-{size}"
    page.goto(f"{screen}1/areas/")
    area = page.locator(".areas__area").first
    for size, window in SIZES.items():
        page.set_viewport_size(window)
        page.evaluate("scrollTo(0, 0)")
        area.focus()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Tab")  # what is come to by a key shows that it has the focus
        page.evaluate("scrollTo(0, 0)")
        yield page, f"desk-areas-{size}"


def _upload(page: Page, address: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "450.pdf"
        file.write_bytes(page.request.get(f"{address}450/issue.pdf", timeout=PATIENCE).body())
        page.set_input_files("#whole-file", file)
        page.locator("[value=whole-1]").click()
        page.locator(".folio-card__image").nth(1).wait_for(timeout=PATIENCE)


def readers_scenes(browser: Browser, address: str) -> Iterator[tuple[Page, str]]:
    """Show what readers get of them, at a desk and on a phone."""
    for size, window in SIZES.items():
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", viewport=window, base_url=address
        )
        page = context.new_page()
        page.add_init_script(VOICE)
        for path, name in {
            "450/folio-1/": "folio",
            "hant/450/3/": "hant-article",
            "search/?q=托幼": "nothing-found",
            "reading/": "reading-settings",
        }.items():
            page.goto(path)
            yield page, f"{name}-{size}"
        page.goto("450/3/")
        page.locator(".tools__label").click()
        yield page, f"article-tools-{size}"
        page.goto("450/3/")
        page.locator("[data-listen=start]").click()
        page.locator(".player").wait_for()
        yield page, f"article-listening-{size}"
        page.goto("450/")
        page.locator(".around__summary").click()
        page.locator(".take-along").scroll_into_view_if_needed()
        page.get_by_role("button", name=re.compile("存到手机")).wait_for()
        yield page, f"issue-foot-{size}"
        page.goto("offline/")
        page.get_by_text("整期已存").or_(page.get_by_text("打开过")).first.wait_for()
        yield page, f"offline-{size}"
        page.add_init_script("localStorage.setItem('reading', 'elder-on')")
        page.goto("450/")
        yield page, f"elder-{size}"
        context.close()


def printed_article(browser: Browser, address: str) -> bytes:
    """Return an article as its reader prints it on A4, a PDF."""
    page = browser.new_page(locale="zh-CN")
    page.goto(f"{address}450/3/")
    # A browser that prints waits for the code at the foot; one that only makes a PDF does not.
    page.evaluate(
        "Promise.all([...document.querySelectorAll('.print-foot img')]"
        ".map((image) => { image.loading = 'eager'; return image.decode(); }))"
    )
    made = page.pdf(format="A4", prefer_css_page_size=True)
    page.close()
    return made
