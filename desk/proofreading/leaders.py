"""Find leaders with a wrong or doubled post, or named out of their order (姓名—职务)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from .house import House, Person
from .texts import Finding, Paper, Sheet, Stretch
from .words import WordFinder

TITLE = (
    "党组副书记|党组书记|党组成员|党委副书记|党委书记|党委委员|常务副主席|副主席|主席|一级巡视员|二级巡视员|副巡视员|巡视员"
    "|常务副主任|副主任|主任|常务副部长|副部长|部长|副书记|书记|副市长|市长|副区长|区长|副县长|县长|副局长|局长|副处长|处长"
    "|副会长|会长|副理事长|理事长|副秘书长|秘书长|副院长|院长|副校长|校长|董事长|副总经理|总经理|副总编辑|总编辑|调研员|副科长|科长|委员|常委"
)
ENDS_WITH_TITLE = re.compile(rf"(?:{TITLE})$")
BEGINS_WITH_TITLE = re.compile(rf"(?:{TITLE})")
ITEM = re.compile(r"[^,。;:!?“”()\n、\s《》]{2,40}$")
FORMER = re.compile(r"原|前任|时任|曾任|离任")
LEVELS = frozenset("省市区县镇乡国州")
SEPARATED = re.compile(rf"^(?:{TITLE})?[、,和及与\s]")
VERBS = re.compile(
    "主持|出席|讲话|指出|强调|要求|宣布|表示|代表|介绍|作了|作工|致辞|陪同|带队|参加|会见|看望|慰问|汇报|宣读|部署|传达|通报|受|听取"
)
SENTENCE_END = re.compile(r"[。!?\n]")


class _Post(NamedTuple):
    unit: str
    title: str
    start: int


class _Named(NamedTuple):
    person: Person
    start: int
    end: int


def wrong_post(sheet: Sheet) -> Iterator[Finding]:
    """Find a leader with a title that is none of the posts listed for that name."""
    for stretch in sheet.stretches:
        for named in _named(stretch, sheet.house):
            told = _wrong_before(stretch, named) or _wrong_after(stretch, named)
            if told and named.person.post:
                start, end, title = told
                said = (
                    f"名单上{named.person.name}的职务是“{named.person.post}”，这里写的是“{title}”。"
                )
                yield stretch.mark(start, end, said)


def doubled_post(sheet: Sheet) -> Iterator[Finding]:
    """Find a leader with one title twice: 主席戴建平主席, 副主席、副主席王卫安."""
    for stretch in sheet.stretches:
        for named in _named(stretch, sheet.house):
            posts = _posts_before(stretch.folded, named.start)
            before = posts[0].title if posts else ""
            after = BEGINS_WITH_TITLE.match(stretch.folded, named.end)
            start, end = named.start - len(before), named.end
            if before and after and before.endswith(after[0][-2:]):
                end = after.end()
            elif len(posts) > 1 and not posts[0].unit and posts[1].title == before:
                start = posts[1].start
            else:
                continue
            yield stretch.mark(start, end, f"{named.person.name}的职务写了两次。")


def out_of_precedence(sheet: Sheet) -> Iterator[Finding]:
    """Find leaders listed one after the other in another order than that of their ranks."""
    for stretch in sheet.stretches:
        met = _named(stretch, sheet.house)
        for one, other in pairwise(met):
            between = stretch.folded[one.end : other.start]
            if one.person.rank > other.person.rank and _is_list(between):
                said = f"排名顺序：{other.person.name}应在{one.person.name}之前。"
                yield stretch.mark(one.start, other.end, said)


def misspelled_leader(paper: Paper) -> Iterator[Finding]:
    """Find a name that follows a leader's whole post and differs from the leader's in one sign."""
    for person in paper.house.people:
        posts = [post for post in person.post.split("、") if len(post) >= 4]
        if len(person.name) < 2 or not posts:
            continue
        length = len(person.name)
        sought = re.compile(f"(?:{'|'.join(map(re.escape, posts))})(.{{{length}}})")
        others = {other.name for other in paper.house.people}
        for stretch in paper.stretches:
            for found in sought.finditer(stretch.text):
                name = found[1]
                alike = sum(a == b for a, b in zip(name, person.name, strict=True))
                if name not in others and alike == length - 1 and name[0] == person.name[0]:
                    said = f"名单上的{person.post}是“{person.name}”，这里写的是“{name}”。"
                    yield stretch.mark(*found.span(1), said)


def _named(stretch: Stretch, house: House) -> list[_Named]:
    finder, people = _finder(house.people)
    return [_Named(people[name], start, end) for start, end, name in finder.find(stretch.folded)]


@lru_cache(maxsize=8)
def _finder(people: tuple[Person, ...]) -> tuple[WordFinder, dict[str, Person]]:
    by_name = {person.name: person for person in people}
    return WordFinder(by_name), by_name


def _posts_before(text: str, at: int) -> list[_Post]:
    """Return the posts that stand before a name, the nearest first: 市总工会党组成员、副主席."""
    posts: list[_Post] = []
    while item := ITEM.search(text, max(0, at - 40), at):
        title = ENDS_WITH_TITLE.search(item[0])
        if title is None:
            break
        posts.append(_Post(item[0][: title.start()], title[0], at - len(title[0])))
        at = item.start() - 1
        if at < 0 or text[at] != "、" or "和" in item[0]:  # 主席王强和副主席王卫安
            break
    return posts


def _wrong_before(stretch: Stretch, named: _Named) -> tuple[int, int, str] | None:
    """Return the post beside the name that is not on the list, or another of the same series.

    A name listed with one post may bear more in print; who is listed with all of them may not.
    """
    listed = named.person.post.split("、")
    posts = _posts_before(stretch.folded, named.start)
    for unit, title, start in posts if len(listed) > 1 else posts[:1]:
        if FORMER.search(unit):
            return None
        if not any(_is_listed(unit, title, post) for post in listed):
            return start, named.end, (unit + title)[-16:]
    return None


def _is_listed(unit: str, title: str, post: str) -> bool:
    found = ENDS_WITH_TITLE.search(post)
    own = found[0] if found else post
    return _same_title(title, own) and not _other_level(unit, post[: -len(own)])


def _wrong_after(stretch: Stretch, named: _Named) -> tuple[int, int, str] | None:
    found = BEGINS_WITH_TITLE.match(stretch.folded, named.end)
    if not found or any(
        _same_title(found[0], (ENDS_WITH_TITLE.search(post) or [post])[0])
        for post in named.person.post.split("、")
    ):
        return None
    return named.start, found.end(), found[0]


def _same_title(written: str, own: str) -> bool:
    """Tell whether titles are alike or one is short: 书记 for 党组书记, not 主席 for 副主席."""
    long, short = sorted((written, own), key=len, reverse=True)
    if not long.endswith(short):
        return False
    rest = long[: -len(short)]
    return "副" not in rest


def _other_level(unit: str, own: str) -> bool:
    """Tell whether two units differ in their level: 省总工会 and 市总工会."""
    for written, listed in zip(reversed(unit), reversed(own), strict=False):
        if written != listed:
            return written in LEVELS and listed in LEVELS
    return False


def _is_list(between: str) -> bool:
    return (
        len(between) <= 80
        and bool(SEPARATED.match(between))
        and not SENTENCE_END.search(between)
        and not VERBS.search(between)
    )
