"""manage.py check_issue."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from desk.models import BannedWord
from desk.proofreading.accepting import accept_alarm
from desk.proofreading.report import report
from issues.models import IssuePage
from tests.factories import make_article, make_issue, make_user

pytestmark = pytest.mark.django_db

TEXT = "请设计师设计设计新的标志。"


@pytest.fixture
def issue() -> IssuePage:
    BannedWord.objects.create(word="残废人", reason="应称残疾人")
    return make_issue()


def run(*args: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_issue", *args, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_alarms_stand_below_their_articles(issue: IssuePage) -> None:
    make_article(issue, "第一篇", text=TEXT)
    make_article(issue, "第二篇", text=f"没有问题。\n{TEXT}")
    code, told = run("451")
    assert code == 0
    first, second = told.index("第1篇《第一篇》"), told.index("第2篇《第二篇》")
    assert first < told.index("正文第1段“设计设计”") < second < told.index("正文第2段“设计设计”")
    assert "请核对 [doubled-word]" in told
    assert told.rstrip().splitlines()[-1].startswith("第451期：必须改0处")


def test_the_exit_code_tells_that_something_must_be_mended(issue: IssuePage) -> None:
    article = make_article(issue, text="残废人可以报名。")
    assert run("451")[0] == 1
    assert run("451", "--json")[0] == 1
    key = report(issue).blocks[0].alarm.key
    accept_alarm(issue=issue, article=article, key=key, by=make_user("总编"))
    code, told = run("451")
    assert code == 0
    assert "认可）" in told


def test_a_level_and_json(issue: IssuePage) -> None:
    make_article(issue, "第一篇", text=f"{TEXT}\n残废人可以报名。")
    found = json.loads(run("451", "--json", "--level", "block")[1])
    assert [(a["level"], a["title"], a["passage"], a["quote"]) for a in found] == [
        ("block", "第一篇", 1, "残废人")
    ]


def test_a_warning_alone_in_sight_does_not_hide_a_block(issue: IssuePage) -> None:
    make_article(issue, text=f"{TEXT}\n残废人可以报名。")
    code, told = run("451", "--level", "warn")
    assert code == 1
    assert "残废人" not in told


def test_the_signed_version_is_checked_when_asked_for(issue: IssuePage) -> None:
    make_article(issue, text="残废人可以报名。")
    assert run("451", "--signed")[0] == 0


@pytest.mark.parametrize("number", ["999", "0", "abc", "9" * 40, "1.5", "", "451x"])
def test_an_unknown_number_is_told_in_chinese(number: str, issue: IssuePage) -> None:
    with pytest.raises(CommandError, match=r"没有第.*期") as refused:
        call_command("check_issue", number, stdout=StringIO())
    assert refused.value.returncode == 2


def test_the_number_may_be_written_as_on_the_paper(issue: IssuePage) -> None:
    for number in ("第451期", "４５１"):
        assert "第451期" in run(number)[1]
