"""Define the issue as plain data, the form ``paper-issue/1`` that every reader and writer shares.

The dataclasses are the whole definition: the order of the fields is the order of the keys in a
folder, a default is what may be left out, and the rules a value must keep stand in its annotation.
``check`` applies them; ``interchange.tables`` reads and writes TOML by the same annotations.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Annotated

from .rules import (
    Address,
    Between,
    Fault,
    ImageName,
    Numbered,
    PDFName,
    Place,
    Polygon,
    SchemaError,
    Text,
    faults,
)

__all__ = [
    "FORMAT",
    "IMAGES",
    "Article",
    "Byline",
    "Correction",
    "CorrectionKind",
    "Crosshead",
    "Folio",
    "Gallery",
    "HotArea",
    "Imprint",
    "Issue",
    "Note",
    "Paragraph",
    "Passage",
    "Photo",
    "Place",
    "Prominence",
    "Quote",
    "Remark",
    "RemarkKind",
    "Role",
    "Run",
    "SchemaError",
    "Table",
    "check",
    "photos_of",
]

FORMAT = "paper-issue/1"
IMAGES = "images"  # the directory of an issue folder in which the pictures stand

Line = Annotated[str, Text()]
Copy = Annotated[str, Text(multiline=True)]
RequiredLine = Annotated[str, Text(required=True)]
RequiredCopy = Annotated[str, Text(required=True, multiline=True)]


# The body of an article


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of running text set in one way; a line break in it is a soft return."""

    text: Copy
    bold: bool = False
    italic: bool = False
    href: Annotated[str, Address()] = ""

    @property
    def setting(self) -> tuple[bool, bool, str]:
        """How the text is set."""
        return self.bold, self.italic, self.href


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text; neighbouring runs that are set alike become one."""

    runs: tuple[Run, ...]

    def __post_init__(self) -> None:
        written = [run for run in self.runs if run.text]
        merged = [
            Run("".join(run.text for run in alike), *setting)
            for setting, alike in groupby(written, key=attrgetter("setting"))
        ]
        object.__setattr__(self, "runs", tuple(merged))

    @classmethod
    def of(cls, text: str) -> Paragraph:
        """Return a paragraph without any setting."""
        return cls((Run(text),))

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(run.text for run in self.runs)

    def own_faults(self) -> Iterator[Fault]:
        """Yield what no single field shows."""
        if not self.runs:
            yield (), "段落里没有字"


@dataclass(frozen=True, slots=True)
class Crosshead:
    """A heading inside the text (小标题)."""

    text: RequiredLine


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture, by its file name in ``images/``."""

    file: Annotated[str, ImageName()]
    caption: Copy = ""
    credit: Line = ""
    alt: Copy = ""


@dataclass(frozen=True, slots=True)
class Gallery:
    """Pictures that belong together (组图)."""

    photos: tuple[Photo, ...]

    def own_faults(self) -> Iterator[Fault]:
        """Yield what no single field shows."""
        if len(self.photos) < 2:
            yield ("photos",), "组图至少要两张图片"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words lifted out of the text."""

    text: RequiredCopy
    source: Line = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the first row holds the headings of the columns if ``has_header``."""

    rows: tuple[tuple[Copy, ...], ...]
    has_header: bool = False
    caption: Line = ""

    def own_faults(self) -> Iterator[Fault]:
        """Yield what no single field shows."""
        if not self.rows or not self.rows[0]:
            yield ("rows",), "表格里没有格子"
            return
        if self.has_header and not any(self.rows[0]):
            yield ("rows", 0), "表头里没有字"
        for index, row in enumerate(self.rows):
            if len(row) != len(self.rows[0]):
                yield ("rows", index), f"有{len(row)}格，第一行有{len(self.rows[0])}格"


@dataclass(frozen=True, slots=True)
class Note:
    """A printed side note (附注)."""

    text: RequiredCopy


Passage = Paragraph | Crosshead | Photo | Gallery | Quote | Table | Note


def photos_of(passage: Passage) -> tuple[Photo, ...]:
    """Return the pictures of a passage, in order."""
    if isinstance(passage, Gallery):
        return passage.photos
    return (passage,) if isinstance(passage, Photo) else ()


