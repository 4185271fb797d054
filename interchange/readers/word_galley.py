"""Read a Word document into a galley: one article, several, or a whole issue with its masthead.

Where lines are set apart by how they look, that tells what they are. A document in which nothing
is set apart is read by the rules for pasted pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from itertools import groupby
from zipfile import ZipFile

import filetype

from newsroom.cjk import clean_line

from ..galley import HEAD, MASTHEAD, Act, Block, Choice, Galley, GalleyError, Part, Step
from ..schema import Note, Paragraph, Passage, Photo, Quote, RemarkKind, Run, Table
from ..word_guard import strip
from ..word_styles import HouseStyle
from .borders import Kind, Sheet, kind_of, part_articles
from .cross_checks import KnownIssue, cross_check
from .cutting import cut_off, unite
from .furniture import mark_furniture
from .head import mark_masthead
from .jumps import in_reading_order
from .layout import MOST_LINES, doubt_datelines, with_cuts
from .masthead import facts_of
from .naming import name_parts
from .reading import Piece, Reading, Unit, as_it_is, become, quoted
from .rejoining import doubt_loose_ends, drop_stumps, rejoin
from .word import (
    CAPTION_STYLE,
    LARGE,
    TITLE_STYLE,
    Line,
    as_text,
    blocks_of,
    is_caption,
    is_crosshead,
    without_margins,
)
from .wording import may_be_heading, signature

__all__ = ["WordGalley", "read_word_galley"]

FIRST_HEADING = re.compile(r"(?:heading|标题) 1$", re.IGNORECASE)
SUBTITLE = re.compile(r"(?:subtitle|副标题)$", re.IGNORECASE)
PAPER = re.compile("《([^《》]+)》")
MOST_HEADS = 5
MOST_MOVES = 10  # articles among which a note may be moved

# What the paper's own documents say by the styles of their lines.
PARTS = {
    HouseStyle.DATE: Part.DATE_LINE,
    HouseStyle.FOLIO: Part.FOLIO_LINE,
    HouseStyle.SECTION: Part.SECTION,
    HouseStyle.KICKER: Part.KICKER,
    HouseStyle.HEADLINE: Part.TITLE,
    HouseStyle.SUBHEAD: Part.SUBHEAD,
    HouseStyle.STANDFIRST: Part.STANDFIRST,
    HouseStyle.CROSSHEAD: Part.CROSSHEAD,
    HouseStyle.BYLINE: Part.BYLINE,
    HouseStyle.NOTE: Part.NOTE,
    HouseStyle.CORRECTION: Part.DROPPED,
    HouseStyle.IMPRINT: Part.IMPRINT,
}
ABOVE = (Part.SECTION, Part.KICKER, Part.TITLE, Part.SUBHEAD, Part.STANDFIRST)
AS_TOLD = (Part.BYLINE, Part.CROSSHEAD)
BESIDE = (Part.FIGURE, Part.NOTE)  # stands between the copy, wherever that is joined


@dataclass(frozen=True, slots=True)
class WordGalley:
    """The galley of a document, and its pictures by the names by which it speaks of them."""

    galley: Galley
    pictures: dict[str, bytes]


def read_word_galley(data: bytes, *, known: Iterable[KnownIssue] = ()) -> WordGalley:
    """Return what a Word document holds; its pictures are redrawn, nothing else of it is kept.

    Raises ``WordRefused``, or ``GalleyError`` for what is too long to be an issue.
    """
    cleaned = strip(data)
    script = _Script()
    for block in blocks_of(cleaned):
        script.add(block)
    reading = script.reading
    if len(reading.pieces) > MOST_LINES:
        raise GalleyError(f"文字有{len(reading.pieces)}行，最多{MOST_LINES}行。请分成几份再传。")
    if lost := _pictures_in(data) - _pictures_in(cleaned):
        script.tell_lost(lost)
    cut_off(reading)
    looks_tell = any(script.level(piece) >= 0 for piece in reading.pieces)
    if not any(piece.part in HEAD for piece in reading.pieces) and (
        not looks_tell or any(facts_of(piece.text).tells_date > 1 for piece in reading.pieces)
    ):
        mark_masthead(reading)
    _mark_furniture(script)
    if any(piece.part in HEAD for piece in reading.pieces):
        cross_check(reading, known)
    units = [Unit([piece]) for piece in reading.pieces] if looks_tell else unite(reading)
    units = in_reading_order(reading, units)
    ordered = [piece for unit in units for piece in unit.pieces]
    copy = [unit for unit in units if unit.first.part in (None, Part.PARAGRAPH, *ABOVE, *AS_TOLD)]
    if looks_tell:
        sheets = list(_Looking(script).part(copy))
    else:
        drop_stumps(reading, copy)
        sheets = part_articles(reading, copy)
    beside = {piece.id for piece in reading.pieces if piece.part in BESIDE}
    for key, sheet in enumerate(sheets, start=1):
        script.tell_crossheads(sheet)
        name_parts(reading, sheet, key)
        for stretch in _stretches(sheet.body, ordered, beside | script.items):
            whole = stretch if looks_tell else rejoin(reading, stretch)
            doubt_loose_ends(reading, whole)
        doubt_datelines(reading, sheet.body)
    order = with_cuts(reading, ordered)
    _place_beside(reading, order, len(sheets))
    galley = reading.galley(order)
    return WordGalley(script.with_passages(galley), script.pictures)


def _pictures_in(data: bytes) -> int:
    with ZipFile(BytesIO(data)) as package:
        return sum(name.startswith("word/media/") for name in package.namelist())


@dataclass
class _Script:
    """The pieces of a document, with how they look and what of it is shown as it is."""

    reading: Reading = field(default_factory=Reading)
    lines: dict[int, Line] = field(default_factory=dict)  # by the place of the piece
    passages: dict[int, Passage] = field(default_factory=dict)  # by the id of the piece
    pictures: dict[str, bytes] = field(default_factory=dict)
    names: dict[bytes, str] = field(default_factory=dict)
    items: set[int] = field(default_factory=set)  # of lists, by the id of the piece
    gap: int = 0
    place: int = 0
    table_caption: str = ""

    def add(self, block: Line | Table | Note) -> None:
        """Take in what comes next."""
        self.place += 1
        if isinstance(block, Note):
            self._piece(block.text, Part.NOTE)
        elif isinstance(block, Table):
            caption, self.table_caption = self.table_caption, ""
            words = "\n".join([*filter(None, [caption]), *as_text(block)])
            self._figure(replace(block, caption=clean_line(caption)), words)
        elif block.image:
            self._figure(Photo(self._name(block.image)), "")
        elif not block.text:
            self.gap += 1
        elif not self._add_to_last(block):
            self._add_line(block)

    def _name(self, image: bytes) -> str:
        name = f"图{len(self.names) + 1}.{filetype.guess_extension(image)}"
        name = self.names.setdefault(image, name)
        self.pictures[name] = image
        return name

    def _add_to_last(self, line: Line) -> bool:
        """Take in a line that belongs to the figure or the note above it."""
        last = self.reading.pieces[-1] if self.reading.pieces else None
        above = self.passages.get(last.id) if last else None
        text = line.text
        if line.style == HouseStyle.TABLE_CAPTION:
            self.table_caption = text
            return True
        if last is None:
            return False
        if isinstance(above, Photo) and not above.caption and is_caption(line):
            self.passages[last.id] = replace(above, caption=text)
            last.text = text
            if not CAPTION_STYLE.match(line.style):
                told = f"{quoted(text)}当作上面图片的说明。"
                self.reading.doubt("photo-caption", last, told, as_it_is("是说明"))
            return True
        if isinstance(above, Quote) and line.style == HouseStyle.SOURCE:
            self.passages[last.id] = replace(above, source=clean_line(text))
        elif isinstance(above, Quote) and line.style == HouseStyle.QUOTE and line.goes_on:
            self.passages[last.id] = replace(above, text=f"{above.text}\n{text}")
        elif not (last.part is Part.NOTE and line.style == HouseStyle.NOTE and line.goes_on):
            return False
        last.text += f"\n{text}"
        return True

    def _add_line(self, line: Line) -> None:
        if line.style == HouseStyle.QUOTE:
            self._figure(Quote(line.text), line.text)
            return
        style = next((style for style in PARTS if style == line.style), None)
        paper = PAPER.match(line.text) if line.style == HouseStyle.PAPER else None
        if paper:
            named = self._piece(paper[1], Part.NAMEPLATE)
            named.signs = "《"
            self._piece(line.text[paper.end(1) :], Part.DROPPED)
            return
        piece = self._piece(line.text, PARTS[style] if style else None)
        if style is HouseStyle.IMPRINT and line.text.startswith("责任编辑"):
            piece.part = Part.RESPONSIBLE_EDITOR
        self.lines[piece.line] = line
        if line.is_item:
            piece.part = Part.PARAGRAPH
            self.items.add(piece.id)

    def _figure(self, passage: Passage, words: str) -> None:
        piece = self._piece(words, Part.FIGURE)
        self.passages[piece.id] = passage

    def _piece(self, text: str, part: Part | None) -> Piece:
        piece = Piece(next(self.reading.ids), text, self.place, self.gap, part=part)
        self.reading.pieces.append(piece)
        self.gap = 0
        return piece

    def tell_lost(self, lost: int) -> None:
        """Say that pictures are missing."""
        if not self.reading.pieces:
            self._piece("", Part.DROPPED)
        told = f"Word文档里有{lost}张图片不是JPG或PNG，没有收入，请另外补上。"
        first = self.reading.pieces[0]
        self.reading.doubt("lost-pictures", first, told, as_it_is("知道了"), kind=RemarkKind.GAP)

    # Looks

    def look(self, piece: Piece) -> Line | None:
        """Return how a piece looks, unless it was cut off one that looks so."""
        return self.lines.get(piece.line) if piece.begins_line else None

    def level(self, piece: Piece) -> int:
        """Return how much a piece looks like a headline: 4 to 1; 0 as a crosshead, -1 as text."""
        line = self.look(piece)
        if piece.part in ABOVE:
            return 4
        if line is None or piece.part not in (None, Part.CROSSHEAD) or signature(line.text):
            return -1
        if FIRST_HEADING.match(line.style):
            return 3
        if TITLE_STYLE.match(line.style):
            return 4
        if line.is_centred and (line.is_short or _asks(line)):
            if line.size >= LARGE:
                return 2
            if line.is_bold:
                return 1
        return 0 if is_crosshead(line) or piece.part is Part.CROSSHEAD else -1

    def size(self, piece: Piece) -> float:
        """Return in what size a piece is set, as far as that is said."""
        line = self.look(piece)
        return line.size if line else 0

    def tell_crossheads(self, sheet: Sheet) -> None:
        """Mark the crossheads that look as one, and ask about them once."""
        alike = [unit for unit in sheet.crossheads if self.level(unit.first) >= 0]
        for unit in alike:
            sheet.crossheads.remove(unit)
            unit.mark(Part.CROSSHEAD)
        if len(alike) == 1:
            sheet.crossheads += alike
        elif alike:
            told = f"{quoted(alike[0].text)}等{len(alike)}行加粗或居中的短句，当作小标题。"
            plain = become("都是正文", *((unit, Part.PARAGRAPH) for unit in alike))
            self.reading.doubt("crossheads", alike[0].first, told, as_it_is("是小标题"), plain)

    def with_passages(self, galley: Galley) -> Galley:
        """Give the blocks of a galley what Word knows of them."""
        read: dict[int, int] = {}  # how far each line has been read
        blocks = []
        for block in galley.blocks:
            passage = self.passages.get(block.id) or self._set(block, read)
            blocks.append(replace(block, passage=passage))
        return replace(galley, blocks=tuple(blocks))

    def _set(self, block: Block, read: dict[int, int]) -> Paragraph | None:
        """Return the paragraph with its setting, if there is any."""
        line = self.lines.get(block.line)
        if line is None:
            return None
        runs = without_margins(line.runs)
        start = "".join(run.text for run in runs).index(block.text, read.get(block.line, 0))
        read[block.line] = end = start + len(block.text)
        kept: list[Run] = []
        place = 0
        for run in runs:
            words = run.text[max(0, start - place) : max(0, end - place)]
            kept.append(replace(run, text=words))
            place += len(run.text)
        paragraph = Paragraph(tuple(kept))
        is_set = any(any(run.setting) for run in paragraph.runs)
        return paragraph if is_set and block.part in (Part.PARAGRAPH, Part.DROPPED) else None


def _asks(line: Line) -> bool:
    return may_be_heading(line.text.rstrip("？！?!")) and "。" not in line.text


def _mark_furniture(script: _Script) -> None:
    """Mark what is no copy, but for what looks like a heading."""
    pieces = script.reading.pieces
    headings = [piece for piece in pieces if piece.part is None and script.level(piece) > 0]
    for piece in headings:
        piece.part = Part.TITLE
    mark_furniture(script.reading)
    for piece in headings:
        piece.part = None


# Articles, by how their headlines look


@dataclass
class _Looking:
    """Part the copy of a document into articles, which their headlines begin."""

    script: _Script
    sheets: list[Sheet] = field(default_factory=list)
    sheet: Sheet = field(default_factory=Sheet)
    highest: int = 0
    largest: float = 0

    def part(self, units: Sequence[Unit]) -> list[Sheet]:
        """Return the articles."""
        groups = groupby(self._kinds(units), key=lambda told: told[1])
        runs = [(is_head, [unit for unit, _ in group]) for is_head, group in groups]
        is_signed = False
        for n, (is_head, run) in enumerate(runs):
            if is_head:
                below = runs[n + 1][1][0] if n + 1 < len(runs) else None
                signs = is_signed or (below is not None and kind_of(below) is Kind.SIGNATURE)
                self._head(run, signs)
                is_signed = False
                continue
            for unit in run:
                is_signed = kind_of(unit) is Kind.SIGNATURE
                (self.sheet.signed if is_signed else self.sheet.body).append(unit)
        self._close()
        return self.sheets

    def _kinds(self, units: Sequence[Unit]) -> Iterator[tuple[Unit, bool]]:
        """Yield each unit with whether it is a heading, by itself or by what it stands beside."""
        level = [self.script.level(unit.first) for unit in units]
        may_be = [
            each < 0 and unit.first.part is None and self._is_centred(unit)
            for unit, each in zip(units, level, strict=True)
        ]
        first = next((n for n, unit in enumerate(units) if kind_of(unit) is Kind.TEXT), 0)
        for n, unit in enumerate(units):
            beside = [level[k] > 0 for k in (n - 1, n + 1) if 0 <= k < len(units)]
            is_above = n < first and kind_of(unit) is Kind.HEADING and max(level[:first]) < 1
            yield unit, level[n] >= 0 or (may_be[n] and any(beside)) or is_above

    def _is_centred(self, unit: Unit) -> bool:
        line = self.script.look(unit.first)
        if line is None or signature(line.text):
            return False
        return (line.is_centred and line.is_short) or bool(SUBTITLE.match(line.style))

    def _head(self, run: list[Unit], is_signed: bool) -> None:
        level = max(self.script.level(unit.first) for unit in run)
        size = max(self.script.size(unit.first) for unit in run)
        is_told = any(unit.first.part in ABOVE for unit in run)
        sheet = self.sheet
        begins = is_told or (
            (level > 2 and level >= self.highest) or (level == 2 and size >= self.largest)
        )
        if not sheet.heads and not sheet.body:
            begins = True
        elif not sheet.body and not is_told:
            begins = False
        elif (is_signed and sheet.body) or not sheet.heads:
            begins = begins or level > 0 or is_signed
        if not begins:
            sheet.body += run
            sheet.crossheads += [unit for unit in run if unit.first.part is not Part.CROSSHEAD]
            return
        has_before = bool(sheet.units)
        self._close()
        self._take_heads(run)
        self.highest = max(self.highest, level)
        self.largest = self.largest or (size if level == 2 else 0)
        if has_before and not is_told:
            self._doubt_border(run[0])

    def _take_heads(self, run: list[Unit]) -> None:
        """Tell kicker, headline and subhead by style and size; what is smaller is a crosshead."""
        sheet = self.sheet
        looks = [(self.script.level(unit.first), self.script.size(unit.first)) for unit in run]
        parts = [unit.first.part for unit in run]
        if any(part in ABOVE for part in parts):
            sheet.is_told = True
            for unit, part in zip(run, parts, strict=True):
                if part in ABOVE and part is not None:
                    sheet.heads.append(unit)
                    sheet.parts.append(part)
                else:
                    sheet.body.append(unit)
            return
        if max(looks)[0] < 0:  # known by their words only
            sheet.heads, sheet.body = run[:MOST_HEADS], run[MOST_HEADS:]
            return
        main = looks.index(max(looks))
        last = main
        while last + 1 < len(run) and looks[last + 1] == looks[main]:
            last += 1
        for n, unit in enumerate(run):
            if n <= last:
                sheet.heads.append(unit)
                sheet.parts.append(Part.KICKER if n < main else Part.TITLE)
            elif self._is_centred(unit) and len(sheet.heads) < MOST_HEADS and not sheet.body:
                sheet.heads.append(unit)
                sheet.parts.append(Part.SUBHEAD)
            else:
                sheet.body.append(unit)
                sheet.crossheads.append(unit)

    def _doubt_border(self, unit: Unit) -> None:
        self.script.reading.doubt(
            "border",
            unit.first,
            f"{quoted(unit.text)}像是另一篇的标题；已分成两篇。",
            as_it_is("是另一篇"),
            Choice("还是前面一篇的", (Step(Act.MERGE, unit.first.id, len(self.sheets)),)),
        )

    def _close(self) -> None:
        if self.sheet.units:
            self.sheets.append(self.sheet)
        self.sheet = Sheet()


# What stands beside the copy


def _stretches(
    body: Sequence[Unit], ordered: Sequence[Piece], between: set[int]
) -> Iterator[list[Unit]]:
    """Yield the text of an article as far as no figure, note or list parts it."""
    place = {piece.id: n for n, piece in enumerate(ordered)}
    parted = sorted(place[each] for each in between if each in place)
    stretch: list[Unit] = []
    for unit in body:
        if unit.first.id in between:
            continue
        if stretch and any(
            place[stretch[-1].pieces[-1].id] < each < place[unit.first.id] for each in parted
        ):
            yield stretch
            stretch = []
        stretch.append(unit)
    if stretch:
        yield stretch


def _place_beside(reading: Reading, order: Sequence[Piece], articles: int) -> None:
    """Give figures and notes to the article in which they stand; ask where that is not sure."""
    last: Piece | None = None
    for n, piece in enumerate(order):
        if piece.part not in BESIDE:
            last = piece if piece.article != MASTHEAD else last
            continue
        following = next((p.article for p in order[n:] if p.article != MASTHEAD), MASTHEAD)
        piece.article = last.article if last else following or 1
        if (
            piece.part is Part.NOTE
            and articles > 1
            and not any(p.part not in BESIDE for p in order[n:])
        ):
            _doubt_place(reading, piece, range(1, articles + 1), "附注")
        elif last and last.part is Part.BYLINE and following not in (last.article, MASTHEAD):
            _doubt_place(reading, piece, [following], "图片或表格")


def _doubt_place(reading: Reading, piece: Piece, articles: Iterable[int], kind: str) -> None:
    moves = [
        Choice(f"是第{key}篇的", (Step(Act.MOVE, piece.id, key),))
        for key in articles
        if key != piece.article
    ]
    told = f"{kind}{quoted(piece.text) if piece.text else ''}放在第{piece.article}篇，请核对。"
    choices = (as_it_is(f"是第{piece.article}篇的"), *moves[:MOST_MOVES])
    reading.doubt("place", piece, told, *choices)
