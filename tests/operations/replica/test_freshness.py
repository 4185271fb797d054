"""How old a standby may be, and how that is known."""

from __future__ import annotations

import pytest

from operations.replica.freshness import Freshness


class Cluster:
    """A primary and a standby, and a clock."""

    def __init__(self) -> None:
        self.now, self.written, self.replayed = 0.0, 100, 100
        self.away: set[str] = set()
        self.asked = 0

    def ask(self, which: str) -> int:
        self.asked += 1
        if which in self.away:
            raise OSError(which)
        return int(getattr(self, which))

    def pass_time(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def known(cluster: Cluster) -> Freshness:
    return Freshness(
        lambda: cluster.ask("written"),
        lambda: cluster.ask("replayed"),
        most_seconds=5,
        clock=lambda: cluster.now,
    )


def test_a_standby_that_has_everything_is_fresh(cluster: Cluster, known: Freshness) -> None:
    assert known.is_fresh()


def test_a_standby_that_was_never_seen_up_to_date_is_not(
    cluster: Cluster, known: Freshness
) -> None:
    cluster.replayed = 99
    assert not known.is_fresh()


def test_a_standby_that_stands_still_is_read_for_five_seconds_more(
    cluster: Cluster, known: Freshness
) -> None:
    assert known.is_fresh()
    for second in range(1, 8):
        cluster.pass_time(1)
        cluster.written += 10
        assert known.is_fresh() is (second <= 5), second


def test_a_standby_that_follows_at_some_distance_is_fresh(
    cluster: Cluster, known: Freshness
) -> None:
    assert known.is_fresh()
    for _ in range(100):
        cluster.pass_time(1)
        cluster.written += 10
        cluster.replayed = cluster.written - 30  # three seconds behind
        assert known.is_fresh()


def test_a_quiet_paper_does_not_make_a_standby_old(cluster: Cluster, known: Freshness) -> None:
    for _ in range(100):
        assert known.is_fresh()
        cluster.pass_time(60)


def test_a_standby_cut_off_from_a_quiet_primary_is_found_out_with_the_next_write(
    cluster: Cluster, known: Freshness
) -> None:
    assert known.is_fresh()
    cluster.pass_time(3600)
    cluster.written += 1
    assert not known.is_fresh()


@pytest.mark.parametrize("which", ["written", "replayed"])
def test_what_is_away_is_not_trusted_and_trusted_again(
    cluster: Cluster, known: Freshness, which: str
) -> None:
    assert known.is_fresh()
    cluster.away = {which}
    cluster.pass_time(1)
    assert not known.is_fresh()
    cluster.away = set()
    cluster.pass_time(1)
    assert known.is_fresh()


def test_it_is_asked_once_a_second_whatever_the_number_of_readers(
    cluster: Cluster, known: Freshness
) -> None:
    for _ in range(1000):
        known.is_fresh()
    assert cluster.asked == 2
