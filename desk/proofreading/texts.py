"""Lay out the copy of an issue as stretches of plain text in which a place can be named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from enum import StrEnum
from functools import cached_property

from interchange import schema
from newsroom.lunar import printed_date, weekday

from .alarms import Place
from .facts import NOTHING_KNOWN, Facts, Neighbours
from .house import House

__all__ = ["Finding", "Kind", "Paper", "Sheet", "Stretch", "passage_text", "sheet_of"]

# Marks and digits in one width, one character for one, so that a rule is written once for both.
FOLDED = str.maketrans("，：；？！（）０１２３４５６７８９", ",:;?!()0123456789")
AROUND = 8  # characters on each side by which a place is known again


class Kind(StrEnum):
    """What a stretch of text is."""

    HEADING = "heading"
    SUMMARY = "summary"
    PARAGRAPH = "paragraph"
    CROSSHEAD = "crosshead"
    CAPTION = "caption"
    QUOTE = "quote"
    TABLE = "table"
    NOTE = "note"
    NAMES = "names"
    FACTS = "facts"


PROSE = (Kind.SUMMARY, Kind.PARAGRAPH, Kind.CAPTION, Kind.QUOTE, Kind.NOTE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that a rule doubts, and what it says about it."""

    place: Place
    message: str
    around: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """The plain text of one field or one passage; ``folded`` has its marks half-width."""

    article: int | None
    field: str
    passage: int | None
    kind: Kind
    text: str
    folded: str = dataclass_field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "folded", self.text.translate(FOLDED))

    @property
    def is_prose(self) -> bool:
        """Whether sentences stand here."""
        return self.kind in PROSE

    def mark(self, start: int, end: int, message: str, *, about: str = "") -> Finding:
        """Return a finding at ``start`` to ``end``; ``about`` tells apart what stands alike."""
        place = Place(self.article, self.field, self.passage, start, end, self.text[start:end])
        before = self.text[max(0, start - AROUND) : start]
        return Finding(place, message, f"{before}|{self.text[end : end + AROUND]}|{about}")

    def mark_whole(self, message: str, *, about: str = "") -> Finding:
        """Return a finding about all of it."""
        return self.mark(0, len(self.text), message, about=about)


@dataclass(frozen=True)
class Sheet:
    """One article with all that its rules may look at."""

    article: schema.Article
    stretches: tuple[Stretch, ...]
    house: House
    facts: Facts = NOTHING_KNOWN
    day: date | None = None

    def field(self, name: str) -> Stretch:
        """Return the text of a field that is not the body."""
        return next(stretch for stretch in self.stretches if stretch.field == name)

    @cached_property
    def body(self) -> tuple[Stretch, ...]:
        """The passages of the body, each at its index."""
        return tuple(stretch for stretch in self.stretches if stretch.field == "body")

    @cached_property
    def paragraphs(self) -> tuple[Stretch, ...]:
        """The paragraphs of running text."""
        return tuple(stretch for stretch in self.body if stretch.kind is Kind.PARAGRAPH)

    @cached_property
    def prose(self) -> tuple[Stretch, ...]:
        """Everything that consists of sentences."""
        return tuple(stretch for stretch in self.stretches if stretch.is_prose)


@dataclass(frozen=True)
class Paper:
    """The whole issue with all that its rules may look at."""

    issue: schema.Issue
    sheets: tuple[Sheet, ...]
    house: House
    facts: Facts = NOTHING_KNOWN
    neighbours: Neighbours | None = None

    @cached_property
    def date_line(self) -> Stretch:
        """The date line as printed: 2022年8月2日 星期二 农历壬寅年七月初五 第450期."""
        issue = self.issue
        lunar = f"农历{issue.lunar_date}" if issue.lunar_date else ""
        facts = (printed_date(issue.date), weekday(issue.date), lunar, f"第{issue.number}期")
        return self._facts("issue", " ".join(filter(None, facts)))

    @cached_property
    def folios(self) -> Stretch:
        """A line for each folio."""
        lines = (
            f"第{folio.number}版 {folio.name} 责任编辑：{folio.responsible_editor}"
            for folio in self.issue.folios
        )
        return self._facts("folios", "\n".join(lines))

    @cached_property
    def imprint(self) -> Stretch:
        """A line for each fact that the paper prints about itself."""
        imprint = self.issue.imprint
        lines = (
            *(imprint.name, imprint.strap, imprint.publisher, imprint.permit_number),
            *(imprint.address, imprint.postcode, imprint.hotline, imprint.submissions_url),
            *(imprint.submissions_email, imprint.icp_number, imprint.police_number),
            imprint.circulation_notice,
        )
        return self._facts("imprint", "\n".join(filter(None, lines)))

    @property
    def stretches(self) -> Iterator[Stretch]:
        """All text of all articles, in print order."""
        for sheet in self.sheets:
            yield from sheet.stretches

    @staticmethod
    def _facts(field: str, text: str) -> Stretch:
        return Stretch(None, field, None, Kind.FACTS, text)


def sheet_of(
    article: schema.Article,
    house: House,
    *,
    facts: Facts = NOTHING_KNOWN,
    day: date | None = None,
) -> Sheet:
    """Return an article with its stretches of text in the order in which they are read."""
    number = article.number
    names = "、".join(byline.name for byline in article.bylines)
    stretches = (
        Stretch(number, "kicker", None, Kind.HEADING, article.kicker),
        Stretch(number, "title", None, Kind.HEADING, article.title),
        Stretch(number, "subhead", None, Kind.HEADING, article.subhead),
        Stretch(number, "standfirst", None, Kind.SUMMARY, article.standfirst),
        Stretch(number, "bylines", None, Kind.NAMES, names),
        *(
            Stretch(number, "body", index, KINDS[type(passage)], passage_text(passage))
            for index, passage in enumerate(article.body)
        ),
    )
    return Sheet(article, stretches, house, facts, day)


KINDS: dict[type[schema.Passage], Kind] = {
    schema.Paragraph: Kind.PARAGRAPH,
    schema.Crosshead: Kind.CROSSHEAD,
    schema.Photo: Kind.CAPTION,
    schema.Gallery: Kind.CAPTION,
    schema.Quote: Kind.QUOTE,
    schema.Table: Kind.TABLE,
    schema.Note: Kind.NOTE,
}


def passage_text(passage: schema.Passage) -> str:
    """Return the plain text of a passage: of pictures the captions, of a table a line per cell."""
    match passage:
        case schema.Paragraph() | schema.Crosshead() | schema.Note():
            return passage.text
        case schema.Photo():
            return passage.caption
        case schema.Gallery():
            return "\n".join(photo.caption for photo in passage.photos)
        case schema.Quote():
            return passage.text
        case schema.Table():
            return "\n".join(cell for row in passage.rows for cell in row)
    raise TypeError(passage)
