"""What the rules find of mistakes put into real copy, and what they say about correct copy."""

from dataclasses import replace

import pytest

from desk.proofreading.checking import check_article, check_issue
from desk.proofreading.house import House
from desk.proofreading.rules import RULES
from tests.desk.proofreading.seeded import (
    BEYOND,
    CORRECT,
    HOUSE,
    NEIGHBOURS,
    SEEDS,
    Seed,
    alarms_of,
    alarms_of_sentence,
    as_printed,
    false_alarms,
    is_found,
    sample,
)

LEAST_SEEDS, LEAST_CORRECT = 130, 60
# What was told at other words than the mistake: a heading with a space that is set as a paragraph,
# a count of spellings that shifts with a body that is gone, and two parts of one serial number.
EXPECTED_FALSE = {
    ("no-body", "two-terms"),
    ("faked-crosshead", "space"),
    ("serial-number", "serial-number"),
}
WORDS = ("wrong-word", "common-error")
SAID_OF_ISSUE_450 = [
    ("no-notice", None, ""),
    ("doubled-word", 1, "设计设计"),
    ("doubled-character", 1, "晒晒"),
    ("common-error", 1, "一本帐"),
    ("two-terms", 2, "普惠性托育"),
    ("exchanged", 2, "育托园"),
    ("two-terms", 3, "区(县、市)"),
]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_mistake_is_found_where_it_was_put(seed: Seed) -> None:
    assert is_found(seed, alarms_of(seed))


def test_every_rule_is_tried_by_a_mistake() -> None:
    assert {rule.code for rule in RULES} == {seed.code for seed in SEEDS}
    assert len(SEEDS) >= LEAST_SEEDS
    assert len(CORRECT) >= LEAST_CORRECT


def test_mistakes_beyond_the_rules_are_named_and_not_found() -> None:
    found = [seed.name for seed in BEYOND if is_found(seed, alarms_of(seed))]
    assert found == []


def test_a_mistake_raises_no_alarm_elsewhere() -> None:
    false = {
        (seed.code, alarm.code) for seed in SEEDS for alarm in false_alarms(seed, alarms_of(seed))
    }
    assert false == EXPECTED_FALSE


@pytest.mark.parametrize("sentence", CORRECT)
def test_correct_sentence_stays_quiet(sentence: str) -> None:
    assert [(alarm.code, alarm.place.quote) for alarm in alarms_of_sentence(sentence)] == []


def test_issue_450_gives_its_known_suspects_and_nothing_else() -> None:
    alarms = check_issue(as_printed(), House())
    assert [(a.code, a.place.article, a.place.quote) for a in alarms] == SAID_OF_ISSUE_450


def test_house_list_finds_what_no_rule_knows() -> None:
    house = House(corrections=(("聚全之力", "聚全市之力"), ("一本帐", "一本账簿")))
    found = [a for a in check_issue(as_printed(), house) if a.code in WORDS]
    assert [(a.code, a.place.article, a.place.quote) for a in found] == [
        ("wrong-word", 1, "聚全之力"),
        ("wrong-word", 1, "一本帐"),
    ]
    assert "聚全市之力" in found[0].message


def test_rules_have_their_own_codes_and_tell_what_to_do() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule.title
        assert rule.advice.endswith("。")
        assert (rule.in_article is None) != (rule.in_issue is None)


def test_rule_that_is_switched_off_is_silent() -> None:
    house = replace(HOUSE, switched_off=frozenset(rule.code for rule in RULES))
    assert check_issue(as_printed(), house, neighbours=NEIGHBOURS) == []


def test_internal_rules_are_silent_for_a_public_paper() -> None:
    bare = replace(sample(), imprint=replace(sample().imprint, permit_number=""))
    codes = {alarm.code for alarm in check_issue(bare, House(internal=False))}
    assert "no-permit" not in codes
    assert "no-permit" in {alarm.code for alarm in check_issue(bare, House())}


def test_article_alone_says_what_it_says_in_its_issue() -> None:
    issue = as_printed()
    whole = check_issue(issue, HOUSE)
    for article in issue.articles:
        alone = check_article(article, HOUSE, issue=issue)
        assert {a.key for a in alone} == {a.key for a in whole if a.place.article == article.number}


def test_changed_article_is_checked_against_the_rest_of_the_issue() -> None:
    issue = sample()
    first, second = issue.articles[:2]
    copied = replace(second, body=(*second.body, first.body[1]))
    codes = [a.code for a in check_article(copied, House(), issue=issue)]
    assert "repeated-paragraph" in codes
    assert "repeated-paragraph" not in [a.code for a in check_article(copied, House())]
