"""Change a galley as an editor decides: what a block is, where it belongs, where it is cut.

Every operation returns a new galley and loses neither a block nor a character. One that answers a
doubt settles it. What cannot be done raises ``GalleyError`` with a reason in Chinese.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from .galley import (
    COPY,
    HEAD,
    HEADLINE,
    MASTHEAD,
    OUTSIDE,
    Act,
    Block,
    Galley,
    GalleyError,
    Part,
    Step,
)
from .schema import Paragraph, Passage, Run

__all__ = [
    "begin_article",
    "drop",
    "is_ready",
    "join",
    "merge",
    "move",
    "restore",
    "set_part",
    "settle",
    "split",
    "unjoin",
]

BY_HAND = "已改"


def set_part(galley: Galley, block_id: int, part: Part) -> Galley:
    """Say what a block is; what becomes masthead or stops being it changes its article."""
    block = galley.block(block_id)
    if is_ready(block) != (part is Part.FIGURE) and part is not Part.DROPPED:
        raise GalleyError("图片和表格只能照原样放，文字不能当图片。什么都没有改。")
    article = block.article
    if part in HEAD:
        article = MASTHEAD
    elif article == MASTHEAD and part in (*COPY, Part.BYLINE, Part.SECTION):
        article = _article_near(galley, block_id)
    changed = replace(block, part=part, article=article, joins=False)
    return _answered(_with(galley, [changed]), Act.PART, block_id)


def drop(galley: Galley, block_id: int) -> Galley:
    """Leave a block out of the issue; it stays in the galley."""
    return set_part(galley, block_id, Part.DROPPED)


def restore(galley: Galley, block_id: int) -> Galley:
    """Take a dropped block in again."""
    ready = is_ready(galley.block(block_id))
    return set_part(galley, block_id, Part.FIGURE if ready else Part.PARAGRAPH)


def join(galley: Galley, block_id: int) -> Galley:
    """Let a block go on where the one before it in its article breaks off."""
    block = galley.block(block_id)
    before = None
    for each in galley.of_article(block.article):
        if each.id == block_id:
            break
        if each.part not in OUTSIDE:
            before = each
    if before is None:
        raise GalleyError("前面没有可以接的段落。什么都没有改。")
    if is_ready(before) or is_ready(block):
        raise GalleyError("图片和表格不能和文字接成一段。什么都没有改。")
    changed = replace(block, part=before.part, joins=True)
    return _answered(_with(galley, [changed]), Act.JOIN, block_id)


def unjoin(galley: Galley, block_id: int) -> Galley:
    """Let a block begin a paragraph of its own."""
    changed = replace(galley.block(block_id), joins=False)
    return _answered(_with(galley, [changed]), Act.UNJOIN, block_id)


def split(galley: Galley, block_id: int, at: int) -> Galley:
    """Cut a block in two before a character; the new block begins with what is no space."""
    block = galley.block(block_id)
    if at > 0:
        at = len(block.text) - len(block.text[at:].lstrip())
    if not (0 < at < len(block.text) and block.text[:at].strip()):
        raise GalleyError("要在段落中间分开，前后都要有字。什么都没有改。")
    if is_ready(block):
        raise GalleyError("图片和表格不能分开。什么都没有改。")
    passages = _cut(block.passage, at)
    first = replace(block, text=block.text[:at], passage=passages[0])
    second = replace(
        block,
        id=1 + max(each.id for each in galley.blocks),
        text=block.text[at:],
        begins_line=False,
        joins=False,
        signs="",
        passage=passages[1],
    )
    blocks = list(galley.blocks)
    place = blocks.index(block)
    blocks[place : place + 1] = [first, second]
    order = list(galley.order)
    order.insert(order.index(block_id) + 1, second.id)
    parted = replace(galley, blocks=tuple(blocks), order=tuple(order))
    return _answered(parted, Act.SPLIT, block_id)


def move(galley: Galley, block_id: int, article: int, *, after: int | None = None) -> Galley:
    """Take a block to another place: after a block of an article, or to the article's end."""
    block = galley.block(block_id)
    if article not in galley.articles:
        raise GalleyError("没有这一篇，请重新选。什么都没有改。")
    if block.part in HEAD:
        raise GalleyError("刊头不能放进稿件，请先把这一段改成别的。什么都没有改。")
    kept = [each.id for each in galley.of_article(article) if each.id != block_id]
    if after is not None and after not in kept:
        raise GalleyError("要放在它后面的那一段不在这一篇里。什么都没有改。")
    if kept:
        order = [each for each in galley.order if each != block_id]
        order.insert(order.index(kept[-1] if after is None else after) + 1, block_id)
        galley = replace(galley, order=tuple(order))
    changed = replace(block, article=article, joins=False)
    return _answered(_with(galley, [changed]), Act.MOVE, block_id)


