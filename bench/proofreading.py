"""Print what the proofreading rules find, miss, and raise for nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from desk.proofreading.alarms import Alarm
from desk.proofreading.checking import check_issue
from desk.proofreading.house import House
from desk.proofreading.rules import RULES
from tests.desk.proofreading import blind
from tests.desk.proofreading.seeded import (
    BEYOND,
    CORRECT,
    SEEDS,
    alarms_of,
    alarms_of_sentence,
    as_printed,
    false_alarms,
    is_found,
)

# What was marked in issue 450 by reading it; the first four stand in article 1.
SUSPECTS = (
    ("设计设计", "叠词"),
    ("亮晒晒绩", "叠字"),
    ("一本帐", "别字"),
    ("聚全之力", "脱字"),
    ("即查找到", "脱字"),
    ("育托园", "倒字"),
    ("普惠性托育", "一词两写"),
    ("区(县、市)", "一词两写"),
    ("贯彻落实习近平总书记全面深化", "脱文"),
    ("楚河汉界对搏杀", "语病"),
    ("有趣、益智项目", "语病"),
    ("每季研判,市总工会", "标点混用"),
)


@dataclass(frozen=True)
class Row:
    """How one rule did."""

    code: str
    seeded: int
    found: int
    beyond: int
    false: int


def rows() -> list[Row]:
    """Judge every rule by the seeded mistakes and the correct sentences."""
    seeded, found, beyond, false = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for seed in SEEDS:
        alarms = alarms_of(seed)
        seeded[seed.code] += 1
        found[seed.code] += is_found(seed, alarms)
        false.update(alarm.code for alarm in false_alarms(seed, alarms))
    for seed in BEYOND:
        hit = is_found(seed, alarms_of(seed))
        seeded[seed.code] += hit
        found[seed.code] += hit
        beyond[seed.code] += not hit
    for sentence in CORRECT:
        false.update(alarm.code for alarm in alarms_of_sentence(sentence))
    return [
        Row(code, seeded[code], found[code], beyond[code], false[code])
        for code in (rule.code for rule in RULES)
    ]


def suspects(house: House) -> tuple[list[tuple[str, str, str]], list[Alarm]]:
    """Return the rule that finds each suspect of issue 450, and the alarms at none of them."""
    alarms = check_issue(as_printed(), house)
    told = []
    meant: set[Alarm] = set()
    for words, kind in SUSPECTS:
        hits = [
            a
            for a in alarms
            if a.place.quote and (a.place.quote in words or words in a.place.quote)
        ]
        meant.update(hits)
        told.append((words, kind, hits[0].code if hits else ""))
    return told, [alarm for alarm in alarms if alarm not in meant]


def print_blind() -> None:
    """Print what is found of the set written before the rules were read, then and now."""
    kinds = Counter(seed.code for seed in blind.BLIND_SEEDS)
    now = Counter(seed.code for seed in blind.BLIND_SEEDS if blind.is_found(seed))
    said = Counter(a.code for body in blind.BLIND_COPY for a in blind.alarms_of_copy(body))
    print(
        f"\n{'blind set: mistakes of issue 4, by kind':44}{'seeded':>8}{'at first':>10}{'now':>6}"
    )
    for kind, seeded in kinds.items():
        first = seeded - blind.FIRST_RUN.get(kind, 0)
        print(f"{kind:{44 - sum(map(is_wide, kind))}}{seeded:8}{first:10}{now[kind]:6}")
    first = kinds.total() - sum(blind.FIRST_RUN.values())
    print(f"{'all':44}{kinds.total():8}{first:10}{now.total():6}")
    print(
        f"alarms in {len(blind.BLIND_COPY)} correct texts: at first "
        f"{sum(blind.FIRST_FALSE.values())}, now {said.total()} ({dict(said)})"
    )


def is_wide(character: str) -> bool:
    """Whether a character takes two columns."""
    return character >= "\u2e80"


def main() -> None:
    """Print all tables."""
    judged = rows()
    print(f"{'rule':24}{'seeded':>8}{'found':>8}{'missed':>8}{'false':>8}")
    for row in judged:
        missed = row.seeded - row.found + row.beyond
        print(f"{row.code:24}{row.seeded + row.beyond:8}{row.found:8}{missed:8}{row.false:8}")
    total = [
        sum(values)
        for values in zip(
            *(
                (row.seeded + row.beyond, row.found, row.seeded - row.found + row.beyond, row.false)
                for row in judged
            ),
            strict=True,
        )
    ]
    print(f"{'all':24}" + "".join(f"{number:8}" for number in total))
    print(f"\n{len(SEEDS)} mistakes of kinds that the rules know, {len(BEYOND)} of kinds that they")
    print(
        f"do not; false: at other words than the mistake, or in {len(CORRECT)} correct sentences."
    )
    print_blind()
    empty = replace(House(), internal=False)
    listed = replace(empty, corrections=(("聚全之力", "聚全市之力"),))
    for name, house in (("empty house list", empty), ("聚全之力→聚全市之力 listed", listed)):
        told, others = suspects(house)
        print(f"\nissue 450, {name}: {sum(bool(code) for *_, code in told)} of {len(told)} found")
        for words, kind, code in told:
            print(f"  {code or '—':20}{kind}  {words}")
        print(f"  other alarms: {len(others)}")
        for alarm in others:
            print(f"    {alarm.code}: {alarm.place.quote}")


if __name__ == "__main__":
    main()
