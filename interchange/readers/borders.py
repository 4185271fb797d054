"""Tell where one article ends and the next begins: by who signs, by what may be a headline."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import groupby

from ..galley import Act, Choice, Part, Step
from .folding import fold
from .reading import Reading, Unit, another_headline, as_it_is, become, quoted
from .wording import may_be_heading, signature

__all__ = ["MOST_HEADLINES", "Kind", "Sheet", "kind_of", "part_articles", "shape_of"]

LONGEST_QUESTION = 30  # as a headline
MOST_HEADLINES = 3
COMMA = re.compile("[,、]")
OPENING = re.compile(
    r"本报\S{0,4}讯|(?:\d{4}年)?\d{1,2}月\d{1,2}日|近日|日前|连日来|.{0,12}\d{1,2}月\d{1,2}日电"
)
QUOTES = (("“", "”"), ("‘", "’"), ("「", "」"), ("《", "》"))
QUOTATION = re.compile('“[^“”]{1,12}”|「[^「」]{1,12}」|‘[^‘’]{1,12}’|"[^"]{1,12}"')
LABELLED = re.compile(r"[^:]{1,10}: ?[\d(+]|\d+[、.)]|[一二三四五六七八九十]等奖|第.名")


class Kind(Enum):
    """What a unit looks like, by its words."""

    HEADING = auto()
    TEXT = auto()
    SIGNATURE = auto()


@dataclass
class Sheet:
    """An article while it is put together.

    ``parts`` are those of the ``heads`` where their looks tell; ``is_told``: beyond doubt.
    """

    heads: list[Unit] = field(default_factory=list)
    body: list[Unit] = field(default_factory=list)
    signed: list[Unit] = field(default_factory=list)
    crossheads: list[Unit] = field(default_factory=list)
    heads_below: bool = False
    parts: list[Part] = field(default_factory=list)
    is_told: bool = False

    @property
    def units(self) -> list[Unit]:
        """All its units."""
        return [*self.heads, *self.body, *self.signed]


def kind_of(unit: Unit) -> Kind:
    """Return what a unit looks like."""
    part = unit.first.part
    if part is Part.BYLINE or (part is None and len(unit.pieces) == 1 and signature(unit.text)):
        return Kind.SIGNATURE
    if part is not None or unit.is_long:
        return Kind.TEXT
    words = fold(unit.text)
    if LABELLED.match(words) or OPENING.match(words) or "。" in words:
        return Kind.TEXT
    if any(words.count(opens) != words.count(closes) for opens, closes in QUOTES):
        return Kind.TEXT
    if may_be_heading(unit.text) and len(COMMA.findall(words)) < 2:
        return Kind.HEADING
    return Kind.TEXT


def shape_of(text: str) -> str:
    """Return how a crosshead opens, if by that it is known as one of several."""
    if QUOTATION.match(text):
        return "quoted"
    return "numbered" if re.match(r"[(（]?[一二三四五六七八九十\d]{1,2}[)）]?[、.．]", text) else ""


def part_articles(reading: Reading, units: Iterable[Unit]) -> list[Sheet]:
    """Return the articles that units, in reading order, are."""
    runs = [(kind, list(run)) for kind, run in groupby(units, key=kind_of)]
    runs = _with_questions(runs)
    parting = _Parting(reading)
    for n, (kind, run) in enumerate(runs):
        following = [runs[k] if k < len(runs) else (None, []) for k in (n + 1, n + 2)]
        match kind:
            case Kind.SIGNATURE:
                parting.sign(run)
            case Kind.TEXT:
                parting.sheet.body += run
            case Kind.HEADING:
                parting.head(run, following[0][0], following[1][0])
                below = "".join(fold(unit.first.text) for unit in following[0][1][:1])
                if parting.sheet.crossheads[-1:] == run[-1:] and OPENING.match(below):
                    parting.begin_at(run[-1], "像是另一篇的标题，下面一段像是导语")
    parting.close()
    return parting.sheets


def _with_questions(runs: Sequence[tuple[Kind, list[Unit]]]) -> list[tuple[Kind, list[Unit]]]:
    """Take a short question at the head of an article for its headline: 孩子谁来带？"""
    told: list[tuple[Kind, list[Unit]]] = []
    for kind, run in runs:
        at_head = not told or told[-1][0] is Kind.SIGNATURE
        first = run[0].text
        asks = len(first) <= LONGEST_QUESTION and first[-1] in "？！?!" and "。" not in first
        if kind is Kind.TEXT and at_head and asks and len(run) > 1 and len(run[0].pieces) == 1:
            told += [(Kind.HEADING, run[:1]), (Kind.TEXT, run[1:])]
        else:
            told.append((kind, run))
    return told


class _Parting:
    """Articles as far as they are told apart."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.sheets: list[Sheet] = []
        self.sheet = Sheet()

    def close(self) -> None:
        """End the article, if there is one, and begin the next."""
        sheet = self.sheet
        shapes = [shape_of(unit.text) for unit in sheet.crossheads]
        counts = Counter(shapes)
        alike = next((n for n, each in enumerate(shapes) if each and counts[each] > 1), 0)
        if alike and not shapes[alike - 1]:
            self.begin_at(sheet.crossheads[alike - 1], "和后面的小标题不一样，像是另一篇的标题")
        if self.sheet.units:
            self.sheets.append(self.sheet)
        self.sheet = Sheet()

    def begin_at(self, unit: Unit, reason: str) -> None:
        """Part the article in two: a crosshead of it is the headline of another."""
        sheet, place = self.sheet, self.sheet.body.index(unit)
        if place == 0:
            return
        following = Sheet([unit], sheet.body[place + 1 :], sheet.signed)
        cut = sheet.crossheads.index(unit)
        following.crossheads, sheet.crossheads = (
            sheet.crossheads[cut + 1 :],
            sheet.crossheads[:cut],
        )
        del sheet.body[place:]
        sheet.signed = []
        self.sheets.append(sheet)
        self.sheet = following
        self._doubt_border(unit, f"{quoted(unit.text)}{reason}")

    def sign(self, run: list[Unit]) -> None:
        """Take who signs: below the text, which ends the article, or below the headline."""
        if not self.sheet.units and self.sheets:  # another signature below the last one
            self.sheets[-1].signed += run
            return
        self.sheet.signed += run
        if self.sheet.body:
            self.close()

    def head(self, run: list[Unit], following: Kind | None, then: Kind | None) -> None:
        """Take short lines: a headline, crossheads, or the headline of an article above them."""
        sheet = self.sheet
        if not sheet.units:
            sheet.heads = run
        elif not sheet.body:
            self._below_signature(run)
        elif not sheet.heads and following is not Kind.TEXT:
            sheet.heads, sheet.heads_below = run, True
        elif following is Kind.SIGNATURE:
            self._before_signature(run, then)
        elif following is Kind.TEXT and 1 < len(run) <= MOST_HEADLINES:
            self._begin(run, "像是另一篇的标题，前面一篇没有署名")
        elif following is Kind.TEXT and len(run) == 1:
            sheet.body += run
            sheet.crossheads += run
        else:
            sheet.body += run
            self._doubt_lines(run)

    def _below_signature(self, run: list[Unit]) -> None:
        self.sheet.body += run
        self.sheet.crossheads += run

    def _before_signature(self, run: list[Unit], then: Kind | None) -> None:
        """Take short lines between text and a signature in an article that has a headline."""
        sheet = self.sheet
        if then is Kind.TEXT:
            self._begin(run, "像是另一篇的标题，下面是它的署名")
            return
        openings = [n for n, unit in enumerate(sheet.body) if n and OPENING.match(fold(unit.text))]
        if openings:
            text = sheet.body[openings[-1] :]
            del sheet.body[openings[-1] :]
            gone = set(text)
            crossheads = [unit for unit in sheet.crossheads if unit in gone]
            sheet.crossheads = [unit for unit in sheet.crossheads if unit not in gone]
            self.close()
            self.sheet = Sheet(heads=run, body=text, crossheads=crossheads, heads_below=True)
            self._doubt_border(
                text[0], f"从{quoted(text[0].text)}起像是另一篇，标题{quoted(run[0].text)}在它后面"
            )
        elif sheet.signed:
            self._begin(run, "像是另一篇的标题，它的正文从哪里开始看不出来")
        else:
            sheet.body += run
            self._doubt_first_line(sheet.heads[0])
            for unit in run:
                self.reading.doubt(
                    "headline-at-the-end",
                    unit.first,
                    f"{quoted(unit.text)}在正文末尾、署名之前，这一篇已有标题：可能是另一篇的标题，"
                    "那一篇从哪里开始看不出来。",
                    as_it_is("是正文"),
                    become("是小标题", (unit, Part.CROSSHEAD)),
                    another_headline(unit),
                )

    def _doubt_first_line(self, unit: Unit) -> None:
        told = f"{quoted(unit.text)}当作标题；正文末尾还有像标题的行，请核对。"
        text = become("是正文", (unit, Part.PARAGRAPH))
        self.reading.doubt("two-headlines", unit.first, told, as_it_is("是标题"), text)

    def _begin(self, run: list[Unit], reason: str) -> None:
        self.close()
        self.sheet = Sheet(heads=run)
        self._doubt_border(run[0], f"{quoted(run[0].text)}{reason}")

    def _doubt_border(self, unit: Unit, told: str) -> None:
        """Doubt that an article begins here, which is told from the one before by its key."""
        key = len(self.sheets)
        self.reading.doubt(
            "border",
            unit.first,
            f"{told}；已分成两篇。",
            as_it_is("是另一篇"),
            Choice("还是前面一篇的", (Step(Act.MERGE, unit.first.id, key),)),
        )

    def _doubt_lines(self, run: list[Unit]) -> None:
        self.reading.doubt(
            "short-lines",
            run[0].first,
            f"从{quoted(run[0].text)}起有{len(run)}行短句，当作正文；也可能是标题或小标题。",
            as_it_is("是正文"),
            become("是小标题", *((unit, Part.CROSSHEAD) for unit in run)),
            another_headline(run[0]),
        )
