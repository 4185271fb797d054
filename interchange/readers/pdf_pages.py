"""Draw the pages of a PDF and read what is printed where; a program, for ``page_pdf`` to confine.

``python -m interchange.readers.pdf_pages FILE DIR`` writes ``pages.json`` and, for each page, its
picture and a PDF of its own.
"""

from __future__ import annotations

import ctypes
import json
import math
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pypdfium2
from pypdfium2 import raw

from .page_text import Character, Span, read_printed, spans_of

__all__ = ["MOST_CHARACTERS", "MOST_PAGES", "read_pages"]

MOST_PAGES = 32
MOST_CHARACTERS = 300_000  # of all pages
SHORTEST_EDGE, LONGEST_EDGE = 100, 5_000  # points; A0 has 3,370
LONGEST_SHAPE = 4  # how many times as high as wide, or the other way round
SECONDS, SECONDS_OF_PAGE = 3, 4  # of the processor; a page commonly takes one, or half
WIDTH = 2_800  # of a picture, in pixels: type of the body can be read when it is enlarged
MOST_PIXELS = 20_000_000  # of a page that is much higher than wide
QUALITY = 78
MOST_IMAGES = 200  # of a page
LEAST_IMAGE, LARGEST_IMAGE = 0.005, 0.6  # of a page, to be counted as a photograph on it

Told = dict[str, Any]


def read_pages(file: Path, folder: Path) -> Told:
    """Return what is printed on the pages, after their pictures are written; or why not."""
    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        code = raw.FPDF_GetLastError()
        locked = code == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        return {"refused": "locked" if locked else "damaged"}
    try:
        with document:
            return _read(document, folder)
    except pypdfium2.PdfiumError:
        return {"refused": "damaged"}


def _read(document: pypdfium2.PdfDocument, folder: Path) -> Told:
    if len(document) > MOST_PAGES:
        return {"refused": "pages"}
    if not len(document):
        return {"refused": "damaged"}
    sizes = [document.get_page_size(n) for n in range(len(document))]
    for width, height in sizes:
        if (
            not SHORTEST_EDGE <= min(width, height) <= max(width, height) <= LONGEST_EDGE
            or max(width, height) > min(width, height) * LONGEST_SHAPE
        ):
            return {"refused": "size"}
    seconds = SECONDS + SECONDS_OF_PAGE * len(document)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    pages: list[Told] = []
    characters = 0
    for number in range(len(document)):
        page = document[number]
        told = _page(page, MOST_CHARACTERS - characters)
        if told is None:
            return {"refused": "characters"}
        count, spans = _spans(told)
        characters += count
        pages.append({**told, "spans": spans})
        _draw(page, folder / f"{number + 1}.webp")
        if len(document) > 1:
            with pypdfium2.PdfDocument.new() as alone:
                alone.import_pages(document, [number])
                alone.save(folder / f"{number + 1}.pdf")
        page.close()
    printed, articles = read_printed([(page["height"], page["spans"]) for page in pages])
    places = {id(article): place for place, article in enumerate(articles)}
    return {
        "pages": [{**page, "spans": [asdict(span) for span in page["spans"]]} for page in pages],
        "printed": [
            {
                "header": page.header,
                "footer": page.footer,
                "begins": [places[id(article)] for article in page.begins],
            }
            for page in printed
        ],
        "articles": [asdict(article) for article in articles],
    }


def _spans(told: Told) -> tuple[int, list[Span]]:
    """Return how many characters a page has, and its spans; a picture is one without text."""
    characters: list[Character] = told.pop("characters")
    images = told.pop("images")
    spans = spans_of(characters)
    return len(characters), [*spans, *(Span("", box) for box in images if spans)]


def _page(page: pypdfium2.PdfPage, most: int) -> Told | None:
    width, height = page.get_size()
    told: Told = {
        "width": width,
        "height": height,
        "is_turned": page.get_rotation() != 0,
        "characters": [],
        "images": [],
    }
    if told["is_turned"]:
        return told
    left, _, _, top = page.get_cropbox(fallback_ok=True)
    text = page.get_textpage()
    count = text.count_chars()
    if count > most:
        return None
    told["characters"] = list(_characters(text, count, left, top))
    told["images"] = list(_images(page, left, top, width * height))
    text.close()
    return told


def _characters(
    text: pypdfium2.PdfTextPage, count: int, left: float, top: float
) -> Iterator[tuple[Any, ...]]:
    """Yield each character with its box, its base line, its size and the number of its font."""
    fonts: dict[str, int] = {}
    box, matrix = raw.FS_RECTF(), raw.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    name = ctypes.create_string_buffer(200)
    flags = ctypes.c_int()
    for n in range(count):
        code = raw.FPDFText_GetUnicode(text, n)
        if (
            code < 32
            or 0xD800 <= code < 0xE000
            or code >= 0xFFFE
            or raw.FPDFText_IsGenerated(text, n) == 1
        ):
            continue
        if not raw.FPDFText_GetLooseCharBox(text, n, box):
            continue
        raw.FPDFText_GetCharOrigin(text, n, x, y)
        raw.FPDFText_GetMatrix(text, n, matrix)
        raw.FPDFText_GetFontInfo(text, n, name, len(name), flags)
        size = raw.FPDFText_GetFontSize(text, n) * math.hypot(matrix.c, matrix.d)
        numbers = (
            box.left - left,
            top - box.top,
            box.right - left,
            top - box.bottom,
            top - y.value,
            size,
        )
        if not all(map(math.isfinite, numbers)) or size <= 0:
            continue
        font = name.value.decode("utf-8", "replace")
        yield (
            chr(code),
            *(round(number, 2) for number in numbers),
            fonts.setdefault(font, len(fonts)),
        )


def _images(
    page: pypdfium2.PdfPage, left: float, top: float, area: float
) -> Iterator[tuple[float, ...]]:
    for n, image in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)):
        if n >= MOST_IMAGES:
            return
        try:
            x0, y0, x1, y1 = image.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        if LEAST_IMAGE * area <= (x1 - x0) * (y1 - y0) <= LARGEST_IMAGE * area:
            yield tuple(round(n, 2) for n in (x0 - left, top - y1, x1 - left, top - y0))


def _draw(page: pypdfium2.PdfPage, file: Path) -> None:
    width, height = page.get_size()
    scale = min(WIDTH / width, math.sqrt(MOST_PIXELS / (width * height)))
    picture = page.render(scale=scale).to_pil().convert("RGB")
    picture.save(file, "WEBP", quality=QUALITY, method=4)


if __name__ == "__main__":
    place = Path(sys.argv[2])
    told = read_pages(Path(sys.argv[1]), place)
    (place / "pages.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
