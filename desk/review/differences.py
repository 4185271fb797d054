"""Find what differs between two versions of an article, as a person would say it.

Passages are aligned first (kept, changed, moved, split, joined), then characters inside them. A
number and a Latin word count as one character: a changed one is marked whole. Time is bounded:
what would cost too much is shown as replaced instead of being looked into.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Literal

from interchange.schema import (
    Article,
    Byline,
    Crosshead,
    Gallery,
    Note,
    Paragraph,
    Passage,
    Photo,
    Quote,
    Role,
    Run,
    Table,
)
from newsroom.cjk import count_characters

__all__ = [
    "BREAK",
    "Differences",
    "Line",
    "Part",
    "Piece",
    "Row",
    "State",
    "Stretch",
    "compare",
    "compare_texts",
]

# Stands between the paragraphs of a row that was split or joined, and between the cells of a
# table's row.
BREAK = "\u2029"
CELL = "\t"

# How much work one comparison may be, all in all and at once, in cells of the table of a common
# subsequence (a bit of memory each); and how many pairs of passages of one gap are measured.
MOST_WORK = 600_000_000
MOST_AT_ONCE = 100_000_000
MOST_PAIRS = 10_000
WORK_OF_A_PAIR = 5_000
WORK_OF_A_STEP = 100
MOST_PASSAGES = 2_000  # of a body, rows of a table; of more, neighbours count as one
MOST_SETTINGS = 12  # told of one paragraph
MOST_SHIFTS = 300

ALIKE = 0.3  # what is less alike is another passage, not a changed one
SURELY_ALIKE = 0.75  # enough to be known elsewhere
SAME_NAME = 0.45  # one character of three mistyped
CONTAINED = 0.6  # so much of a part stands in the whole it was split from
SHORTEST_MOVED = 6  # a shorter paragraph is rather a new one than one that moved
SHORTEST_PART = 8
LONGEST_QUOTED = 24
LONGEST_CONFUSING = 40

TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*|[A-Za-z\u00c0-\u024f]+(?:['’-][A-Za-z\u00c0-\u024f]+)*"
    # A sign with what belongs to it: accents, the selectors of written forms, joined emoji.
    r"|.(?:[\u0300-\u036f\ufe00-\ufe0f\U000e0100-\U000e01ef]|\u200d.)*",
    re.DOTALL,
)
NUMBER = re.compile(r"\d+")
PUNCTUATION = re.compile(r"[^\w]+")
SENTENCE_ENDS = "。！？!?…" + BREAK + "\n"
CLAUSE_ENDS = "，、；：,;:"
OPENERS = "“‘「『《〈（(【〔"
CLOSERS = "”’」』》〉）)】〕"

SEEN = {" ": "␣", "\u3000": "▢", "\n": "↵\n", BREAK: "¶\n", CELL: "　｜　"}
SEEN_KEPT = {BREAK: "\n", CELL: SEEN[CELL]}


class State(StrEnum):
    """What became of a passage; ``label`` says it in the newsroom's words."""

    KEPT = "kept"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    AWAY = "away"
    SPLIT = "split"
    JOINED = "joined"

    @property
    def label(self) -> str:
        """The state in Chinese."""
        return STATE_LABELS[self]


