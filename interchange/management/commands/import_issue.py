"""Bring issue folders into the database."""

from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interchange.files import ImportRefused
from interchange.pages import load_issue
from interchange.readers.folder import FolderError, read_folder
from interchange.schema import IMAGES, SchemaError


class Command(BaseCommand):
    """Create or update issues from their folders (docs/issue-folder.md)."""

    help = "Create or update issues from their folders; a broken one changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")

    def handle(self, *args: Any, folders: list[Path], **options: Any) -> None:
        """Import each folder in a transaction of its own and report what changed."""
        for folder in folders:
            try:
                report = load_issue(
                    issue=read_folder(folder), picture=_pictures_in(folder / IMAGES)
                )
            except (FolderError, SchemaError, ImportRefused) as error:
                raise CommandError(f"{folder}：{error}\n这一期在数据库里没有任何改动。") from error
            for change in report.changes or [f"{report.issue}：没有改动"]:
                self.stdout.write(change)
            if report.touched:
                self.stdout.write("新的和改动的稿件是草稿，请在后台审阅定稿后出版。")


def _pictures_in(images: Path) -> Callable[[str], bytes]:
    return lambda name: (images / name).read_bytes()
