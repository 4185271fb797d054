"""Make up the pages: which article stands where, in how many columns of which width.

Widths are counted in squares of a body character, heights in lines of body text; the body type is
then as large as makes so many squares as wide as the sheet. Articles keep their order. Up to three
of them stand side by side, in columns that suit their lengths, so that they end together; what
has a row to itself may run on over pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from heapq import nsmallest
from itertools import product
from operator import attrgetter, lt

__all__ = [
    "Cell",
    "Columns",
    "Item",
    "MakeUp",
    "Measured",
    "Piece",
    "Placed",
    "Row",
    "Sheet",
    "Wish",
    "run_through",
    "text_of",
]

GUTTER = 2.0  # squares between two columns
WIDEST_GUTTER = 3.4
NARROWEST, WIDEST = 11, 21  # columns, in squares
UNLIKE = 6  # at most so many squares wider than the column beside it
BEST = 14.5
GAP = 2  # lines between two rows
HIGHEST_BESIDE = 0.8  # of a page, text with a photo that is not parted
UNDER = 10  # lines under the photo otherwise
LEAST_UNDER = 3  # lines that stand under a photo, if any do
FEWEST = 5  # lines of a column that may stand alone at the foot of a page
LONGEST = 60  # lines of a single column
MOST_BESIDE = 3  # articles
MOST_PAGES = 100  # that one article runs over
BEAM = 12  # ways of making up that are followed at a time
ROWS = {1: 3, 2: 5, 3: 4}  # ways of setting articles side by side that are tried
# What is bad, in pages: a white page, an article of little weight that has a row to itself.
WHITE = 3.0
ALONE = {"normal": 0.03, "brief": 0.08}
LEAST_SHARE = {"lead": 0.6, "major": 0.4}  # of the width
ENDLESS = 1_000_000  # the height of a column that takes all the rest


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """So many columns, how wide each, how far from the next, how wide all together; in squares.

    ``Columns.of`` makes equal ones one and the same: they are keys some million times.
    """

    n: int
    c: int
    gutter: float
    width: float

    @classmethod
    def of(cls, n: int, c: int, gutter: float = GUTTER) -> Columns:
        """Return the columns, always the same ones."""
        return _columns(n, c, gutter)


@cache
def _columns(n: int, c: int, gutter: float) -> Columns:
    return Columns(n, c, gutter, n * c + (n - 1) * gutter)


@dataclass(frozen=True, slots=True)
class Item:
    """A passage at one width."""

    lines: int
    breaks: bool = False  # running text, that goes on in the next column
    sticks: bool = False  # to what follows
    spans: bool = False  # all columns


@dataclass(frozen=True, slots=True)
class Measured:
    """An article in n columns of c squares."""

    head: int
    items: tuple[Item, ...]
    photos: tuple[int, ...] = ()  # the first photo's lines, over one column, two, …
    photo_ratio: float = 0  # its width over its height
    spare: int = 0  # lines by which columns turned out too short


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an article below its head, ``lines`` high.

    Items ``start`` to ``end``; columns if it has ``n``, otherwise one item across. ``photo`` is
    the number of columns at the right over which the photo stands: then the first n - photo
    columns are ``lines`` high, the others less by the photo. ``spare`` lines are reckoned empty.
    ``past`` lines of the first item stand before it, ``past_end`` of that after the last in it.
    """

    start: int
    end: int
    lines: int
    n: int = 0
    photo: int = 0
    photo_lines: int = 0
    spare: int = 0
    past: int = 0
    past_end: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """An article in its place in a row."""

    article: int
    columns: Columns
    head: int
    pieces: tuple[Piece, ...]
    lines: int  # how high it stands


@dataclass(frozen=True, slots=True)
class Row:
    """Articles side by side."""

    cells: tuple[Cell, ...]
    lines: int  # the height of the highest

    @classmethod
    def of(cls, cells: Sequence[Cell]) -> Row:
        """Return cells as a row."""
        return cls(tuple(cells), max(cell.lines for cell in cells))


@dataclass(frozen=True, slots=True)
class Placed:
    """What stands on a page: a row from line ``top`` on, or what is left of one.

    ``parts`` are the pieces of a row that may run on, each with its lines on this page; a head
    is on the page where ``heads`` is set.
    """

    row: Row
    top: int
    lines: int
    heads: bool = True
    parts: tuple[tuple[int, int], ...] = ()  # index of the piece, its lines here