STATE_LABELS = {
    State.KEPT: "未改",
    State.CHANGED: "改动",
    State.ADDED: "新增",
    State.REMOVED: "删去",
    State.MOVED: "移来",
    State.AWAY: "移走",
    State.SPLIT: "拆段",
    State.JOINED: "并段",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that was kept, added or removed."""

    change: Literal["kept", "added", "removed"]
    text: str

    @property
    def shown(self) -> str:
        """The text with signs for what nobody would see: spaces and breaks that changed."""
        seen = SEEN_KEPT if self.change == "kept" else SEEN
        return "".join(seen.get(character, character) for character in self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """One text of a passage: its words, a photo's caption, a row of a table."""

    label: str
    pieces: tuple[Piece, ...]

    @property
    def before(self) -> str:
        """The text as it was."""
        return "".join(piece.text for piece in self.pieces if piece.change != "added")

    @property
    def after(self) -> str:
        """The text as it is."""
        return "".join(piece.text for piece in self.pieces if piece.change != "removed")

    @property
    def is_kept(self) -> bool:
        """Whether nothing changed."""
        return all(piece.change == "kept" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Row:
    """A field of the headline, a passage of the body, or a name of the byline.

    ``was`` and ``now`` are its places (from 1) in both versions, several where paragraphs were
    joined or split; ``words`` tells what no marked text can show.
    """

    label: str
    state: State
    lines: tuple[Line, ...] = ()
    words: tuple[str, ...] = ()
    was: tuple[int, ...] = ()
    now: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow each other and all changed, or all did not."""

    changed: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """The headline, the byline or the body."""

    label: str
    rows: tuple[Row, ...]

    @property
    def changed(self) -> bool:
        """Whether anything here changed."""
        return any(row.state is not State.KEPT for row in self.rows)

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        """The rows with neighbours of one kind together, so that kept ones can be folded."""
        grouped = groupby(self.rows, key=lambda row: row.state is not State.KEPT)
        return tuple(Stretch(changed, tuple(rows)) for changed, rows in grouped)


@dataclass(frozen=True, slots=True)
class Differences:
    """All that differs between two versions of an article."""

    parts: tuple[Part, ...]

    @property
    def any(self) -> bool:
        """Whether anything differs."""
        return any(part.changed for part in self.parts)

    @property
    def places(self) -> int:
        """How many rows changed; what moved counts once."""
        uncounted = (State.KEPT, State.AWAY)
        return sum(row.state not in uncounted for part in self.parts for row in part.rows)

    @property
    def characters_added(self) -> int:
        """How many characters were added."""
        return self._count("added")

    @property
    def characters_removed(self) -> int:
        """How many characters were removed."""
        return self._count("removed")

    def _count(self, change: str) -> int:
        return sum(
            count_characters(piece.text)
            for part in self.parts
            for row in part.rows
            for line in row.lines
            for piece in line.pieces
            if piece.change == change
        )


def compare(old: Article, new: Article) -> Differences:
    """Return what differs in the copy of two versions of an article, in printed order."""
    work = _Work()
    return Differences(
        (
            Part("标题", tuple(_headline(old, new, work))),
            Part("署名", _rows(_byline_units(old.bylines), _byline_units(new.bylines), work)),
            Part("正文", _rows(_body_units(old.body), _body_units(new.body), work)),
        )
    )


def compare_texts(old: str, new: str) -> tuple[Piece, ...]:
    """Return two texts as one, in pieces that were kept, removed or added."""
    return _pieces(old, new, _Work())


# The headline


HEADLINE = (("kicker", "引题"), ("title", "主题"), ("subhead", "副题"), ("standfirst", "提要"))


def _headline(old: Article, new: Article, work: _Work) -> Iterator[Row]:
    for name, label in HEADLINE:
        before, after = getattr(old, name), getattr(new, name)
        if before or after:
            yield Row(label, _state(before, after), (Line("", _pieces(before, after, work)),))
    if old.verbatim_punctuation != new.verbatim_punctuation:
        how = "照原稿显示" if new.verbatim_punctuation else "半角的显示成全角"
        yield Row("标点", State.CHANGED, words=(f"改为{how}",))


def _state(before: str, after: str) -> State:
    if before == after:
        return State.KEPT
    if not before:
        return State.ADDED
    return State.CHANGED if after else State.REMOVED


# What is aligned: passages, names, rows of a table


@dataclass(frozen=True)
class _Unit:
    kind: str
    label: str
    lines: tuple[tuple[str, str], ...]
    runs: tuple[Run, ...] = ()
    file: str = ""
    group: str = ""
    table: Table | None = None

    @cached_property
    def text(self) -> str:
        return "\n".join(text for _, text in self.lines)

    @cached_property
    def key(self) -> Hashable:
        """What makes two units the same one, though details may differ."""
        if self.kind == "byline":
            return self.kind, self.lines[0][1]
        if self.kind == "photo":
            return self.kind, self.file
        return self.kind, self.lines, self.table.rows if self.table else ()

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of neighbouring characters, by which likeness is measured."""
        if self.kind == "byline":
            text = f"^{self.lines[0][1]}$"
        elif self.table:
            text = f"^{''.join(map(''.join, self.table.rows))}$"
        else:
            text = f"^{''.join(text for _, text in self.lines)}$"
        return frozenset(text[place : place + 2] for place in range(len(text) - 1))


ROLES = {
    Role.NONE: "",
    Role.REPORTER: "记者",
    Role.CORRESPONDENT: "通讯员",
    Role.SPECIAL_CORRESPONDENT: "特约记者",
    Role.WRITER: "文",
    Role.PHOTOGRAPHER: "摄影",
    Role.EDITOR: "编辑",
    Role.TRANSLATOR: "编译",
}


def _byline_units(bylines: Iterable[Byline]) -> list[_Unit]:
    return [
        _Unit(
            "byline",
            f"第{place}位",
            (
                ("姓名", byline.name),
                ("身份", ROLES[byline.role]),
                ("作者档案", byline.contributor),
                ("单位", byline.unit),
            ),
        )
        for place, byline in enumerate(bylines, start=1)
    ]


def _body_units(body: Sequence[Passage]) -> list[_Unit]:
    units: list[_Unit] = []
    counted = 0
    at_once = _at_once(body)
    if at_once > 1:
        body = [
            Paragraph.of(passage.text) if isinstance(passage, Crosshead | Note) else passage
            for passage in body
        ]
    bundles = groupby(
        enumerate(body),
        key=lambda placed: isinstance(placed[1], Paragraph) and placed[0] // at_once + 1,
    )
    for bundle, placed in bundles:
        passages = [passage for _, passage in placed]
        if bundle:
            paragraphs = [passage for passage in passages if isinstance(passage, Paragraph)]
            units.append(_paragraphs(paragraphs, counted + 1))
            counted += len(paragraphs)
        else:
            units.extend(unit for passage in passages for unit in _other_units(passage))
    return units


def _at_once(several: Sequence[object]) -> int:
    """Return how many count as one, so that they are not too many."""
    return max(1, -(-len(several) // MOST_PASSAGES))


def _other_units(passage: Passage) -> Iterator[_Unit]:
    match passage:
        case Crosshead(text):
            yield _Unit("crosshead", "小标题", (("", text),))
        case Photo():
            yield _photo(passage)
        case Gallery(photos):
            for photo in photos:
                yield _photo(photo, "组图")
        case Quote(text, source):
            yield _Unit("quote", "引文", (("", text), ("出处", source)))
        case Table():
            yield _Unit("table", "表格", (("表题", passage.caption),), table=passage)
        case Note(text):
            yield _Unit("note", "附注", (("", text),))


def _paragraphs(paragraphs: Sequence[Paragraph], first: int) -> _Unit:
    """Return paragraphs as one, with a mark where one ends and the next begins."""
    if len(paragraphs) == 1:
        runs = paragraphs[0].runs
    else:
        runs = tuple(run for paragraph in paragraphs for run in (Run(BREAK), *paragraph.runs))[1:]
    text = BREAK.join(paragraph.text for paragraph in paragraphs)
    return _Unit("paragraph", _numbers(first, first + len(paragraphs) - 1), (("", text),), runs)


def _numbers(first: int, last: int) -> str:
    if first == last:
        return f"第{first}段"
    return f"第{first}{'、' if last == first + 1 else '至'}{last}段"


def _photo(photo: Photo, group: str = "") -> _Unit:
    lines = (("说明", photo.caption), ("摄影", photo.credit), ("替代文字", photo.alt))
    return _Unit("photo", group or "图片", lines, file=photo.file, group=group)


# Aligning


@dataclass(slots=True)
class _Pair:
    """Places in the old and the new sequence that belong together."""

    old: tuple[int, ...]
    new: tuple[int, ...]
    moved: bool = False


def _rows(old: Sequence[_Unit], new: Sequence[_Unit], work: _Work) -> tuple[Row, ...]:
    return tuple(_row(pair, old, new, work) for pair in _aligned(old, new, work))


def _aligned(old: Sequence[_Unit], new: Sequence[_Unit], work: _Work) -> list[_Pair]:
    """Pair the units of two sequences, in the new order, removed ones where they stood."""
    matched = _common([unit.key for unit in old], [unit.key for unit in new], work)
    moved = _moved_exactly(old, new, matched)
    pairs: list[_Pair] = []
    last_old = last_new = 0
    for i, j in [*matched, (len(old), len(new))]:
        rest_old = [n for n in range(last_old, i) if n not in moved]
        rest_new = [n for n in range(last_new, j) if n not in moved.values()]
        gap = _paired(old, new, rest_old, rest_new, work)
        gap += [_Pair((n,), (), moved=True) for n in range(last_old, i) if n in moved]
        came = {target: source for source, target in moved.items() if last_new <= target < j}
        gap += [_Pair((source,), (target,), moved=True) for target, source in came.items()]
        pairs += _in_order(gap)
        if i < len(old):
            pairs.append(_Pair((i,), (j,)))
        last_old, last_new = i + 1, j + 1
    return _moved_roughly(old, new, pairs, work)


def _in_order(gap: list[_Pair]) -> list[_Pair]:
    """Put the pairs of a gap in the new order, each that is only old behind the one it followed."""
    stays = sorted((pair for pair in gap if pair.new), key=lambda pair: pair.new)
    gone = deque(sorted((pair for pair in gap if not pair.new), key=lambda pair: pair.old))
    anchors = deque(pair for pair in stays if pair.old and not pair.moved)
    ordered: list[_Pair] = []
    for pair in [None, *stays]:
        if pair is not None:
            ordered.append(pair)
        if pair is None or (anchors and pair is anchors[0] and anchors.popleft()):
            while gone and (not anchors or gone[0].old < anchors[0].old):
                ordered.append(gone.popleft())
    return ordered


def _moved_exactly(
    old: Sequence[_Unit], new: Sequence[_Unit], matched: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Return where units without a partner stand in the other sequence just as they were."""
    paired_old = {i for i, _ in matched}
    paired_new = {j for _, j in matched}
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for j in reversed(range(len(new))):
        if j not in paired_new and _may_move(new[j]):
            waiting[new[j].key].append(j)
    moved = {}
    for i, unit in enumerate(old):
        if i not in paired_old and waiting.get(unit.key):
            moved[i] = waiting[unit.key].pop()
    return moved


def _may_move(unit: _Unit) -> bool:
    return unit.kind in ("byline", "photo") or len(unit.text) >= SHORTEST_MOVED


def _paired(
    old: Sequence[_Unit],
    new: Sequence[_Unit],
    rest_old: list[int],
    rest_new: list[int],
    work: _Work,
) -> list[_Pair]:
    """Pair what changed between two anchors by likeness, keeping the order."""
    chosen = _most_alike([old[n] for n in rest_old], [new[n] for n in rest_new], work)
    pairs = [_Pair((rest_old[i],), (rest_new[j],)) for i, j in chosen]
    free_old = set(rest_old) - {pair.old[0] for pair in pairs}
    free_new = set(rest_new) - {pair.new[0] for pair in pairs}
    for pair in pairs:
        _take_in_parts(pair, old, new, free_old, free_new)
    pairs += [_Pair((n,), ()) for n in sorted(free_old)]
    pairs += [_Pair((), (n,)) for n in sorted(free_new)]
    return pairs


def _most_alike(old: Sequence[_Unit], new: Sequence[_Unit], work: _Work) -> list[tuple[int, int]]:
    """Return the pairs, in order, whose likeness is greatest in sum.

    In a long gap a unit is compared with those that stand about as far down.
    """
    if not old or not new:
        return []
    reach = max(1, MOST_PAIRS // (2 * len(old)))
    measured = len(old) * min(len(new), 2 * reach + 1)
    if not work.affords(measured * WORK_OF_A_PAIR + len(old) * len(new) * WORK_OF_A_STEP):
        return []
    best = [0.0] * (len(new) + 1)
    steps: list[dict[int, str]] = []
    for i, unit in enumerate(old):
        middle = i * len(new) // len(old)
        row = best[:]
        step: dict[int, str] = {}
        for j in range(len(new)):
            if abs(j - middle) <= reach:
                score = _likeness(unit, new[j])
                if score and best[j] + score > max(row[j], best[j + 1]):
                    row[j + 1] = best[j] + score
                    step[j + 1] = "pair"
                    continue
            if row[j] > best[j + 1]:
                row[j + 1] = row[j]
                step[j + 1] = "new"
            else:
                row[j + 1] = best[j + 1]
        best = row
        steps.append(step)
    chosen = []
    i, j = len(old), len(new)
    while i and j:
        match steps[i - 1].get(j):
            case "pair":
                i, j = i - 1, j - 1
                chosen.append((i, j))
            case "new":
                j -= 1
            case _:
                i -= 1
    return chosen[::-1]


ONE_TEXT = ("paragraph", "crosshead", "note")


def _likeness(old: _Unit, new: _Unit) -> float:
    """Return from 0 to 1 how far two units are one that changed; 0 below what counts."""
    if old.kind != new.kind and not (old.kind in ONE_TEXT and new.kind in ONE_TEXT):
        return 0.0
    both = len(old.pairs & new.pairs)
    shorter = min(len(old.pairs), len(new.pairs))
    score = 2 * both / (len(old.pairs) + len(new.pairs))
    if old.kind == new.kind == "paragraph" and shorter >= SHORTEST_PART:
        score = max(score, 0.8 * both / shorter)
    if old.kind == new.kind and old.kind in ("byline", "photo", "table", "crosshead"):
        score = max(score, ALIKE)  # one in the place of the other
    if old.kind != new.kind and score < SURELY_ALIKE:
        return 0.0
    return score if score >= ALIKE else 0.0


def _take_in_parts(
    pair: _Pair,
    old: Sequence[_Unit],
    new: Sequence[_Unit],
    free_old: set[int],
    free_new: set[int],
) -> None:
    """Extend a pair of paragraphs by free neighbours that were joined to it or split from it."""
    if old[pair.old[0]].kind != "paragraph" or new[pair.new[0]].kind != "paragraph":
        return
    whole = old[pair.old[0]].pairs
    pair.new = _with_parts(pair.new[0], new, free_new, whole)
    if len(pair.new) == 1:
        whole = new[pair.new[0]].pairs
        pair.old = _with_parts(pair.old[0], old, free_old, whole)


def _with_parts(
    place: int, units: Sequence[_Unit], free: set[int], whole: frozenset[str]
) -> tuple[int, ...]:
    first = last = place
    while first - 1 in free and _is_part(units[first - 1], whole):
        first -= 1
        free.discard(first)
    while last + 1 in free and _is_part(units[last + 1], whole):
        last += 1
        free.discard(last)
    return tuple(range(first, last + 1))


def _is_part(unit: _Unit, whole: frozenset[str]) -> bool:
    return (
        unit.kind == "paragraph"
        and len(unit.pairs) >= SHORTEST_PART
        and len(unit.pairs & whole) >= CONTAINED * len(unit.pairs)
    )


def _moved_roughly(
    old: Sequence[_Unit], new: Sequence[_Unit], pairs: list[_Pair], work: _Work
) -> list[_Pair]:
    """Know again what was both moved and changed."""
    gone = [pair for pair in pairs if not pair.new and not pair.moved]
    came = [pair for pair in pairs if not pair.old]
    if not work.affords(len(gone) * len(came) * WORK_OF_A_PAIR):
        return pairs
    for left in gone:
        unit = old[left.old[0]]
        if not _may_move(unit):
            continue
        scores = [
            (_likeness(unit, new[pair.new[0]]), pair)
            for pair in came
            if not pair.old and new[pair.new[0]].kind == unit.kind
        ]
        score, found = max(scores, key=lambda scored: scored[0], default=(0.0, None))
        if found is not None and score >= (SAME_NAME if unit.kind == "byline" else SURELY_ALIKE):
            left.moved = found.moved = True
            found.old = left.old
    return pairs


# Saying it


def _row(pair: _Pair, old: Sequence[_Unit], new: Sequence[_Unit], work: _Work) -> Row:
    before, after = [old[n] for n in pair.old], [new[n] for n in pair.new]
    was, now = tuple(n + 1 for n in pair.old), tuple(n + 1 for n in pair.new)
    words: tuple[str, ...]
    if not after:
        unit = before[0]
        if pair.moved:
            return Row(f"原{unit.label}", State.AWAY, words=(_opening(unit),))
        words = (f"图片：{unit.file}",) if unit.file else ()
        return Row(f"原{unit.label}", State.REMOVED, _lines(unit, None, work), words, was)
    if not before:
        unit = after[0]
        words = tuple(_settings_changed(None, unit, (Piece("added", unit.text),)))
        if unit.file:
            words = (f"图片：{unit.file}",)
        return Row(unit.label, State.ADDED, _lines(None, unit, work), words, (), now)
    source, target = _joined(before), _joined(after)
    lines = _lines(source, target, work)
    words = tuple(_words(source, target, lines))
    if pair.moved:
        state = State.MOVED
        words = (f"原来是{source.label}", *words)
    elif len(before) > 1:
        state = State.JOINED
        words = (f"由原来的{source.label}并成", *words)
    elif len(after) > 1:
        state = State.SPLIT
        words = (f"由原来的{source.label}拆成", *words)
    elif words or not all(line.is_kept for line in lines):
        state = State.CHANGED
    else:
        state = State.KEPT
    return Row(target.label, state, lines, words, was, now)


def _joined(units: Sequence[_Unit]) -> _Unit:
    """Return paragraphs as one, with a mark where one ends and the next begins."""
    if len(units) == 1:
        return units[0]
    runs = tuple(run for unit in units for run in (Run(BREAK), *unit.runs))[1:]
    first, last = NUMBER.findall(units[0].label)[0], NUMBER.findall(units[-1].label)[-1]
    text = BREAK.join(unit.text for unit in units)
    return _Unit("paragraph", _numbers(int(first), int(last)), (("", text),), runs)


def _opening(unit: _Unit) -> str:
    text = " ".join(text for _, text in unit.lines if text) or unit.file
    return f"“{_clipped(text)}”移到了别处" if text else "移到了别处"


def _clipped(text: str) -> str:
    """Return the beginning of a text, to name it by."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_QUOTED else f"{one_line[:LONGEST_QUOTED]}……"


def _lines(old: _Unit | None, new: _Unit | None, work: _Work) -> tuple[Line, ...]:
    """Return the texts of a unit, compared one by one; of empty ones nothing is said."""
    some = new or old
    assert some is not None  # noqa: S101 - the caller has at least one
    before = [text for _, text in old.lines] if old else [""] * len(some.lines)
    after = [text for _, text in new.lines] if new else [""] * len(some.lines)
    lines = [
        Line(label, _pieces(was, now, work))
        for (label, _), was, now in zip(some.lines, before, after, strict=True)
        if was or now
    ]
    if some.kind == "table":
        lines += _table_lines(old, new, work)
    return tuple(lines)


def _table_lines(old: _Unit | None, new: _Unit | None, work: _Work) -> Iterator[Line]:
    before, after = _row_units(old), _row_units(new)
    for pair in _aligned(before, after, work):
        target = after[pair.new[0]] if pair.new else None
        # A row that moved is shown as gone from its old place.
        source = before[pair.old[0]] if pair.old and not (pair.moved and target) else None
        label = target.label if target else f"原{source.label}" if source else ""
        was, now = (source.text if source else ""), (target.text if target else "")
        yield Line(label, _pieces(was, now, work))


def _row_units(unit: _Unit | None) -> list[_Unit]:
    if unit is None or unit.table is None:
        return []
    rows = [CELL.join(cells) for cells in unit.table.rows]
    at_once = _at_once(rows)
    return [
        _Unit("row", f"第{place + 1}行", (("", BREAK.join(rows[place : place + at_once])),))
        for place in range(0, len(rows), at_once)
    ]


KINDS = {"paragraph": "正文", "crosshead": "小标题", "note": "附注"}


def _words(old: _Unit, new: _Unit, lines: Sequence[Line]) -> Iterator[str]:
    """Say what the marked text does not show."""
    if old.kind != new.kind:
        yield f"由{KINDS[old.kind]}改为{KINDS[new.kind]}"
    if old.file != new.file:
        yield f"换了图片：原来是{old.file}，现在是{new.file}"
    if old.group != new.group:
        yield "编入组图" if new.group else "不再属于组图"
    if old.table and new.table and old.table.has_header != new.table.has_header:
        yield "第一行改为表头" if new.table.has_header else "第一行不再是表头"
    if old.runs or new.runs:
        yield from _settings_changed(old, new, lines[0].pieces if lines else ())


Setting = tuple[bool, bool, str]
PLAIN: Setting = (False, False, "")


def _settings_changed(old: _Unit | None, new: _Unit, pieces: Iterable[Piece]) -> Iterator[str]:
    """Say how the setting of the new text differs from the old, or from plain where it is new."""
    before, after = (_settings(old.runs) if old else []), _settings(new.runs)
    if not any(setting != PLAIN for setting in (*before, *after)):
        return
    changes: list[tuple[str, Setting, Setting]] = []
    at_old = at_new = 0
    for piece in pieces:
        for character in piece.text:
            if piece.change == "removed":
                at_old += 1
                continue
            was = PLAIN
            if piece.change == "kept":
                was = before[at_old] if at_old < len(before) else PLAIN
                at_old += 1
            now = after[at_new] if at_new < len(after) else PLAIN
            at_new += 1
            changes.append((character, was, now))
    told = 0
    for (was, now), found in groupby(changes, key=lambda change: change[1:]):
        text = "".join(character for character, *_ in found)
        if was != now and text.strip():
            if told == MOST_SETTINGS:
                yield "还有别的字改了格式"
                return
            told += 1
            yield from _setting_change(_clipped(text), was, now)


def _settings(runs: Iterable[Run]) -> list[Setting]:
    return [run.setting for run in runs for _ in run.text]


def _setting_change(text: str, was: Setting, now: Setting) -> Iterator[str]:
    for name, before, after in (("粗体", was[0], now[0]), ("斜体", was[1], now[1])):
        if before != after:
            yield f"“{text}”改成了{name}" if after else f"“{text}”不再是{name}"
    if was[2] != now[2]:
        if not was[2]:
            yield f"“{text}”加了链接：{now[2]}"
        elif not now[2]:
            yield f"“{text}”去掉了链接：{was[2]}"
        else:
            yield f"“{text}”的链接由{was[2]}改为{now[2]}"


# Characters


def _pieces(old: str, new: str, work: _Work) -> tuple[Piece, ...]:
    if old == new:
        return (Piece("kept", old),) if old else ()
    if not old or not new:
        return (Piece("removed", old),) if old else (Piece("added", new),)
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    spans = _shifted(_readable(_spans(a, b, _common(a, b, work)), a), a, b)
    pieces = []
    for kept, i1, i2, j1, j2 in spans:
        if kept:
            pieces.append(Piece("kept", "".join(a[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(Piece("removed", "".join(a[i1:i2])))
        if j1 < j2:
            pieces.append(Piece("added", "".join(b[j1:j2])))
    return tuple(pieces)


# Whether it was kept; from where to where in the old and in the new sequence.
Span = tuple[bool, int, int, int, int]


def _spans(a: Sequence[str], b: Sequence[str], matched: Iterable[tuple[int, int]]) -> list[Span]:
    spans: list[Span] = []
    i = j = 0
    for at_old, at_new in [*matched, (len(a), len(b))]:
        if i < at_old or j < at_new:
            spans.append((False, i, at_old, j, at_new))
        if at_old < len(a):
            last = spans[-1] if spans else None
            if last and last[0]:
                spans[-1] = (True, last[1], at_old + 1, last[3], at_new + 1)
            else:
                spans.append((True, at_old, at_old + 1, at_new, at_new + 1))
        i, j = at_old + 1, at_new + 1
    return spans


def _readable(spans: Iterable[Span], a: Sequence[str]) -> list[Span]:
    """Give up kept snippets between changes that would only confuse."""
    merged: list[Span] = []
    for span in spans:
        merged.append(span)
        while len(merged) >= 3 and not merged[-1][0]:
            first, kept, last = merged[-3:]
            if not _confuses(first, kept, last, a):
                break
            merged[-3:] = [(False, first[1], last[2], first[3], last[4])]
    return merged


def _confuses(before: Span, kept: Span, after: Span, a: Sequence[str]) -> bool:
    if _size(kept) > LONGEST_CONFUSING:
        return False
    words = sum(not PUNCTUATION.fullmatch(token) for token in a[kept[1] : kept[2]])
    room = min(_size(before), _size(after))
    # Only added to on both sides, or only taken from: that is easy to read.
    one_way = (before[1] == before[2] and after[1] == after[2]) or (
        before[3] == before[4] and after[3] == after[4]
    )
    if one_way:
        return 4 * max(words, 1) <= room
    return words <= 1 or 2 * words <= room


def _size(span: Span) -> int:
    return max(span[2] - span[1], span[4] - span[3])


def _shifted(spans: list[Span], a: Sequence[str], b: Sequence[str]) -> list[Span]:
    """Slide what was only added or only removed to where words part, as far as it reads alike."""
    shifted = list(spans)
    for place in range(1, len(shifted) - 1):
        before, (kept, i1, i2, j1, j2), after = shifted[place - 1 : place + 2]
        if kept or (i1 < i2 and j1 < j2):
            continue
        tokens, start, end = (b, j1, j2) if i1 == i2 else (a, i1, i2)
        by = _best_shift(tokens, start, end, back=_size(before) - 1, ahead=_size(after) - 1)
        shifted[place - 1 : place + 2] = [
            (True, before[1], before[2] + by, before[3], before[4] + by),
            (False, i1 + by, i2 + by, j1 + by, j2 + by),
            (True, after[1] + by, after[2], after[3] + by, after[4]),
        ]
    return shifted


def _best_shift(tokens: Sequence[str], start: int, end: int, *, back: int, ahead: int) -> int:
    """Return by how much to slide ``tokens[start:end]``; the neighbours keep one token at least."""
    back, ahead = min(back, MOST_SHIFTS), min(ahead, MOST_SHIFTS)
    lowest = 0
    while -lowest < back and tokens[start + lowest - 1] == tokens[end + lowest - 1]:
        lowest -= 1
    highest = 0
    while highest < ahead and tokens[start + highest] == tokens[end + highest]:
        highest += 1
    return max(
        range(lowest, highest + 1),
        key=lambda shift: (
            _parting(tokens, start + shift) + _parting(tokens, end + shift),
            shift,
        ),
    )


def _parting(tokens: Sequence[str], place: int) -> int:
    """Return how naturally the text parts before ``tokens[place]``."""
    if place <= 0 or place >= len(tokens):
        return 5
    before, after = tokens[place - 1], tokens[place]
    if before in SENTENCE_ENDS:
        return 2 if after in CLOSERS else 4
    if before in CLAUSE_ENDS or (before in CLOSERS and after not in CLAUSE_ENDS + SENTENCE_ENDS):
        return 3
    if after in OPENERS or before.isspace():
        return 2
    return 1 if after in CLAUSE_ENDS + SENTENCE_ENDS else 0


# The longest common subsequence


class _Work:
    """How much one comparison may still do."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MOST_WORK

    def affords(self, cells: int) -> bool:
        if cells > min(self.left, MOST_AT_ONCE):
            return False
        self.left -= cells
        return True


def _common(a: Sequence[Hashable], b: Sequence[Hashable], work: _Work) -> list[tuple[int, int]]:
    """Return the places of a longest common subsequence; too long ones share only their ends."""
    start, shorter = 0, min(len(a), len(b))
    while start < shorter and a[start] == b[start]:
        start += 1
    end = 0
    while end < shorter - start and a[-1 - end] == b[-1 - end]:
        end += 1
    middle_a, middle_b = a[start : len(a) - end], b[start : len(b) - end]
    matched = [(n, n) for n in range(start)]
    if middle_a and middle_b and work.affords(len(middle_a) * len(middle_b)):
        matched += [(start + i, start + j) for i, j in _subsequence(middle_a, middle_b)]
    matched += [(len(a) - n, len(b) - n) for n in range(end, 0, -1)]
    return matched


def _subsequence(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return a longest common subsequence, a whole row of its table at a time.

    A row is one integer with a bit for each element of ``b``, 0 where the subsequence grows
    (Hyyrö, "Bit-parallel LCS-length computation revisited", 2004).
    """
    masks: dict[Hashable, int] = defaultdict(int)
    for place, element in enumerate(b):
        masks[element] |= 1 << place
    full = (1 << len(b)) - 1
    row = full
    rows = [row]
    for element in a:
        hits = row & masks.get(element, 0)
        row = ((row + hits) | (row - hits)) & full
        rows.append(row)
    matched = []
    i, j = len(a), len(b)
    while i and j:
        if rows[i] >> (j - 1) & 1:
            j -= 1
        elif rows[i - 1] >> (j - 1) & 1:
            i, j = i - 1, j - 1
            matched.append((i, j))
        else:
            i -= 1
    return matched[::-1]
