"""Sets as folders: what is one, what is whole, and what goes."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from operations.backup.manifest import Copy, Manifest, SetRefused
from operations.backup.sets import (
    check_set,
    name_of,
    read_manifest,
    remove_set,
    sets_in,
    sha256_of,
    strangers_in,
)

AT = datetime(2026, 11, 28, 19, 52, tzinfo=UTC)


def make_set(folder: Path, at: datetime = AT, **files: str) -> Path:
    """Write a set of files; ``media__a`` is the file media/a."""
    place = folder / name_of(at)
    copies = []
    for name, text in {"database": "rows", **files}.items():
        file = place / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        copies.append(Copy(name.replace("__", "/"), len(text), sha256_of(file)))
    manifest = Manifest(
        made_at=at,
        database="sqlite",
        versions={},
        migrations=(),
        counts={},
        encrypted_for=(),
        missing=(),
        copies=tuple(copies),
    )
    (place / "manifest.json").write_text(manifest.to_json())
    return place


def test_a_whole_set_is_whole(tmp_path: Path) -> None:
    place = make_set(tmp_path, media__a="picture")
    assert check_set(place) == read_manifest(place)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda place: (place / "media/a").unlink(), "没有这个文件"),
        (lambda place: (place / "media/a").write_text("pictur"), "大小不对"),
        (lambda place: (place / "media/a").write_text("pictuRe"), "校验和不符"),
        (lambda place: (place / "database").write_text(""), "大小不对"),
        (lambda place: (place / "manifest.json").unlink(), "没有 manifest.json"),
        (lambda place: os.truncate(place / "manifest.json", 200), "已损坏"),
    ],
)
def test_a_set_that_is_not_whole_is_refused(tmp_path: Path, spoil, word: str) -> None:
    place = make_set(tmp_path, media__a="picture")
    spoil(place)
    with pytest.raises(SetRefused, match=word):
        check_set(place)


@pytest.mark.parametrize("link", ["media/a", "media", "manifest.json"])
def test_a_set_with_a_link_in_it_is_refused(tmp_path: Path, link: str) -> None:
    place = make_set(tmp_path, media__a="picture")
    elsewhere = tmp_path / "elsewhere"
    (place / link).rename(elsewhere)
    (place / link).symlink_to(elsewhere)
    with pytest.raises(SetRefused):
        check_set(place)


def test_files_that_the_manifest_does_not_name_are_told(tmp_path: Path) -> None:
    place = make_set(tmp_path, media__a="picture")
    (place / "media/b").write_text("came from elsewhere")
    assert strangers_in(place, check_set(place)) == ["media/b"]


def test_only_whole_sets_are_sets(tmp_path: Path) -> None:
    older = make_set(tmp_path, AT.replace(year=2025))
    newer = make_set(tmp_path)
    (tmp_path / "paper-20260101T000000Z").mkdir()  # without a manifest
    (tmp_path / "paper-photos").mkdir()
    (tmp_path / "notes.txt").write_text("not mine")
    (tmp_path / name_of(AT.replace(year=2024))).symlink_to(older)
    newer.with_name(".unfinished-paper-20260101T000000Z").mkdir()
    assert list(sets_in(tmp_path).values()) == [older, newer]


def test_a_removed_set_leaves_its_neighbours(tmp_path: Path) -> None:
    older, newer = make_set(tmp_path, AT.replace(year=2025)), make_set(tmp_path)
    remove_set(older)
    assert list(tmp_path.iterdir()) == [newer]
