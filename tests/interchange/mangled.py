"""Issue 450 mangled by chance: paragraphs broken anywhere, things of the page set in between.

Never broken behind a full stop or a closing sign, where no reader can see it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from .distorted import COPIES, FIELDS, PAGE, Case, Page, is_line

SEEN_AS_AN_END = "。?！”;:."
SHORTEST = 30
BETWEEN = (
    "图为活动现场。",
    "王小明 摄",
    "(下转第2版)",
    "第2版 综合",
    "- 3 -",
    "第 1 页 共 4 页",
    "图片说明:活动现场",
)


def mangled(seed: int, count: int) -> Iterator[Case]:
    """Yield so many pages, each mangled in one to five places."""
    chance = random.Random(seed)
    for number in range(count):
        page, copies = PAGE, list(COPIES)
        for _ in range(chance.randint(1, 5)):
            page = chance.choice([_break, _break, _insert])(page, chance)
        if chance.random() < 0.3:
            n = chance.randrange(len(copies))
            if page.articles[n][-1] == f"({copies[n].names[0]})":
                page = page.with_article(n, page.articles[n][:-1])
                copies[n] = replace(copies[n], names=())
        if chance.random() < 0.3:
            page = replace(page, gap="\n")
        yield Case(f"mangled {seed}/{number}", page.text, FIELDS, tuple(copies))


def _break(page: Page, chance: random.Random) -> Page:
    n = chance.randrange(len(page.articles))
    blocks = list(page.articles[n])
    k = chance.randrange(len(blocks))
    words = blocks[k]
    if len(words) < SHORTEST or is_line(words):
        return page
    at = chance.randrange(5, len(words) - 5)
    if words[at - 1] in SEEN_AS_AN_END:
        return page
    return page.with_article(n, [*blocks[:k], words[:at], words[at:], *blocks[k + 1 :]])


def _insert(page: Page, chance: random.Random) -> Page:
    n = chance.randrange(len(page.articles))
    blocks = list(page.articles[n])
    blocks.insert(chance.randrange(len(blocks) + 1), chance.choice(BETWEEN))
    return page.with_article(n, blocks)
