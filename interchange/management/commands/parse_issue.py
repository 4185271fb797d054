"""Make an issue folder of the text of a printed page."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interchange.composing import compose, places
from interchange.galley import Galley, GalleyError, unaccounted
from interchange.readers.folder import FolderError
from interchange.readers.layout import read_layout
from interchange.schema import Issue
from interchange.writers.folder import write_folder

LARGEST_FILE = 10_000_000  # bytes
STANDARD_INPUT = Path("-")


class Command(BaseCommand):
    """Read pasted layout text into the form paper-issue/1; the database is not touched."""

    help = "Make an issue folder of the text of a printed page; every guess is listed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="a text in UTF-8, or -")
        parser.add_argument("destination", type=Path, metavar="DIR")

    def handle(self, *args: Any, file: Path, destination: Path, **options: Any) -> None:
        """Write the folder and list what was guessed, or say why not and write nothing."""
        text = _text_of(file)
        try:
            galley = read_layout(text)
            if lost := unaccounted(galley, text):  # a fault of the reader, never of the text
                raise CommandError(
                    f"{file}：有{len(lost)}个字没有着落：{lost[:40]}\n什么都没有写。"
                )
            issue = compose(galley)
            write_folder(issue, destination, _no_picture)
        except (GalleyError, FolderError, OSError) as error:
            raise CommandError(f"{file}：{error}\n什么都没有写。") from error
        self._report(galley, issue)
        self.stdout.write(f"已写入 {destination}")

    def _report(self, galley: Galley, issue: Issue) -> None:
        self.stdout.write(f"第{issue.number}期，{len(issue.articles)}篇：")
        for article in issue.articles:
            names = "、".join(byline.name for byline in article.bylines) or "没有署名"
            self.stdout.write(f"  {article.number:02} {article.title}（{names}）")
        doubts = list(places(galley))
        self.stdout.write(f"请核对{len(doubts)}处：" if doubts else "没有疑点。")
        for doubt, block in doubts:
            self.stdout.write(f"  第{block.line}行：{doubt.text}")


def _text_of(file: Path) -> str:
    try:
        if file == STANDARD_INPUT:
            data = sys.stdin.buffer.read(LARGEST_FILE + 1)
        else:
            with file.open("rb") as source:
                data = source.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CommandError(f"{file}：读不了这个文件（{error.strerror}）。") from error
    if len(data) > LARGEST_FILE:
        raise CommandError(f"{file}：文件太大，最多{LARGEST_FILE // 1_000_000} MB。")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CommandError(f"{file}：不是文本文件。请另存为 UTF-8 编码的 .txt 再试。")


def _no_picture(name: str) -> bytes:
    raise LookupError(name)  # pasted text has no pictures
