"""Say whether a set of copies is whole."""

from argparse import ArgumentParser
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from operations.backup.counting import NoProgram
from operations.backup.manifest import Manifest, SetRefused
from operations.backup.opening import Locked, Opened
from operations.backup.sets import check_set, strangers_in


class Command(BaseCommand):
    """Compare a set with its manifest: every file, and the rows of each table in its database.

    Needs no database; and a key only for the rows of an encrypted set.
    """

    help = "Compare every file of a set, and the rows in its database, with what its manifest says."
    requires_system_checks = []  # a set may be looked at on a machine without a paper

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("set", type=Path, metavar="SET")
        parser.add_argument(
            "--identity",
            type=Path,
            metavar="FILE",
            help="the private key of an encrypted set, to count the rows in it too",
        )

    def handle(self, *args: Any, set: Path, identity: Path | None, **options: Any) -> None:
        """Read all of it, and say what is wrong."""
        place = set.absolute()
        try:
            manifest = check_set(place)
            counted = self._count(place, manifest, identity)
        except (SetRefused, Locked) as refused:
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
            f"{len(manifest.copies)} 个文件，数据库 {sum(manifest.counts.values())} 行"
            f"（{'数过了' if counted else '没有数'}），{locked}。"
        )

    def _count(self, place: Path, manifest: Manifest, identity: Path | None) -> bool:
        """Compare the rows of the database, or say why not; return whether they were."""
        if manifest.encrypted_for and identity is None:
            self.stderr.write("没有私钥，数据库的行数没有数；要数，加 --identity 私钥文件。")
            return False
        try:
            Opened(place, manifest, identity).check_rows()
        except NoProgram as missing:
            self.stderr.write(f"数据库的行数没有数：{missing}")
            return False
        except OSError as error:
            raise CommandError(
                f"数行数时出了错：{error}。请看临时文件夹 {gettempdir()} 所在的磁盘满了没有。"
            ) from error
        return True
