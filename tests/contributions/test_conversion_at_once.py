"""Two editors press 转为稿件 at the same moment: one article comes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, connections

from accounts.models import User
from articles.models import ArticlePage
from contributions.conversion import ConversionRefused, accept_as_article
from contributions.models import Contribution
from issues.models import IssuePage
from newsroom.models import PressPhoto
from tests import factories
from tests.contributions.factories import make_attachment, make_contribution
from tests.factories import make_issue, make_user

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
    factories.make_paper()
    issues = [make_issue(451), make_issue(452)] * (AT_ONCE // 2)
    editors = [make_user("编辑") for _ in issues]
    make_attachment(make_contribution(name="张三", unit="杭州某厂"))

    told = convert_at_once(editors, issues)

    assert told == ["这件来稿已转为稿件，不用再转。"] * (AT_ONCE - 1)
    assert Contribution.objects.get().article == ArticlePage.objects.get()
    assert PressPhoto.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_article_comes_of_it(tmp_path: Path) -> None:
    if connection.vendor == "sqlite":
        run_on_a_file(tmp_path / "paper.sqlite3")
    else:
        convert_one()


def run_on_a_file(file: Path) -> None:
    """Do it in a process of its own, since a database in memory is one connection."""
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from tests.contributions.test_conversion_at_once import convert_one\n"
        "convert_one()\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "TEST_DATABASE_URL": f"sqlite:///{file}",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
