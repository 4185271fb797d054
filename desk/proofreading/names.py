"""Find a person whose name is spelled in two ways in one issue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from .surnames import SURNAMES, sounds_of
from .texts import Finding, Kind, Paper, Stretch

POSTS = (
    "主席|书记|主任|委员|部长|局长|处长|科长|院长|校长|会长|理事长|秘书长|区长|市长|县长|镇长|董事长|总经理|经理|厂长|车间主任|班长|组长|队长"
    "|站长|馆长|所长|教授|专家|律师|医生|护士|教师|老师|司机|骑手|工程师|技师|负责人|工作人员|员工|职工|会员|队员|选手|裁判|记者|通讯员|劳模|代表|同志|摄影|作者|队|冠军|亚军|季军|教练|学员|主持人"
)
NAME = rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}"
SAYS = "说|表示|介绍|告诉|坦言|认为|强调|指出|要求|透露|回忆|感慨|笑着|出席|主持|带领|率队"
NAMED = re.compile(
    rf"(?:{POSTS}|(?<=[^\u4e00-\u9fff]))(?=({NAME}))|(?<![\u4e00-\u9fff])(?=({NAME})(?:{SAYS}))"
)
SIGNED = re.compile(rf"(?:^|(?<=、))(?=({NAME})(?:、|$))")
LENGTH = 3
_Place = tuple[Stretch, int]
# What a given name has nowhere, and what it does not end with (杨向军 is one, 李明向 is not).
NO_NAME = re.compile(r"[的了在是与及对将也都就要会有把被等从到以说后个]|[和为上下中向前共]$")


def two_spellings(paper: Paper) -> Iterator[Finding]:
    """Find names of three characters that sound alike and are written differently.

    A name is known from a byline, the house's list, or a post or a verb of saying beside it; what
    sounds like it and shares its surname is then found wherever it stands. Listed and signed names
    stand for how it is written; among others the more frequent one does, then the one with a post.
    Two that are named side by side are two people.
    """
    stretches = [s for s in paper.stretches if s.kind is not Kind.TABLE]
    signed = {byline.name for sheet in paper.sheets for byline in sheet.article.bylines}
    leaders = [person.name for person in paper.house.people if len(person.name) == LENGTH]
    spellings: dict[tuple[str, ...], dict[str, list[_Place]]] = defaultdict(dict)
    for name in (*leaders, *_named(stretches)):
        spellings[sounds_of(name)].setdefault(name, [])
    known = {name for alike in spellings.values() for name in alike}
    for name, stretch, at in _windows(stretches, {name[0] for name in known}):
        alike = spellings.get(sounds_of(name))
        if alike is not None and (name in known or _is_misspelled(name, alike)):
            alike.setdefault(name, []).append((stretch, at))
    for alike in spellings.values():
        weight = {n: (n in leaders, n in signed, len(places)) for n, places in alike.items()}
        right = max(alike, key=lambda name: weight[name])
        for name, places in alike.items():
            if name == right or name in leaders or _are_two_people(name, right, stretches):
                continue
            for stretch, at in places:
                told = f"“{name}”与本期的“{right}”只差一字，像是同一个人。"
                yield stretch.mark(at, at + LENGTH, told)


def _named(stretches: list[Stretch]) -> Iterator[str]:
    """Yield what is surely a name: what signs, and what stands where a name does."""
    for stretch in stretches:
        if stretch.kind is Kind.NAMES:
            yield from (found[1] for found in SIGNED.finditer(stretch.text))
            continue
        for found in NAMED.finditer(stretch.text):
            name = found[1] or found[2]
            if len(name) == LENGTH and not NO_NAME.search(name):
                yield name


def _windows(stretches: list[Stretch], surnames: set[str]) -> Iterator[tuple[str, Stretch, int]]:
    """Yield every three characters that begin with one of the surnames."""
    if surnames:
        window = re.compile(rf"(?=([{''.join(sorted(surnames))}][\u4e00-\u9fff]{{2}}))")
        for stretch in stretches:
            for found in window.finditer(stretch.text):
                yield found[1], stretch, found.start()


def _is_misspelled(name: str, alike: Iterable[str]) -> bool:
    return not NO_NAME.search(name) and any(
        name[0] == other[0] and sum(map(str.__ne__, name, other)) == 1 for other in alike
    )


def _are_two_people(one: str, other: str, stretches: list[Stretch]) -> bool:
    beside = re.compile(rf"{one}[、和与]{other}|{other}[、和与]{one}")
    return any(beside.search(stretch.text) for stretch in stretches)
