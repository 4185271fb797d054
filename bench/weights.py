"""Tell what readers' pages weigh: requests and packed bytes, with the reading aids and without.

    python -m bench.weights http://127.0.0.1:8000/

The paper that runs there holds the sample issue, best with its printed pages. Each page is opened
in Chromium by a reader who comes for the first time, on a phone, and is closed when nothing more is
fetched. Texts count as gzip packs them, pictures as they are; answers' heads do not count.
"""

from __future__ import annotations

import gzip
import re
import shutil
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from playwright.sync_api import Browser, Request, sync_playwright

__all__ = ["AIDS", "PAGES", "VOICE", "Weight", "table", "weigh"]

PAGES = {
    "issue": "450/",
    "article": "450/3/",
    "article, in traditional characters": "hant/450/3/",
    "printed page": "450/folio-1/",
    "archive": "archive/",
    "what a search found": "search/?q=托育",
}
# 字号, 长者版, colours, 朗读, 存到手机: what a page could do without.
AIDS = re.compile(
    r"/static/(?:css|js)/(?:aids|comfort|kept|listen|offline|player|reading_tools|sentences)"
    r"(?:\.[0-9a-f]+)?\.(?:css|js)$"
)
PHONE = {"width": 390, "height": 844}
VOICE = """Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [{lang: "zh-CN", localService: true, name: "zh"}], cancel() {}, speak() {},
}})"""
KINDS = {"document": "html", "stylesheet": "css", "script": "js", "image": "images"}


@dataclass(frozen=True, slots=True)
class Weight:
    """What is fetched for a page."""

    requests: int
    html: int = 0
    css: int = 0
    js: int = 0
    images: int = 0
    other: int = 0

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.html + self.css + self.js + self.images + self.other


def weigh(browser: Browser, address: str, *, aids: bool = True, voice: bool = False) -> Weight:
    """Open a page as a new reader does, and return what was fetched for it.

    Without ``aids`` their files do not come; with a ``voice`` the device can read out. What the
    service worker fetches for later is not part of the page.
    """
    come: list[Request] = []
    with browser.new_context(locale="zh-CN", viewport=PHONE, service_workers="block") as context:
        page = context.new_page()
        if voice:
            page.add_init_script(VOICE)
        if not aids:
            page.route(AIDS, lambda route: route.abort())
        page.on("requestfinished", lambda request: come.append(request))
        page.goto(address)
        page.wait_for_load_state("networkidle")
        bytes_of: Counter[str] = Counter()
        for request in come:
            bytes_of[KINDS.get(request.resource_type, "other")] += _packed(request)
    return Weight(len(come), **bytes_of)


def _packed(request: Request) -> int:
    answer = request.response()
    if answer is None:
        return 0
    kind = answer.header_value("content-type") or ""
    body = answer.body()
    is_text = kind.startswith("text/") or re.search(r"javascript|json|xml", kind)
    return len(gzip.compress(body, 6)) if is_text else len(body)


def table(weights: Mapping[str, tuple[Weight, Weight, Weight]]) -> str:
    """Return a table in Markdown: of each page all, without the aids, and what a voice adds."""
    heads = [
        *("page", "requests", "HTML", "CSS", "JS", "images", "all"),
        *("without aids: requests", "CSS", "JS", "all", "a voice adds"),
    ]
    rows = []
    for name, (whole, bare, spoken) in weights.items():
        rows.append(
            [
                *(name, str(whole.requests), *map(_kb, (whole.html, whole.css, whole.js))),
                *(_kb(whole.images), _kb(whole.bytes), str(bare.requests)),
                *(_kb(bare.css), _kb(bare.js), _kb(bare.bytes), _kb(spoken.bytes - whole.bytes)),
            ]
        )
    ruler = ["---", *["--:"] * (len(heads) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ruler, *rows))


def _kb(size: int) -> str:
    return f"{size / 1000:.1f}"


def main(home: str) -> None:
    """Weigh the pages of the paper at ``home``, and print."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        weights = {}
        for name, path in PAGES.items():
            address = urljoin(home, path)
            weights[name] = (
                weigh(browser, address),
                weigh(browser, address, aids=False),
                weigh(browser, address, voice=True),
            )
        browser.close()
    print(table(weights))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
