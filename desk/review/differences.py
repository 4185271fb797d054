"""Tell what differs between two versions of an article, in the newsroom's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby, islice

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
    Table,
)
from newsroom.cjk import count_characters

from .passage_alignment import Pair, Unit, align
from .text_differences import BREAK, CELL, Piece, compare_texts

__all__ = ["Differences", "Line", "Part", "Row", "State", "compare"]

MOST_PASSAGES = 2_000  # of a body, rows of a table; of more, neighbours count as one
MOST_SETTINGS = 12  # told of one paragraph
LONGEST_QUOTED = 24


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
class Line:
    """One text of a passage: its words, a photo's caption, a row of a table."""

    label: str
    pieces: tuple[Piece, ...]

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

    @property
    def is_kept(self) -> bool:
        """Whether nothing changed."""
        return self.state is State.KEPT


@dataclass(frozen=True, slots=True)
class Part:
    """The headline, the byline or the body."""

    label: str
    rows: tuple[Row, ...]

    @property
    def changed(self) -> bool:
        """Whether anything here changed."""
        return not all(row.is_kept for row in self.rows)


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


def compare(
    old: Article, new: Article, old_recording: str = "", new_recording: str = ""
) -> Differences:
    """Return what differs in the copy of two versions of an article, in printed order.

    Recordings are told apart by what they are called.
    """
    together = max(len(old.body), len(new.body)) > MOST_PASSAGES
    bodies = (list(_passages(version.body, together=together)) for version in (old, new))
    bylines = (
        [_name(*each) for each in enumerate(version.bylines, start=1)] for version in (old, new)
    )
    return Differences(
        (
            Part("标题", tuple(_headline(old, new))),
            Part("署名", _rows(*bylines)),
            Part("正文", _rows(*bodies)),
            *_recording(old_recording, new_recording),
        )
    )


def _recording(old: str, new: str) -> Iterator[Part]:
    """Yield the recording, where either version has one: as a whole, it is no text."""
    if old or new:
        state = _state(old, new)
        words = (f"原来是{old}",) if old and old != new else ()
        line = Line("", (Piece("kept", new),)) if new else Line("", ())
        yield Part("录音", (Row("录音", state, (line,), words),))


# The headline


HEADLINE = (("kicker", "引题"), ("title", "主题"), ("subhead", "副题"), ("standfirst", "提要"))


def _headline(old: Article, new: Article) -> Iterator[Row]:
    for name, label in HEADLINE:
        before, after = getattr(old, name), getattr(new, name)
        if before or after:
            yield Row(label, _state(before, after), (Line("", compare_texts(before, after)),))
    if old.verbatim_punctuation != new.verbatim_punctuation:
        how = "照原稿显示" if new.verbatim_punctuation else "半角的显示成全角"
        yield Row("标点", State.CHANGED, words=(f"改为{how}",))


def _state(before: str, after: str) -> State:
    if before == after:
        return State.KEPT
    if not before:
        return State.ADDED
    return State.CHANGED if after else State.REMOVED


# What is aligned: names, passages, rows of a table


@dataclass(frozen=True)
class _Told(Unit):
    label: str
    lines: tuple[tuple[str, str], ...]
    paragraphs: tuple[Paragraph, ...] = ()
    first: int = 0  # the number of the first paragraph
    file: str = ""
    in_gallery: bool = False
    table: Table | None = None


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


def _name(place: int, byline: Byline) -> _Told:
    lines = (
        ("姓名", byline.name),
        ("身份", ROLES[byline.role]),
        ("作者档案", byline.contributor),
        ("单位", byline.unit),
    )
    return _Told("byline", byline.name, byline.name, f"第{place}位", lines)


def _passages(body: Iterable[Passage], *, together: bool) -> Iterator[_Told]:
    """Yield the passages of a body, numbered; if too many, neighbouring texts ``together``."""
    counted = 0
    if together:
        body = (Paragraph.of(p.text) if isinstance(p, Crosshead | Note) else p for p in body)
    for is_text, neighbours in groupby(body, key=lambda passage: isinstance(passage, Paragraph)):
        if not is_text:
            for passage in neighbours:
                yield from _passage(passage)
            continue
        paragraphs = [each for each in neighbours if isinstance(each, Paragraph)]
        for some in [paragraphs] if together else [[each] for each in paragraphs]:
            yield _paragraphs(some, counted + 1)
            counted += len(some)


def _passage(passage: Passage) -> Iterator[_Told]:
    match passage:
        case Crosshead(text):
            yield _Told("crosshead", passage, text, "小标题", (("", text),))
        case Note(text):
            yield _Told("note", passage, text, "附注", (("", text),))
        case Quote(text, source):
            yield _Told("quote", passage, text, "引文", (("", text), ("出处", source)))
        case Table(rows, _, caption):
            text = BREAK.join(map(CELL.join, rows))
            yield _Told("table", rows, text, "表格", (("表题", caption),), table=passage)
        case Photo():
            yield _photo(passage, "图片")
        case Gallery(photos):
            for photo in photos:
                yield replace(_photo(photo, "组图"), in_gallery=True)


def _photo(photo: Photo, label: str) -> _Told:
    lines = (("说明", photo.caption), ("摄影", photo.credit), ("替代文字", photo.alt))
    return _Told("photo", ("photo", photo.file), photo.caption, label, lines, file=photo.file)


def _paragraphs(paragraphs: Sequence[Paragraph], first: int) -> _Told:
    """Return paragraphs as one, with a mark where one ends and the next begins."""
    text = BREAK.join(paragraph.text for paragraph in paragraphs)
    last = first + len(paragraphs) - 1
    between = "、" if last == first + 1 else "至"
    label = f"第{first}段" if first == last else f"第{first}{between}{last}段"
    key = ("paragraph", text)
    return _Told("paragraph", key, text, label, (("", text),), tuple(paragraphs), first)


