"""Read a printed page by where its characters stand: lines, columns, articles, in reading order.

Columns are parted by white space, articles begin with what is set large. Nothing but places and
sizes is asked here; what the words mean is for ``layout`` to tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise
from statistics import median

from .furniture import folio_of
from .masthead import facts_of, part_of
from .wording import glue

__all__ = [
    "Box",
    "Character",
    "PrintedArticle",
    "PrintedPage",
    "Span",
    "Unit",
    "read_printed",
    "spans_of",
]

SAME_LINE = 0.2  # of a character's size, by which base lines differ
GUTTER = 0.95  # of a size: what parts two columns is wider, what parts two words is not
CLOSE = 1.05  # squares, by which punctuation may be pushed into what is beside it
TWICE = 0.2
SAME_SIZE = 0.07
LARGE = 1.15  # times the size of running text
HEADLINE = 1.5
INDENT = 1.0  # squares, by which a paragraph begins further in
SHORT = 1.5  # squares, by which its last line ends before the edge
SHORT_AND_INDENTED = 4  # the same, where paragraphs are known by their beginnings
INDENTED = 0.03, 0.4  # share of lines, where paragraphs begin further in
HEADER, RUNNING_HEADER, FOOTER = 0.35, 0.12, 0.85  # of the height of a page
LEAST_GAP = 0.8  # of a size, between lines that are not of one text

# left, top, right, bottom, in points from the upper left corner
Box = tuple[float, float, float, float]
# the sign, its box, its base line, its size, the number of its font
Character = tuple[str, float, float, float, float, float, float, int]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters that stand side by side on one line, or a picture, which has no text."""

    text: str
    box: Box
    size: float = 0
    font: int = -1
    edges: tuple[float, float] = (0, 0)  # of its column

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.box[2] - self.box[0]


@dataclass(slots=True)
class Unit:
    """A paragraph or a heading, of one or more spans; ``lines``: how many a heading has.

    ``is_apart``: a short line that is set otherwise than running text, not smaller.
    """

    text: str
    is_head: bool = False
    is_apart: bool = False
    size: float = 0
    lines: int = 1


@dataclass(slots=True)
class PrintedArticle:
    """An article as far as the page tells: its text, and the boxes of what is printed, by page."""

    units: list[Unit] = field(default_factory=list)
    boxes: dict[int, list[Box]] = field(default_factory=dict)

    @property
    def headline(self) -> str:
        """What is set large at its head."""
        return "\n".join(unit.text for unit in self.units if unit.is_head)

    @property
    def text(self) -> str:
        """All its words, a paragraph or a headline on a line."""
        return "\n".join(unit.text for unit in self.units)


@dataclass(slots=True)
class PrintedPage:
    """A page: what stands around the copy, and which articles begin on it."""

    header: list[str] = field(default_factory=list)
    footer: list[str] = field(default_factory=list)
    begins: list[PrintedArticle] = field(default_factory=list)


def spans_of(characters: Iterable[Character]) -> list[Span]:
    """Return the spans of a page, in whatever order its characters come."""
    rows: list[list[Character]] = []
    for character in sorted(characters, key=lambda one: (one[5], one[1])):
        if rows and abs(character[5] - rows[-1][0][5]) <= SAME_LINE * character[6]:
            rows[-1].append(character)
        else:
            rows.append([character])
    return [span for row in rows for span in _row(row)]


def _row(row: list[Character]) -> Iterator[Span]:
    run: list[Character] = []
    for character in sorted(row, key=lambda one: one[1]):
        if run and run[-1][0] == character[0] and character[1] - run[-1][1] < TWICE * character[6]:
            continue  # set twice to look bolder
        if run and not _goes_on(run[-1], character):
            yield from _span(run)
            run = []
        run.append(character)
    yield from _span(run)


def _goes_on(before: Character, character: Character) -> bool:
    size = max(before[6], character[6])
    gap = character[1] - before[3]
    return -CLOSE * size <= gap <= GUTTER * size and min(before[6], character[6]) > 0.7 * size


def _span(run: list[Character]) -> Iterator[Span]:
    text = "".join(one[0] for one in run)
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    run = run[start:end]
    if not run:
        return
    box = (
        run[0][1],
        min(one[2] for one in run),
        max(one[3] for one in run),
        max(one[4] for one in run),
    )
    fonts = Counter(one[7] for one in run)
    yield Span(text[start:end], box, median(one[6] for one in run), fonts.most_common(1)[0][0])


# Pages


