"""Take in a table of old addresses from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from following.addresses.importing import import_addresses
from following.addresses.tables import TableRefused, read_table


class Command(BaseCommand):
    """Have the old addresses of a table lead to where the paper's pages are now."""

    help = "从CSV或Excel文件导入旧网址：第一列旧网址，第二列新的期号（450）、篇号（450/3）或网址。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and what may be passed over."""
        parser.add_argument("file", type=Path, help="CSV或XLSX文件")
        parser.add_argument(
            "--skip-faulty",
            action="store_true",
            help="跳过有错的行，导入其余各行；不写则有错全不导",
        )
        parser.add_argument("--elsewhere", action="store_true", help="允许转到别的网站")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it in, and say which rows are wrong."""
        try:
            rows = read_table(options["file"].read_bytes())
        except OSError as error:
            raise CommandError(f"打不开文件 {options['file']}：{error.strerror}") from error
        except TableRefused as refused:
            raise CommandError(str(refused)) from refused
        outcome = import_addresses(
            rows=rows, by=None, skip_faulty=options["skip_faulty"], elsewhere=options["elsewhere"]
        )
        for fault in outcome.faults:
            self.stderr.write(f"第{fault.row.line}行 {fault.row.old}：{fault.reason}。")
        if not outcome.is_written:
            raise CommandError(
                f"有{len(outcome.faults)}行不对，什么都没有导入。请改好再导，或加 --skip-faulty。"
            )
        self.stdout.write(
            f"新增{outcome.made}个，改了{outcome.changed}个，"
            f"{outcome.same}个无须改动，跳过{len(outcome.faults)}行。"
        )
