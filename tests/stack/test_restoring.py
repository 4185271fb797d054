"""A paper is destroyed and restored: on both databases, copied while it was written to."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bench.databases import Postgres, Sqlite
from bench.server import ROOT
from tests.stack.papers import Paper

pytestmark = pytest.mark.stack

# Somebody sends in a manuscript with a file, again and again; told in the text what the file says.
WRITING = """
from hashlib import sha256
from django.core.files.base import ContentFile
from contributions import vault
from contributions.models import Attachment, Contribution
from django.db import transaction
for n in range(100_000):
    content = f"letter {n} ".encode() * 2000
    name = vault.put(ContentFile(content))
    with transaction.atomic():
        sent = Contribution.objects.create(kind="article", title=sha256(content).hexdigest(),
            text="稿件", name="王某", code=f"{n:064d}", identity=f"{n:064d}")
        Attachment.objects.create(contribution=sent, kind="text", file=name, name="a.txt",
            size=len(content))
    print(n, flush=True)
"""
TOLD = """
import json
from hashlib import sha256
from django.core.files.storage import storages
from contributions.models import Attachment, Contribution
from issues.models import IssuePage
from newsroom.models import PressPhoto
wrong = []
for attachment in Attachment.objects.select_related("contribution"):
    if sha256(attachment.file.read()).hexdigest() != attachment.contribution.title:
        wrong.append(attachment.pk)
photos = [sha256(photo.file.read()).hexdigest() for photo in PressPhoto.objects.order_by("pk")]
print(json.dumps({
    "wrong": wrong, "photos": photos, "attachments": Attachment.objects.count(),
    "contributions": Contribution.objects.count(),
    "names": sorted(set(map(str, Contribution.objects.values_list("name", flat=True)))),
    "issues": list(IssuePage.objects.live().values_list("number", flat=True)),
}))
"""
PAGES = """
from hashlib import sha256
from django.test import Client
for address in ("/450/issue.json", "/450/", "/450/3/", "/archive/", "/search/?q=工会", "/feed/"):
    answer = Client(HTTP_HOST="127.0.0.1").get(address)
    print(address, answer.status_code, sha256(answer.getvalue()).hexdigest())
"""

PUBLIC = """
import json
from articles.models import ArticlePage
from articles.reading import plain_paragraphs
print(json.dumps([
    [a.issue.issuepage.number, a.number, a.kicker, a.title, a.subhead, list(plain_paragraphs(a)),
     [[b.role, b.name] for b in a.bylines.all()]]
    for a in ArticlePage.objects.published().in_print_order().with_bylines().with_issues()
]))
"""


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of SQLite with all tables and nothing in them: to migrate takes long."""
    place = tmp_path_factory.mktemp("blank")
    database = Sqlite(place)
    Paper(place / "paper", database).manage("migrate", "--verbosity", "0")
    return database.file


def migrate(paper: Paper, blank: Path) -> None:
    if isinstance(paper.database, Sqlite):
        shutil.copy(blank, paper.database.file)
    else:
        paper.manage("migrate", "--verbosity", "0")


@pytest.fixture(params=["sqlite", "postgres"])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list]:
    """Return two databases of a kind, both empty."""
    made: list[Sqlite | Postgres] = []
    try:
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            made.append(Sqlite(tmp_path / name) if request.param == "sqlite" else Postgres())
        yield made
    finally:
        for database in made:
            database.close()