def read_printed(
    pages: Sequence[tuple[float, Sequence[Span]]],
) -> tuple[list[PrintedPage], list[PrintedArticle]]:
    """Return what stands on pages, given by height and spans, and the articles, in order."""
    printed: list[PrintedPage] = []
    articles: list[PrintedArticle] = []
    for number, (height, spans) in enumerate(pages):
        page = PrintedPage()
        printed.append(page)
        words = [span for span in spans if span.text]
        if not words:
            continue
        body = _body_size(words)
        top, bottom = _frame(words, height, is_first=number == 0)
        header = [span for span in words if span.box[1] < top]
        footer = [span for span in words if span.box[3] > bottom and span not in header]
        page.header, page.footer = _header(header, body), _lines(footer)
        around = {id(span) for span in (*header, *footer)}
        copy = [span for span in spans if id(span) not in around and top <= span.box[1] < bottom]
        if copy:
            _Copy(number, page, articles, body, _column_width(copy, body)).read(copy)
    return printed, articles


def _body_size(spans: Sequence[Span]) -> float:
    """Return the size in which most is set."""
    sizes = Counter[float]()
    for span in spans:
        sizes[round(span.size * 5) / 5] += len(span.text)
    return max(sizes.most_common(1)[0][0], 1)


def _column_width(spans: Sequence[Span], body: float) -> float:
    widths = [span.width for span in spans if span.text and _is_about(span.size, body)]
    return median(sorted(widths)[len(widths) // 2 :]) if widths else 0


def _is_about(size: float, other: float) -> bool:
    return abs(size - other) <= SAME_SIZE * other


def _rows(spans: Iterable[Span]) -> list[list[Span]]:
    """Return spans by the line they stand on, from top to bottom, from left to right."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda one: one.box[3]):
        if rows and span.box[3] - rows[-1][0].box[3] <= SAME_LINE * span.size * 2:
            rows[-1].append(span)
        else:
            rows.append([span])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _frame(spans: Sequence[Span], height: float, *, is_first: bool) -> tuple[float, float]:
    """Return where the header of a page ends and its footer begins."""
    top, bottom = 0.0, height * 2
    for row in _rows(spans):
        text = "　".join(span.text for span in row)
        low, high = max(span.box[3] for span in row), min(span.box[1] for span in row)
        in_header = low < height * (HEADER if is_first else RUNNING_HEADER)
        if in_header and (facts_of(text).tells_date > 1 or (top and part_of(text))):
            top = low
        elif low < height * RUNNING_HEADER / 2 and (folio_of(text) or text.strip().isdigit()):
            top = max(top, low)
        elif high > height * FOOTER and (part_of(text) or text.strip(" -—–·").isdigit()):
            bottom = min(bottom, high)
    return top, bottom


def _header(spans: Sequence[Span], body: float) -> list[str]:
    """Return the lines of a header: what is boxed side by side above the date line, one by one."""
    if not spans:
        return []
    *_, date_line = _rows(spans)
    above = [span for span in spans if span not in date_line]
    zones = list(_zones(above, body)) if above else []
    named = sorted(zones, key=lambda zone: -max(span.size for span in zone))  # the name on top
    return [line for zone in (*named, date_line) for line in _lines(zone)]


def _lines(spans: Sequence[Span]) -> list[str]:
    """Return the lines of a zone; a label that ends one has its fact on the next."""
    lines: list[str] = []
    for row in _rows(spans):
        text = "　".join(span.text for span in row)
        if lines and lines[-1].endswith((":", "：")):
            lines[-1] += text
        else:
            lines.append(text)
    return lines


# Zones


def _zones(spans: Sequence[Span], body: float) -> Iterator[list[Span]]:
    """Yield stretches of one column each, in the order in which they are read."""
    spaces = [
        below.box[1] - above.box[3]
        for above, below in pairwise(sorted(spans, key=lambda one: (round(one.box[0]), one.box[1])))
        if _is_about(above.size, below.size) and 0 < below.box[1] - above.box[3] < above.size * 1.5
    ]
    line_gap = median(spaces) if spaces else body / 2
    least = max(LEAST_GAP * body, line_gap + 0.45 * body)
    edges = (min(one.box[0] for one in spans), max(one.box[2] for one in spans))
    waiting: list[tuple[list[Span], tuple[float, float]]] = [(list(spans), edges)]
    while waiting:
        zone, edges = waiting.pop()
        down = _widest_gap([span.box for span in zone], 1)
        across = _widest_gap(_with_wide_heads(zone, body), 0)
        down_share = down[0] - line_gap if down[0] >= least else 0
        across_share = across[0] if across[0] >= GUTTER * body else 0
        if not down_share and not across_share:
            yield [replace(span, edges=edges) for span in zone]
            continue
        axis = 1 if down_share >= across_share else 0
        at = (down if axis else across)[1]
        first = [span for span in zone if span.box[axis] < at]
        second = [span for span in zone if span.box[axis] >= at]
        for part in (second, first):
            if not axis:
                edges = (min(one.box[0] for one in part), max(one.box[2] for one in part))
            waiting.append((part, edges))


def _with_wide_heads(spans: Sequence[Span], body: float) -> list[Box]:
    """Return the boxes of spans; a heading with nothing beside it stands over the whole width."""
    left, right = min(one.box[0] for one in spans), max(one.box[2] for one in spans)
    boxes = []
    for span in spans:
        x0, y0, x1, y1 = span.box
        if span.size >= LARGE * body:
            near = [2 * body if one.size >= LARGE * body else 0 for one in spans]
            beside = [
                one.box
                for one, by in zip(spans, near, strict=True)
                if one is not span and one.box[1] < y1 + by and y0 < one.box[3] + by
            ]
            x0 = x0 if any(box[0] < x0 for box in beside) else left
            x1 = x1 if any(box[2] > x1 for box in beside) else right
        boxes.append((x0, y0, x1, y1))
    return boxes


def _widest_gap(boxes: Iterable[Box], axis: int) -> tuple[float, float]:
    """Return how wide the widest white is that goes through all, and where it ends."""
    widest = (0.0, 0.0)
    end = None
    for start, stop in sorted((box[axis], box[axis + 2]) for box in boxes):
        if end is not None and start - end > widest[0]:
            widest = (start - end, start)
        end = stop if end is None else max(end, stop)
    return widest


# Articles


@dataclass
class _Copy:
    """The copy of one page while it is read; ``articles`` goes on from the page before."""

    number: int
    page: PrintedPage
    articles: list[PrintedArticle]
    body: float
    column: float
    last: Span | None = None
    font: int = -1
    short: float = SHORT

    def read(self, spans: Sequence[Span]) -> None:
        """Read the copy."""
        text = [span for span in spans if _is_about(span.size, self.body)]
        self.font = Counter(span.font for span in text).most_common(1)[0][0] if text else -1
        ordered = [span for zone in _zones(spans, self.body) for row in _rows(zone) for span in row]
        indented = sum(self._is_text(span) and self._is_indented(span) for span in ordered)
        if INDENTED[0] <= indented / max(1, len(text)) <= INDENTED[1]:
            self.short = SHORT_AND_INDENTED
        for is_large, group in groupby(ordered, key=self._is_large):
            run = list(group)
            if not self.articles or (is_large and self._begins_article(run)):
                self.articles.append(PrintedArticle())
                self.page.begins.append(self.articles[-1])
            for span in run:
                self._take(span, self.articles[-1], is_head=is_large)

    def _is_large(self, span: Span) -> bool:
        return span.size >= LARGE * self.body

    def _begins_article(self, run: Sequence[Span]) -> bool:
        return any(
            span.size >= HEADLINE * self.body or span.width > 1.3 * self.column for span in run
        )

    def _take(self, span: Span, article: PrintedArticle, *, is_head: bool) -> None:
        left, top, right, bottom = span.box
        if not is_head:  # a column is as wide as its widest line
            left, right = min(left, span.edges[0]), max(right, span.edges[1])
        article.boxes.setdefault(self.number, []).append((left, top, right, bottom))
        if not span.text:
            return
        last, self.last = self.last, span
        unit = article.units[-1] if article.units else None
        if unit is None or is_head != unit.is_head or not self._is_one(unit, last, span):
            is_apart = not is_head and self._is_apart(span)
            article.units.append(Unit(span.text, is_head, is_apart, span.size))
            return
        unit.lines += 1
        if is_head and span.size >= max(one.size for one in article.units):
            unit.text = f"{unit.text}　{span.text}"  # headlines are broken by hand, decks flow
        elif not is_head and self._is_apart(span):
            unit.text = f"{unit.text} {span.text}"  # a crosshead, too
        else:
            unit.text = glue(unit.text, span.text)

    def _is_text(self, span: Span) -> bool:
        is_line = span.font == self.font or span.width > 0.9 * self.column
        return is_line and _is_about(span.size, self.body)

    def _is_apart(self, span: Span) -> bool:
        return not self._is_text(span) and span.size > self.body * (1 - SAME_SIZE)

    def _is_one(self, unit: Unit, last: Span | None, span: Span) -> bool:
        """Whether a span goes on where a unit breaks off."""
        if not _is_about(span.size, unit.size):
            return False
        if last is None:  # the first of a page
            return not unit.is_head and not self._is_indented(span)
        if unit.is_head:
            return last.font == span.font
        if self._is_text(last) != self._is_text(span):
            return False
        if not self._is_text(span):
            return True
        is_beside = span.box[0] >= last.box[2] and abs(span.box[3] - last.box[3]) < span.size / 2
        is_short = last.box[2] < last.edges[1] - self.short * last.size
        return not is_beside and not is_short and not self._is_indented(span)

    def _is_indented(self, span: Span) -> bool:
        return span.box[0] - span.edges[0] >= INDENT * span.size
