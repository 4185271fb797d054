"""Bring a folder of back issues into the database."""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from desk.archiving import Fate, Outcome, take_in_entry
from interchange.readers.archive import EntryRefused, find_entries

BAR = 30  # characters
INTERRUPTED = 130


class Command(BaseCommand):
    """Take in issue folders, texts, Word documents, page PDFs and pictures (docs/archive.md)."""

    help = "Take in a folder of back issues; run it again to go on, or to see that all is there."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path, metavar="DIR")
        parser.add_argument(
            "--dry-run", action="store_true", help="read and compare, write nothing"
        )
        parser.add_argument(
            "--publish", action="store_true", help="sign and publish what was printed long ago"
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write the report there too"
        )

    def handle(
        self,
        *args: Any,
        archive: Path,
        dry_run: bool,
        publish: bool,
        report: Path | None,
        **options: Any,
    ) -> None:
        """Take in one issue after the other; whatever becomes of one, the next has its turn."""
        try:
            entries = find_entries(archive)
        except (EntryRefused, OSError) as error:
            raise CommandError(f"{error}。什么都没有导入。") from error
        outcomes: list[Outcome] = []
        progress = _Progress(len(entries))
        interrupted = False
        try:
            for entry in entries:
                progress.show(len(outcomes), entry.name)
                outcomes.append(take_in_entry(entry, publish=publish, dry_run=dry_run))
        except KeyboardInterrupt:
            interrupted = True
        progress.end()
        told = _told(outcomes, len(entries), dry_run=dry_run)
        self.stdout.write(told)
        if report is not None:
            report.write_text(told + "\n", encoding="utf-8")
        if interrupted:
            self.stderr.write("中断了：已收的都在，再运行一次同样的命令就接着做。")
            sys.exit(INTERRUPTED)
        if any(outcome.fate is Fate.REFUSED for outcome in outcomes):
            sys.exit(1)


def _told(outcomes: Sequence[Outcome], entries: int, *, dry_run: bool) -> str:
    """Return the report: what became of how many, then all that is to be known of each."""
    counts = Counter(outcome.fate for outcome in outcomes)
    summary = "，".join(f"{fate.value}{counts[fate]}期" for fate in Fate if counts[fate])
    lines = [f"共{entries}期：{summary or '里面没有认出一期报纸'}。"]
    if public := sum(outcome.is_public for outcome in outcomes):
        lines[0] += f"其中{public}期已出版。"
    if dry_run:
        lines[0] += "这是试运行，什么都没有写。"
    for outcome in outcomes:
        if not (outcome.remarks or outcome.fate is Fate.REFUSED):
            continue
        number = f"第{outcome.number}期" if outcome.number else "期号不明"
        remarks = "；".join(remark.rstrip("。") for remark in outcome.remarks)
        lines.append(f"{outcome.fate.value}：{number}（{outcome.name}）：{remarks}。")
    return "\n".join(lines)


class _Progress:
    """A bar on a terminal; nothing where nobody watches."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.is_shown = sys.stderr.isatty()

    def show(self, done: int, name: str) -> None:
        """Say how many are done and which one is under way."""
        if self.is_shown:
            full = BAR * done // max(1, self.count)
            bar = "█" * full + "·" * (BAR - full)
            sys.stderr.write(f"\r\x1b[K{bar} {done}/{self.count} {name[:40]}")
            sys.stderr.flush()

    def end(self) -> None:
        """Take the bar away."""
        if self.is_shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
