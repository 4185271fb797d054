"""Make a galley of a page PDF: where each article begins and ends, its place and size tell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from newsroom.cjk import clean_text

from ..galley import Galley, GalleyError, Part
from .borders import Kind, Sheet, kind_of
from .cross_checks import KnownIssue, cross_check
from .cutting import cut_off
from .furniture import mark_furniture
from .head import mark_masthead
from .layout import MOST_LINES, doubt_datelines, read_layout, with_cuts
from .naming import name_parts
from .page_pdf import PagePdf
from .page_text import PrintedArticle
from .page_text import Unit as PrintedUnit
from .reading import Piece, Reading, Unit, as_it_is, quoted
from .rejoining import doubt_loose_ends

__all__ = ["galley_of_pages"]

MOST_HEADS = 5
NO_TEXT = "PDF里没有文字（可能是扫描件，或已转曲），只能作版面图用。要稿件，请另传文字或Word文档"


def galley_of_pages(pdf: PagePdf, *, known: Iterable[KnownIssue] = ()) -> Galley:
    """Return the galley of what pages print, with what had to be guessed.

    Where an article jumps to another page, words tell more than places do. Raises GalleyError.
    """
    if not pdf.text:
        raise GalleyError(NO_TEXT)
    script = _Script()
    for page in pdf.printed:
        script.add_lines(page.header)
        for article in page.begins:
            script.add_article(article)
    for page in pdf.printed:
        script.add_lines(page.footer)
    reading = script.reading
    if len(reading.pieces) > MOST_LINES:
        raise GalleyError(f"文字有{len(reading.pieces)}段，最多{MOST_LINES}段。请分成几份再传。")
    cut_off(reading)
    mark_masthead(reading)
    mark_furniture(reading)
    if any(piece.part is Part.JUMP for piece in reading.pieces):
        return read_layout(pdf.text, known=known)
    cross_check(reading, known)
    for key, sheet in enumerate(script.sheets(), start=1):
        name_parts(reading, sheet, key)
        doubt_loose_ends(reading, sheet.body)
        doubt_datelines(reading, sheet.body)
    script.tell_joined()
    _tell_turned(reading, pdf)
    return reading.galley(with_cuts(reading, reading.pieces))


@dataclass
class _Script:
    """The pieces of the pages, with the article and the unit that each is of."""

    reading: Reading = field(default_factory=Reading)
    articles: list[PrintedArticle] = field(default_factory=list)
    of: dict[int, tuple[int, PrintedUnit]] = field(default_factory=dict)  # by their lines

    def add_lines(self, lines: Iterable[str]) -> None:
        """Add what stands around the copy."""
        for line in lines:
            self._piece(line)

    def add_article(self, article: PrintedArticle) -> None:
        """Add the units of an article; its headline is known to be one."""
        self.articles.append(article)
        for unit in article.units:
            if piece := self._piece(unit.text):
                self.of[piece.line] = len(self.articles) - 1, unit
                piece.part = Part.TITLE if unit.is_head else None

    def _piece(self, text: str) -> Piece | None:
        words = clean_text(text).strip()
        if not words:
            return None
        piece = Piece(next(self.reading.ids), words, len(self.reading.pieces) + 1)
        self.reading.pieces.append(piece)
        return piece

    def sheets(self) -> list[Sheet]:
        """Return the articles, the parts of their headlines told by size."""
        sheets = [Sheet() for _ in self.articles]
        sizes: dict[int, float] = {}
        for piece in self.reading.pieces:
            if piece.line not in self.of:
                continue
            place, printed = self.of[piece.line]
            sheet, unit = sheets[place], Unit([piece])
            if printed.is_head and piece.part is Part.TITLE and not sheet.body:
                sheet.heads.append(unit)
                sizes[piece.id] = printed.size
            elif piece.part in (None, Part.TITLE, Part.PARAGRAPH, Part.BYLINE):
                self._take(sheet, unit, printed)
        for sheet in sheets:
            _tell_heads(sheet, sizes)
        return [sheet for sheet in sheets if sheet.units]

    @staticmethod
    def _take(sheet: Sheet, unit: Unit, printed: PrintedUnit) -> None:
        is_apart = printed.is_apart or printed.is_head
        unit.first.part = None if unit.first.part is Part.TITLE else unit.first.part
        if kind_of(unit) is Kind.SIGNATURE:
            sheet.signed.append(unit)
            return
        sheet.body.append(unit)
        if is_apart and kind_of(unit) is Kind.HEADING:
            sheet.crossheads.append(unit)

    def tell_joined(self) -> None:
        """Doubt the spaces in headings that were put together from several lines."""
        for piece in self.reading.pieces:
            _, unit = self.of.get(piece.line, (0, None))
            if unit and unit.is_head and unit.lines > 1 and piece.begins_line:
                told = f"标题{quoted(piece.text)}在版面上分{unit.lines}行，已接成一行，空格请核对。"
                self.reading.doubt("headline-joined", piece, told, as_it_is("看过了"))


def _tell_heads(sheet: Sheet, sizes: dict[int, float]) -> None:
    """Tell the headline, which is the largest, from what stands above and below it."""
    sheet.body[:0] = sheet.heads[MOST_HEADS:]
    del sheet.heads[MOST_HEADS:]
    if sheet.heads:
        set_in = [sizes[unit.first.id] for unit in sheet.heads]
        main = set_in.index(max(set_in))
        sheet.parts = [
            Part.KICKER if n < main else Part.TITLE if n == main else Part.SUBHEAD
            for n in range(len(sheet.heads))
        ]


def _tell_turned(reading: Reading, pdf: PagePdf) -> None:
    turned: Sequence[str] = [str(n) for n, page in enumerate(pdf.pages, 1) if page.is_turned]
    if turned:
        told = f"第{'、'.join(turned)}页是转过方向的，没有认文字。"
        reading.doubt("turned-page", reading.pieces[0], told, as_it_is("知道了"))
