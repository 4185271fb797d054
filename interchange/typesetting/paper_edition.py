"""Set an issue as pages: measure its matter, make them up, print them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from newsroom.looks import Look

from .imposing import SPARE, Bed, Imposition, Mark
from .makeup import Columns, Item, MakeUp, Measured, Row, Sheet, Wish
from .matter import Matter, places_to_cut, squares
from .plates import etched
from .press import Press, TypesettingFailed

__all__ = ["FORMATS", "Edition", "Format", "Front"]

Data = dict[str, Any]
Key = tuple[int, Columns]
FolioArticles = tuple[int, int, int]  # its number, its first article, the one after its last

PITCH = 1.52  # lines, in squares of body type
POINT = 72 / 25.4  # points of a millimetre
APART = 1.6  # squares between two facts of the colophon
TALLEST = 24  # lines of a photo
STICKING = 6  # lines of a crosshead that is kept with the text under it
TOGETHER = 10  # lines of a quotation or a note that is not broken
MOST_GUESSED = 36  # lines of what is not broken
ABOVE = 8  # lines that are left for a head above what is as tall as a page
SMALLEST, LARGEST = 0.92, 1.2  # body type, against the usual size
DOUBT = 0.01  # of a page, more with every round of measuring
AWAY = 0.02  # how bad each point of difference is, as a share of a page
FEW = 12  # articles, for which every size is tried
PATIENCE = 12  # more lines are given to columns that turn out too short, so many times
RUNNING = ("paragraph", "byline")
FRAMED = ("quote", "note")
SPANNING = ("gallery", "wide table", "wide byline")


@dataclass(frozen=True, slots=True)
class Format:
    """A sheet: millimetres, and points where type is meant."""

    width: float
    height: float
    side: float
    edge: float  # above the line that heads a page
    top: float
    foot: float  # below the colophon
    body: float  # type; it may be somewhat smaller or larger
    columns: int
    plate: float
    ear: float
    ear_type: float
    line_type: float
    small_type: float


FORMATS: Mapping[str, Format] = {
    "A3": Format(
        width=297, height=420, side=15, edge=11, top=21, foot=9, body=9.8, columns=6,
        plate=36, ear=56, ear_type=9.6, line_type=10.5, small_type=8.6,
    ),
    "A4": Format(
        width=210, height=297, side=13, edge=9, top=18, foot=8, body=9.6, columns=4,
        plate=25, ear=43, ear_type=7.6, line_type=8.6, small_type=7.4,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Front:
    """What is said on the first page and at the foot of the last, and above each folio."""

    title: str
    author: str
    name: str
    dates: str  # at the head of inner pages
    dateline: tuple[str, ...]
    editor: str
    ears: tuple[list[tuple[float, str, str]], list[tuple[float, str, str]]]
    colophon: tuple[str, ...]
    plate: str  # a file, or nothing
    folios: Mapping[int, tuple[str, str]]  # by number: what it is called, who edited it
    shows_folios: bool


@dataclass(slots=True)
class Edition:
    """An issue on its way to paper."""

    front: Front
    matter: Sequence[Matter]
    folio_of: Sequence[int]
    picture: Callable[[str], bytes]
    format: Format
    look: Look = Look.PLAIN

    def print(self, *, fallback: bool) -> bytes:
        """Return the PDF."""
        with TemporaryDirectory(prefix="newspaper-") as folder:
            return _Composition(
                self, Press(Path(folder), "newspaper", fallback=fallback), fallback
            ).print()


class _Composition:
    """One way through the press."""

    def __init__(self, edition: Edition, press: Press, fallback: bool) -> None:
        self.edition = edition
        self.front = edition.front
        self.format = edition.format
        self.matter = edition.matter
        self.press = press
        self.fallback = fallback
        self.known: dict[Key, Measured] = {}
        self.guessed: dict[Key, Measured] = {}
        self.folios: list[FolioArticles] = []
        for number, group in groupby(enumerate(edition.folio_of), key=lambda pair: pair[1]):
            articles = [index for index, _ in group]
            self.folios.append((number, articles[0], articles[-1] + 1))
        self.folios = self.folios or [(1, 0, 0)]
        self.settled: dict[FolioArticles, list[Sheet]] = {}
        self.rounds = 0
        sheet = self.format
        self.room_width = (sheet.width - 2 * sheet.side) * POINT
        small = sheet.small_type
        self.colophon = _in_lines(self.front.colophon, self.room_width / small * 0.94)
        self.bottom = sheet.foot + 4.1 + len(self.colophon) * small * 1.55 / POINT
        self.room_height = (sheet.height - sheet.top - self.bottom) * POINT
        self.front_height = (sheet.plate + 3 + 1.3 + 2.2 + 2.2) * POINT + sheet.line_type + 3.4
        self.front_room = self.front_height + (sheet.edge - sheet.top + 4) * POINT
        self.marks: list[Mark] = []
        self.cuts: dict[tuple[int, int, int, int], int] = {}
        self.plates: dict[tuple[str, int], str] = {}
        self.squares = 0
        self.size = 1.0

    def print(self) -> bytes:
        """Return the PDF, once no text runs out of its columns; typst would overprint silently."""
        self._choose_size()
        for _ in range(PATIENCE):
            pages = self._made_up()
            data = self._page_data(pages)
            late = self._too_short(data)
            if not late:
                break
            for article, columns in late:
                self._lengthen(article, columns)
        else:
            raise TypesettingFailed("排版没有成功：有文字排不进版面。请告诉技术人员。")
        return self.press.print(data)

    # What is measured

    def _choose_size(self) -> None:
        """Choose the body type that fills the pages best, as far as lengths can be guessed."""
        best = math.inf
        chosen = self.format.body
        for size in self._sizes():
            self._set_size(size)
            cost = sum(self._make_up(folio, self._guess)[0] for folio in self.folios)
            cost += AWAY * abs(size - self.format.body)
            if cost < best:
                best, chosen = cost, size
        self._set_size(chosen)

    def _sizes(self) -> Iterator[float]:
        """Yield the sizes of body type that so many whole squares to the width make."""
        fewest, most = (
            self.room_width / (self.format.body * factor) for factor in (LARGEST, SMALLEST)
        )
        for number in range(
            math.ceil(fewest), math.ceil(most), 2 if len(self.matter) <= FEW else 5
        ):
            yield self.room_width / number

    def _set_size(self, size: float) -> None:
        self.squares = round(self.room_width / size)
        self.guessed.clear()
        self.size = self.room_width / self.squares

    def _lines_in(self, height: float) -> int:
        return int((height / self.size - SPARE + PITCH - 1) / PITCH)

    @property
    def _highest_head(self) -> int:
        return self._lines_in(self.room_height - self.front_room) - ABOVE

    def _made_up(self) -> list[tuple[int, Sheet]]:
        """Return the pages, each with its folio, once all that stands on them has been measured."""
        while unsettled := [folio for folio in self.folios if folio not in self.settled]:
            unknown: set[Key] = set()
            for folio in unsettled:
                _, sheets = self._make_up(folio, self._best_known)
                missing = {
                    (cell.article, cell.columns)
                    for sheet in sheets
                    for placed in sheet.placed
                    for cell in placed.row.cells
                } - self.known.keys()
                if missing:
                    unknown |= missing
                else:
                    self.settled[folio] = sheets
            if unknown:
                self._measure(sorted(unknown, key=repr))
                self.rounds += 1
        return [(folio[0], sheet) for folio in self.folios for sheet in self.settled[folio]]

    def _make_up(
        self, folio: FolioArticles, measure: Callable[[int, Columns], Measured]
    ) -> tuple[float, list[Sheet]]:
        _, first, end = folio
        front = self.front_room if folio is self.folios[0] else 0
        make_up = MakeUp(
            width=self.squares,
            most_columns=self.format.columns,
            wishes=[
                Wish(matter.weight.value, matter.least_width) for matter in self.matter[first:end]
            ],
            measure=lambda article, columns: measure(first + article, columns),
            doubt=lambda article, columns: self._doubt(first + article, columns),
            first_height=self._lines_in(self.room_height - front),
            height=self._lines_in(self.room_height),
        )
        cost, sheets = make_up.run()
        return cost, _shifted(sheets, first)

    def _doubt(self, article: int, columns: Columns) -> float:
        """Return what holds the make-up back from ever new places that were never measured."""
        return 0 if (article, columns) in self.known else DOUBT * self.rounds

    def _best_known(self, article: int, columns: Columns) -> Measured:
        return self.known.get((article, columns)) or self._guess(article, columns)

    def _guess(self, article: int, columns: Columns) -> Measured:
        key = (article, columns)
        if key not in self.guessed:
            self.guessed[key] = guess(
                self.matter[article], columns, self.squares, self._highest_head
            )
        return self.guessed[key]

    def _measure(self, keys: Sequence[Key]) -> None:
        data = self._data("measure") | {
            "articles": [matter.data for matter in self.matter],
            "wanted": [
                [article, columns.n, columns.c, columns.gutter] for article, columns in keys
            ],
            "cuts": [],
        }
        [answers] = self.press.ask(data, "measured")
        for key, answer in zip(keys, answers, strict=True):
            items = zip(self.matter[key[0]].items, answer["items"], strict=True)
            self.known[key] = Measured(
                answer["head"],
                tuple(_item(str(data["kind"]), lines) for data, lines in items),
                tuple(answer["photos"]),
                self.matter[key[0]].photo_ratio,
            )

    def _lengthen(self, article: int, columns: Columns) -> None:
        """Give the columns of an article a line more."""
        measured = self.known[article, columns]
        self.known[article, columns] = replace(measured, spare=measured.spare + 1)
        for folio in self.folios:
            if folio[1] <= article < folio[2]:
                self.settled.pop(folio, None)

    # What the template is told

    def _data(self, mode: str) -> Data:
        serif, sans = (["Noto Serif CJK SC"], ["Noto Sans CJK SC"]) if self.fallback else ([], [])
        return {
            "mode": mode,
            "look": self.edition.look,
            "size": self.size,
            "squares": self.squares,
            "pitch": PITCH,
            "tallest": TALLEST,
            "most": self._lines_in(self.room_height) - ABOVE,
            "highest-head": self._highest_head,
            "together": TOGETHER,
            "sticking": STICKING,
            "level": 3 if self.front.shows_folios else 2,
            "title": self.front.title,
            "author": self.front.author,
            "fallback": serif,
            "fallback-hei": sans,
        }

    def _page_data(self, pages: Sequence[tuple[int, Sheet]]) -> Data:
        sheet, front = self.format, self.front
        plans: list[Data] = []
        for place, (number, _) in enumerate(pages):
            name, editor = front.folios.get(number, ("", "")) if front.shows_folios else ("", "")
            opens = front.shows_folios and (not place or pages[place - 1][0] != number)
            plans.append({"folio": name, "editor": editor, "opens": opens})
        imposition = Imposition(
            bed=Bed(
                square=self.size, squares=self.squares, pitch=PITCH,
                left=sheet.side * POINT, top=sheet.top * POINT, height=self.room_height,
                front=self.front_room, front_height=self.front_height,
                front_rise=(sheet.top - sheet.edge) * POINT,
            ),
            pages=[(one, plan) for (_, one), plan in zip(pages, plans, strict=True)],
            items=[matter.items for matter in self.matter],
            photos=[matter.data["photo"] for matter in self.matter],
            measured=self._best_known,
            cut=self.cut,
        )  # fmt: skip
        imposition.write()
        self.marks = imposition.marks
        widths = dict(imposition.widths)
        if front.plate:
            widths[front.plate] = self.room_width
        return self._data("set") | {
            "articles": [matter.data for matter in self.matter],
            "flow": imposition.parts,
            "pages": [
                plan | {"rules": rules}
                for plan, rules in zip(plans, imposition.rules, strict=True)
            ],
            "plates": self._plates(widths),
            "paper": {
                "width": sheet.width, "height": sheet.height, "side": sheet.side,
                "top": sheet.top, "edge": sheet.edge, "bottom": self.bottom,
            },
            "front": {"plate": sheet.plate, "ear": sheet.ear, "line": sheet.line_type},
            "ear": sheet.ear_type,
            "small": sheet.small_type,
            "name": front.name,
            "dates": front.dates,
            "dateline": front.dateline,
            "editor": front.editor,
            "opening": plans[0]["folio"] if front.shows_folios else "",
            "ears": front.ears,
            "colophon": self.colophon,
            "plate": {"file": front.plate, "alt": front.name} if front.plate else None,
        }  # fmt: skip

    def _plates(self, widths: Mapping[str, float]) -> dict[str, str]:
        """Put the pictures into the workshop, and return the names they have there."""
        names = {}
        for name, width in widths.items():
            key = (name, round(width))
            if key not in self.plates:
                extension, content = etched(
                    name,
                    self.edition.picture(name),
                    width / POINT,
                    grey=self.edition.look is Look.GREY,
                )
                self.plates[key] = f"{len(self.plates)}{extension}"
                self.press.lay(self.plates[key], content)
            names[name] = self.plates[key]
        return names

    def cut(self, article: int, item: int, columns: Columns, lines: int) -> int:
        """Return the character before which an item breaks after so many lines."""
        key = (article, item, columns.c, lines)
        if key not in self.cuts:
            self.cuts[key] = self._cut(*key)
        return self.cuts[key]

    def _cut(self, article: int, item: int, c: int, lines: int) -> int:
        passage = self.matter[article].items[item]
        text = "".join(run["text"] for run in passage.get("runs", [passage]))
        wanted = {
            "article": article, "item": item, "c": c, "lines": lines,
            "places": places_to_cut(text) or [len(text)],
        }  # fmt: skip
        data = self._data("measure") | {
            "articles": [matter.data for matter in self.matter], "wanted": [], "cuts": [wanted],
        }  # fmt: skip
        [[place]] = self.press.ask(data, "cuts")
        return int(place)

    def _too_short(self, data: Data) -> list[Key]:
        """Return the articles whose text has run out of its columns."""
        ends = self.press.ask(data, "end")
        late = {
            (article, columns): None
            for (article, columns, page, y), end in zip(self.marks, ends, strict=True)
            if (end["page"], end["y"]) > (page, y)
        }
        return list(late)


def _in_lines(facts: Sequence[str], width: float) -> list[list[str]]:
    """Return facts in as few lines as hold them, the lines alike in length; in squares."""
    total = sum(squares(fact) + APART for fact in facts)
    for number in range(1, len(facts) + 1):
        lines: list[list[str]] = [[]]
        length = 0.0
        for fact in facts:
            length += squares(fact) + APART
            if lines[-1] and length - (squares(fact) + APART) / 2 > total * len(lines) / number:
                lines.append([])
            lines[-1].append(fact)
        if all(sum(squares(fact) + APART for fact in line) <= width for line in lines):
            return lines
    return [[fact] for fact in facts]


def _shifted(sheets: Sequence[Sheet], base: int) -> list[Sheet]:
    """Return sheets whose articles are counted from the first of the issue."""
    moved: dict[int, Row] = {}  # a row that runs on is one and the same on all its pages
    for placed in (one for sheet in sheets for one in sheet.placed):
        cells = (replace(cell, article=cell.article + base) for cell in placed.row.cells)
        moved.setdefault(id(placed.row), Row(tuple(cells), placed.row.lines))
    return [
        replace(sheet, placed=tuple(replace(one, row=moved[id(one.row)]) for one in sheet.placed))
        for sheet in sheets
    ]


def _item(kind: str, lines: int) -> Item:
    breaks = kind in RUNNING or (kind in FRAMED and lines > TOGETHER)
    return Item(lines, breaks, kind == "crosshead" and lines <= STICKING, kind in SPANNING)


# Lengths before they are measured


def guess(matter: Matter, columns: Columns, full: int, highest_head: int) -> Measured:
    """Return about how many lines an article takes."""
    data = matter.data
    largest, least = float(data["largest"]), float(data["least"])
    head = float(data["air"])
    for lines in data["headlines"]:
        most = largest if data["leads"] else largest * (0.8 + 0.5 * columns.width / full)
        size = min(most, columns.width / max(map(squares, lines)))
        if size >= least or lines is data["headlines"][-1]:
            head += len(lines) * size * 1.26
            break
    for ways in (data["kickers"], data["subheads"]):
        if ways:
            beside = float(data["beside"])
            lines = math.ceil(squares(ways[0][0]) * beside / columns.width)
            head += lines * beside * 1.45 + 0.45
    if data["standfirst"]:
        head += math.ceil(squares(data["standfirst"]) / (columns.width - 2.5)) * 1.5 + 0.6
    if data["section"]:
        head += 2
    photos = []
    if matter.photo_ratio:
        for n in range(1, columns.n + 1):
            width = Columns.of(n, columns.c, columns.gutter).width
            height = min(width / matter.photo_ratio, TALLEST * PITCH)
            photos.append(math.ceil(height / PITCH + 1 + _caption(data["photo"], width)))
    items = [
        _item(
            str(item["kind"]),
            min(MOST_GUESSED, _lines(item, columns))
            if item["kind"] != "paragraph"
            else _lines(item, columns),
        )
        for item in matter.items
    ]
    lines = min(math.ceil(head / PITCH + 0.3), highest_head)
    return Measured(lines, tuple(items), tuple(photos), matter.photo_ratio)


def _lines(item: Data, columns: Columns) -> int:
    c = columns.c
    match item["kind"]:
        case "paragraph":
            byline = squares(item["byline"]) + 2.5 if item["byline"] else 0
            return max(1, math.ceil((item["squares"] + 2 + byline) / (c - 0.25)))
        case "crosshead":
            words = sum(map(squares, item["lines"]))
            return 2 if words <= c else 3
        case "photo":
            return math.ceil(min(c / item["ratio"] / PITCH, TALLEST) + 1 + _caption(item, c))
        case "gallery":
            each = columns.width / 3
            rows = math.ceil(len(item["photos"]) / 3)
            return rows * math.ceil(each / 1.4 / PITCH + 2.5)
        case "table" | "wide table":
            width = columns.width if item["kind"] == "wide table" else c
            share = width / sum(item["weights"])
            heights = [
                max(
                    math.ceil(squares(cell) * 0.9 / max(1.0, weight * share - 1))
                    for cell, weight in zip(row, item["weights"], strict=True)
                )
                for row in item["rows"]
            ]
            return math.ceil((sum(heights) * 1.2 + len(heights) * 0.7) / PITCH) + 1
    return sum(
        math.ceil(squares(line) / (c - 1.2)) or 1
        for line in str(item.get("text", item.get("byline"))).split("\n")
    )


def _caption(photo: Data, width: float) -> float:
    words = squares(photo["caption"]) + squares(photo["credit"]) + 1
    return math.ceil(words * 0.86 / width) * 1.2 / PITCH if words > 1 else 0
