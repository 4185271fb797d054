"""Arrange an import for the review screen: the source on the left, what it becomes on the right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from interchange.composing import facts_of_issue
from interchange.galley import HEAD, MASTHEAD, OUTSIDE, Block, Doubt, Galley, Part
from interchange.galley_edits import is_ready
from interchange.schema import Table, photos_of
from issues.models import IssuePage
from newsroom.lunar import printed_date

from .deciding import PART_LABELS

__all__ = ["ArticleOnScreen", "BlockOnScreen", "Screen", "arrange"]

# What an editor says most often that a block is; the rest is behind it.
USUAL = (Part.TITLE, Part.KICKER, Part.SUBHEAD, Part.CROSSHEAD, Part.PARAGRAPH, Part.BYLINE)
SELDOM = (Part.STANDFIRST, Part.NOTE, Part.SECTION, Part.CAPTION, Part.DATE_LINE, Part.IMPRINT,
          Part.RESPONSIBLE_EDITOR)  # fmt: skip
SENTENCE_END = re.compile(r"[。！？!?；;…]+[”’」』)）]*")
MOST_CUTS = 40  # places offered to cut a block at
MOST_NEAR = 4  # articles before and behind that a block may be moved to
LONGEST_NAME = 20


@dataclass(frozen=True, slots=True)
class Button:
    """A click: what it is called and what it says to ``deciding.read_decision``."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Question:
    """A doubt that nobody has settled, the clicks that settle it, the block of the one behind."""

    text: str
    choices: tuple[Button, ...]
    next_block: int | None


