"""Make a set of copies of the whole paper."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations.backup.making import BackupFailed, make_backup
from operations.backup.rotation import Keeping

MOST_TOLD = 20


class Command(BaseCommand):
    """Copy database and files into a dated, checksummed set, while the paper runs."""

    help = "Copy the whole paper into a dated set; remove old sets if told how many are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", type=Path, required=True, metavar="DIR")
        parser.add_argument("--keep", type=int, default=0, metavar="N", help="the newest N sets")
        for span in ("daily", "weekly", "monthly"):
            parser.add_argument(
                f"--keep-{span}", type=int, default=0, metavar="N", help=f"N {span} ones"
            )
        parser.add_argument(
            "--encrypt-for",
            action="append",
            default=[],
            metavar="AGE1…",
            help="a public key of age; again for another key that opens the set",
        )

    def handle(
        self,
        *args: Any,
        to: Path,
        keep: int,
        keep_daily: int,
        keep_weekly: int,
        keep_monthly: int,
        encrypt_for: list[str],
        **options: Any,
    ) -> None:
        """Make it, and say where it is and what went."""
        try:
            made = make_backup(
                to=to.absolute(),
                recipients=tuple(encrypt_for),
                keeping=Keeping(keep, keep_daily, keep_weekly, keep_monthly),
            )
        except BackupFailed as error:
            raise CommandError(str(error)) from error
        size = sum(copy.size for copy in made.manifest.copies)
        self.stdout.write(
            f"备份已做好：{made.place}\n{len(made.manifest.copies)} 个文件"
            f"（{made.shared} 个与上一份共用），{size / 1e6:.1f} MB，"
            f"数据库 {sum(made.manifest.counts.values())} 行。"
        )
        for place in made.removed:
            self.stdout.write(f"已删除旧备份：{place}")
        missing = made.manifest.missing
        if missing:
            told = "\n".join(f"  {name}" for name in missing[:MOST_TOLD])
            self.stderr.write(
                f"数据库里提到、但原处已经没有的文件有 {len(missing)} 个"
                f"（更早的备份里或许还有）：\n{told}"
            )
        if len(missing) > len(made.manifest.copies):
            # The set has what there was; whoever started it must hear that this was not the paper.
            raise CommandError(
                "大部分文件不在原处：放文件的磁盘是不是没有挂载？这份备份里没有它们，旧的备份先不要删。"
            )
