"""Find a person whose name is spelled in two ways in one issue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from .surnames import SURNAMES, sounds_of
from .texts import Finding, Kind, Paper, Stretch

POSTS = (
    "主席|书记|主任|委员|部长|局长|处长|科长|院长|校长|会长|理事长|秘书长|区长|市长|县长|镇长|董事长|总经理|经理|厂长|车间主任|班长|组长|队长"
    "|站长|馆长|所长|教授|专家|律师|医生|护士|教师|老师|司机|骑手|工程师|技师|负责人|工作人员|员工|职工|会员|队员|选手|裁判|记者|通讯员|劳模|代表|同志|摄影|作者"
)
NAME = rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}"
SAYS = "说|表示|介绍|告诉|坦言|认为|强调|指出|要求|透露|回忆|感慨|笑着|出席|主持|带领|率队"
NAMED = re.compile(
    rf"(?:{POSTS}|(?<=[^\u4e00-\u9fff]))(?=({NAME}))|(?<![\u4e00-\u9fff])(?=({NAME})(?:{SAYS}))"
)
LONGEST = 3
NO_NAME = re.compile(r"[的了在是和与及对将也都就要会有把被为上下中等从到以说向后前共个]")


def two_spellings(paper: Paper) -> Iterator[Finding]:
    """Find names of three characters that sound alike and are written differently.

    Known names (bylines, the house's leaders) stand for how it is written; among others the more
    frequent one does, then the first.
    """
    stretches = [s for s in paper.stretches if s.kind is not Kind.TABLE]
    known = {byline.name for sheet in paper.sheets for byline in sheet.article.bylines}
    leaders = {person.name for person in paper.house.people}
    spellings: dict[tuple[str, ...], dict[str, list[tuple[Stretch, int]]]] = defaultdict(dict)
    for name, stretch, at in _named(stretches):
        spellings[sounds_of(name)].setdefault(name, []).append((stretch, at))
    for name in leaders:
        if len(name) == LONGEST and sounds_of(name) in spellings:
            spellings[sounds_of(name)].setdefault(name, [])
    for alike in spellings.values():
        if len(alike) < 2:
            continue
        weight = {n: (n in leaders, n in known, len(places)) for n, places in alike.items()}
        right = max(alike, key=lambda name: weight[name])
        for name, places in alike.items():
            if name == right or name in leaders:
                continue
            for stretch, at in places:
                told = f"“{name}”与本期的“{right}”只差一字，像是同一个人。"
                yield stretch.mark(at, at + len(name), told)


def _named(stretches: list[Stretch]) -> Iterator[tuple[str, Stretch, int]]:
    for stretch in stretches:
        if stretch.kind is Kind.NAMES:
            for found in re.finditer(rf"(?:^|(?<=、))({NAME})(?=、|$)", stretch.text):
                if len(found[1]) == LONGEST:
                    yield found[1], stretch, found.start()
            continue
        for found in NAMED.finditer(stretch.text):
            group = 1 if found[1] else 2
            name, at = found[group], found.start(group)
            if len(name) == LONGEST and not NO_NAME.search(name):
                yield name, stretch, at