def _joined(units: Sequence[_Told]) -> _Told | None:
    if len(units) < 2:
        return units[0] if units else None
    return _paragraphs([each for unit in units for each in unit.paragraphs], units[0].first)


# Saying it


def _rows(old: Sequence[_Told], new: Sequence[_Told]) -> tuple[Row, ...]:
    return tuple(_row(pair, old, new) for pair in align(old, new))


def _row(pair: Pair, old: Sequence[_Told], new: Sequence[_Told]) -> Row:
    before, after = _joined([old[i] for i in pair.old]), _joined([new[j] for j in pair.new])
    was, now = tuple(i + 1 for i in pair.old), tuple(j + 1 for j in pair.new)
    lines = tuple(_lines(before, after))
    words = tuple(_words(before, after, lines))
    state = State.CHANGED if words or not all(line.is_kept for line in lines) else State.KEPT
    if before is None:
        state = State.ADDED
    elif after is None:
        if pair.moved:
            gone = f"“{_clipped(before.text or before.file)}”移到了别处"
            return Row(f"原{before.label}", State.AWAY, words=(gone,))
        return Row(f"原{before.label}", State.REMOVED, lines, words, was)
    elif pair.moved:
        state, words = State.MOVED, (f"原来是{before.label}", *words)
    elif len(was) > 1:
        state, words = State.JOINED, (f"由原来的{before.label}并成", *words)
    elif len(now) > 1:
        state, words = State.SPLIT, (f"由原来的{before.label}拆成", *words)
    return Row(after.label if after else "", state, lines, words, was, now)


def _clipped(text: str) -> str:
    """Return the beginning of a text, to name it by."""
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST_QUOTED else f"{one_line[:LONGEST_QUOTED]}……"


def _lines(old: _Told | None, new: _Told | None) -> Iterator[Line]:
    """Yield the texts of a unit, compared one by one; of empty ones nothing is said."""
    before, after = (dict(unit.lines) if unit else {} for unit in (old, new))
    for label in after or before:
        was, now = before.get(label, ""), after.get(label, "")
        if was or now:
            yield Line(label, compare_texts(was, now))
    yield from _table_lines(old.table if old else None, new.table if new else None)


def _table_lines(old: Table | None, new: Table | None) -> Iterator[Line]:
    before, after = _table_rows(old), _table_rows(new)
    for pair in align(before, after):
        target = after[pair.new[0]] if pair.new else None
        # A row that moved is shown as gone from its old place.
        source = before[pair.old[0]] if pair.old and not (pair.moved and target) else None
        label = target.label if target else f"原{source.label}" if source else ""
        was, now = (source.text if source else ""), (target.text if target else "")
        yield Line(label, compare_texts(was, now))


def _table_rows(table: Table | None) -> list[_Told]:
    rows = [CELL.join(cells) for cells in table.rows] if table else []
    if len(rows) > MOST_PASSAGES:
        rows = [BREAK.join(rows)]
    return [_Told("row", row, row, f"第{place}行", ()) for place, row in enumerate(rows, start=1)]


KINDS = {"paragraph": "正文", "crosshead": "小标题", "note": "附注"}


def _words(old: _Told | None, new: _Told | None, lines: Sequence[Line]) -> Iterator[str]:
    """Say what the marked text does not show."""
    if not old or not new:
        file = new.file if new else old.file if old else ""
        if file:
            yield f"图片：{file}"
    else:
        if old.kind != new.kind:
            yield f"由{KINDS[old.kind]}改为{KINDS[new.kind]}"
        if old.file != new.file:
            yield f"换了图片：原来是{old.file}，现在是{new.file}"
        if old.in_gallery != new.in_gallery:
            yield "编入组图" if new.in_gallery else "不再属于组图"
        if old.table and new.table and old.table.has_header != new.table.has_header:
            yield "第一行改为表头" if new.table.has_header else "第一行不再是表头"
    if new:
        told = list(islice(_settings_changed(old, new, lines), MOST_SETTINGS + 1))
        yield from told[:MOST_SETTINGS]
        if len(told) > MOST_SETTINGS:
            yield "还有别的字改了格式"


Setting = tuple[bool, bool, str]
PLAIN: Setting = (False, False, "")


def _settings_changed(old: _Told | None, new: _Told, lines: Sequence[Line]) -> Iterator[str]:
    """Say how the setting of the new text differs from the old, or from plain where it is new."""
    before, after = _settings(old), _settings(new)
    if all(setting == PLAIN for setting in (*before, *after)):
        return
    left, right = iter(before), iter(after)
    changes: list[tuple[str, Setting, Setting]] = []
    for piece in lines[0].pieces if lines else ():
        for character in piece.text:
            was = PLAIN if piece.change == "added" else next(left, PLAIN)
            if piece.change != "removed":
                now = next(right, PLAIN)
                changes.append((character, was if piece.change == "kept" else PLAIN, now))
    for (was, now), found in groupby(changes, key=lambda change: change[1:]):
        text = "".join(character for character, *_ in found)
        # A link can be followed from a space too, where nobody sees it.
        if text.strip() or was[2] != now[2]:
            yield from _setting_change(_clipped(text) or " ", was, now)


def _settings(unit: _Told | None) -> list[Setting]:
    """Return how each character is set, the marks between paragraphs included."""
    settings: list[Setting] = []
    for paragraph in unit.paragraphs if unit else ():
        settings += [PLAIN] if settings else []
        settings += [run.setting for run in paragraph.runs for _ in run.text]
    return settings


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
