"""Which sets are kept."""

from datetime import UTC, datetime, timedelta

import pytest

from operations.backup.rotation import Keeping

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
DAYS = [NOON - timedelta(days=days) for days in range(400)]


def kept(keeping: Keeping, moments: list[datetime]) -> list[datetime]:
    gone = keeping.superfluous(moments)
    return [moment for moment in moments if moment not in gone]


def test_nothing_is_removed_unless_somebody_said_how_many_are_kept() -> None:
    assert Keeping().superfluous(DAYS) == []


def test_the_newest_are_kept() -> None:
    assert kept(Keeping(newest=3), DAYS) == DAYS[:3]


def test_the_last_set_of_each_day_is_kept() -> None:
    hourly = [NOON - timedelta(hours=hours) for hours in range(72)]
    assert kept(Keeping(daily=2), hourly) == [NOON, NOON - timedelta(hours=13)]


def test_days_weeks_and_months_are_kept_beside_each_other() -> None:
    left = kept(Keeping(daily=7, weekly=4, monthly=12), DAYS)
    assert left[:7] == DAYS[:7]
    assert len({moment.isocalendar()[:2] for moment in left[:10]}) >= 4
    assert sorted({(moment.year, moment.month) for moment in left})[0] == (2025, 12)
    assert 7 + 2 + 11 <= len(left) <= 7 + 3 + 12


def test_a_week_without_sets_counts_for_nothing() -> None:
    old = [NOON - timedelta(weeks=weeks) for weeks in (50, 60, 70)]
    assert kept(Keeping(weekly=2), old) == old[:2]


@pytest.mark.parametrize("keeping", [Keeping(newest=-1), Keeping(daily=1), Keeping(monthly=-3)])
def test_the_newest_is_never_removed(keeping: Keeping) -> None:
    assert NOON not in keeping.superfluous(DAYS)
    assert keeping.superfluous([NOON]) == []