@dataclass(frozen=True, slots=True)
class BlockOnScreen:
    """A piece of the source and what it is now; ``tools`` are what can be done with it, in rows."""

    id: int
    text: str
    part: str
    part_label: str
    article: int  # its place among the articles, from 1; 0 is the masthead
    joins: bool = False
    is_dropped: bool = False
    pictures: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    questions: tuple[Question, ...] = ()
    tools: tuple[tuple[str, tuple[Button, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class ArticleOnScreen:
    """An article as it will be, and what can be done with it as a whole."""

    number: int
    name: str
    blocks: tuple[BlockOnScreen, ...]
    merges: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """What the masthead of the source says beside what the issue says; ``differs`` if not alike."""

    label: str
    told: str
    here: str

    @property
    def differs(self) -> bool:
        """Whether the editor should look."""
        return bool(self.told and self.here and self.told != self.here)


@dataclass(frozen=True, slots=True)
class Screen:
    """The whole of it."""

    source: tuple[BlockOnScreen, ...]
    masthead: tuple[BlockOnScreen, ...]
    articles: tuple[ArticleOnScreen, ...]
    facts: tuple[Fact, ...] = ()
    number: int | None = None
    open_doubts: int = 0

    @property
    def first_doubt(self) -> int | None:
        """The block of the first open question, as the screen shows them."""
        return self.doubt_from(None)

    def doubt_from(self, block: int | None) -> int | None:
        """Return the block of the next open question from a block on, or else of the first."""
        shown = (*self.masthead, *(block for article in self.articles for block in article.blocks))
        place = next((place for place, each in enumerate(shown) if each.id == block), 0)
        behind = (*shown[place:], *shown[:place])
        return next((each.id for each in behind if each.questions), None)

    def opens_masthead(self, here: int | None) -> bool:
        """Whether a line of the masthead asks something, or is the one that is worked on."""
        return any(block.questions or block.id == here for block in self.masthead)


def arrange(galley: Galley, issue: IssuePage, *, opened: int | None = None) -> Screen:
    """Return what is shown of a galley that is to go into ``issue``.

    ``opened`` is the block whose tools are shown; those of all would be more than the text.
    """
    showing = _Showing(galley, opened)
    facts = facts_of_issue(galley)
    return Screen(
        source=tuple(map(showing.block, galley.blocks)),
        masthead=tuple(map(showing.block, showing.sheets.get(MASTHEAD, ()))),
        articles=tuple(showing.articles()),
        facts=(
            Fact("期号", f"第{facts.number}期" if facts.number else "", f"第{issue.number}期"),
            Fact("出版日期", printed_date(facts.date) if facts.date else "", issue.printed_date),
            Fact("农历", facts.lunar_date, issue.lunar_date),
            Fact(
                "责任编辑",
                facts.labelled.get("responsible_editor", ""),
                issue.responsible_editor,
            ),
        ),
        number=facts.number,
        open_doubts=len(galley.open_doubts),
    )


class _Showing:
    """What is needed to show each block, gathered once."""

    def __init__(self, galley: Galley, opened: int | None) -> None:
        self.opened = opened
        self.sheets: dict[int, list[Block]] = {}
        for block in galley.in_order:
            self.sheets.setdefault(block.article, []).append(block)
        self.keys = galley.articles
        self.place = {key: number for number, key in enumerate(self.keys, start=1)}
        self.names = {key: _name(self.sheets[key]) for key in self.keys}
        self.doubts: dict[int, list[Doubt]] = {}
        for doubt in galley.open_doubts:
            self.doubts.setdefault(doubt.block, []).append(doubt)
        doubtful = [
            block.id
            for key in (MASTHEAD, *self.keys)
            for block in self.sheets.get(key, ())
            if block.id in self.doubts
        ]
        self.next_doubtful = dict(pairwise([*doubtful, *doubtful[:1]])) if doubtful[1:] else {}

    def articles(self) -> Iterator[ArticleOnScreen]:
        """Yield the articles in print order."""
        for key in self.keys:
            blocks = self.sheets[key]
            merges = tuple(
                Button(f"并到第{self.place[other]}篇后面", f"merge:{blocks[0].id}:{other}")
                for other in self._near(key, 1)
            )
            shown = tuple(map(self.block, blocks))
            yield ArticleOnScreen(self.place[key], self.names[key], shown, merges)

    def block(self, block: Block) -> BlockOnScreen:
        """Return a block, with all that can be clicked at it if it is the opened one."""
        return BlockOnScreen(
            id=block.id,
            text=block.text,
            part=block.part.value,
            part_label=PART_LABELS[block.part],
            article=self.place.get(block.article, 0),
            joins=block.joins,
            is_dropped=block.part is Part.DROPPED,
            pictures=_pictures(block),
            rows=block.passage.rows if isinstance(block.passage, Table) else (),
            questions=tuple(map(self._question, self.doubts.get(block.id, ()))),
            tools=tuple(self._tools(block)) if block.id == self.opened else (),
        )

    def _tools(self, block: Block) -> Iterator[tuple[str, tuple[Button, ...]]]:
        words = not is_ready(block)
        if block.part is Part.DROPPED:
            yield "", (Button("取回", f"restore:{block.id}"),)
            return
        yield "改为", tuple(_become(block, USUAL)) if words else ()
        yield "这一段", tuple(self._here(block, words))
        yield "分成两段", tuple(_cuts(block)) if words else ()
        yield "移动", tuple(self._moves(block))
        yield "也可改为", tuple(_become(block, SELDOM)) if words else ()

    def _question(self, doubt: Doubt) -> Question:
        choices = (
            Button(choice.label, f"settle:{doubt.id}:{number}")
            for number, choice in enumerate(doubt.choices)
        )
        return Question(doubt.text, tuple(choices), self.next_doubtful.get(doubt.block))

    def _here(self, block: Block, words: bool) -> Iterator[Button]:
        if block.joins:
            yield Button("另起一段", f"unjoin:{block.id}")
        elif words and self._follows_text(block):
            yield Button("接上一段", f"join:{block.id}")
        yield Button("不要", f"drop:{block.id}")

    def _follows_text(self, block: Block) -> bool:
        """Whether what stands before it in its article is text that it may go on."""
        before = None
        for each in self.sheets[block.article]:
            if each.id == block.id:
                break
            if each.part not in OUTSIDE:
                before = each
        return before is not None and not is_ready(before)

    def _moves(self, block: Block) -> Iterator[Button]:
        if block.part in HEAD:
            return
        if block.article != MASTHEAD and self.sheets[block.article][0].id != block.id:
            yield Button("从这里起另成一篇", f"begin:{block.id}")
        for key in self._near(block.article, MOST_NEAR):
            label = f"移到第{self.place[key]}篇《{self.names[key]}》"
            yield Button(label, f"move:{block.id}:{key}")

    def _near(self, key: int, reach: int) -> tuple[int, ...]:
        """Return the articles before and behind one, as far as there are any."""
        place = self.keys.index(key) if key in self.keys else 0
        near = self.keys[max(place - reach, 0) : place + reach + 1]
        return tuple(other for other in near if other != key)


def _name(blocks: list[Block]) -> str:
    titles = [block.text for block in blocks if block.part is Part.TITLE]
    name = " ".join(titles or [block.text for block in blocks[:1]]).strip() or "图片或表格"
    return name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"


def _become(block: Block, parts: Iterable[Part]) -> Iterator[Button]:
    for part in parts:
        if part is not block.part:
            yield Button(PART_LABELS[part], f"part:{block.id}:{part.value}")


def _cuts(block: Block) -> Iterator[Button]:
    """Yield a button for each sentence that does not begin the block: cut before it."""
    starts = [found.end() for found in SENTENCE_END.finditer(block.text)]
    for start in starts[:MOST_CUTS]:
        if rest := block.text[start:].strip():
            yield Button(f"在“{rest[:8]}”之前", f"split:{block.id}:{start}")


def _pictures(block: Block) -> tuple[str, ...]:
    if block.passage is None:
        return ()
    return tuple(photo.file for photo in photos_of(block.passage))
