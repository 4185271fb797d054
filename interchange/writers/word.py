"""Write an issue as one Word document for the print shop, each part in a style with its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from newsroom.lunar import printed_date

from ..for_readers import (
    KINDS,
    as_shown,
    byline_of,
    date_line,
    folio_title,
    imprint_lines,
    shown,
    title_of,
)
from ..schema import (
    Article,
    Crosshead,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Run,
    Table,
    check,
    photos_of,
)
from ..word_styles import HouseStyle
from .illustrations import Illustration, illustrations
from .links import Links
from .markup import Markup, element, join
from .word_parts import (
    CONTENT_TYPES,
    FOOTER,
    NAMESPACES,
    PACKAGE_RELATIONS,
    SETTINGS,
    core_properties,
    relations,
    style_sheet,
    w,
    xml,
)
from .zipped import zip_of

__all__ = ["write_word"]

MOST_COLUMNS = 63  # as Word has it
PAPER_WIDTH, PAPER_HEIGHT, MARGIN = 11_906, 16_838, 1_474  # A4, in twentieths of a point
OTHER_MARGINS = {"top": 1_440, "bottom": 1_440, "header": 851, "footer": 851, "gutter": 0}
TEXT_WIDTH = PAPER_WIDTH - 2 * MARGIN
MOST_WIDTH, MOST_HEIGHT = 5_400_000, 6_480_000  # of a picture: 15 by 18 centimetres
PIXEL = 9_525  # in the same unit, 96 to the inch


def write_word(issue: Issue, *, picture: Callable[[str], bytes], site: str = "") -> bytes:
    """Return the issue as a .docx file: the articles in print order below their folios.

    ``site`` is where links within the paper lead (https://…); without it they become plain words.
    The same issue gives the same bytes. Raises SchemaError and IllustrationRefused.
    """
    check(issue)
    pictures = illustrations(issue, picture)
    links = Links(issue, front="", page=lambda number: "", site=site)
    writing = _Writing(pictures, links)
    body = join(*_blocks(issue, writing))
    files = [
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", PACKAGE_RELATIONS),
        ("docProps/core.xml", core_properties(issue)),
        ("word/document.xml", xml(element("w:document", w("body", body, _page()), **NAMESPACES))),
        ("word/styles.xml", style_sheet()),
        ("word/settings.xml", SETTINGS),
        ("word/footer1.xml", FOOTER),
        ("word/_rels/document.xml.rels", relations(writing.media, writing.addresses)),
        *((f"word/media/{picture.name}", picture.content) for picture in writing.media),
    ]
    return zip_of(files)


def _page() -> Markup:
    """Set A4 upright, with the footer."""
    return w(
        "sectPr",
        element("w:footerReference", **{"w:type": "default", "r:id": "footer"}),
        w("pgSz", w=PAPER_WIDTH, h=PAPER_HEIGHT),
        w("pgMar", left=MARGIN, right=MARGIN, **OTHER_MARGINS),
    )


@dataclass(slots=True)
class _Writing:
    """A document as far as it is written: what its text speaks of by number."""

    pictures: dict[str, Illustration]
    links: Links
    shown: int = 0  # pictures, of which one may be shown twice
    media: list[Illustration] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)

    def picture(self, photo: Photo) -> Markup:
        """Return a picture that stands in a line of its own."""
        picture = self.pictures[photo.file]
        if picture not in self.media:
            self.media.append(picture)
        self.shown += 1
        return _drawing(picture, photo.alt, self.media.index(picture) + 1, self.shown)

    def linked(self, run: Markup, href: str) -> Markup:
        """Return a run that leads somewhere, if the place can be reached from the document."""
        address = self.links(href, ()) if href else ""
        if not address:
            return run
        if address not in self.addresses:
            self.addresses.append(address)
        key = f"link{self.addresses.index(address) + 1}"
        return element("w:hyperlink", run, **{"r:id": key})


# What stands in the document, from top to bottom


def _blocks(issue: Issue, writing: _Writing) -> Iterator[Markup]:
    yield _paragraph(f"《{issue.imprint.name}》{title_of(issue)}", HouseStyle.PAPER)
    yield _paragraph("　".join(date_line(issue)), HouseStyle.DATE)
    folios = {folio.number: folio for folio in issue.folios}
    for place, (number, articles) in enumerate(groupby(issue.articles, lambda a: a.folio)):
        folio = folios.get(number)
        head = folio_title(number, folio.name if folio else "")
        if folio and folio.responsible_editor:
            head += f"　责任编辑：{folio.responsible_editor}"
        yield _paragraph(head, HouseStyle.FOLIO, w("pageBreakBefore") if place else "")
        for section, run in groupby(articles, lambda article: article.section):
            if section:
                yield _paragraph(section, HouseStyle.SECTION)
            for article in run:
                yield from _article(article, writing)
    for line in imprint_lines(issue):
        told = "　".join(f"{name}：{fact}" if name else fact for name, fact in line)
        yield _paragraph(told, HouseStyle.IMPRINT)


def _article(article: Article, writing: _Writing) -> Iterator[Markup]:
    show = shown(article)
    for words, style in (
        (article.kicker, HouseStyle.KICKER),
        (article.title, HouseStyle.HEADLINE),
        (article.subhead, HouseStyle.SUBHEAD),
        (article.standfirst, HouseStyle.STANDFIRST),
    ):
        if words:
            yield _paragraph(show(words), style)
    for passage in article.body:
        yield from _passage(passage, show, writing)
    if byline := byline_of(article):
        yield _paragraph(f"（{byline}）", HouseStyle.BYLINE)
    for correction in article.corrections:
        head = f"{KINDS[correction.kind]}（{printed_date(correction.date)}）"
        told = f"{head}：{show(correction.text)}"
        if correction.wrong:
            told += f"\n原文：{show(correction.wrong)}"
        if correction.right:
            told += f"\n更正为：{show(correction.right)}"
        yield _paragraph(told, HouseStyle.CORRECTION)


def _passage(passage: Passage, show: Callable[[str], str], writing: _Writing) -> Iterator[Markup]:
    match passage:
        case Paragraph():
            yield w("p", *_runs(passage, show, writing))
        case Crosshead(words):
            yield _paragraph(show(words), HouseStyle.CROSSHEAD)
        case Quote(words, source):
            yield _paragraph(show(words), HouseStyle.QUOTE)
            if source:
                yield _paragraph(show(source), HouseStyle.SOURCE)
        case Note(words):
            yield _paragraph(show(words), HouseStyle.NOTE)
        case Table():
            yield from _table(passage, show)
        case _:
            for photo in photos_of(passage):
                yield from _photo(as_shown(photo, show), writing)


def _photo(photo: Photo, writing: _Writing) -> Iterator[Markup]:
    style = w("pPr", w("pStyle", val=HouseStyle.PICTURE.name))
    yield w("p", style, w("r", writing.picture(photo)))
    if said := " ".join(filter(None, (photo.caption, photo.credit))):
        yield _paragraph(said, HouseStyle.CAPTION)


def _table(table: Table, show: Callable[[str], str]) -> Iterator[Markup]:
    if table.caption:
        yield _paragraph(show(table.caption), HouseStyle.TABLE_CAPTION)
    columns = len(table.rows[0])
    if columns > MOST_COLUMNS:
        for row in table.rows:
            yield _paragraph("\t".join(map(show, row)), HouseStyle.CELL)
        return
    width: dict[str, str | int] = {"w": TEXT_WIDTH // columns, "type": "dxa"}
    rows = []
    for number, row in enumerate(table.rows):
        is_head = table.has_header and number == 0
        cells = [
            w("tc", w("tcPr", w("tcW", **width)), _paragraph(show(cell), HouseStyle.CELL))
            for cell in row
        ]
        rows.append(w("tr", w("trPr", w("tblHeader")) if is_head else "", *cells))
    yield w(
        "tbl",
        w(
            "tblPr",
            w("tblStyle", val="TABLE"),
            w("tblW", w=TEXT_WIDTH, type="dxa"),
            w("tblLook", val="0020" if table.has_header else "0000"),
        ),
        w("tblGrid", *(w("gridCol", w=width["w"]) for _ in range(columns))),
        *rows,
    )
    yield _paragraph("", HouseStyle.CELL)  # Word makes one table of two that touch


# Words


def _paragraph(words: str, style: HouseStyle, *properties: str) -> Markup:
    return w(
        "p", w("pPr", w("pStyle", val=style.name), *properties), _run(Run(words)) if words else ""
    )


def _runs(paragraph: Paragraph, show: Callable[[str], str], writing: _Writing) -> Iterator[Markup]:
    """Set runs; the display rule looks across them and keeps the length, so they are cut after."""
    words, start = show(paragraph.text), 0
    for run in paragraph.runs:
        end = start + len(run.text)
        yield writing.linked(_run(Run(words[start:end], run.bold, run.italic)), run.href)
        start = end


def _run(run: Run) -> Markup:
    setting = [w(name) for name, is_set in (("b", run.bold), ("i", run.italic)) if is_set]
    return w("r", w("rPr", *setting) if setting else "", *_words(run.text))


def _words(words: str) -> Iterator[Markup]:
    """Yield text, soft returns and tabs."""
    for is_text, signs in groupby(words, key=lambda sign: sign not in "\n\t"):
        said = "".join(signs)
        if is_text:
            yield element("w:t", said, **{"xml:space": "preserve"})
        else:
            yield from (w("br") if sign == "\n" else w("tab") for sign in said)


# Pictures


def _drawing(picture: Illustration, alt: str, medium: int, number: int) -> Markup:
    shrunk = min(1.0, MOST_WIDTH / (picture.width * PIXEL), MOST_HEIGHT / (picture.height * PIXEL))
    size = {
        "cx": max(1, int(picture.width * PIXEL * shrunk)),
        "cy": max(1, int(picture.height * PIXEL * shrunk)),
    }
    named: dict[str, str | int] = {"id": number, "name": picture.name}
    return w(
        "drawing",
        element(
            "wp:inline",
            element("wp:extent", **size),
            element("wp:docPr", **named, descr=alt),
            element(
                "a:graphic",
                element(
                    "a:graphicData",
                    element(
                        "pic:pic",
                        element(
                            "pic:nvPicPr", element("pic:cNvPr", **named), element("pic:cNvPicPr")
                        ),
                        element(
                            "pic:blipFill",
                            element("a:blip", **{"r:embed": f"picture{medium}"}),
                            element("a:stretch", element("a:fillRect")),
                        ),
                        element(
                            "pic:spPr",
                            element("a:xfrm", element("a:off", x=0, y=0), element("a:ext", **size)),
                            element("a:prstGeom", element("a:avLst"), prst="rect"),
                        ),
                    ),
                    uri="http://schemas.openxmlformats.org/drawingml/2006/picture",
                ),
            ),
            **dict.fromkeys(("distT", "distB", "distL", "distR"), 0),
        ),
    )
