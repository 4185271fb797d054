"""Two editors press 转为稿件 at the same moment: one article comes of it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from django.db import connections

from accounts.models import User
from articles.models import ArticlePage
from contributions.conversion import ConversionRefused, accept_as_article
from contributions.models import Contribution
from issues.models import IssuePage
from newsroom.models import PressPhoto
from tests.contributions.factories import make_attachment, make_contribution
from tests.factories import make_issue, make_user
from tests.own_process import play

AT_ONCE = 6


def convert_at_once(editors: list[User], issues: list[IssuePage]) -> list[str]:
    """Have each editor convert the one contribution into an issue; return what they were told."""
    gate = threading.Barrier(AT_ONCE)
    told: list[str] = []

    def convert(by: User, issue: IssuePage) -> None:
        try:
            mine = Contribution.objects.get()
            gate.wait(timeout=30)
            accept_as_article(contribution=mine, issue=issue, by=by)
        except ConversionRefused as refused:
            told.append(str(refused))
        except Exception as error:
            told.append(repr(error))
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=convert, args=pair) for pair in zip(editors, issues, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def convert_one() -> None:
    issues = [make_issue(451), make_issue(452)] * (AT_ONCE // 2)
    editors = [make_user("编辑") for _ in issues]
    make_attachment(make_contribution(name="张三", unit="杭州某厂"))

    told = convert_at_once(editors, issues)

    assert told == ["这件来稿已转为稿件，不用再转。"] * (AT_ONCE - 1)
    assert Contribution.objects.get().article == ArticlePage.objects.get()
    assert PressPhoto.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_article_comes_of_it(tmp_path: Path) -> None:
    play(convert_one, tmp_path)
