"""Make an issue of a galley; what nobody has decided goes along as remarks for the editors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newsroom.cjk import clean_line, opening

from .galley import HEAD, HEADLINE, MASTHEAD, OUTSIDE, Block, Doubt, Galley, GalleyError, Part
from .readers.furniture import folio_of
from .readers.masthead import Facts, gathered
from .readers.wording import glue, named, signature
from .schema import (
    Article,
    Byline,
    Crosshead,
    Folio,
    Imprint,
    Issue,
    Note,
    Paragraph,
    Passage,
    Photo,
    Remark,
    RemarkKind,
    Run,
    SchemaError,
    check,
)

__all__ = [
    "compose",
    "compose_article",
    "compose_articles",
    "facts_of_issue",
    "places",
]

ANCHOR = 12  # characters of the text that a remark stands after
LENGTH_OF_A_STOPGAP = 30  # of a headline made of the first words


def compose(galley: Galley, *, imprint: Imprint | None = None) -> Issue:
    """Return the issue; ``imprint`` stands in where none is printed.

    Raises ``GalleyError`` if number, date or the paper's name are not known, or if a block does
    not fit where it stands.
    """
    facts = facts_of_issue(galley)
    names = _head_lines(galley, Part.NAMEPLATE)
    missing = [
        label
        for label, told in (
            ("期号（第N期）", facts.number),
            ("出版日期（N年N月N日）", facts.date),
            ("报名", names or imprint),
        )
        if not told
    ]
    if missing or facts.number is None or facts.date is None:
        raise GalleyError(f"没有认出{'、'.join(missing)}。请在文字开头补上，再试一次。")
    articles = compose_articles(galley)
    if articles and (remarks := _masthead_remarks(galley)):
        articles = (replace(articles[0], remarks=remarks + articles[0].remarks), *articles[1:])
    folios, placed = _folios(galley)
    labelled = dict(facts.labelled)
    editor = labelled.pop("responsible_editor", "")
    if names:
        strap = "\u3000".join(_head_lines(galley, Part.STRAP))
        imprint = Imprint(name="\u3000".join(names), strap=strap, **labelled)
    issue = Issue(
        number=facts.number,
        date=facts.date,
        lunar_date=clean_line(facts.lunar_date),
        responsible_editor=editor,
        imprint=imprint or Imprint(name=""),
        folios=tuple(Folio(number=folio, name=name) for folio, name in folios.items() if name),
        articles=tuple(
            replace(article, folio=placed.get(key, 1))
            for key, article in zip(galley.articles, articles, strict=True)
        ),
    )
    try:
        check(issue)
    except SchemaError as error:
        raise GalleyError(f"还不能成为一期：{_told_in_chinese(error)}") from error
    return issue


def facts_of_issue(galley: Galley) -> Facts:
    """Return what the masthead says."""
    parts = (Part.DATE_LINE, Part.IMPRINT, Part.RESPONSIBLE_EDITOR)
    return gathered(block.text for block in galley.in_order if block.part in parts)


def compose_articles(galley: Galley) -> tuple[Article, ...]:
    """Return the articles with their remarks, numbered from one."""
    return tuple(
        compose_article(galley, key, number=number)
        for number, key in enumerate(galley.articles, start=1)
    )


def compose_article(galley: Galley, key: int, *, number: int = 1) -> Article:
    """Return one article; without a headline its first words stand in for it."""
    blocks = [block for block in galley.of_article(key) if block.part not in HEAD]
    units = list(_units(blocks))
    body = tuple(passage for unit in units if (passage := _passage(unit)) is not None)
    heads = {part: "\u3000".join(unit.line for unit in units if unit.part is part) for part in Part}
    signed = [
        person
        for unit in units
        if unit.part is Part.BYLINE
        for person in signature(unit.text) or named(unit.text)
    ]
    return Article(
        number=number,
        kicker=heads[Part.KICKER],
        title=heads[Part.TITLE] or _first_words(body),
        subhead=heads[Part.SUBHEAD],
        standfirst="\n".join(unit.text for unit in units if unit.part is Part.STANDFIRST),
        section=heads[Part.SECTION],
        bylines=tuple(Byline(name=one.name, role=one.role) for one in dict.fromkeys(signed)),
        remarks=tuple(_remarks(galley, blocks, units)),
        body=body,
    )


def _folios(galley: Galley) -> tuple[dict[int, str], dict[int, int]]:
    """Return the names of the folios by number, and on which of them each article stands.

    Only folio lines that stand above their articles, in ascending order, tell it.
    """
    names: dict[int, str] = {}
    placed: dict[int, int] = {}
    here = 1
    for block in galley.in_order:
        told = folio_of(block.text) if block.part is Part.FOLIO_LINE else None
        if told:
            if told[0] < here or (not names and placed and told[0] == here):
                return {}, {}
            here = told[0]
            names[here] = names.get(here) or told[1]
        elif block.article != MASTHEAD and block.part not in OUTSIDE:
            placed.setdefault(block.article, here)
    return names, placed


# Text


@dataclass
class _Unit:
    """Blocks that are one thing: a paragraph with what was broken off from it, a headline."""

    blocks: list[Block]

    @property
    def part(self) -> Part:
        return self.blocks[0].part

    @property
    def text(self) -> str:
        text = self.blocks[0].text.strip()
        for block in self.blocks[1:]:
            text = glue(text, block.text.strip())
        return text

    @property
    def line(self) -> str:
        return clean_line(self.text)


def _units(blocks: Iterable[Block]) -> Iterator[_Unit]:
    """Yield what belongs together; what only stands between two pieces comes before the whole."""
    open_unit: _Unit | None = None
    for block in blocks:
        if block.part in OUTSIDE:
            if block.part is Part.CAPTION:
                yield _Unit([block])
        elif block.joins and open_unit and open_unit.part is block.part:
            open_unit.blocks.append(block)
        else:
            if open_unit:
                yield open_unit
            open_unit = _Unit([block])
    if open_unit:
        yield open_unit


def _passage(unit: _Unit) -> Passage | None:
    match unit.part:
        case Part.PARAGRAPH:
            return _paragraph(unit)
        case Part.CROSSHEAD:
            return Crosshead(unit.line) if unit.line else None
        case Part.NOTE:
            return Note(unit.text) if unit.text else None
        case Part.FIGURE:
            return unit.blocks[0].passage
    return None


def _paragraph(unit: _Unit) -> Passage | None:
    if all(block.passage is None for block in unit.blocks):
        return Paragraph.of(unit.text) if unit.text else None
    runs: list[Run] = []
    for block in unit.blocks:
        ready = block.passage if isinstance(block.passage, Paragraph) else Paragraph.of(block.text)
        before = "".join(run.text for run in runs)
        space = glue(before, block.text)[len(before) : -len(block.text)] if before else ""
        runs += [Run(space), *ready.runs] if space else ready.runs
    return Paragraph(tuple(runs)) if any(run.text.strip() for run in runs) else None


def _first_words(body: Sequence[Passage]) -> str:
    texts = (one.text for one in body if isinstance(one, Paragraph | Crosshead | Note))
    captions = (one.caption for one in body if isinstance(one, Photo))
    first = next(texts, None) or next(captions, "")
    return clean_line(opening([first], LENGTH_OF_A_STOPGAP)) or "（无题）"


# Remarks


def _remarks(galley: Galley, blocks: Sequence[Block], units: Sequence[_Unit]) -> Iterator[Remark]:
    """Yield what nobody has decided, and what of the article is not in its text."""
    ids = {block.id for block in blocks}
    doubts = [doubt for doubt in galley.open_doubts if doubt.block in ids]
    anchors = _anchors(blocks, units)
    for doubt in doubts:
        yield Remark(kind=doubt.kind, after=anchors.get(doubt.block, ""), text=doubt.text)
    told = {doubt.block for doubt in doubts}
    labels = {Part.CAPTION: "图片说明", Part.DROPPED: "删去", Part.JUMP: "转版说明"}
    for block in blocks:
        if block.part in labels and block.id not in told:
            text = f"{labels[block.part]}，没有收入正文：“{block.text}”"
            kind = RemarkKind.GAP if block.part is Part.CAPTION else RemarkKind.DECIDE
            yield Remark(kind=kind, after=anchors.get(block.id, ""), text=text)


def _anchors(blocks: Sequence[Block], units: Sequence[_Unit]) -> dict[int, str]:
    """Return the words of the body after which each block stands."""
    text_of = {
        block.id: _words(block)
        for unit in units
        if unit.part in (Part.PARAGRAPH, Part.CROSSHEAD)
        for block in unit.blocks
    }
    anchors, last = {}, ""
    for block in blocks:  # a remark on the headline is about the whole article
        anchors[block.id] = "" if block.part in HEADLINE else last
        last = text_of.get(block.id, last)
    return anchors


def _words(block: Block) -> str:
    return block.text.strip().split("\n")[-1][-ANCHOR:]


def _masthead_remarks(galley: Galley) -> tuple[Remark, ...]:
    """Return the open doubts about the issue itself, which the form keeps with an article."""
    heads = {block.id for block in galley.blocks if block.article == MASTHEAD}
    return tuple(
        Remark(kind=doubt.kind, text=f"刊头：{doubt.text}")
        for doubt in galley.open_doubts
        if doubt.block in heads
    )


def places(galley: Galley) -> Iterator[tuple[Doubt, Block]]:
    """Yield the open doubts with where they are, in the order of the source."""
    place = {block.id: n for n, block in enumerate(galley.blocks)}
    for doubt in sorted(galley.open_doubts, key=lambda one: place[one.block]):
        yield doubt, galley.blocks[place[doubt.block]]


def _head_lines(galley: Galley, part: Part) -> list[str]:
    return [clean_line(block.text) for block in galley.in_order if block.part is part]


def _told_in_chinese(error: SchemaError) -> str:
    match error.place:
        case ("articles", int(index), *_):
            return f"第{index + 1}篇，{error.reason}"
    return error.reason