# The article


class Prominence(StrEnum):
    """How large an article stands on its folio."""

    LEAD = "lead"
    MAJOR = "major"
    NORMAL = "normal"
    BRIEF = "brief"


class Role(StrEnum):
    """What someone in a byline did; nothing is printed for the empty one."""

    NONE = ""
    REPORTER = "reporter"
    CORRESPONDENT = "correspondent"
    SPECIAL_CORRESPONDENT = "special_correspondent"
    WRITER = "writer"
    PHOTOGRAPHER = "photographer"
    EDITOR = "editor"
    TRANSLATOR = "translator"


class RemarkKind(StrEnum):
    """What an editor's note is about (docs/issue-folder.md)."""

    REJOIN = "rejoin"
    GAP = "gap"
    MOVED = "moved"
    DECIDE = "decide"
    PROOF = "proof"


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """A name as printed, and who that is where the name alone does not tell.

    ``contributor`` is the name in the list of contributors if it is not the printed one;
    ``unit`` tells two contributors of one name apart.
    """

    name: Annotated[str, Text(required=True, longest=50)]
    role: Role = Role.NONE
    contributor: Annotated[str, Text(longest=50)] = ""
    unit: Annotated[str, Text(longest=100)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """An editor's note on an article, anchored by the words it stands after; never public."""

    kind: RemarkKind
    after: Annotated[str, Text(longest=100)] = ""
    text: RequiredCopy


class CorrectionKind(StrEnum):
    """What the paper calls what it says later: an error put right, an addition, an apology."""

    CORRECTION = "correction"
    SUPPLEMENT = "supplement"
    APOLOGY = "apology"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was said of an article after printing; the article itself stays as it was printed.

    ``wrong`` are words as printed, ``right`` what they should have been.
    """

    date: Annotated[date, Between(1901, 2100)]
    kind: CorrectionKind = CorrectionKind.CORRECTION
    wrong: Annotated[str, Text(longest=300)] = ""
    right: Annotated[str, Text(longest=300)] = ""
    text: Annotated[str, Text(required=True, multiline=True, longest=1000)]

    def own_faults(self) -> Iterator[Fault]:
        """Yield what no single field shows: an improvement on nothing, or none at all."""
        if self.wrong and not self.wrong.strip():
            yield ("wrong",), "只有空格"
        if self.right and not self.wrong:
            yield ("right",), "有“更正为”（right），却没有“原文”（wrong）"
        elif self.wrong and self.wrong == self.right:
            yield ("right",), "和“原文”（wrong）一模一样"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article (篇): its copy, where it is placed, what was noted and what corrected later.

    ``verbatim_punctuation`` switches off the display rule of ``newsroom.cjk.full_width``.
    """

    number: Annotated[int, Numbered(9_999)]
    kicker: Annotated[str, Text(longest=100)] = ""
    title: Annotated[str, Text(required=True, longest=255)]
    subhead: Annotated[str, Text(longest=150)] = ""
    standfirst: Annotated[str, Text(multiline=True, longest=300)] = ""
    verbatim_punctuation: bool = False
    folio: Annotated[int, Numbered(99)] = 1
    section: Annotated[str, Text(longest=20)] = ""
    prominence: Prominence = Prominence.NORMAL
    bylines: tuple[Byline, ...] = ()
    remarks: tuple[Remark, ...] = ()
    corrections: tuple[Correction, ...] = ()
    body: tuple[Passage, ...] = ()

    def own_faults(self) -> Iterator[Fault]:
        """Yield what is wrong among the corrections: one said twice, or before an earlier one."""
        for index, correction in enumerate(self.corrections):
            if correction in self.corrections[:index]:
                yield ("corrections", index, "text"), "和前面的一条更正完全相同"
            if index and correction.date < self.corrections[index - 1].date:
                yield ("corrections", index, "date"), "更正要按日期的先后排列"


# The issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What the paper prints about itself (出版信息), as it stood in this issue."""

    name: Annotated[str, Text(required=True, longest=30)]
    strap: Annotated[str, Text(longest=60)] = ""
    publisher: Annotated[str, Text(longest=100)] = ""
    permit_number: Annotated[str, Text(longest=60)] = ""
    address: Annotated[str, Text(longest=120)] = ""
    postcode: Annotated[str, Text(longest=10)] = ""
    hotline: Annotated[str, Text(longest=60)] = ""
    submissions_url: Annotated[str, Text(longest=200)] = ""
    submissions_email: Annotated[str, Text(longest=254)] = ""
    icp_number: Annotated[str, Text(longest=60)] = ""
    police_number: Annotated[str, Text(longest=60)] = ""
    circulation_notice: Annotated[str, Text(longest=60)] = ""
    nameplate: Annotated[str, ImageName(required=False)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotArea:
    """Where an article stands on the picture of a folio (热区)."""

    article: Annotated[int, Numbered(9_999)]
    polygon: Annotated[str, Polygon()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folio:
    """A page of the paper (版): its heading, and how it was printed where that is kept.

    ``page_image`` and ``page_pdf`` are file names in ``images/``.
    """

    number: Annotated[int, Numbered(99)]
    name: Annotated[str, Text(longest=20)] = ""
    responsible_editor: Annotated[str, Text(longest=60)] = ""
    page_image: Annotated[str, ImageName(required=False)] = ""
    page_pdf: Annotated[str, PDFName(required=False)] = ""
    hot_areas: tuple[HotArea, ...] = ()

    def own_faults(self) -> Iterator[Fault]:
        """Yield what no single field shows: areas on a page of which there is no picture."""
        if self.hot_areas and not self.page_image:
            yield ("hot_areas",), "有热区，却没有版面图（page_image）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """An issue (期) of the paper; its articles stand in print order."""

    number: Annotated[int, Numbered(99_999)]
    date: Annotated[date, Between(1901, 2100)]
    lunar_date: Annotated[str, Text(longest=20)] = ""
    responsible_editor: Annotated[str, Text(longest=60)] = ""
    imprint: Imprint
    folios: tuple[Folio, ...] = ()
    articles: tuple[Article, ...] = ()

    @property
    def images(self) -> tuple[str, ...]:
        """The names of the files in ``images/``, each once: pictures, then printed pages."""
        pages = [name for folio in self.folios for name in (folio.page_image, folio.page_pdf)]
        return tuple(dict.fromkeys([*self.pictures, *filter(None, pages)]))

    @property
    def pictures(self) -> tuple[str, ...]:
        """The names of what is printed as a picture: nameplate and photos, each once, in order."""
        nameplate = [self.imprint.nameplate] if self.imprint.nameplate else []
        passages = [passage for article in self.articles for passage in article.body]
        photos = [photo.file for passage in passages for photo in photos_of(passage)]
        return tuple(dict.fromkeys(nameplate + photos))

    def own_faults(self) -> Iterator[Fault]:
        """Yield what no single field shows: numbers used twice, things out of order."""
        seen: set[int] = set()
        last_folio = 0
        for index, article in enumerate(self.articles):
            if article.number in seen:
                yield ("articles", index, "number"), f"篇号{article.number}用了两次"
            if article.folio < last_folio:
                yield ("articles", index, "folio"), f"第{article.folio}版排在第{last_folio}版之后"
            seen.add(article.number)
            last_folio = article.folio
        for index, folio in enumerate(self.folios):
            for at, area in enumerate(folio.hot_areas):
                if area.article not in seen:
                    place = ("folios", index, "hot_areas", at, "article")
                    yield place, f"热区指向第{area.article}篇，本期没有这一篇"
        for index, (folio, following) in enumerate(pairwise(self.folios), start=1):
            if following.number <= folio.number:
                reason = f"第{following.number}版列在第{folio.number}版之后"
                yield ("folios", index, "number"), reason
        spelt: dict[str, str] = {}
        for name in self.images:
            if spelt.setdefault(name.casefold(), name) != name:
                yield ("images",), f"图片“{spelt[name.casefold()]}”与“{name}”只差大小写"


def check(issue: Issue) -> None:
    """Raise ``SchemaError`` for the first rule of the format that the issue breaks."""
    for place, reason in faults(issue):
        raise SchemaError(place, reason)
