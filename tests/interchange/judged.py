"""Judge what was read of a distorted page: what is right, what is wrong, what was doubted of it.

Strictly: something wrong counts as flagged only if an open doubt stands at a block that holds its
words, or at the block that is joined with it; for text in the wrong article, if a doubt about
borders stands in one of the two articles; for the masthead, if a doubt of the masthead names it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from interchange.composing import compose_articles, facts_of_issue
from interchange.galley import MASTHEAD, OUTSIDE, Act, Block, Galley, Part, unaccounted
from interchange.readers.layout import read_layout
from interchange.schema import Article
from newsroom.cjk import clean_text

from .distorted import Case, Copy, copy_of

LABELS = {
    "number": "期号",
    "date": "日期",
    "lunar_date": "农历",
    "responsible_editor": "责任编辑",
    "name": "报名",
    "strap": "标语",
    "publisher": "出版",
    "permit_number": "准印证号",
    "address": "社址",
    "postcode": "邮编",
    "hotline": "新闻热线",
    "submissions_url": "投稿网址",
}
SHARED = 16  # characters
SHORTEST_SHARED = 4
MOST_AT_ONCE = 6  # blocks that a choice changes
OF_BORDERS = {
    "border",
    "headline-at-the-end",
    "no-headline",
    "no-text",
    "crosshead",
    "short-lines",
    "second-issue",
    "continued",
    "continuation",
}


@dataclass
class Verdict:
    """How one case was read: facts right, wrong but flagged, wrong and not flagged."""

    name: str
    found: int = 0
    flagged: list[str] = field(default_factory=list)
    unflagged: list[str] = field(default_factory=list)
    doubts: int = 0

    def judge(self, fact: str, *, right: bool, flagged: bool) -> None:
        if right:
            self.found += 1
        elif flagged:
            self.flagged.append(fact)
        else:
            self.unflagged.append(fact)


@dataclass
class Read:
    """A galley with what is asked of it often."""

    galley: Galley

    @cached_property
    def articles(self) -> tuple[Article, ...]:
        return compose_articles(self.galley)

    @cached_property
    def units(self) -> list[list[Block]]:
        """Blocks that are one paragraph, with what stands between them."""
        told: list[list[Block]] = []
        for block in self.galley.in_order:
            if told and (block.joins or (block.part in OUTSIDE and block.article != MASTHEAD)):
                told[-1].append(block)
            else:
                told.append([block])
        return told

    @cached_property
    def doubted(self) -> set[int]:
        """The blocks at which doubts stand, with those that a choice would change along."""
        told: set[int] = set()
        for doubt in self.galley.open_doubts:
            steps = {step.block for choice in doubt.choices for step in choice.steps}
            told |= {doubt.block, *(steps if len(steps) <= MOST_AT_ONCE else ())}
            if any(step.act is Act.JOIN for choice in doubt.choices for step in choice.steps):
                told.add(self.before.get(doubt.block, doubt.block))
        return told

    @cached_property
    def before(self) -> dict[int, int]:
        """The block that each block would be joined with."""
        inside = [block.id for block in self.galley.in_order if block.part not in OUTSIDE]
        return dict(zip(inside[1:], inside, strict=False))

    def is_doubted(self, words: str) -> bool:
        """Whether a doubt stands where these words do."""
        bare = squeezed(words)
        for unit in self.units:
            if any(each.id in self.doubted for each in unit) and any(
                overlap(squeezed(block.text), bare) for block in unit
            ):
                return True
        return False

    def article_at(self, words: str) -> int:
        """Return the key of the article where these words, or most of them, stand."""
        bare = squeezed(words)
        held = Counter[int]()
        for block in self.galley.blocks:
            text = squeezed(block.text)
            if block.article != MASTHEAD and overlap(text, bare):
                held[block.article] += min(len(text), len(bare))
        return held.most_common(1)[0][0] if held else MASTHEAD

    def doubts_border(self, *keys: int) -> bool:
        """Whether a doubt about borders stands in one of these articles."""
        article_of = {block.id: block.article for block in self.galley.blocks}
        for doubt in self.galley.open_doubts:
            if doubt.code in OF_BORDERS:
                steps = [step for choice in doubt.choices for step in choice.steps]
                merged = {step.value for step in steps if step.act is Act.MERGE}
                if not {article_of[doubt.block], *merged}.isdisjoint(keys):
                    return True
        return False


def overlap(text: str, words: str) -> bool:
    """Whether a block and some words share what cannot be chance."""
    if min(len(text), len(words)) < SHORTEST_SHARED:
        return bool(text) and bool(words) and (text in words or words in text)
    ends = (text[:SHARED], text[-SHARED:])
    return any(each in words for each in ends) or any(
        each in text for each in (words[:SHARED], words[-SHARED:])
    )


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def judge(case: Case) -> Verdict:
    """Read a case and compare it with what is true."""
    read = Read(read_layout(case.text, known=case.known))
    verdict = Verdict(case.name, doubts=len(read.galley.open_doubts))
    _judge_fields(case, read, verdict)
    codes = {doubt.code for doubt in read.galley.open_doubts}
    for code in case.doubts:
        verdict.judge(f"no doubt {code}", right=code in codes, flagged=False)
    lost = unaccounted(read.galley, case.text)
    held = "".join(squeezed(block.signs + block.text) for block in read.galley.blocks)
    kept = held == squeezed(clean_text(case.text)) or ">" in held
    verdict.judge(f"lost {lost[:20]}", right=not lost and kept, flagged=False)
    matched = _matched(case.copies, read.articles)
    for copy, place in zip(case.copies, matched, strict=True):
        _judge_copy(copy, place, read, verdict, others=case.copies)
    for place, article in enumerate(read.articles):
        if place not in matched:
            flagged = read.doubts_border(read.galley.articles[place])
            verdict.judge(f"one too many: {article.title}", right=False, flagged=flagged)
    return verdict


def _judge_fields(case: Case, read: Read, verdict: Verdict) -> None:
    facts = facts_of_issue(read.galley)
    lines = {
        part: "\u3000".join(block.text for block in read.galley.in_order if block.part is part)
        for part in (Part.NAMEPLATE, Part.STRAP)
    }
    told = {
        **{name: facts.labelled.get(name, "") for name in case.fields},
        "number": str(facts.number or ""),
        "date": str(facts.date or ""),
        "lunar_date": facts.lunar_date,
        "name": lines[Part.NAMEPLATE],
        "strap": lines[Part.STRAP],
    }
    doubts = [
        doubt
        for doubt in read.galley.open_doubts
        if read.galley.block(doubt.block).part not in (Part.PARAGRAPH, Part.TITLE)
        or doubt.code in ("date-line", "masthead-missing")
    ]
    for name, value in case.fields.items():
        label = LABELS.get(name, name)
        flagged = any(label in doubt.text for doubt in doubts) or bool(
            value and any(value in doubt.text for doubt in doubts)
        )
        verdict.judge(f"{name}: {told[name]}", right=told[name] == value, flagged=flagged)


def _matched(copies: Sequence[Copy], articles: Sequence[Article]) -> list[int | None]:
    """Return for each copy the article that holds most of its words, each article once."""
    free = set(range(len(articles)))
    told: list[int | None] = []
    for copy in copies:
        texts = {text for _, text in copy.body} | {copy.title}
        scores = {}
        for place in free:
            there = copy_of(articles[place])
            held = {text for _, text in there.body} | {there.title}
            scores[place] = (
                sum(map(len, texts & held)),
                max((_share(text, held) for text in texts), default=0),
            )
        best = max(scores, key=lambda place: (scores[place], -place), default=None)
        if best is not None and not any(scores[best]):
            best = None
        if best is not None:
            free.discard(best)
        told.append(best)
    return told


def _share(text: str, held: set[str]) -> int:
    return len(text) if any(text in other or other in text for other in held if other) else 0


def _judge_copy(
    copy: Copy, place: int | None, read: Read, verdict: Verdict, *, others: Sequence[Copy]
) -> None:
    there = copy_of(read.articles[place]) if place is not None else Copy("")
    longest = max((text for _, text in copy.body), key=len)
    key = read.galley.articles[place] if place is not None else read.article_at(longest)
    elsewhere = {text for other in others if other is not copy for _, text in other.body}
    for name in ("title", "kicker", "subhead"):
        wanted, got = getattr(copy, name), getattr(there, name)
        if not wanted and not got:
            continue
        flagged = (
            read.is_doubted(wanted or got)
            or (not wanted and read.is_doubted(got))
            or (name == "title" and read.doubts_border(key))
        )
        verdict.judge(f"{name}: {got} ≠ {wanted}", right=got == wanted, flagged=flagged)
    words = " ".join(copy.names)
    flagged = any(map(read.is_doubted, (*copy.names, *there.names))) or _lacks_byline(read, key)
    verdict.judge(
        f"names: {there.names} ≠ {words}", right=there.names == copy.names, flagged=flagged
    )
    for kind, text in _differing(copy, there):
        if kind.startswith("+") and text in elsewhere:
            continue  # missing there
        at = read.article_at(text)
        strayed = place is None or at != key
        flagged = read.is_doubted(text) or (strayed and read.doubts_border(at, key))
        flagged = flagged or (kind.startswith("+") and read.doubts_border(key))
        verdict.judge(f"{kind}: {text[:30]}", right=False, flagged=flagged)
    verdict.found += len(copy.body) - len(list(_missing(copy, there)))


def _lacks_byline(read: Read, key: int) -> bool:
    blocks = {block.id for block in read.galley.of_article(key)}
    return any(
        doubt.block in blocks and doubt.code in ("no-byline", "byline", *OF_BORDERS)
        for doubt in read.galley.open_doubts
    )


def _missing(copy: Copy, there: Copy) -> Iterator[tuple[str, str]]:
    matcher = SequenceMatcher(a=copy.body, b=there.body, autojunk=False)
    kept = {n + k for n, _, size in matcher.get_matching_blocks() for k in range(size)}
    for n, (kind, text) in enumerate(copy.body):
        if n not in kept:
            yield f"-{kind}", text


def _differing(copy: Copy, there: Copy) -> Iterator[tuple[str, str]]:
    """Yield what is missing, and what is there instead unless it is a piece of what is missing."""
    missing = list(_missing(copy, there))
    yield from missing
    for kind, text in _missing(there, copy):
        if not any(text in other for _, other in missing):
            yield f"+{kind[1:]}", text