def _whole(row: Row, top: int) -> Placed:
    parts = enumerate(piece.lines for piece in row.cells[0].pieces)
    return Placed(row, top, row.lines, parts=tuple(parts))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with what stands on it."""

    height: int
    placed: tuple[Placed, ...]

    @property
    def used(self) -> int:
        """The lines down to the end of what stands lowest."""
        return max((one.top + one.lines for one in self.placed), default=0)


# Columns


def run_through(items: Sequence[Item], heights: Iterator[int]) -> list[tuple[int, int]]:
    """Return where the columns after the first begin: the item, and how many of its lines are past.

    ``heights`` are those of the columns, without end.
    """
    starts: list[tuple[int, int]] = []
    height, used = next(heights), 0

    def turn(index: int, past: int) -> None:
        nonlocal height, used
        starts.append((index, past))
        height, used = next(heights), 0

    for index, item in enumerate(items):
        if item.breaks:
            past = 0
            while item.lines - past > height - used:
                past += max(0, height - used)
                turn(index, past)
            used += item.lines - past
            continue
        needed = item.lines + (_least(items, index + 1) if item.sticks else 0)
        while used and needed > height - used:
            turn(index, 0)
        while needed > height:  # it takes a column that is high enough
            turn(index, 0)
        used += item.lines
    return starts


def _least(items: Sequence[Item], index: int) -> int:
    """Return the lines that must follow what sticks."""
    if index >= len(items):
        return 0
    item = items[index]
    if item.breaks:
        return 1
    return item.lines + (_least(items, index + 1) if item.sticks else 0)


def forever(*heights: int) -> Iterator[int]:
    """Yield the heights, the last again and again."""
    yield from heights
    while True:
        yield heights[-1]


def balanced(items: Sequence[Item], n: int) -> int:
    """Return the least height at which the items fit into n columns."""
    least = max((item.lines + item.sticks for item in items if not item.breaks), default=1)
    height = max(least, -(-sum(item.lines for item in items) // n), 1)
    while len(run_through(items, forever(*[height] * n, ENDLESS))) >= n:
        height += 1
    return height


# Cells


def text_of(items: Sequence[Item], piece: Piece) -> list[Item]:
    """Return what stands in a piece of an article."""
    text = list(items[piece.start : piece.end])
    if piece.past_end:
        text.append(replace(items[piece.end], lines=piece.past_end))
    if piece.past:
        text[0] = replace(text[0], lines=text[0].lines - piece.past)
    return text


def cell_of(article: int, columns: Columns, measured: Measured, most: int) -> Cell:
    """Return an article in columns, as low as it can be; ``most`` lines fit on a page."""
    n = columns.n
    pieces: list[Piece] = []
    start = 0
    items = measured.items
    spans = [index for index, item in enumerate(items) if item.spans]
    for number, end in enumerate([*spans, len(items)]):
        text = items[start:end]
        photo = bool(measured.photos) and number == 0
        if photo:
            pieces.extend(_with_photo(text, start, n, measured, most))
        elif text:
            pieces.append(Piece(start, end, balanced(text, n) + measured.spare, n))
        if end < len(items):
            pieces.append(Piece(end, end + 1, items[end].lines))
        start = end + 1
    lines = measured.head + sum(piece.lines for piece in pieces)
    return Cell(article, columns, measured.head, tuple(pieces), lines)


def _with_photo(
    text: Sequence[Item], start: int, n: int, measured: Measured, most: int
) -> list[Piece]:
    """Return text with a photo over its right columns, or above all of it."""
    end = start + len(text)
    over = _photo_columns(n, measured.photo_ratio)
    lines = measured.photos[over - 1]
    if over == n:
        above = Piece(start, start, lines, 0, n, lines)
        below = Piece(start, end, balanced(text, n) + measured.spare, n)
        return [above, below] if text else [above]
    spare = measured.spare
    total = sum(item.lines for item in text)
    height = max(lines, -(-(total + lines * over) // n))
    while height <= most * HIGHEST_BESIDE or height == lines:
        short = height - lines
        heights = [height] * (n - over) + ([short] * over if short >= LEAST_UNDER else [])
        if len(run_through(text, forever(*heights, ENDLESS))) < len(heights):
            return [Piece(start, end, height + spare, n, over, lines, spare)]
        height += 1
    # The photo with some text, and under both the rest, which may run on over pages.
    heights = [lines + UNDER] * (n - over) + [UNDER] * over
    index, past = run_through(text, forever(*heights, ENDLESS))[n - 1]
    above = Piece(start, start + index, lines + UNDER + spare, n, over, lines, spare, past_end=past)
    rest = Piece(start + index, end, 0, n, past=past)
    height = balanced(text_of(measured.items, rest), n)
    return [above, replace(rest, lines=height + spare)]


def _photo_columns(n: int, ratio: float) -> int:
    """Return over how many columns a photo stands: half of them, fewer if it is upright."""
    if ratio < 1:
        return max(1, n // 3)
    return n if n <= 2 else n // 2


# Rows


@dataclass(frozen=True, slots=True)
class Wish:
    """What an article asks of its place."""

    weight: str
    least_width: float = 0


Measure = Callable[[int, Columns], Measured]


@cache
def shapes(width: int, articles: int, most_columns: int) -> tuple[tuple[Columns, ...], ...]:
    """Return the columns of articles side by side that fill the width."""
    if articles == 1:
        return tuple(filter(None, (_alone(width, n) for n in range(2, most_columns + 1))))
    return tuple(
        shape
        for numbers in product(range(1, most_columns), repeat=articles)
        if sum(numbers) <= most_columns
        for shape in _beside(width, numbers)
    )


def _beside(width: int, numbers: Sequence[int]) -> Iterator[tuple[Columns, ...]]:
    """Yield articles side by side in so many columns each, their widths alike."""
    between = len(numbers) - 1
    for widths in product(range(NARROWEST, WIDEST + 1), repeat=between):
        first = [Columns.of(n, c) for n, c in zip(numbers, widths, strict=False)]
        n = numbers[-1]
        room = width - sum(columns.width for columns in first) - (n - 1) * GUTTER
        c = int((room - GUTTER * between) / n)
        if not NARROWEST <= c <= WIDEST or max(c, *widths) - min(c, *widths) > UNLIKE // between:
            continue
        if room - n * c <= WIDEST_GUTTER * between:
            yield (*first, Columns.of(n, c))


def _alone(width: int, n: int) -> tuple[Columns] | None:
    c = int((width - (n - 1) * GUTTER) / n)
    if not NARROWEST <= c <= WIDEST + 1:
        return None
    return (Columns.of(n, c, round((width - n * c) / (n - 1), 4)),)


@dataclass(frozen=True, slots=True)
class _State:
    """How far the make-up has come: ``line`` lines down on page ``page``."""

    cost: float = 0
    sheets: tuple[Sheet, ...] = ()
    placed: tuple[Placed, ...] = ()
    line: int = 0
    page: int = 0


@dataclass(slots=True)
class MakeUp:
    """Lay out the articles of a folio over pages of given heights."""

    width: int
    most_columns: int
    wishes: Sequence[Wish]
    measure: Measure
    doubt: Callable[[int, Columns], float]  # what it costs to rely on what was only guessed
    first_height: int
    height: int
    cells: dict[tuple[int, Columns], tuple[Cell, float]] = field(default_factory=dict)

    def cell(self, article: int, columns: Columns) -> tuple[Cell, float]:
        """Return an article in columns, and how ill it looks, whatever stands beside it."""
        key = (article, columns)
        if key not in self.cells:
            cell = cell_of(article, columns, self.measure(article, columns), self.height)
            self.cells[key] = cell, self._looks(cell) + self.doubt(article, columns)
        return self.cells[key]

    def rows(self, first: int, articles: int) -> list[tuple[float, Row]]:
        """Return good rows for the articles from ``first`` on, with what each costs."""
        found: list[tuple[float, int, list[Cell]]] = []
        widths = [self._least_width(first + offset, articles) for offset in range(articles)]
        page = self.width * self.height / WHITE
        for number, shape in enumerate(shapes(self.width, articles, self.most_columns)):
            if any(map(lt, (columns.width for columns in shape), widths)):
                continue
            pairs = [self.cell(first + offset, columns) for offset, columns in enumerate(shape)]
            lines = max(cell.lines for cell, _ in pairs)
            if articles > 1 and lines > self.height:
                continue
            cost = sum(
                (lines - cell.lines) * cell.columns.width / page + looks for cell, looks in pairs
            )
            if articles == 1 and self.wishes[first].weight in ALONE:
                cost += ALONE[self.wishes[first].weight]
            found.append((cost, number, [cell for cell, _ in pairs]))
        return [(cost, Row.of(cells)) for cost, _, cells in nsmallest(ROWS[articles], found)]

    def _least_width(self, article: int, articles: int) -> float:
        if articles == 1:
            return 0
        wish = self.wishes[article]
        return max(LEAST_SHARE.get(wish.weight, 0) * self.width, wish.least_width)

    def _looks(self, cell: Cell) -> float:
        """Return how ill an article looks: columns too narrow or wide, too short or too long."""
        text = cell.lines - cell.head
        looks = abs(cell.columns.c - BEST) * 0.002
        if cell.columns.n > 1 and text < 2 * FEWEST:
            looks += 0.02 * (2 * FEWEST - text) / FEWEST
        if cell.columns.n == 1 and text > LONGEST:
            looks += 0.02
        return looks

    def run(self) -> tuple[float, list[Sheet]]:
        """Return the pages, and what is bad about them."""
        count = len(self.wishes)
        beams: list[list[_State]] = [[] for _ in range(count + 1)]
        beams[0] = [_State()]
        for index in range(count):
            states = nsmallest(BEAM, beams[index], key=attrgetter("cost"))
            for articles in range(1, min(MOST_BESIDE, count - index) + 1):
                for cost, row in self.rows(index, articles):
                    for state in states:
                        after = self._place(replace(state, cost=state.cost + cost), row)
                        if after is not None:
                            beams[index + articles].append(after)
        best = min(beams[count], key=self._final_cost)
        return self._final_cost(best), list(self._closed(best).sheets)

    def _room(self, page: int) -> int:
        return self.first_height if page == 0 else self.height

    def _final_cost(self, state: _State) -> float:
        white = (self._room(state.page) - state.line) / self.height
        return state.cost + 0.35 * white + 0.05 * state.page

    def _closed(self, state: _State) -> _State:
        """Return what follows on a new page."""
        sheet = Sheet(self._room(state.page), state.placed)
        return _State(state.cost, (*state.sheets, sheet), (), 0, state.page + 1)

    def _turned(self, state: _State) -> _State:
        """Return what follows on a new page, and what it costs to leave the old one."""
        white = (self._room(state.page) - state.line) / self.height
        return self._closed(replace(state, cost=state.cost + 1.2 * max(0.0, white - 0.03)))

    def _place(self, state: _State, row: Row) -> _State | None:
        gap = GAP if state.line else 0
        room = self._room(state.page) - state.line - gap
        if row.lines > room:
            if len(row.cells) == 1:
                return self._run_on(state, row, gap)
            if row.lines > self._room(state.page + 1):
                return None
            state, gap = self._turned(state), 0
        top = state.line + gap
        return replace(state, placed=(*state.placed, _whole(row, top)), line=top + row.lines)

    def _run_on(self, state: _State, row: Row, gap: int) -> _State:
        """Let an article that has a row to itself run on over the foot of the page."""
        [cell] = row.cells
        first = cell.pieces[0].lines if cell.pieces else 0
        if cell.pieces and cell.pieces[0].n and not cell.pieces[0].photo:
            first = min(first, FEWEST)
        elif cell.pieces and len(cell.pieces) > 1 and not cell.pieces[0].n:
            first += min(FEWEST, cell.pieces[1].lines)
        if state.line and state.line + gap + cell.head + first > self._room(state.page):
            state, gap = self._turned(state), 0
        top = state.line + gap
        line = top + cell.head
        heads = True
        parts: list[tuple[int, int]] = []

        def turn() -> None:
            nonlocal state, top, line, heads, parts
            placed = Placed(row, top, line - top, heads, tuple(parts))
            state = self._turned(replace(state, placed=(*state.placed, placed), line=line))
            top, line, heads, parts = 0, 0, False, []

        measured = self.measure(cell.article, cell.columns)
        for index, piece in enumerate(cell.pieces):
            room = self._room(state.page) - line
            if piece.lines <= room:
                parts.append((index, piece.lines))
                line += piece.lines
            elif not piece.n or piece.photo:
                turn()
                parts.append((index, piece.lines))
                line += piece.lines
            else:
                if room < FEWEST:
                    turn()
                    room = self._room(state.page) - line
                items = text_of(measured.items, piece)
                portions = self._portions(items, piece.n, room)
                portions[-1] = min(portions[-1] + measured.spare, self.height)
                for number, lines in enumerate(portions):
                    if number:
                        turn()
                    parts.append((index, lines))
                    line += lines
        placed = Placed(row, top, line - top, heads, tuple(parts))
        return replace(state, placed=(*state.placed, placed), line=line)

    def _portions(self, items: Sequence[Item], n: int, room: int) -> list[int]:
        """Return how high text in columns stands on each of the pages it runs over."""
        portions = [room]
        if len(run_through(items, forever(*[room] * n, ENDLESS))) < n:
            return [balanced(items, n)]
        while len(portions) < MOST_PAGES:
            heights = [height for height in portions for _ in range(n)]
            columns = len(run_through(items, forever(*heights, *[self.height] * n, ENDLESS)))
            if columns < len(heights) + n:
                break
            portions.append(self.height)
        low = 1
        while len(run_through(items, forever(*heights, *[low] * n, ENDLESS))) >= len(heights) + n:
            low += 1
        return [*portions, low]
