"""Read a manuscript from a Word document.

People set headlines by hand: centred and large, or bold. What a line is, is therefore judged by
how it looks as well as by its style. Nothing is ever turned into HTML on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import filetype
from mammoth import documents, docx

from newsroom.cjk import clean_line, clean_text

from ..rules import Address
from ..schema import Crosshead, Note, Paragraph, Passage, Photo, Quote, Run, Table
from ..word_guard import WordRefused, beginning, guard
from ..word_styles import AROUND, HouseStyle
from .wording import MARGIN, may_be_caption, may_be_heading, signature

__all__ = [
    "CAPTION_STYLE",
    "LARGE",
    "TITLE_STYLE",
    "Block",
    "Line",
    "Manuscript",
    "Picture",
    "as_text",
    "blocks_of",
    "first_words",
    "is_caption",
    "is_crosshead",
    "is_title",
    "plain_text",
    "read_word",
    "without_margins",
]

MOST_PICTURES = 60
MOST_BYTES_OF_PICTURES = 60_000_000
MOST_COLUMNS = 63  # as in Word
PICTURE_KINDS = ("jpg", "png", "gif", "webp")

LARGE = 18  # points
TITLE_STYLE = re.compile(r"(?:title|heading 1|标题|标题 1|主题)$", re.IGNORECASE)
HEADING_STYLE = re.compile(r"(?:subtitle|副标题|小标题|(?:heading|标题) [1-9])$", re.IGNORECASE)
CAPTION_STYLE = re.compile(r"(?:caption|题注|图说)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a manuscript, under the name by which its lines speak of it."""

    name: str
    data: bytes
    caption: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """What somebody has written in Word; the lines hold neither the title nor the signature."""

    title: str
    names: tuple[str, ...]
    lines: tuple[Passage, ...]
    pictures: tuple[Picture, ...]
    # Known by the styles of our own documents only (word_styles).
    kicker: str = ""
    subhead: str = ""
    standfirst: str = ""


def read_word(data: bytes) -> Manuscript:
    """Return the manuscript in a Word document, or raise ``WordRefused``.

    What was inserted while changes were tracked is kept, what was deleted is not; comments never
    are. Pictures are as they stand in the document: ``word_guard.strip`` makes them harmless.
    """
    reading = _Reading()
    for block in blocks_of(data):
        reading.add(block)
    return reading.manuscript()


def plain_text(data: bytes) -> str:
    """Return the words of a Word document, a paragraph or a row of a table on a line."""
    return "\n".join(line for block in blocks_of(data) for line in as_text(block))


def first_words(data: bytes, *, most: int) -> tuple[str, bool]:
    """Return how a Word document begins, as ``plain_text``, and whether it goes on after that."""
    begun, is_cut = beginning(data, characters=most)
    words = plain_text(begun).strip()
    return words[:most], is_cut or len(words) > most


def as_text(block: Block) -> Iterator[str]:
    """Yield the words of a block, a row of a table on a line."""
    if isinstance(block, Table):
        yield from ("\t".join(cell.replace("\n", " ") for cell in row) for row in block.rows)
    elif isinstance(block, Note) or not block.image:
        yield block.text