def begin_article(galley: Galley, block_id: int) -> Galley:
    """Begin a new article with a block, which takes along what follows it in its old one."""
    block = galley.block(block_id)
    if block.part in HEAD:
        raise GalleyError("刊头不能作一篇的开头，请先把这一段改成别的。什么都没有改。")
    key = 1 + max(each.article for each in galley.blocks)
    sheet = [each for each in galley.of_article(block.article) if each.part not in HEAD]
    taken = sheet[sheet.index(block) :]
    changed = [replace(each, article=key) for each in taken]
    changed[0] = replace(changed[0], joins=False)
    return _answered(_with(galley, changed), Act.BEGIN, block_id)


def merge(galley: Galley, article: int, into: int) -> Galley:
    """Put an article behind another; where that one has a headline, this one's are crossheads."""
    if article == into or not {article, into} <= set(galley.articles):
        raise GalleyError("没有这两篇可以合并，请重新选。什么都没有改。")
    has_title = any(block.part is Part.TITLE for block in galley.of_article(into))
    taken = galley.of_article(article)
    changed = []
    for block in taken:
        part = Part.CROSSHEAD if has_title and block.part in HEADLINE else block.part
        changed.append(replace(block, article=into, part=part))
    moved = [block.id for block in taken]
    order = [each for each in galley.order if each not in set(moved)]
    place = order.index(galley.of_article(into)[-1].id) + 1
    order[place:place] = moved
    galley = _with(replace(galley, order=tuple(order)), changed)
    return _answered(galley, Act.MERGE, moved[0])


def settle(galley: Galley, doubt_id: int, choice: int) -> Galley:
    """Do what was chosen about a doubt."""
    doubt = next((each for each in galley.doubts if each.id == doubt_id), None)
    if doubt is None or not 0 <= choice < len(doubt.choices):
        raise GalleyError("这一处疑点已经不在了，请重新打开再选。什么都没有改。")
    chosen = doubt.choices[choice]
    for step in chosen.steps:
        galley = _take(galley, step)
    doubts = (
        replace(each, settled=chosen.label) if each.id == doubt_id else each
        for each in galley.doubts
    )
    return replace(galley, doubts=tuple(doubts))


def is_ready(block: Block) -> bool:
    """Whether a block is shown as it is: a table or pictures."""
    return block.passage is not None and not isinstance(block.passage, Paragraph)


def _take(galley: Galley, step: Step) -> Galley:
    match step.act, step.value:
        case Act.PART, str(part):
            return set_part(galley, step.block, Part(part))
        case Act.JOIN, _:
            return join(galley, step.block)
        case Act.UNJOIN, _:
            return unjoin(galley, step.block)
        case Act.SPLIT, int(at):
            return split(galley, step.block, at)
        case Act.MOVE, int(article):
            return move(galley, step.block, article)
        case Act.BEGIN, _:
            return begin_article(galley, step.block)
        case Act.MERGE, int(into):
            return merge(galley, galley.block(step.block).article, into)
    raise GalleyError("没有这种改法。什么都没有改。")


def _with(galley: Galley, changed: Iterable[Block]) -> Galley:
    """Put changed blocks in the place of the old ones."""
    new = {block.id: block for block in changed}
    return replace(galley, blocks=tuple(new.get(block.id, block) for block in galley.blocks))


def _answered(galley: Galley, act: Act, block_id: int) -> Galley:
    """Settle the doubts that ask for what has just been done."""
    doubts = tuple(
        replace(doubt, settled=BY_HAND)
        if not doubt.settled
        and any(
            (step.act, step.block) == (act, block_id)
            for choice in doubt.choices
            for step in choice.steps
        )
        else doubt
        for doubt in galley.doubts
    )
    return replace(galley, doubts=doubts)


def _article_near(galley: Galley, block_id: int) -> int:
    """Return the article that a block of the masthead would be part of: the next, or the last."""
    order = galley.in_order
    place = [block.id for block in order].index(block_id)
    near = (block.article for block in (*order[place:], *reversed(order[:place])))
    return next((key for key in near if key != MASTHEAD), 1)


def _cut(passage: Passage | None, at: int) -> tuple[Passage | None, Passage | None]:
    """Cut a paragraph with its setting before a character."""
    if not isinstance(passage, Paragraph):
        return None, None
    first: list[Run] = []
    second: list[Run] = []
    for run in passage.runs:
        here = max(0, min(at, len(run.text)))
        first.append(replace(run, text=run.text[:here]))
        second.append(replace(run, text=run.text[here:]))
        at -= len(run.text)
    return Paragraph(tuple(first)), Paragraph(tuple(second))
