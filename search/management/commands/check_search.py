"""Tell whether the search finds what is there, and put it right where asked to; for a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search import agreement

KINDS = (
    ("missing", "未编入检索 / not indexed"),
    ("made_otherwise", "由旧版程序编入 / indexed by another version"),
    ("wrong", "文字与检索不一致 / indexed with other words"),
)


class Command(BaseCommand):
    """Compare the index with the pages and everything else that is indexed."""

    help = "Tell where the search index and the pages disagree; end with an error if they do."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, and how thoroughly."""
        parser.add_argument("--repair", action="store_true", help="index anew what is wrong")
        parser.add_argument(
            "--quick",
            action="store_true",
            help="look for missing and outdated entries only, without reading every article",
        )

    def handle(self, *args: Any, repair: bool, quick: bool, **options: Any) -> None:
        """Say a line for each kind of thing that is wrong."""
        wrong = 0
        for found in agreement.disagreements(with_texts=not quick):
            for kind, words in KINDS:
                if keys := getattr(found, kind):
                    wrong += len(keys)
                    name = found.model._meta.verbose_name
                    some = ", ".join(map(str, sorted(keys)[:5]))
                    self.stdout.write(f"{name}：{words}: {len(keys)} (id {some})")
            if repair:
                agreement.repair(found)
        if stale := agreement.count_stale():
            wrong += stale
            self.stdout.write(f"已不存在、还能检索到 / gone, but still indexed: {stale}")
            if repair:
                agreement.remove_stale()
        if not wrong:
            self.stdout.write("检索与稿件一致 / the search index is right")
        elif repair:
            self.stdout.write(f"已重新编入 / indexed anew: {wrong}")
        else:
            raise CommandError(
                f"检索有{wrong}处与稿件不一致；稿件本身没有问题。请运行 manage.py check_search "
                f"--repair / the search index is wrong in {wrong} places; run check_search --repair"
            )
