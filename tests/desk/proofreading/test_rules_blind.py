"""What the rules make of the set that was written before they were read."""

from collections import Counter

from desk.proofreading.rules import RULES
from tests.desk.proofreading.blind import (
    BLIND_COPY,
    BLIND_SEEDS,
    FIRST_FALSE,
    FIRST_RUN,
    KINDS,
    STILL_FALSE,
    STILL_MISSED,
    alarms_of_copy,
    is_found,
)

LEAST = 60


def test_what_is_still_missed_is_named() -> None:
    assert Counter(seed.code for seed in BLIND_SEEDS if not is_found(seed)) == STILL_MISSED


def test_what_is_still_said_of_correct_copy_is_named() -> None:
    said = Counter(alarm.code for body in BLIND_COPY for alarm in alarms_of_copy(body))
    assert said == STILL_FALSE


def test_the_set_is_large_and_of_every_kind() -> None:
    assert {seed.code for seed in BLIND_SEEDS} == set(KINDS)
    assert set.union(*KINDS.values()) <= {rule.code for rule in RULES}
    assert min(len(BLIND_SEEDS), len(BLIND_COPY)) >= LEAST
    assert set(FIRST_RUN) <= set(KINDS)
    assert sum(STILL_MISSED.values()) < sum(FIRST_RUN.values())
    assert sum(STILL_FALSE.values()) < sum(FIRST_FALSE.values())
