"""Work for the browser: what proves it, and who needs none."""

from datetime import UTC, datetime
from itertools import count as numbers
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from contributions.guard import GuardRefused
from contributions.proof import check_proof, is_asked, is_proof

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def asked_for_work(settings: Settings) -> None:
    settings.CONTRIBUTIONS_PROOF_OF_WORK = True
    settings.CONTRIBUTIONS_LIMITS = {"unproven": (2, 100)}
    cache.clear()


def sent(**options: Any) -> HttpRequest:
    return RequestFactory().post("/contribute/", **{"secure": True, **options})


def proof_for(token: str) -> str:
    return next(str(number) for number in numbers() if is_proof(token, str(number)))


def test_work_for_one_token_proves_nothing_for_another() -> None:
    number = proof_for("one")
    assert is_proof("one", number)
    assert not is_proof("other", number)


@pytest.mark.parametrize("number", ["", "-1", "１", "1.0", " 1", "9" * 1_000_000, "\ud800"])
def test_nonsense_proves_nothing(number: str) -> None:
    assert not is_proof("one", number)


def test_sender_with_proof_is_not_counted() -> None:
    number = proof_for("one")
    for _ in range(5):
        check_proof(sent(), token="one", number=number, at=NOON)


def test_sender_without_proof_passes_up_to_a_stricter_limit() -> None:
    check_proof(sent(), token="one", number="", at=NOON)
    check_proof(sent(), token="two", number="1", at=NOON)
    with pytest.raises(GuardRefused, match="没有丢失") as refusal:
        check_proof(sent(), token="three", number="", at=NOON)
    assert refusal.value.status == 429


def test_nobody_is_asked_on_plain_http() -> None:
    assert not is_asked(sent(secure=False))
    for _ in range(5):
        check_proof(sent(secure=False), token="one", number="", at=NOON)


def test_nobody_is_asked_unless_the_paper_chose_to(settings: Settings) -> None:
    settings.CONTRIBUTIONS_PROOF_OF_WORK = False
    assert not is_asked(sent())