# What stands in the document


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and how it looks; or what is shown there."""

    runs: tuple[Run, ...] = ()
    style: str = ""
    is_centred: bool = False
    size: float = 0
    image: bytes = b""
    goes_on: bool = False  # with the paragraph of the line before
    is_item: bool = False  # of a list

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs).strip(MARGIN)

    @property
    def is_bold(self) -> bool:
        """Whether all that can be seen is bold."""
        return all(run.bold for run in self.runs if run.text.strip(MARGIN))

    @property
    def is_short(self) -> bool:
        """Whether it may be a heading, by its length and how it ends."""
        return may_be_heading(self.text)


Block = Line | Table | Note


def blocks_of(data: bytes) -> list[Block]:
    """Return what stands in a document, in order, notes at the end."""
    guard(data)
    try:
        # mammoth.docx is what all of mammoth's converters read by; it opens no other file.
        document = docx.read(BytesIO(data)).value
        return list(_Walk(document.notes).blocks(document.children))
    except WordRefused:
        raise
    except Exception as error:  # mammoth expects a sound document: KeyError, RecursionError, …
        raise WordRefused("Word文档的内容读不出来：请重新保存后再传") from error


@dataclass
class _Walk:
    """A walk through a document, remembering what is told only once."""

    notes: Any
    cited: dict[tuple[str, str], Any] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    images: int = 0
    image_bytes: int = 0

    def blocks(self, elements: Iterable[Any]) -> Iterator[Block]:
        """Yield what stands in the body of a document and then in its notes."""
        for element in elements:
            yield from self._blocks_of(element)
        for note in list(self.cited.values()):
            if text := self._text_of(note.body):
                yield Note(text)

    def _blocks_of(self, element: Any) -> Iterator[Block]:
        if isinstance(element, documents.Table):
            yield from self._table(element)
        elif isinstance(element, documents.Paragraph):
            yield from self._lines(element)
        elif isinstance(element, documents.HasChildren):
            for child in element.children:
                yield from self._blocks_of(child)

    def _lines(self, paragraph: Any) -> Iterator[Line]:
        """Yield the lines of a paragraph, which a soft return parts as well."""
        pieces = list(self._pieces(paragraph, Run("")))
        sizes = [run.font_size or 0 for run in _descendants(paragraph, documents.Run)]
        looks = Line(
            style=paragraph.style_name or "",
            is_centred=paragraph.alignment == "center",
            size=max(sizes, default=0),
            is_item=paragraph.numbering is not None and not _is_heading(paragraph),
        )
        runs: list[Run] = [Run(self._number(paragraph))]
        for piece in pieces:
            if isinstance(piece, bytes):
                yield Line(image=piece)
                continue
            first, *others = piece.text.split("\n")
            runs.append(replace(piece, text=first))
            for other in others:
                yield replace(looks, runs=tuple(runs))
                looks = replace(looks, goes_on=True)
                runs = [replace(piece, text=other)]
        yield replace(looks, runs=tuple(runs))

    def _pieces(self, element: Any, setting: Run) -> Iterator[Run | bytes]:
        """Yield the text of an element as it is set, and its pictures."""
        match element:
            case documents.Text():
                yield replace(setting, text=clean_text(element.value))
            case documents.Tab():
                yield replace(setting, text=" ")
            case documents.Break():
                yield replace(setting, text="\n" if element.break_type == "line" else "")
            case documents.Checkbox():
                yield replace(setting, text="☑" if element.checked else "☐")
            case documents.Image():
                yield from self._picture(element)
            case documents.NoteReference():
                key = (element.note_type, element.note_id)
                self.cited.setdefault(key, self.notes.resolve(element))
            case documents.HasChildren():
                if isinstance(element, documents.Run):
                    setting = replace(setting, bold=element.is_bold, italic=element.is_italic)
                elif isinstance(element, documents.Hyperlink):
                    setting = replace(setting, href=_address(element.href))
                for child in element.children:
                    yield from self._pieces(child, setting)

    def _picture(self, image: Any) -> Iterator[bytes]:
        self.images += 1
        if self.images <= MOST_PICTURES:
            with image.open() as file:
                content: bytes = file.read()
            self.image_bytes += len(content)
        if self.images > MOST_PICTURES or self.image_bytes > MOST_BYTES_OF_PICTURES:
            raise WordRefused(f"Word文档里图片太多，最多{MOST_PICTURES}张：请分成几份再传")
        if filetype.guess_extension(content) in PICTURE_KINDS:
            yield content

    def _number(self, paragraph: Any) -> str:
        """Return the sign or number before an item of a list, which no text holds."""
        level = paragraph.numbering
        if level is None or _is_heading(paragraph):  # which LibreOffice counts without a sign
            self.counted.clear()
            return ""
        if not level.is_ordered:
            return "· "
        number = self.counted[level.level_index] = self.counted.get(level.level_index, 0) + 1
        return f"{number}. "

    def _table(self, table: Any) -> Iterator[Block]:
        """Yield a table with all rows of one length, then the pictures that stood in it."""
        covered: dict[int, int] = {}  # columns to the rows that a cell above reaches into
        rows: list[list[str]] = []
        pictures: list[bytes] = []
        for row in _descendants(table, documents.TableRow, within=documents.Table):
            cells: list[str] = []
            for cell in [one for one in row.children if isinstance(one, documents.TableCell)]:
                self._fill(cells, covered)
                start, width = len(cells), min(max(cell.colspan, 1), MOST_COLUMNS)
                cells += [self._text_of(cell.children, pictures), *[""] * (width - 1)]
                for column in range(start, len(cells)):
                    covered[column] = cell.rowspan - 1
            self._fill(cells, covered)
            rows.append(cells[:MOST_COLUMNS])
        width = max(map(len, rows), default=0)
        if width and any(map(any, rows)):
            has_header = any(rows[0]) and _is_header(table)
            yield Table(tuple(tuple(row + [""] * (width - len(row))) for row in rows), has_header)
        yield from (Line(image=picture) for picture in pictures)

    @staticmethod
    def _fill(cells: list[str], covered: dict[int, int]) -> None:
        """Put empty cells where one from above reaches down."""
        while covered.get(len(cells), 0) > 0:
            covered[len(cells)] -= 1
            cells.append("")

    def _text_of(self, elements: Iterable[Any], pictures: list[bytes] | None = None) -> str:
        """Return the words of several paragraphs; pictures go where they are collected."""
        lines: list[str] = []
        for element in elements:
            for block in self._blocks_of(element):
                if isinstance(block, Line) and block.image and pictures is not None:
                    pictures.append(block.image)
                lines += filter(None, (line.strip(MARGIN) for line in as_text(block)))
        return "\n".join(lines).replace("\t", " ")


def _is_heading(paragraph: Any) -> bool:
    style = paragraph.style_name or ""
    return bool(TITLE_STYLE.match(style) or HEADING_STYLE.match(style))


def _is_header(table: Any) -> bool:
    first = next(iter(table.children), None)
    return bool(isinstance(first, documents.TableRow) and first.is_header)


def _descendants(element: Any, kind: type, within: type | None = None) -> Iterator[Any]:
    """Yield all elements of a kind inside another, but for those inside an inner ``within``."""
    for child in getattr(element, "children", ()):
        if isinstance(child, kind):
            yield child
        elif within is None or not isinstance(child, within):
            yield from _descendants(child, kind, within)


def _address(href: str | None) -> str:
    """Return where a link leads if it may lead there."""
    return "" if not href or Address().fault(href) else href


# What it is to the newsroom


@dataclass
class _Reading:
    """A manuscript as far as it has been read."""

    title: str = ""
    parts: dict[HouseStyle, str] = field(
        default_factory=dict
    )  # of the headline, and the standfirst
    table_caption: str = ""
    lines: list[Passage] = field(default_factory=list)
    names: dict[bytes, str] = field(default_factory=dict)  # of pictures, each of which counts once

    def add(self, block: Block) -> None:
        """Take in what comes next."""
        if isinstance(block, Table):
            self.lines.append(replace(block, caption=self.table_caption))
            self.table_caption = ""
        elif isinstance(block, Note):
            self.lines.append(block)
        elif block.image:
            extension = filetype.guess_extension(block.image)
            name = self.names.setdefault(block.image, f"图{len(self.names) + 1}.{extension}")
            self.lines.append(Photo(name))
        elif block.text and not self._add_by_style(block):
            self._add_text(block)

    def _add_by_style(self, line: Line) -> bool:
        """Take in a line of a document of our own, if its style says by itself what it is."""
        last = self.lines[-1] if self.lines else None
        match line.style:
            case style if style in AROUND:
                pass
            case HouseStyle.KICKER | HouseStyle.SUBHEAD | HouseStyle.STANDFIRST as style:
                before = self.parts.get(HouseStyle(style), "")
                self.parts[HouseStyle(style)] = f"{before}\n{line.text}" if before else line.text
            case HouseStyle.TABLE_CAPTION:
                self.table_caption = clean_line(line.text)
            case HouseStyle.SOURCE if isinstance(last, Quote):
                self.lines[-1] = replace(last, source=clean_line(line.text))
            case HouseStyle.QUOTE | HouseStyle.NOTE as style:
                kind = Quote if style == HouseStyle.QUOTE else Note
                if line.goes_on and isinstance(last, kind):
                    self.lines[-1] = replace(last, text=f"{last.text}\n{line.text}")
                else:
                    self.lines.append(kind(line.text))
            case _:
                return False
        return True

    def _add_text(self, line: Line) -> None:
        has_begun = any(not isinstance(passage, Photo) for passage in self.lines)
        if not self.title and not has_begun and is_title(line):
            self.title = clean_line(line.text)
        elif is_caption(line) and (photo := self._photo_without_caption()):
            self.lines[-1] = replace(photo, caption=line.text)
        elif is_crosshead(line):
            self.lines.append(Crosshead(clean_line(line.text)))
        else:
            self.lines.append(Paragraph(tuple(without_margins(line.runs))))

    def _photo_without_caption(self) -> Photo | None:
        last = self.lines[-1] if self.lines else None
        return last if isinstance(last, Photo) and not last.caption else None

    def manuscript(self) -> Manuscript:
        """Return the whole, its signature taken off."""
        names: tuple[str, ...] = ()
        place = next(
            (n for n, line in reversed(list(enumerate(self.lines))) if isinstance(line, Paragraph)),
            None,
        )
        if place is not None and (names := _names(self.lines[place])):
            del self.lines[place]
        captions = {
            line.file: line.caption for line in reversed(self.lines) if isinstance(line, Photo)
        }
        pictures = tuple(
            Picture(name, content, captions[name]) for content, name in self.names.items()
        )
        parts = (HouseStyle.KICKER, HouseStyle.SUBHEAD, HouseStyle.STANDFIRST)
        headline = (self.parts.get(part, "") for part in parts)
        return Manuscript(self.title, names, tuple(self.lines), pictures, *headline)


def is_title(line: Line) -> bool:
    """Whether a line looks like the headline of what follows."""
    if TITLE_STYLE.match(line.style):
        return True
    return line.is_centred and line.is_short and (line.size >= LARGE or line.is_bold)


def is_crosshead(line: Line) -> bool:
    """Whether a line looks like a heading inside the text."""
    if HEADING_STYLE.match(line.style) or TITLE_STYLE.match(line.style):
        return True
    return line.is_short and (line.is_bold or (line.is_centred and line.size >= LARGE))


def is_caption(line: Line) -> bool:
    """Whether a line is, by its style or its words, what stands below a picture."""
    return bool(CAPTION_STYLE.match(line.style) or may_be_caption(line.text))


def without_margins(runs: Iterable[Run]) -> list[Run]:
    """Return runs without the blank at the beginning and the end, which people indent by."""
    kept = [run for run in runs if run.text]
    for place, trim in ((0, str.lstrip), (-1, str.rstrip)):
        while kept and not (trimmed := trim(kept[place].text, MARGIN)):
            del kept[place]
        if kept:
            kept[place] = replace(kept[place], text=trimmed)
    return kept


def _names(passage: Passage) -> tuple[str, ...]:
    """Return who signs in a line such as （记者 张三 通讯员 李四）, or nobody."""
    if not isinstance(passage, Paragraph):
        return ()
    return tuple(dict.fromkeys(signed.name for signed in signature(passage.text)))
