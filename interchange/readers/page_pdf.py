"""Read the PDF of printed pages: their pictures, their text, and where each article stands.

The PDF is opened by a program of its own (``pdf_pages``), which has little memory and little time.
The text is given in reading order, as ``read_layout`` wants it; the areas are suggestions.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from issues.hot_areas import write_polygon

from ..schema import Article, Crosshead, HotArea, Note, Paragraph, Quote
from .confined import Confined, ProgramFailed, confined
from .folding import fold
from .page_areas import outlines
from .page_text import Box, PrintedArticle, PrintedPage, Span, Unit
from .pdf_pages import MOST_CHARACTERS, MOST_PAGES

__all__ = ["Page", "PagePdf", "PdfRefused", "read_page_pdf", "suggest_areas"]

LARGEST = 60_000_000  # bytes
SECONDS = 150  # the program gives itself less, by its pages
MEGABYTES = 2_000  # of addresses
MEGABYTES_WRITTEN = 20  # of each picture
PROJECT = Path(__file__).parents[2]

PDF_START = b"%PDF-"
START_WITHIN = 1_024  # bytes, as readers of PDF have it
REFUSED = {
    "locked": "PDF有密码：请去掉密码，重新导出后再传",
    "damaged": "PDF已损坏，打不开：请重新导出后再传",
    "pages": f"PDF的页数太多，最多{MOST_PAGES}页：请只导出这一期的版面",
    "size": "PDF的页面尺寸不对：请按报纸的实际尺寸导出",
    "characters": f"PDF的文字太多，最多{MOST_CHARACTERS // 10_000}万字：请只导出这一期的版面",
}
TOO_LONG = "PDF太复杂，读不出来：请用排版软件重新导出（不要嵌入超大图片），或改传版面图片"

ALIKE = 0.6  # of a headline, to be that of an article
LEAST_SHARED = 8  # characters of a line that tell in which article it stands


class PdfRefused(Exception):
    """Say in Chinese why a PDF cannot be taken, and what helps."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its size in points, its picture (WebP), a PDF of it, and what stands where on it."""

    width: float
    height: float
    image: bytes
    pdf: bytes
    spans: tuple[Span, ...] = ()
    is_turned: bool = False


@dataclass(frozen=True, slots=True)
class PagePdf:
    """What a PDF prints: its pages, and the articles as far as the page tells them apart."""

    pages: tuple[Page, ...]
    printed: tuple[PrintedPage, ...] = ()
    articles: tuple[PrintedArticle, ...] = field(default=())

    @property
    def text(self) -> str:
        """All that is printed, in the order in which it is read."""
        lines: list[str] = []
        for page in self.printed:
            # A page begins with the end of the article before; its own header comes after that.
            lines += page.header
            for article in page.begins:
                lines += ["", article.text]
        for page in self.printed:
            lines += ["", *page.footer] if page.footer else []
        return "\n".join(lines).strip("\n")


def read_page_pdf(data: bytes) -> PagePdf:
    """Return what is printed in a PDF, or raise ``PdfRefused``."""
    if PDF_START not in data[:START_WITHIN]:
        raise PdfRefused("不是PDF：请从排版软件导出PDF再传")
    if len(data) > LARGEST:
        raise PdfRefused(f"PDF太大，最多{LARGEST // 1_000_000}MB：请压缩图片后重新导出")
    with confined() as room:
        told = _told(data, room)
        pages = _pages(data, room.folder, told["pages"])
    articles = [_article(one) for one in told["articles"]]
    printed = tuple(
        PrintedPage(one["header"], one["footer"], [articles[place] for place in one["begins"]])
        for one in told["printed"]
    )
    return PagePdf(pages, printed, tuple(articles))


