"""Write an issue of the database as a folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from interchange.pages import dump_with_pictures
from interchange.schema import SchemaError
from interchange.writers.folder import write_folder
from issues.models import IssuePage


class Command(BaseCommand):
    """Write an issue, each article as last saved, in the form paper-issue/1."""

    help = "Write an issue, each article as last saved, as an issue folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int, metavar="NUMBER")
        parser.add_argument("destination", type=Path, metavar="DIR")

    def handle(self, *args: Any, number: int, destination: Path, **options: Any) -> None:
        """Write the folder, or say why not; an existing folder of another issue is not touched."""
        page = IssuePage.objects.filter(number=number).first()
        if page is None:
            raise CommandError(f"数据库里没有第{number}期。")
        try:
            issue, picture = dump_with_pictures(page)
            write_folder(issue, destination, picture)
        except (SchemaError, OSError, ValueError) as error:
            raise CommandError(f"没有导出：{error}") from error
        self.stdout.write(f"第{number}期已写入 {destination}（{len(issue.articles)}篇）")
