"""Have nginx keep everything that readers get: after the first start, and after each upgrade."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from operations.front import renewing
from operations.front.nginx import KEEP, RENEW

AT_ONCE = 200
SHOWN = 10


class Command(BaseCommand):
    """Ask for every address there is."""

    help = "Have nginx keep every page, feed and file that readers get."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to take anew what is kept, and to only list."""
        parser.add_argument(
            "--all", action="store_true", help="also what is kept already: after an upgrade"
        )
        parser.add_argument("--list", action="store_true", help="print the addresses, ask for none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; fail if an address was not taken."""
        if not settings.WAGTAILFRONTENDCACHE and not options["list"]:
            raise CommandError("没有设置 FRONT：前面没有保存网页的 nginx / FRONT is not set.")
        begun = time.monotonic()
        addresses = renewing.everything(anew=options["all"])
        if options["list"]:
            self.stdout.write("\n".join(addresses))
            return
        failed = []
        for start in range(0, len(addresses), AT_ONCE):
            some = addresses[start : start + AT_ONCE]
            how = RENEW if options["all"] else KEEP
            # Once more: those behind one that takes too long were not asked for.
            failed += renewing.tell(renewing.tell(some, how), how)
        seconds = time.monotonic() - begun
        self.stdout.write(f"网页 / pages: {len(addresses)} ({seconds:.1f} s)")
        if failed:
            shown = " ".join(failed[:SHOWN])
            raise CommandError(f"有{len(failed)}个没有保存 / {len(failed)} were not taken: {shown}")