def test_a_paper_destroyed_after_a_copy_made_while_it_was_written_to_is_restored(
    databases: list, blank: Path, tmp_path: Path
) -> None:
    first = Paper(tmp_path / "first", databases[0])
    migrate(first, blank)
    first.manage("set_up_newsroom", "--sample", "content/issue-450")
    pages = first.run(PAGES)
    with writing_to(first) as writer:
        told = first.manage("backup", "--to", tmp_path / "sets", "--keep", "3")
        assert writer.poll() is None
    after = json.loads(first.run(TOLD))
    (place,) = (tmp_path / "sets").glob("paper-*")
    assert str(place) in told
    first.manage("verify_backup", place)

    # The machine is gone; only the set and the keys, kept apart, are left.
    databases.pop(0).close()
    shutil.rmtree(tmp_path / "first")
    keys = ("SECRET_KEY", "CONTRIBUTIONS_KEYS")
    second = Paper(
        tmp_path / "second", databases[0], **{key: first.environment[key] for key in keys}
    )
    assert "行数和校验和都对" in second.manage("restore", place)

    restored = json.loads(second.run(TOLD))
    assert restored["wrong"] == []  # every row of the copy finds its file, whole
    assert 0 < restored["attachments"] < after["attachments"]
    assert restored["attachments"] == restored["contributions"]
    assert restored["names"] == ["王某"]  # sealed, and opened
    assert (restored["photos"], restored["issues"]) == (after["photos"], [450])
    assert second.run(PAGES) == pages
    second.manage("check_search", "--quick")
    assert "No migrations to apply" in second.manage("migrate")

    # The second way out leads to the same paper.
    second.manage("export_archive", tmp_path / "archive")
    if isinstance(databases[0], Sqlite):
        (tmp_path / "third").mkdir()
        third = Paper(tmp_path / "third", Sqlite(tmp_path / "third"))
        migrate(third, blank)
        third.manage("set_up_newsroom")
        third.manage("import_archive", tmp_path / "archive", "--publish")
        public = json.loads(second.run(PUBLIC))
        assert len(public) == 4
        assert json.loads(third.run(PUBLIC)) == public

    # What is there now is not to be written over.
    assert "不是空的" in second.manage("restore", place, fails=True)
    assert json.loads(second.run(TOLD)) == restored


class writing_to:
    """Have another process write to a paper, and end it as a power cut does."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def __enter__(self) -> subprocess.Popen[str]:
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "--command", WRITING],
            cwd=ROOT,
            env=self.paper.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.strip() == "20":
                break
        # Whoever writes must not wait for somebody to read what it prints.
        self.drain = subprocess.Popen(["cat"], stdin=self.process.stdout, stdout=subprocess.DEVNULL)
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self.drain.wait()
        self.process.stdout.close()  # type: ignore[union-attr]


def test_other_keys_are_told_of_and_a_spoilt_set_touches_nothing(
    blank: Path, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    first = Paper(tmp_path / "first", Sqlite(tmp_path / "first"))
    migrate(first, blank)
    first.run(
        "from contributions.models import Contribution; Contribution.objects.create("
        "kind='tip', title='x', text='x', name='王某', code='a', identity='a')"
    )
    media = Path(first.environment["MEDIA_ROOT"])
    (media / "a.jpg").write_text("picture")
    first.manage("backup", "--to", tmp_path / "sets")
    (place,) = (tmp_path / "sets").glob("paper-*")

    other = Fernet.generate_key().decode()
    second = Paper(tmp_path / "second", Sqlite(tmp_path / "second"), CONTRIBUTIONS_KEYS=other)
    whole = (place / "media/a.jpg").read_text()
    (place / "media/a.jpg").write_text("pictuRe")
    assert "校验和不符" in second.manage("restore", place, fails=True)
    assert list(Path(second.environment["MEDIA_ROOT"]).iterdir()) == []

    (place / "media/a.jpg").write_text(whole)
    strange = Path(second.environment["MEDIA_ROOT"]) / "b.jpg"
    strange.write_text("mine")
    assert "不是空的" in second.manage("restore", place, fails=True)
    strange.unlink()

    told = second.manage("restore", place)
    assert "现在的 CONTRIBUTIONS_KEYS 打不开" in told
    assert (Path(second.environment["MEDIA_ROOT"]) / "a.jpg").read_text() == "picture"
