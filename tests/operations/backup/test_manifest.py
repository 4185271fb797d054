"""What a set says of itself, read with suspicion."""

import json
from datetime import UTC, datetime

import pytest

from operations.backup.manifest import Copy, Manifest, SetRefused

SHA = "a" * 64


def manifest(*paths: str, encrypted_for: tuple[str, ...] = ()) -> Manifest:
    return Manifest(
        made_at=datetime(2026, 11, 28, 20, tzinfo=UTC),
        database="sqlite",
        versions={"django": "5.2"},
        migrations=("issues.0001_initial",),
        counts={"issues_issuepage": 1},
        encrypted_for=encrypted_for,
        missing=(),
        copies=tuple(Copy(path, 1, SHA, "stamp") for path in paths),
    )


def test_what_was_written_is_read_again() -> None:
    written = manifest("database", "media/original_images/照片 1.jpg")
    assert Manifest.from_json(written.to_json()) == written


def test_each_file_knows_where_it_came_from() -> None:
    plain, sealed = (
        manifest("database", "media/a.age"),
        manifest("database.age", "media/a.jpg.age", encrypted_for=("age1x",)),
    )
    assert [plain.original(copy) for copy in plain.copies] == [("database", ""), ("media", "a.age")]
    assert [sealed.original(copy) for copy in sealed.copies] == [
        ("database", ""),
        ("media", "a.jpg"),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "../etc/passwd",
        "media/../../etc/passwd",
        "/etc/passwd",
        "media//etc/passwd",
        "media/./a",
        "media/",
        "media",
        "media/a\0b",
        "media\\..\\a",
        "secrets/a",
        "manifest.json",
        "database/a",
        "",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(SetRefused):
        Manifest.from_json(manifest("database", path).to_json())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda told: told.pop("copies"),
        lambda told: told.update(format="paper-backup/2"),
        lambda told: told.update(surplus=1),
        lambda told: told.update(made_at="yesterday"),
        lambda told: told["copies"][0].update(sha256="short"),
        lambda told: told["copies"][0].update(size=-1),
        lambda told: told["copies"][0].pop("stamp"),
        lambda told: told["copies"].append(told["copies"][0]),
        lambda told: told["copies"].pop(0),
    ],
)
def test_a_manifest_that_is_not_ours_is_refused(spoil) -> None:
    told = json.loads(manifest("database", "media/a").to_json())
    spoil(told)
    with pytest.raises(SetRefused):
        Manifest.from_json(json.dumps(told))


@pytest.mark.parametrize("text", ["", "[]", "null", '"x"', '{"format": "paper-backup/1"', "\x00"])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(SetRefused):
        Manifest.from_json(text)
