"""The command that makes an issue folder of a page's text."""

import io
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from interchange.readers.folder import read_folder
from tests.factories import SAMPLE

SOURCE = SAMPLE / "provenance" / "source.txt"


def parse(file: Path | str, folder: Path) -> str:
    told = StringIO()
    call_command("parse_issue", str(file), str(folder), stdout=told)
    return told.getvalue()


def test_a_page_becomes_a_folder_and_every_guess_is_listed(tmp_path: Path) -> None:
    told = parse(SOURCE, tmp_path / "450")

    issue, checked = read_folder(tmp_path / "450"), read_folder(SAMPLE)
    assert [article.body for article in issue.articles] == [a.body for a in checked.articles]
    assert "第450期，4篇" in told
    assert "02 拱墅区总工会普惠性托育解决职工难题（刘魏）" in told
    assert "请核对9处" in told
    assert "第35行：“的骨干人才搭建工作专班,”和“增强场景建设的策划协调、”在原文里断开" in told


def test_text_comes_from_standard_input_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SOURCE.read_bytes())))

    assert "第450期" in parse("-", tmp_path / "450")


def test_the_encoding_of_old_systems_is_read(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(SOURCE.read_text(encoding="utf-8").encode("gb18030"))

    assert "第450期，4篇" in parse(tmp_path / "page.txt", tmp_path / "450")


def test_writing_again_replaces_the_same_issue_but_never_another(tmp_path: Path) -> None:
    parse(SOURCE, tmp_path / "450")
    parse(SOURCE, tmp_path / "450")
    other = tmp_path / "other.txt"
    other.write_text(SOURCE.read_text(encoding="utf-8").replace("第450期", "第451期"))

    with pytest.raises(CommandError, match="不是第451期的文件夹"):
        parse(other, tmp_path / "450")
    assert read_folder(tmp_path / "450").number == 450


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("一篇没有刊头的稿件。".encode(), "没有认出期号"),
        (b"", "没有认出期号"),
        (b"\xff\xfe\x00\x01\x80", "不是文本文件"),
        (b"x\n" * 100_000, "文字太长"),
        (b"x" * 10_000_001, "文件太大"),
    ],
    ids=range(5),
)
def test_what_is_no_issue_writes_nothing(tmp_path: Path, content: bytes, reason: str) -> None:
    (tmp_path / "page.txt").write_bytes(content)

    with pytest.raises(CommandError, match=reason):
        parse(tmp_path / "page.txt", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.txt"):
        parse(tmp_path / "none.txt", tmp_path / "new")
