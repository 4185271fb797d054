"""Two act on one article at the same moment: the second is told what the first did."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.utils import timezone
from wagtail.models import PageLogEntry

from articles.models import ArticlePage, Correction
from issues.correcting import CorrectingRefused, Wording, add_correction
from issues.withdrawing import WithdrawingRefused, withdraw_article
from tests.factories import make_public_issue
from tests.own_process import play

AT_ONCE = 4


def at_once(*verbs: Callable[[], None]) -> list[str]:
    """Run the verbs in threads that start together; return what was refused."""
    gate = threading.Barrier(len(verbs))
    told: list[str] = []

    def run(verb: Callable[[], None]) -> None:
        try:
            gate.wait(timeout=30)
            verb()
        except (WithdrawingRefused, CorrectingRefused) as refused:
            told.append(str(refused))
        except Exception as error:
            told.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return told


def printed_article() -> ArticlePage:
    return ArticlePage.objects.get(issue=make_public_issue(450))


def withdraw_at_once() -> None:
    article = printed_article()
    reasons = [f"原因{n}" for n in range(AT_ONCE)]

    told = at_once(
        *(
            lambda reason=reason: withdraw_article(article=article, reason=reason, by=None)
            for reason in reasons
        )
    )

    assert told == ["这篇稿件已经撤稿，不用再撤。"] * (AT_ONCE - 1)
    assert ArticlePage.objects.get().withdrawn_reason in reasons
    assert PageLogEntry.objects.filter(action="issues.withdraw").count() == 1


def correct_while_withdrawing() -> None:
    article = printed_article()
    wording = Wording(text="更正", date=timezone.localdate())
    told: list[str] = []
    late = threading.Thread(
        target=lambda: told.extend(
            at_once(lambda: add_correction(article=article, wording=wording, by=None) and None)
        )
    )
    with transaction.atomic():
        withdraw_article(article=article, reason="有误", by=None)
        late.start()
        late.join(timeout=1)
        assert late.is_alive()
    late.join(timeout=60)

    assert told == ["这篇稿件已经撤稿，读者看不到它，不用更正。"]
    assert not Correction.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("scene", [withdraw_at_once, correct_while_withdrawing])
def test_the_second_is_told(scene: Callable[[], None], tmp_path: Path) -> None:
    play(scene, tmp_path)