def _told(data: bytes, room: Confined) -> dict[str, Any]:
    """Return what the program tells of a PDF, or raise ``PdfRefused``."""
    (room.folder / "page.pdf").write_bytes(data)
    command = [sys.executable, "-m", "interchange.readers.pdf_pages", "page.pdf", "."]
    try:
        room.run(
            command,
            seconds=SECONDS,
            megabytes=MEGABYTES,
            megabytes_written=MEGABYTES_WRITTEN,
            PYTHONPATH=str(PROJECT),
            PYTHONDONTWRITEBYTECODE="1",
        )
        told: dict[str, Any] = json.loads((room.folder / "pages.json").read_bytes())
    except (ProgramFailed, OSError, ValueError) as error:
        raise PdfRefused(TOO_LONG) from error
    if "refused" in told:
        raise PdfRefused(REFUSED[told["refused"]])
    return told


def _pages(data: bytes, folder: Path, told: Sequence[dict[str, Any]]) -> tuple[Page, ...]:
    return tuple(
        Page(
            one["width"],
            one["height"],
            (folder / f"{number}.webp").read_bytes(),
            data if len(told) == 1 else (folder / f"{number}.pdf").read_bytes(),
            tuple(_span(span) for span in one["spans"]),
            one["is_turned"],
        )
        for number, one in enumerate(told, start=1)
    )


def _span(told: dict[str, Any]) -> Span:
    return Span(**{**told, "box": tuple(told["box"]), "edges": tuple(told["edges"])})


def _article(told: dict[str, Any]) -> PrintedArticle:
    boxes = {int(page): [_box(box) for box in boxes] for page, boxes in told["boxes"].items()}
    return PrintedArticle([Unit(**unit) for unit in told["units"]], boxes)


def _box(told: Sequence[float]) -> Box:
    left, top, right, bottom = told
    return left, top, right, bottom


# Areas


def suggest_areas(pdf: PagePdf, articles: Iterable[Article]) -> tuple[tuple[HotArea, ...], ...]:
    """Return, for each page, where the given articles stand on it.

    They are known by their headlines, and by their words where a page goes on with one.
    """
    numbers = _matched(pdf.articles, list(articles))
    suggested = []
    for number, page in enumerate(pdf.pages):
        found = [
            (numbers[place], article.boxes[number])
            for place, article in enumerate(pdf.articles)
            if number in article.boxes and place in numbers
        ]
        suggested.append(
            tuple(
                HotArea(
                    article=key,
                    polygon=write_polygon(
                        (100 * x / page.width, 100 * y / page.height) for x, y in outline
                    ),
                )
                for key, outline in outlines(found, page.width, page.height)
            )
        )
    return tuple(suggested)


def _matched(printed: Sequence[PrintedArticle], articles: Sequence[Article]) -> dict[int, int]:
    """Return the number of the article that each printed one is, the surest first, each once."""
    scores = sorted(
        (
            (_score(one, article), -place, -n)
            for place, one in enumerate(printed)
            for n, article in enumerate(articles)
        ),
        reverse=True,
    )
    numbers: dict[int, int] = {}
    taken: set[int] = set()
    for score, place, n in scores:
        if score >= ALIKE and -place not in numbers and -n not in taken:
            numbers[-place] = articles[-n].number
            taken.add(-n)
    return numbers


def _score(printed: PrintedArticle, article: Article) -> float:
    """Return how much a printed article looks like one, by its headline or by its words."""
    title = _bare(article.title)
    best = 0.0
    for unit in printed.units:
        words = _bare(unit.text)
        if unit.is_head and words:
            best = max(best, 1.0 if title in words else SequenceMatcher(None, words, title).ratio())
    text = _bare("".join(_words(article)))
    lines = [words for unit in printed.units if len(words := _bare(unit.text)) >= LEAST_SHARED]
    held = sum(len(line) for line in lines if line[:40] in text or line[-40:] in text)
    return best + (held / sum(map(len, lines)) if lines and text else 0)


def _words(article: Article) -> Iterable[str]:
    for passage in article.body:
        if isinstance(passage, Paragraph | Crosshead | Note | Quote):
            yield passage.text


def _bare(text: str) -> str:
    return "".join(sign for sign in fold(text) if sign.isalnum())
