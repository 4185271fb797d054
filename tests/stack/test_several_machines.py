"""Timers of two hosts at once; and readers' pages from a second PostgreSQL.

That one is behind, away, back again, and in the primary's place.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psycopg2
import pytest

from bench.databases import Postgres, Standby
from bench.server import ROOT, Server
from bench.two_hosts import ask as web
from bench.two_hosts import log_in
from tests.forms import fields_of
from tests.stack.papers import Paper

pytestmark = pytest.mark.stack

MOST_SECONDS = 2
# What an operator's command does when something has to go at once.
WITHDRAW = """
from articles.models import ArticlePage
from issues.withdrawing import withdraw_article
article = ArticlePage.objects.get(url_path__endswith="/450/3/")
withdraw_article(article=article, reason="内容有误", by=None)
"""


# Twenty senders are owed a mail, and an issue is due.
OWED = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from contributions.models import Contribution, Mail
from issues.models import IssuePage
from tests.factories import make_article, make_issue
for n in range(20):
    sent = Contribution.objects.create(kind="tip", title=str(n), text="线索", code=f"{n:064d}",
        identity=f"{n:064d}", email=f"sender{n}@example.org")
    Mail.objects.create(contribution=sent, occasion="progress")
issue = make_issue(451)
make_article(issue, signed=True)
IssuePage.objects.filter(pk=issue.pk).update(
    publish_at=timezone.now() - timedelta(minutes=1), publish_by=User.objects.get(username="admin"),
    publish_without_unfinished=True)
"""


@pytest.fixture(scope="module")
def clusters() -> Iterator[tuple[Postgres, list[Standby]]]:
    """Return a primary, and a list for its standbys."""
    primary, standbys = Postgres(), list[Standby]()
    try:
        yield primary, standbys
    finally:
        for cluster in (*standbys, primary):
            cluster.close()


@pytest.fixture(scope="module")
def paper(
    clusters: tuple[Postgres, list[Standby]], tmp_path_factory: pytest.TempPathFactory
) -> Paper:
    """Return a paper with the sample issue."""
    made = Paper(tmp_path_factory.mktemp("several") / "paper", clusters[0])
    made.manage("migrate", "--verbosity", "0")
    made.manage("set_up_newsroom", "--sample", "content/issue-450")
    return made


