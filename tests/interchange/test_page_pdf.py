"""PDFs of printed pages: what each article is, where it stands, and what is refused how fast."""

import random
import time
import unicodedata
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from interchange.composing import compose
from interchange.galley import GalleyError
from interchange.readers.folder import read_folder
from interchange.readers.layout import read_layout
from interchange.readers.page_areas import outlines
from interchange.readers.page_galley import galley_of_pages
from interchange.readers.page_pdf import PagePdf, PdfRefused, read_page_pdf, suggest_areas
from interchange.readers.page_text import Span, read_printed, spans_of
from interchange.schema import Article, HotArea, Paragraph
from interchange.writers.pdf import write_pdf
from issues.hot_areas import read_polygon

from .hostile_pdfs import HOSTILE, pdf

ISSUE = read_folder(Path(__file__).parents[2] / "content/issue-450")
AT_THE_LIMIT = "a picture of 100,000 squared"  # drawn or refused: it takes as long as may be
LIMIT = 20  # seconds, beside other tests; the bench prints what it takes alone


def bare(text: str) -> str:
    """Return text without white space, its punctuation of one width."""
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return folded.translate(str.maketrans("“”‘’", "\"\"''"))


@pytest.fixture(scope="module", params=["A3", "A4"])
def sample(request: pytest.FixtureRequest) -> PagePdf:
    return read_page_pdf(write_pdf(ISSUE, picture=lambda name: b"", paper=request.param))


READERS = {
    "by places": galley_of_pages,
    "by words": lambda pdf: read_layout(pdf.text),
}


@pytest.mark.parametrize("reader", READERS)
def test_text_comes_back_as_the_articles(reader: str, sample: PagePdf) -> None:
    issue = compose(READERS[reader](sample))
    assert len(issue.articles) == 4
    for article, wanted in zip(issue.articles, ISSUE.articles, strict=True):
        assert bare(article.title) == bare(wanted.title)
        assert (article.kicker, bare(article.subhead)) == ("", bare(wanted.subhead))
        assert [byline.name for byline in article.bylines] == [b.name for b in wanted.bylines]
        assert [type(passage) for passage in article.body] == [type(p) for p in wanted.body]
        assert [bare(p.text) for p in article.body] == [bare(p.text) for p in wanted.body]


def test_masthead_comes_back(sample: PagePdf) -> None:
    issue = compose(galley_of_pages(sample))
    for name in ("number", "date", "lunar_date", "responsible_editor", "imprint"):
        assert getattr(issue, name) == getattr(ISSUE, name)


def test_no_character_is_lost(sample: PagePdf) -> None:
    printed = "".join(span.text for page in sample.pages for span in page.spans)
    assert sorted("".join(printed.split())) == sorted("".join(sample.text.split()))


def test_areas_hold_their_articles_and_nothing_of_others(sample: PagePdf) -> None:
    texts = {
        article.number: bare(
            "".join([article.title, article.subhead, *(p.text for p in article.body)])
        )
        for article in ISSUE.articles
    }
    areas = suggest_areas(sample, ISSUE.articles)
    found = set()
    for page, suggested in zip(sample.pages, areas, strict=True):
        for span in page.spans:
            words = bare(span.text)
            owners = [key for key, text in texts.items() if len(words) > 7 and words in text]
            if len(owners) != 1:
                continue
            middle = (span.box[0] + span.box[2]) / 2, (span.box[1] + span.box[3]) / 2
            share = 100 * middle[0] / page.width, 100 * middle[1] / page.height
            inside = [area.article for area in suggested if holds(area, *share)]
            assert inside == owners, span.text
            found.add(owners[0])
    assert found == {1, 2, 3, 4}


