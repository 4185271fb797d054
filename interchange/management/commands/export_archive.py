"""Write all issues of the database as folders."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from interchange.comparing import differences
from interchange.pages import ExportRefused, dump_with_pictures
from interchange.readers.folder import FolderError
from interchange.schema import SchemaError
from interchange.writers.folder import write_folder
from issues.models import IssuePage

MOST_TOLD = 50


class Command(BaseCommand):
    """Write every issue, each article as last saved, below a folder: 449/, 450/ …"""

    help = "Write every issue as an issue folder; compare them with another archive if asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("destination", type=Path, metavar="DIR")
        parser.add_argument(
            "--compare-with", type=Path, metavar="OTHER", help="say what differs from this archive"
        )

    def handle(
        self, *args: Any, destination: Path, compare_with: Path | None, **options: Any
    ) -> None:
        """Write all that can be written, then say what was not, and what differs."""
        refused = []
        written = 0
        for key in IssuePage.objects.order_by("number").values_list("pk", flat=True):
            page = IssuePage.objects.get(pk=key)
            try:
                issue, picture = dump_with_pictures(page)
                write_folder(issue, destination / str(issue.number), picture)
                written += 1
            except (ExportRefused, FolderError, SchemaError, OSError) as error:
                refused.append(f"{page}没有导出：{error}")
        self.stdout.write(f"已写入 {destination}：{written}期。")
        for line in refused:
            self.stdout.write(line)
        differing = list(differences(compare_with, destination)) if compare_with else []
        if compare_with:
            self.stdout.write(
                f"与 {compare_with} 有{len(differing)}处不同："
                if differing
                else f"与 {compare_with} 逐字节相同。"
            )
            for line in differing[:MOST_TOLD]:
                self.stdout.write(f"  {line}")
        if refused or differing:
            sys.exit(1)
