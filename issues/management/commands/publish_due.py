"""Publish the issues whose time has come; for a timer."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from issues.publishing import publish_due
from newsroom.heartbeats import beat


class Command(BaseCommand):
    """Publish what was scheduled, asking the rules again."""

    help = "Publish the issues whose time has come: once, or again every so many seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, metavar="SECONDS", help="stay and look again")

    def handle(self, *args: Any, every: int | None, **options: Any) -> None:
        """Publish and say what happened; a refused issue is tried again at the next look."""
        self._publish()
        while every:
            time.sleep(every)
            try:
                self._publish()
            except (OperationalError, InterfaceError) as error:  # it is away for a moment
                self.stderr.write(f"这一次没有查成，稍后再查：{error}")
            finally:
                close_old_connections()

    def _publish(self) -> None:
        for issue, against in publish_due():
            if against:
                self.stderr.write(f"{issue}没有出版：{against}")
            else:
                self.stdout.write(f"{issue}已出版。")
        beat("publish_due")
