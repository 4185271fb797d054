"""The tables say what was measured, and which numbers are not to be relied on."""

import pytest

from bench.pages import FEW, MANY, Cost, print_growth, table
from bench.reading import Bout


def bout(requests: int, seconds: float, *, own: float = 0.0, failed: int = 0) -> Bout:
    return Bout(seconds=seconds, own=own, times=[0.01] * requests, bytes=0, failed=failed)


def cost_of(*milliseconds: float) -> Cost:
    cost = Cost()
    for each in milliseconds:
        cost.add(MANY, bout(100, 1.0), each / 10)
    return cost


def test_the_processor_is_that_of_many_connections_and_its_median() -> None:
    cost = cost_of(3, 4, 20)
    cost.add(FEW, bout(10, 1.0), 5.0)
    assert cost.median == pytest.approx(4)


def test_a_rate_that_the_reader_limited_is_told_as_at_least() -> None:
    cost = Cost()
    cost.add(MANY, bout(20_000, 1.0, own=0.97), 0.3)
    cost.add(FEW, bout(5_000, 1.0, own=0.5), 0.3)
    assert cost.rate(MANY) == "≥ 20,000"
    assert cost.rate(FEW) == "5,000"


def test_p99_is_over_all_rounds() -> None:
    cost = Cost()
    cost.add(FEW, Bout(seconds=1.0, times=[0.001] * 150), 0.1)
    cost.add(FEW, Bout(seconds=1.0, times=[0.001] * 48 + [0.5, 0.7]), 0.1)
    assert cost.slow(FEW) == "500.0"


def test_what_failed_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="1 of 10"):
        Cost().add(MANY, bout(10, 1.0, failed=1), 0.1)


def test_growth_is_a_factor_of_the_first_size(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = {45: 4.0, 450: 5.0, 5_000: 40.0}
    print_growth({size: {("archive", "ours"): cost_of(spent)} for size, spent in sizes.items()})
    assert "| archive | ours | 4.0 | 1.25 | 10.00 |" in capsys.readouterr().out


def test_a_table_is_markdown() -> None:
    assert table(["page", "from", "ms"], [["front", "ours", "1"]]) == (
        "| page | from | ms |\n| --- | --- | --: |\n| front | ours | 1 |"
    )
