"""Say whether a set of copies is whole."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from operations.backup.manifest import SetRefused
from operations.backup.sets import check_set, strangers_in


class Command(BaseCommand):
    """Compare every file of a set with its manifest; needs neither the database nor a key."""

    help = "Compare size and checksum of every file of a set with what its manifest says."
    requires_system_checks = []  # a set may be looked at on a machine without a paper

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("set", type=Path, metavar="SET")

    def handle(self, *args: Any, set: Path, **options: Any) -> None:
        """Read all of it, and say what is wrong."""
        place = set.absolute()
        try:
            manifest = check_set(place)
        except SetRefused as refused:
            raise CommandError(str(refused)) from refused
        for name in strangers_in(place, manifest):
            self.stderr.write(f"多出来的文件，恢复时不会用到：{name}")
        made_at = timezone.localtime(manifest.made_at)
        locked = (
            f"加密，用 {'、'.join(manifest.encrypted_for)} 的私钥打开"
            if manifest.encrypted_for
            else "未加密"
        )
        self.stdout.write(
            f"备份完好：{made_at:%Y-%m-%d %H:%M:%S}，{manifest.database}，"
            f"{len(manifest.copies)} 个文件，数据库 {sum(manifest.counts.values())} 行，{locked}。"
        )
