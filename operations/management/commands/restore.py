"""Put a set of copies back into an empty place."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from operations.backup.restoring import RestoreFailed, RestoreRefused, restore


class Command(BaseCommand):
    """Check a set, restore it, and compare what is there then with what it says."""

    help = "Restore a set that backup made: into an empty database and empty folders only."
    requires_system_checks = []  # in an emergency only what is asked for may fail

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("set", type=Path, metavar="SET")
        parser.add_argument(
            "--identity", type=Path, metavar="FILE", help="the private key of an encrypted set"
        )

    def handle(self, *args: Any, set: Path, identity: Path | None, **options: Any) -> None:
        """Restore, and say what there is now and what is left to do."""
        try:
            restored = restore(place=set.absolute(), identity=identity)
        except (RestoreRefused, RestoreFailed) as error:
            raise CommandError(str(error)) from error
        made_at = timezone.localtime(restored.manifest.made_at)
        self.stdout.write(
            f"已恢复到 {made_at:%Y-%m-%d %H:%M:%S} 的样子：数据库 {restored.rows} 行、"
            f"文件 {restored.files} 个，行数和校验和都对。"
        )
        if restored.unreadable:
            self.stderr.write(
                "现在的 CONTRIBUTIONS_KEYS 打不开这些加密的内容："
                + "、".join(restored.unreadable)
                + "。请把做备份时的密钥加到 CONTRIBUTIONS_KEYS 里；没有它，这些内容谁也读不到。"
            )
        for name in restored.manifest.missing:
            self.stderr.write(f"做备份时就已经没有的文件：{name}")
        if restored.to_migrate:
            self.stdout.write("程序比备份新，接着请运行：manage.py migrate")
        self.stdout.write("接着请运行：manage.py check_search --quick --repair")
