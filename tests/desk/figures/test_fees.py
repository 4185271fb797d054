"""Fees are reckoned to the 分, and shares sum up to them, whatever the numbers."""

from __future__ import annotations

import itertools
import random
from decimal import Decimal

import pytest

from desk.figures.fees import Claim, Earning, Rates, divide, earnings, text_fee

D = Decimal


@pytest.mark.parametrize(
    ("count", "rates", "adjustment", "fee"),
    [
        (1000, Rates(per_thousand=D(80)), D(0), "80.00"),
        (1234, Rates(per_thousand=D(80)), D(0), "98.72"),
        (333, Rates(per_thousand=D("100.50")), D(0), "33.47"),  # 33.4665
        (5, Rates(per_thousand=D(101)), D(0), "0.51"),  # 0.505, halves up
        (100, Rates(per_thousand=D(80), minimum=D(20)), D(0), "20.00"),
        (100, Rates(per_thousand=D(80), minimum=D(20)), D("5.5"), "25.50"),
        (0, Rates(per_thousand=D(80), minimum=D(20)), D(0), "0.00"),
        (0, Rates(per_thousand=D(80), minimum=D(20)), D(30), "30.00"),
        (1000, Rates(per_thousand=D(80)), D(-100), "0.00"),
        (1000, Rates(), D(0), "0.00"),
    ],
)
def test_the_fee_follows_length_minimum_and_adjustment(
    count: int, rates: Rates, adjustment: Decimal, fee: str
) -> None:
    assert str(text_fee(count, rates, adjustment=adjustment)) == fee


@pytest.mark.parametrize(
    ("fee", "weights", "shares"),
    [
        ("100", [1], ["100.00"]),
        ("100", [1, 1, 1], ["33.34", "33.33", "33.33"]),
        ("100", [2, 1], ["66.67", "33.33"]),
        ("0.01", [1, 1], ["0.01", "0.00"]),
        ("0.02", [1, 2, 3], ["0.00", "0.01", "0.01"]),
        ("99.99", [0, 1], ["0.00", "99.99"]),
        ("0", [1, 1], ["0.00", "0.00"]),
        ("0", [0, 0], ["0.00", "0.00"]),
        ("0", [], []),
    ],
)
def test_a_fee_is_divided_to_the_fen(fee: str, weights: list[int], shares: list[str]) -> None:
    assert [str(share) for share in divide(D(fee), weights)] == shares


def test_shares_always_sum_up_to_the_fee_and_follow_the_weights() -> None:
    chance = random.Random(450)
    for _ in range(3_000):
        fee = D(chance.randrange(0, 10_000_000)) / 100
        weights = [chance.choice([0, 1, 1, 2, 7, 999]) for _ in range(chance.randint(1, 9))]
        weights[chance.randrange(len(weights))] = chance.randint(1, 999)

        shares = divide(fee, weights)

        assert sum(shares) == fee
        assert all(share >= 0 and share == share.quantize(D("0.01")) for share in shares)
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - fee * weight / sum(weights)) < D("0.01")
            assert weight or not share
        by_weight = sorted(zip(weights, shares, strict=True))
        assert all(
            one[1] <= other[1] for one, other in itertools.pairwise(by_weight) if one[0] < other[0]
        )


@pytest.mark.parametrize(("fee", "weights"), [("1", [0]), ("1", []), ("1", [1, -1]), ("-1", [1])])
def test_what_cannot_be_divided_is_refused(fee: str, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"nobody|negative"):
        divide(D(fee), weights)


def test_pictures_are_paid_one_by_one_beside_the_text() -> None:
    rates = Rates(per_picture=D("15"))

    assert earnings(D(100), [Claim(1, 0), Claim(0, 3), Claim(1, 1)], rates) == (
        Earning(D("50.00"), D("0.00")),
        Earning(D("0.00"), D("45.00")),
        Earning(D("50.00"), D("15.00")),
    )


def test_who_is_paid_otherwise_gets_nothing_and_the_share_is_not_paid() -> None:
    ours, theirs = earnings(
        D(100), [Claim(1, 2, is_paid=False), Claim(1, 1)], Rates(per_picture=D(10))
    )

    assert ours == Earning()
    assert theirs == Earning(D("50.00"), D("10.00"))


def test_the_share_of_who_is_paid_otherwise_may_go_to_the_others() -> None:
    ours, theirs = earnings(
        D(100), [Claim(1, 2, is_paid=False), Claim(1, 1)], Rates(passes_on=True)
    )

    assert ours == Earning()
    assert theirs.text == D("100.00")


@pytest.mark.parametrize("passes_on", [False, True])
def test_a_fee_that_nobody_may_have_lapses(passes_on: bool) -> None:
    rates = Rates(passes_on=passes_on)

    assert earnings(D(100), [], rates) == ()
    assert earnings(D(100), [Claim(0, 0)], rates) == (Earning(),)
    assert earnings(D(100), [Claim(1, 0, is_paid=False)], rates) == (Earning(),)


def test_earnings_never_exceed_the_fee_and_are_never_negative() -> None:
    chance = random.Random(451)
    for _ in range(1_000):
        fee = D(chance.randrange(0, 1_000_000)) / 100
        claims = [
            Claim(chance.randint(0, 5), chance.randint(0, 3), is_paid=chance.random() < 0.7)
            for _ in range(chance.randint(0, 6))
        ]
        rates = Rates(per_picture=D("12.5"), passes_on=chance.random() < 0.5)

        earned = earnings(fee, claims, rates)

        text = sum((earning.text for earning in earned), D(0))
        assert D(0) <= text <= fee
        if claims and all(claim.is_paid for claim in claims) and any(c.weight for c in claims):
            assert text == fee
        assert all(earning.amount >= 0 for earning in earned)
