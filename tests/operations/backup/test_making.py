"""Making a set of copies of a paper that runs."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from contributions import vault
from issues.models import Folio, IssuePage
from operations.backup import databases, making, restoring
from operations.backup.age import decrypted
from operations.backup.databases import Snapshot
from operations.backup.making import BackupFailed, make_backup
from operations.backup.restoring import RestoreFailed, restore
from operations.backup.rotation import Keeping
from operations.backup.sets import check_set, sets_in
from tests.factories import make_public_issue

pytestmark = pytest.mark.django_db
COMMITTED = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture(autouse=True)
def folders(settings, tmp_path: Path) -> None:
    """Give each test places of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    options = {"contributions": "vault", "imports": "imports"}
    settings.STORAGES = settings.STORAGES | {
        alias: {
            **settings.STORAGES[alias],
            "OPTIONS": {**settings.STORAGES[alias]["OPTIONS"], "location": str(tmp_path / folder)},
        }
        for alias, folder in options.items()
    }


@pytest.fixture(autouse=True)
def database(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy a made-up database, except in tests that commit: none waits for its own transaction."""
    if request.node.get_closest_marker("django_db").kwargs.get("transaction"):
        return

    @contextmanager
    def made_up() -> Iterator[Snapshot]:
        yield Snapshot("sqlite", "3", {}, (), lambda: iter([b"rows"]))

    monkeypatch.setattr(making.databases, "snapshot", made_up)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a day pass between two sets."""
    now = timezone.now()
    days = iter(range(1000))
    monkeypatch.setattr(making.timezone, "now", lambda: now + timedelta(days=next(days)))


def put(alias: str, name: str, text: str = "content") -> str:
    return storages[alias].save(name, ContentFile(text.encode()))


@COMMITTED
def test_a_set_holds_database_and_files_and_says_what_was_there(tmp_path: Path) -> None:
    put("default", "photos/照片.jpg", "picture")
    letter = vault.put(ContentFile(b"letter"))

    made = make_backup(to=tmp_path / "sets")

    manifest = check_set(made.place)
    assert set(manifest.named()) == {"database", "media/photos/照片.jpg", f"contributions/{letter}"}
    assert (made.place / "contributions" / letter).read_bytes() == b"letter"
    assert manifest.database == connection.vendor
    assert manifest.counts["issues_newspaperpage"] == 1
    assert "issues.0001_initial" in manifest.migrations


@COMMITTED
@pytest.mark.parametrize("encrypted", [False, True])
def test_a_set_is_verified_to_the_row(
    encrypted: bool, tmp_path: Path, key: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    identity, recipient = key
    made = make_backup(to=tmp_path / "sets", recipients=(recipient,) if encrypted else ())

    def told(**options: object) -> str:
        said = StringIO()
        call_command("verify_backup", made.place, stdout=said, stderr=said, **options)
        return said.getvalue()

    rows = f"数据库 {sum(made.manifest.counts.values())} 行"
    assert f"{rows}（数过了）" in told(identity=identity)
    assert ("没有私钥，数据库的行数没有数" in told()) is encrypted

    counts = {**made.manifest.counts, "issues_newspaperpage": 2, "no_such_table": 1}
    altered = replace(made.manifest, counts=counts)
    (made.place / "manifest.json").write_text(altered.to_json())
    with pytest.raises(CommandError) as refused:
        told(identity=identity)
    assert "有 2 张表的行数和清单里记的不一样" in str(refused.value)
    assert "issues_newspaperpage：应有2行，实有1行" in str(refused.value)
    assert "no_such_table：应有1行，实有0行" in str(refused.value)

    (made.place / "manifest.json").write_text(made.manifest.to_json())
    if connection.vendor == "postgresql" and not encrypted:
        monkeypatch.setenv("PATH", "/nowhere")
        assert "没有找到 pg_restore" in told()
        assert f"{rows}（没有数）" in told()


def test_nobody_else_may_read_a_set(tmp_path: Path) -> None:
    put("default", "photos/a.jpg")
    made = make_backup(to=tmp_path / "sets")
    for path in [tmp_path / "sets", made.place, *made.place.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_unchanged_files_are_shared_with_the_set_before(tmp_path: Path, clock: None) -> None:
    put("default", "a.jpg", "stays")
    put("default", "b.jpg", "goes")
    first = make_backup(to=tmp_path / "sets")
    storages["default"].delete("b.jpg")
    put("default", "b.jpg", "came under the same name")
    second = make_backup(to=tmp_path / "sets")

    assert second.shared == 1
    assert os.path.samefile(first.place / "media/a.jpg", second.place / "media/a.jpg")
    assert (first.place / "media/b.jpg").read_text() == "goes"
    assert (second.place / "media/b.jpg").read_text() == "came under the same name"


def test_a_file_that_was_damaged_in_the_set_before_is_copied_anew(
    tmp_path: Path, clock: None
) -> None:
    put("default", "a.jpg", "picture")
    first = make_backup(to=tmp_path / "sets")
    (first.place / "media/a.jpg").write_text("pictuRe")
    second = make_backup(to=tmp_path / "sets")
    assert second.shared == 0
    assert check_set(second.place)


def test_only_as_many_sets_are_kept_as_asked_for(tmp_path: Path, clock: None) -> None:
    sets = tmp_path / "sets"
    made = [make_backup(to=sets, keeping=Keeping(newest=2)) for _ in range(4)]
    assert list(sets_in(sets).values()) == [each.place for each in made[-2:]]
    assert [each.removed for each in made] == [(), (), (made[0].place,), (made[1].place,)]


def test_what_is_no_set_is_never_removed(tmp_path: Path, clock: None) -> None:
    sets = tmp_path / "sets"
    for name in ("paper-20200101T000000Z", "paper-old", "notes"):
        (sets / name).mkdir(parents=True)
    for _ in range(3):
        make_backup(to=sets, keeping=Keeping(newest=1))
    assert {"paper-20200101T000000Z", "paper-old", "notes"} <= {p.name for p in sets.iterdir()}


def test_a_file_that_vanishes_meanwhile_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("default", "a.jpg")
    put("default", "b.jpg")
    stamp_of = making.stamp_of

    def vanish(storage, name: str) -> str:
        stamp = stamp_of(storage, name)
        if name == "a.jpg":
            storage.delete(name)
        return stamp

    monkeypatch.setattr(making, "stamp_of", vanish)
    made = make_backup(to=tmp_path / "sets")
    assert set(check_set(made.place).named()) == {"database", "media/b.jpg"}
    assert not (made.place / "media/a.jpg").exists()


def test_files_that_rows_name_and_nobody_has_are_told(tmp_path: Path) -> None:
    Folio.objects.create(
        issue=make_public_issue(), number=9, name="副刊", page_pdf="folios/gone.pdf"
    )
    errors = StringIO()
    call_command("backup", to=tmp_path / "sets", stdout=StringIO(), stderr=errors)
    assert "media/folios/gone.pdf" in errors.getvalue()


AWAY = [OperationalError("gone"), EndpointConnectionError(endpoint_url="https://bucket.example")]


@pytest.mark.parametrize("error", AWAY)
@pytest.mark.parametrize("where", ["names_in", "missing_names"])
def test_a_database_or_bucket_that_is_away_leaves_no_half_set(
    where: str, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> None:
        raise error

    monkeypatch.setattr(making, where, fail)
    with pytest.raises(BackupFailed, match="没有做成备份，原有的备份都没有动"):
        make_backup(to=tmp_path / "sets")
    assert [each.name for each in (tmp_path / "sets").iterdir()] == [".lock"]


@pytest.mark.parametrize("error", AWAY)
def test_a_restore_takes_its_files_back_when_database_or_bucket_goes_away(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("default", "photos/a.jpg")
    made = make_backup(to=tmp_path / "sets")
    storages["default"].delete("photos/a.jpg")
    seen = []

    def fail(chunks: object) -> None:
        seen.append(storages["default"].exists("photos/a.jpg"))
        raise error

    monkeypatch.setattr(restoring, "_check_fit", lambda manifest: None)
    monkeypatch.setattr(restoring.databases, "is_empty", lambda: True)
    monkeypatch.setattr(restoring.databases, "load", fail)
    with pytest.raises(RestoreFailed, match="已经写下的文件都收回了"):
        restore(place=made.place)
    assert seen == [True]
    assert not storages["default"].exists("photos/a.jpg")


def test_what_sqlite_refuses_is_told_in_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(chunks: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    for name in ("_restore_sqlite", "_restore_postgres"):
        monkeypatch.setattr(databases, name, full)
    with pytest.raises(databases.DatabaseFailed, match="临时文件夹"):
        databases.load([])


def test_a_full_disk_leaves_no_half_set_and_touches_no_other(
    tmp_path: Path, clock: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_backup(to=tmp_path / "sets")
    before = sorted(path.relative_to(tmp_path) for path in (tmp_path / "sets").rglob("*"))
    put("default", "a.jpg")

    def full(*_: object) -> Iterator[bytes]:
        yield b"some"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "chunks_of", full)
    with pytest.raises(CommandError, match="磁盘满了"):
        call_command("backup", to=tmp_path / "sets", keep=1)
    assert sorted(path.relative_to(tmp_path) for path in (tmp_path / "sets").rglob("*")) == before
    assert check_set(first.place)


def test_a_backup_that_finds_hardly_a_file_fails(tmp_path: Path, settings) -> None:
    issue = make_public_issue()
    for number in (7, 8, 9):
        name = put("default", f"folios/{number}.pdf")
        Folio.objects.create(issue=issue, number=number, name="副刊", page_pdf=name)
    call_command("backup", to=tmp_path / "sets", stdout=StringIO())
    settings.MEDIA_ROOT = str(tmp_path / "not mounted")
    with pytest.raises(CommandError, match="没有挂载"):
        call_command("backup", to=tmp_path / "sets2", stdout=StringIO(), stderr=StringIO())


def test_what_a_killed_backup_left_is_no_set_and_goes_with_the_next(tmp_path: Path) -> None:
    left = tmp_path / "sets/.unfinished-paper-20260101T000000Z"
    left.mkdir(parents=True)
    (left / "database").write_text("half")
    made = make_backup(to=tmp_path / "sets")
    assert not left.exists()
    assert list(sets_in(tmp_path / "sets").values()) == [made.place]


def test_two_backups_at_once_do_not_mix(tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    with (tmp_path / "sets/.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BackupFailed, match="另一个备份"):
            make_backup(to=tmp_path / "sets")


def test_sets_are_not_put_where_readers_could_fetch_them(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="请另选地方"):
        make_backup(to=tmp_path / "media/sets")


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """Return the file of a private key, and its public one."""
    file = tmp_path / "key.txt"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    told = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True)
    return file, told.stdout.strip()


def test_an_encrypted_set_tells_nothing_without_the_key(
    tmp_path: Path, clock: None, key: tuple[Path, str]
) -> None:
    file, recipient = key
    put("default", "a.jpg", "the secret")
    first = make_backup(to=tmp_path / "sets", recipients=(recipient,))
    second = make_backup(to=tmp_path / "sets", recipients=(recipient,))

    assert second.shared == 1
    assert set(check_set(first.place).named()) == {"database.age", "media/a.jpg.age"}
    for path in first.place.rglob("*.age"):
        assert path.read_bytes().startswith(b"age-encryption.org/v1")
        assert b"the secret" not in path.read_bytes()
    assert b"".join(decrypted(second.place / "media/a.jpg.age", identity=file)) == b"the secret"


def test_an_unencrypted_set_shares_nothing_with_an_encrypted_one(
    tmp_path: Path, clock: None, key: tuple[Path, str]
) -> None:
    put("default", "a.jpg")
    make_backup(to=tmp_path / "sets", recipients=(key[1],))
    assert make_backup(to=tmp_path / "sets").shared == 0


def test_a_wrong_public_key_is_refused_before_anything(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="公钥"):
        make_backup(to=tmp_path / "sets", recipients=("--output=/etc/passwd",))
    assert not (tmp_path / "sets").exists()


@COMMITTED
def test_the_copy_is_of_one_moment_whatever_is_written_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("default", "a.jpg")

    def write_meanwhile(*_: object) -> list[str]:
        if not IssuePage.objects.exists():
            make_public_issue(451)
        return ["a.jpg"]

    monkeypatch.setattr(making, "names_in", write_meanwhile)
    made = make_backup(to=tmp_path / "sets")
    assert IssuePage.objects.count() == 1
    assert made.manifest.counts["issues_issuepage"] == 0
