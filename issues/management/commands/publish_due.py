"""Publish the issues whose time has come; for a timer, every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from issues.publishing import publish_due


class Command(BaseCommand):
    """Publish what was scheduled, asking the rules again."""

    help = "Publish the issues whose time has come; run it every minute."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish and say what happened; a refused issue is tried again at the next run."""
        for issue, against in publish_due():
            if against:
                self.stderr.write(f"{issue}没有出版：{against}")
            else:
                self.stdout.write(f"{issue}已出版。")
