"""A paper is destroyed and restored: on both databases, copied while it was written to."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bench.databases import Postgres, Sqlite
from bench.server import ROOT
from tests.stack.papers import Paper

pytestmark = pytest.mark.stack

NOBODYS_GROUP = 54321

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

ROWS = """
from hashlib import sha256
from django.db import connection
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.django_table_names(only_existing=True)):
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        rows = sorted(repr(row) for row in cursor.fetchall())
        print(table, len(rows), sha256("\\n".join(rows).encode()).hexdigest())
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


def test_photos_put_back_into_a_folder_that_was_gone_are_read_by_nginx(
    blank: Path, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    first = Paper(tmp_path / "first", Sqlite(tmp_path / "first"))
    migrate(first, blank)
    photo = Path("original_images/2026/a.jpg")
    (Path(first.environment["MEDIA_ROOT"]) / photo).parent.mkdir(parents=True)
    (Path(first.environment["MEDIA_ROOT"]) / photo).write_text("picture")
    first.manage("backup", "--to", tmp_path / "sets")
    (place,) = (tmp_path / "sets").glob("paper-*")

    front = {"FRONT": "http://127.0.0.1:9", "FRONT_SHUT": str(tmp_path / "shut")}
    second = Paper(tmp_path / "second", Sqlite(tmp_path / "second"), **front)
    media = Path(second.environment["MEDIA_ROOT"])
    media.rmdir()  # renamed, as docs/restoring.md says
    # As the services and the command `paper` run it, and a folder made by them.
    with umask(0o027):
        told = second.manage("restore", place, fails=True)
        assert not media.exists()
        media.mkdir()
        assert "nginx 读不到" in second.manage("restore", place, fails=True)

    root = os.geteuid() == 0
    group = NOBODYS_GROUP if root else os.getegid()
    (documented,) = re.findall(r"install -d -m 2750 .*", (ROOT / "docs/restoring.md").read_text())
    assert documented.replace("/var/lib/paper/media", str(media)) in told
    make = ["install", "-d", "-m", "2750", "-o", str(os.geteuid()), "-g", str(group)]
    assert documented.split()[:4] == make[:4]
    subprocess.run([*make, media], check=True)

    with umask(0o027):
        second.manage("restore", place)
    for folder in (media / photo).relative_to(media.parent).parents:
        if folder != Path("."):
            status = (media.parent / folder).stat()
            assert (stat.S_IMODE(status.st_mode), status.st_gid) == (0o2750, group)
    status = (media / photo).stat()
    assert status.st_gid == group
    assert status.st_mode & stat.S_IRGRP


def test_photos_that_everybody_may_read_need_no_group(blank: Path, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    database = Sqlite(tmp_path / "first")
    front = {"FRONT": "http://127.0.0.1:9", "FRONT_SHUT": str(tmp_path / "shut")}
    paper = Paper(tmp_path / "first", database, **front)
    migrate(paper, blank)
    paper.manage("backup", "--to", tmp_path / "sets")
    (place,) = (tmp_path / "sets").glob("paper-*")
    database.file.unlink()
    Path(paper.environment["MEDIA_ROOT"]).chmod(0o755)

    with umask(0o027):  # folders in it would be for nobody
        assert "nginx 读不到" in paper.manage("restore", place, fails=True)
    with umask(0o022):
        paper.manage("restore", place)


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Have what is started meanwhile make its files so."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_an_encrypted_set_is_restored_with_its_key_alone_and_only_if_its_rows_are_right(
    databases: list, blank: Path, tmp_path: Path
) -> None:
    first = Paper(tmp_path / "first", databases[0])
    migrate(first, blank)
    first.manage("set_up_newsroom", "--sample", "content/issue-450")
    first.run(
        "from django.core.files.base import ContentFile; from contributions import vault;"
        "from contributions.models import Attachment, Contribution;"
        "sent = Contribution.objects.create(kind='article', title='x', text='稿件', name='王某',"
        "code='a', identity='a'); Attachment.objects.create(contribution=sent, kind='text',"
        "file=vault.put(ContentFile('一封信'.encode())), name='a.txt', size=9)"
    )
    (Path(first.environment["MEDIA_ROOT"]) / "a.jpg").write_text("picture")
    before = contents(first)
    lost, kept, strange = (make_key(tmp_path / f"{name}.txt") for name in ("lost", "kept", "other"))
    first.manage(
        *("backup", "--to", tmp_path / "sets"),
        *("--encrypt-for", lost[1], "--encrypt-for", kept[1]),
    )
    (place,) = (tmp_path / "sets").glob("paper-*")
    sealed = b"".join(file.read_bytes() for file in place.rglob("*.age"))
    assert not [each for each in ("picture", "一封信", "象棋") if each.encode() in sealed]

    keys = ("SECRET_KEY", "CONTRIBUTIONS_KEYS")
    second = Paper(
        tmp_path / "second", databases[1], **{key: first.environment[key] for key in keys}
    )
    for wrong, words in (
        ((), "这份备份是加密的。请用 --identity"),
        (("--identity", strange[0]), "打不开这份备份"),
        (("--identity", tmp_path / "nothing.txt"), "打不开这份备份"),
    ):
        told = second.manage("restore", place, *wrong, fails=True)
        assert words in told
        assert lost[1] in told
        assert kept[1] in told
        assert "什么都没有动" in told
        assert is_untouched(second)

    # A list of rows that the copy does not have is no list of ours.
    whole = (place / "manifest.json").read_text()
    listed = json.loads(whole)
    rows = listed["counts"]["articles_articlepage"]
    listed["counts"]["articles_articlepage"] = rows + 1
    (place / "manifest.json").write_text(json.dumps(listed))
    for command in ("verify_backup", "restore"):
        told = second.manage(command, place, "--identity", kept[0], fails=True)
        assert f"articles_articlepage：应有{rows + 1}行，实有{rows}行" in told
        assert is_untouched(second)
    (place / "manifest.json").write_text(whole)

    assert "（数过了）" in second.manage("verify_backup", place, "--identity", kept[0])
    assert is_untouched(second)
    assert "行数和校验和都对" in second.manage("restore", place, "--identity", kept[0])
    assert contents(second) == before
    assert second.run(PAGES) == first.run(PAGES)
    assert list(Path(second.environment["TMPDIR"]).iterdir()) == []  # nothing lies about opened


def make_key(file: Path) -> tuple[Path, str]:
    """Return the file of a new private key of age, and its public half."""
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    told = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True)
    return file, told.stdout.strip()


def files(paper: Paper) -> dict[str, bytes]:
    """Return what lies in a paper's folders, by its path."""
    roots = [Path(paper.environment[f"{name}_ROOT"]) for name in ("MEDIA", "CONTRIBUTIONS")]
    roots.append(Path(paper.environment["IMPORTS_ROOT"]))
    return {
        file.relative_to(paper.place).as_posix(): file.read_bytes()
        for root in roots
        for file in root.rglob("*")
        if file.is_file()
    }


def contents(paper: Paper) -> tuple[dict[str, bytes], str]:
    """Return all of a paper: its files, and every row of every table."""
    return files(paper), paper.run(ROWS)


def is_untouched(paper: Paper) -> bool:
    """Whether a paper has neither a table, nor a file, nor anything in its temporary folder."""
    tables = paper.run("from django.db import connection; print(connection.introspection"
                       ".table_names())")  # fmt: skip
    unfinished = [*Path(paper.environment["TMPDIR"]).iterdir()]
    return (tables, files(paper), unfinished) == ("[]", {}, [])
