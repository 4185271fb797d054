"""Areas that are found on our own paper edition, against where the typesetter put the articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from PIL import Image, ImageChops, ImageDraw

from interchange.readers.page_pdf import Page, read_page_pdf, suggest_areas
from interchange.schema import Folio, Issue, Photo, Prominence
from interchange.typesetting.imposing import Imposition
from interchange.writers.pdf import Paper, write_pdf
from issues.hot_areas import read_polygon

from .written import SAMPLE, picture

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom, in points
# Of what both cover, the share of what either does: a last line that is not full, white at the
# foot of an article that stands beside a longer one, and the margin around an area make the rest.
ALIKE = 0.85
# Of an article that ends with a few lines at the head of a page, most columns may be empty.
TAIL, ALIKE_IN_TAIL = 0.09, 0.6  # of the height of a page
MARGIN = 1.5  # percent of a page, around the place of an article, and no area goes further
GRAIN = 1_000  # squares to the width and height of a page, in which shapes are compared


def split(*folios: int, names: Sequence[str] = ("要闻", "综合", "副刊", "专版")) -> Issue:
    """Return the sample with its articles on other folios."""
    return replace(
        SAMPLE,
        folios=tuple(Folio(number=n, name=names[n - 1]) for n in sorted(set(folios))),
        articles=tuple(
            replace(article, folio=folio)
            for article, folio in zip(SAMPLE.articles, folios, strict=True)
        ),
    )


def weighed(*prominences: Prominence) -> Issue:
    """Return the sample with other articles in front."""
    return replace(
        SAMPLE,
        articles=tuple(
            replace(article, prominence=prominence)
            for article, prominence in zip(SAMPLE.articles, prominences, strict=True)
        ),
    )


def pictured() -> Issue:
    """Return the sample with photographs in the first two articles."""
    first, second, *rest = SAMPLE.articles
    first = replace(first, body=(Photo("1.jpg", "比赛现场。", "张三 摄", "赛场"), *first.body))
    middle = len(second.body) // 2
    photo = Photo("2.jpg", "颁奖。", "", "奖杯")
    second = replace(second, body=(*second.body[:middle], photo, *second.body[middle:]))
    return replace(SAMPLE, articles=(first, second, *rest))


LEAD, BRIEF, NORMAL = Prominence.LEAD, Prominence.BRIEF, Prominence.NORMAL
LAYOUTS: dict[str, tuple[Issue, Paper]] = {
    "the sample in A3": (SAMPLE, "A3"),
    "the sample in A4": (SAMPLE, "A4"),
    "two folios in A3": (split(1, 1, 2, 2), "A3"),
    "two folios in A4": (split(1, 2, 2, 2), "A4"),
    "a folio each in A3": (split(1, 2, 3, 4), "A3"),
    "another lead in A3": (weighed(NORMAL, NORMAL, LEAD, NORMAL), "A3"),
    "briefs in A4": (weighed(BRIEF, LEAD, BRIEF, NORMAL), "A4"),
    "photographs in A3": (pictured(), "A3"),
    "photographs in A4": (pictured(), "A4"),
}


def print_noting(
    issue: Issue, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> tuple[bytes, list[dict[int, list[Rectangle]]]]:
    """Return the paper edition, and for each page where the typesetter put each article."""
    kept: list[Imposition] = []
    write = Imposition.write

    def noting(imposition: Imposition) -> None:
        kept.append(imposition)
        write(imposition)

    monkeypatch.setattr(Imposition, "write", noting)
    data = write_pdf(issue, picture=picture, paper=paper)
    return data, [
        _places(kept[-1], page, [article.number for article in issue.articles])
        for page in range(len(kept[-1].pages))
    ]


def _places(imposition: Imposition, page: int, numbers: list[int]) -> dict[int, list[Rectangle]]:
    bed, (sheet, _) = imposition.bed, imposition.pages[page]
    following = [one.row for sheet, _ in imposition.pages[page + 1 :] for one in sheet.placed]
    places: dict[int, list[Rectangle]] = {}
    for placed, top in zip(sheet.placed, imposition._tops(page), strict=True):
        cells = placed.row.cells
        between = (bed.squares - sum(cell.columns.width for cell in cells)) / max(1, len(cells) - 1)
        x = 0.0
        for cell in cells:
            lines = placed.lines if len(cells) == 1 else placed.row.lines
            left, upper = bed.left + x * bed.square, bed.top + top
            right = left + cell.columns.width * bed.square
            # What runs on to the next page is set down to the foot of this one.
            lower = bed.top + bed.height if placed.row in following else upper + bed.high(lines)
            places.setdefault(numbers[cell.article], []).append((left, upper, right, lower))
            x += cell.columns.width + between
    return places


def corners(page: Page, place: Rectangle, margin: float = 0) -> list[tuple[float, float]]:
    """Return the corners of a place on a page, in percent, with a margin around it."""
    left, top, right, bottom = place
    x0, x1 = (100 * x / page.width for x in (left, right))
    y0, y1 = (100 * y / page.height for y in (top, bottom))
    x0, y0, x1, y1 = x0 - margin, y0 - margin, x1 + margin, y1 + margin
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def drawn(shapes: Iterator[Sequence[tuple[float, float]]]) -> Image.Image:
    """Draw shapes given in percent of a page."""
    canvas = Image.new("1", (GRAIN, GRAIN))
    for shape in shapes:
        ImageDraw.Draw(canvas).polygon(
            [(x * GRAIN / 100, y * GRAIN / 100) for x, y in shape], fill=1
        )
    return canvas


def covered(canvas: Image.Image) -> int:
    return canvas.convert("L").histogram()[255]


def shared(one: Image.Image, other: Image.Image) -> int:
    return covered(ImageChops.logical_and(one, other))


def likeness(one: Image.Image, other: Image.Image) -> float:
    both = shared(one, other)
    return both / (covered(one) + covered(other) - both)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_areas_are_where_the_typesetter_put_the_articles(
    layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue, paper = LAYOUTS[layout]
    data, placed = print_noting(issue, paper, monkeypatch)
    pdf = read_page_pdf(data)
    suggested = suggest_areas(pdf, issue.articles)
    assert len(placed) == len(pdf.pages)
    for page, areas, places in zip(pdf.pages, suggested, placed, strict=True):
        assert {area.article for area in areas} == set(places)
        for article, rectangles in places.items():
            found = drawn(read_polygon(a.polygon) for a in areas if a.article == article)
            wanted = drawn(corners(page, each) for each in rectangles)
            around = drawn(corners(page, each, MARGIN) for each in rectangles)
            height = sum(bottom - top for _, top, _, bottom in rectangles) / page.height
            least = ALIKE_IN_TAIL if height < TAIL else ALIKE
            assert likeness(found, wanted) >= least, f"article {article}"
            assert shared(found, around) == covered(found), f"article {article}"