def holds(area: HotArea, x: float, y: float) -> bool:
    corners = read_polygon(area.polygon)
    inside = False
    for (x0, y0), (x1, y1) in zip(corners, (*corners[1:], corners[0]), strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
            inside = not inside
    return inside


def test_areas_keep_the_rules_of_the_form(sample: PagePdf) -> None:
    for suggested in suggest_areas(sample, ISSUE.articles):
        for area in suggested:
            assert read_polygon(area.polygon)


def test_picture_of_a_page_is_2800_pixels_wide(sample: PagePdf) -> None:
    for page in sample.pages:
        picture = Image.open(BytesIO(page.image))
        assert (picture.format, picture.width) == ("WEBP", pytest.approx(2_800, abs=1))
        assert picture.height == pytest.approx(2_800 * page.height / page.width, abs=2)


def test_page_that_only_goes_on_with_an_article_knows_it_by_its_words() -> None:
    whole = pikepdf.open(BytesIO(write_pdf(ISSUE, picture=lambda name: b"", paper="A3")))
    del whole.pages[0]
    file = BytesIO()
    whole.save(file)
    second = read_page_pdf(file.getvalue())
    [suggested] = suggest_areas(second, ISSUE.articles)
    assert [area.article for area in suggested] == [2, 3, 4]


def test_article_that_is_not_on_the_page_gets_no_area(sample: PagePdf) -> None:
    other = Article(number=9, title="春节走访慰问", body=(Paragraph.of("一月的事。"),))
    assert not any(suggest_areas(sample, [other]))


def test_scan_has_a_picture_and_no_text() -> None:
    scan = read_page_pdf(pdf())
    assert Image.open(BytesIO(scan.pages[0].image)).size == pytest.approx((2_800, 3_960), abs=2)
    assert scan.text == ""
    assert suggest_areas(scan, ISSUE.articles) == ((),)
    with pytest.raises(GalleyError, match=r"没有文字.*Word"):
        galley_of_pages(scan)


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_pdf_is_refused_in_time(case: str) -> None:
    make, reason = HOSTILE[case]
    data = make()
    begun = time.perf_counter()
    if reason is None:
        assert read_page_pdf(data).text == ""
    elif case == AT_THE_LIMIT:
        with suppress(PdfRefused):
            assert read_page_pdf(data).text == ""
    else:
        with pytest.raises(PdfRefused, match=reason):
            read_page_pdf(data)
    assert time.perf_counter() - begun < LIMIT


def test_truncated_pdf_is_refused_or_shows_less() -> None:
    whole = write_pdf(ISSUE, picture=lambda name: b"", paper="A3")
    for share in (0.1, 0.5, 0.9):
        try:
            shown = len(read_page_pdf(whole[: int(len(whole) * share)]).pages)
        except PdfRefused:
            shown = 0
        assert shown <= 2


# Places alone


def line(text: str, x: float, y: float, size: float = 10, font: int = 0) -> list[tuple]:
    return [
        (sign, x + n * size, y, x + (n + 1) * size, y + size, y + size * 0.9, size, font)
        for n, sign in enumerate(text)
    ]


def units(*lines: list[tuple]) -> list[list[str]]:
    spans = spans_of([character for one in lines for character in one])
    _, articles = read_printed([(1_000, spans)])
    return [[unit.text for unit in article.units] for article in articles]


def test_columns_are_read_one_after_the_other() -> None:
    lines = [line("标题标题标题", 60, 40, 30)]
    for n in range(8):
        lines.append(line(f"左栏第{n}行" + "文" * 10, 50, 100 + 15 * n))
        lines.append(line(f"右栏第{n}行" + "文" * 10, 230, 100 + 15 * n))
    [[title, text]] = units(*lines)
    assert title == "标题标题标题"
    assert text.index("左栏第7行") < text.index("右栏第0行")


def test_indent_begins_a_paragraph_and_a_column_does_not() -> None:
    [[first, second]] = units(
        line("第一段开头" + "文" * 8, 70, 100),
        line("文" * 15, 50, 115),
        line("第二段开头" + "文" * 8, 70, 130),
        line("第二段接着" + "文" * 10, 230, 100),
        line("文" * 15, 230, 115),
        line("文" * 15, 230, 130),
    )
    assert first.startswith("第一段开头")
    assert "第二段接着" in second


def test_characters_set_twice_count_once() -> None:
    bold = line("加粗的标题", 50, 100, 20)
    shifted = [(sign, x + 0.4, *rest) for sign, x, *rest in bold]
    assert [span.text for span in spans_of([*bold, *shifted])] == ["加粗的标题"]


def test_picture_belongs_to_the_article_around_it() -> None:
    spans = spans_of(
        [
            *line("标题标题", 60, 40, 30),
            *(sign for n in range(4) for sign in line("文" * 15, 50, 100 + 15 * n)),
            *(sign for n in range(4) for sign in line("文" * 15, 50, 360 + 15 * n)),
        ]
    )
    _, [article] = read_printed([(1_000, [*spans, Span("", (50, 170, 200, 340))])])
    [(_, outline)] = outlines([(1, article.boxes[0])], 400, 1_000)
    assert max(y for _, y in outline) > 410


def test_article_around_a_corner_gets_steps() -> None:
    boxes = [(50.0, 40.0, 390.0, 70.0), (50.0, 80.0, 200.0, 300.0), (220.0, 80.0, 390.0, 600.0)]
    [(_, outline)] = outlines([(1, boxes)], 500, 1_000)
    assert not holds(HotArea(article=1, polygon=drawn(outline)), 20, 50)
    assert holds(HotArea(article=1, polygon=drawn(outline)), 60, 50)


def drawn(outline: list[tuple[float, float]]) -> str:
    return " ".join(f"{round(x / 5, 1):g},{round(y / 10, 1):g}" for x, y in outline)


def column(sign: str, x: float, top: float, lines: int = 6) -> list[list[tuple]]:
    return [line(sign * 12, x, top + 15 * n) for n in range(lines)]


def test_short_headline_stands_over_all_its_columns() -> None:
    lines = [*column("前", 50, 40, 3), *column("前", 200, 40, 3), *column("前", 350, 40, 3)]
    lines.append(line("短标题", 215, 150, 30))
    lines += [*column("左", 50, 200), *column("中", 200, 200), *column("右", 350, 200)]
    before, after = units(*lines)
    assert set("".join(before)) == set("前")
    assert after[0] == "短标题"
    assert after[1].index("左") < after[1].index("中") < after[1].index("右")


def test_headlines_side_by_side_each_have_their_columns() -> None:
    lines = [line("左边标题", 70, 60, 30), line("右边标题", 370, 75, 24)]
    lines.append(line("右边的引题在上面", 370, 45, 14))
    lines += [*column("甲", 50, 120), *column("乙", 200, 120), *column("丙", 350, 120)]
    left, right = units(*lines)
    assert (left[0], set("".join(left[1:]))) == ("左边标题", set("甲乙"))
    assert (right[:2], set("".join(right[2:]))) == (["右边的引题在上面", "右边标题"], set("丙"))


def test_letters_strewn_over_a_page_cost_no_more_than_the_limit() -> None:
    chance = random.Random(1)
    letters = b"".join(
        b"1 0 0 1 %d %d Tm (a) Tj " % (chance.randint(0, 840), chance.randint(0, 1_180))
        for _ in range(20_000)
    )
    begun = time.perf_counter()
    try:
        suggest_areas(read_page_pdf(pdf(b"BT /F 9 Tf " + letters + b"ET")), ISSUE.articles)
    except PdfRefused as refused:
        told = str(refused)
    else:
        told = ""
    assert told == "" or "太复杂" in told
    assert time.perf_counter() - begun < LIMIT
