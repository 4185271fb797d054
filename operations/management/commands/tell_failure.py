"""Tell by mail that a service failed; systemd calls it (deploy/systemd/paper-failed@.service)."""

from __future__ import annotations

import socket
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.mail import mail_admins
from django.core.management.base import BaseCommand

HOURS = 6


class Command(BaseCommand):
    """Mail to ADMINS which service failed, and where to read why; never what its log says.

    What fails every five minutes is told every few hours. The time of the last mail is a file's:
    database and cache may be what failed.
    """

    help = "Tell by mail that a service of the paper failed."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", help="systemd's name of the service")
        parser.add_argument("--remember", type=Path, metavar="DIR", help="where mails are noted")

    def handle(self, *args: Any, unit: str, remember: Path | None, **options: Any) -> None:
        """Mail unless that was done a short while ago."""
        noted = remember / Path(unit).name if remember else None
        if noted and noted.exists() and time.time() - noted.stat().st_mtime < HOURS * 3600:
            return
        told = (
            "健康检查没有通过：报纸的某一部分不正常，读者和编辑可能已经受到影响。下面的日志说明是哪一项"
            "没有通过，每一项的含义和办法见docs/operating.md"
            if unit == "paper-watch"
            else f"服务{unit}没有做成。读者看到的内容和已有的数据不受影响，但请尽快查看原因"
        )
        mail_admins(
            f"{unit}没有做成",
            f"机器：{socket.gethostname()}\n\n{told}：\n\n    journalctl -u {unit} -n 100\n\n"
            f"{HOURS}小时之内，同一服务再出错不再来信。\n",
        )
        if noted:
            noted.touch()