def test_the_timers_of_two_hosts_at_once_do_everything_once(paper: Paper, tmp_path: Path) -> None:
    paper.run(OWED)
    there = {**paper.environment, "EMAIL_URL": f"filemail:///{tmp_path}/mails"}
    (tmp_path / "mails").mkdir()

    for command in ("publish_due", "tend_contributions"):
        timers = [
            subprocess.Popen(
                [sys.executable, "manage.py", command],
                cwd=ROOT,
                env=there,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            for _ in range(3)
        ]
        told = [timer.communicate(timeout=600)[0] for timer in timers]
        assert [timer.returncode for timer in timers] == [0, 0, 0], told
        if command == "publish_due":
            assert "".join(told).count("已出版") == 1, told

    mails = "".join(file.read_text() for file in (tmp_path / "mails").iterdir())
    assert sorted(re.findall(r"^To: (sender\d+)@", mails, re.MULTILINE)) == sorted(
        f"sender{n}" for n in range(20)
    )
    told = paper.run(
        "from wagtail.models import PageLogEntry; from issues.models import IssuePage;"
        "print(PageLogEntry.objects.filter(page=IssuePage.objects.get(number=451),"
        "action='issues.publish').count())"
    )
    assert told.endswith("1")


def ask(cluster: Postgres, sql: str) -> object:
    with closing(psycopg2.connect(cluster.url)) as connection, connection.cursor() as cursor:
        connection.autocommit = True
        cursor.execute(sql)
        (answer,) = cursor.fetchone()
        return answer


def get(server: Server, path: str) -> int:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status


class Editor:
    """Somebody who is logged in and edits the masthead of an issue in the making, number 452."""

    def __init__(self, server: Server, paper: Paper) -> None:
        self.port = server.port
        paper.run(
            "from accounts.models import User; admin = User.objects.get(username='admin');"
            "admin.set_password('x'); admin.save()"
        )
        key = paper.run("from tests.factories import make_issue; print(make_issue(452).pk)")
        self.address = f"/admin/pages/{key.splitlines()[-1]}/edit/"
        self.cookies = log_in(self.port, "x")

    def form(self) -> dict[str, str]:
        """Return what is written in the form."""
        status, page, _ = web(self.port, self.address, Cookie=self.cookies)
        assert status == 200
        return fields_of(page)

    def save(self, form: dict[str, str]) -> None:
        """Save it as a draft."""
        status, page, _ = web(
            self.port, self.address, "POST", urlencode(form),
            **{"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookies},
        )  # fmt: skip
        assert status == 302, page


def within(seconds: float, told: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if told():
            return True
        time.sleep(0.2)
    return False


def reads_of_articles(cluster: Postgres) -> int:
    table = "pg_stat_user_tables WHERE relname = 'articles_articlepage'"
    return int(str(ask(cluster, f"SELECT seq_scan + coalesce(idx_scan, 0) FROM {table}")))


def test_readers_pages_come_from_a_standby_and_never_old_ones(
    paper: Paper, clusters: tuple[Postgres, list[Standby]], tmp_path: Path
) -> None:
    primary, standbys = clusters
    standby = primary.standby()
    standbys.append(standby)
    both = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
    paper.environment |= {
        "DATABASE_URL": f"postgres://paper@{both}/postgres?target_session_attrs=read-write",
        "DATABASE_REPLICA_URL": standby.url,
        "DATABASE_REPLICA_MOST_SECONDS": str(MOST_SECONDS),
    }
    server = Server(paper.environment, log=tmp_path / "log", address="/450/")
    server.start()
    try:
        assert ask(standby, "SELECT pg_is_in_recovery()") is True

        def standby_is_read() -> bool:
            before = reads_of_articles(standby)
            for _ in range(4):
                assert get(server, "/450/3/") == 200
            return within(2, lambda: reads_of_articles(standby) > before)

        assert within(20, standby_is_read)

        # Behind: an editor who saves reads it back at once, and goes on reading it.
        editor = Editor(server, paper)
        form = editor.form()
        form["responsible_editor"] = "王二小"
        ask(standby, "SELECT pg_wal_replay_pause()::text")
        editor.save(form)
        end = time.monotonic() + MOST_SECONDS + 1
        while time.monotonic() < end:
            assert editor.form()["responsible_editor"] == "王二小"
        drafts = "SELECT count(*) FROM wagtailcore_revision WHERE content->>'number' = '452'"
        assert ask(primary, drafts) == 2
        assert ask(standby, drafts) == 1
        ask(standby, "SELECT pg_wal_replay_resume()::text")
        assert within(20, standby_is_read)

        # Behind: what is withdrawn is gone at once, and stays so while the standby is behind.
        ask(standby, "SELECT pg_wal_replay_pause()::text")
        paper.manage("shell", "--no-imports", "--command", WITHDRAW)
        end = time.monotonic() + MOST_SECONDS + 3
        while time.monotonic() < end:
            assert get(server, "/450/3/") == 410
            time.sleep(0.1)
        assert get(server, "/450/2/") == 200
        ask(standby, "SELECT pg_wal_replay_resume()::text")
        assert get(server, "/450/3/") == 410

        # Away: nobody notices.
        standby.stop()
        assert {get(server, "/450/2/") for _ in range(20)} == {200}
        standby.start()
        assert {get(server, "/450/2/") for _ in range(20)} == {200}

        # In the primary's place: what was committed is there, and it takes what is new.
        behind = "SELECT pg_current_wal_lsn() <= replay_lsn FROM pg_stat_replication"
        assert within(20, lambda: ask(primary, f"SELECT coalesce(({behind}), false)") is True)
        primary.stop()
        standby.promote()
        assert within(20, lambda: get(server, "/450/2/") == 200)
        assert get(server, "/450/3/") == 410
        assert get(server, "/contribute/") == 200
        told = paper.run(
            "from newsroom.models import Contributor; Contributor.objects.create(name='王某');"
            "print(Contributor.objects.filter(name='王某').count())"
        )
        assert told.endswith("1")
        assert {get(server, "/450/2/") for _ in range(20)} == {200}
    finally:
        server.stop()
