"""Do what contributions need by themselves: mails, erasing, tidying; for a timer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import CommandError

from contributions import outbox, retention
from contributions.rotation import rotate_keys
from contributions.tracing import trace_untraced
from contributions.triage import note_printed
from newsroom.tending import TendingCommand, forget_tasks


class Command(TendingCommand):
    """Do each part, whatever becomes of the others."""

    help = "Note what was printed, send mails, erase what is due, trace what was signed, tidy."
    queue = "background"
    often = (
        ("重新排队的邮件 / mails queued again", outbox.queue_again),
        ("见报的来稿 / contributions printed", note_printed),
        ("补记的已定稿稿件 / signed articles traced", trace_untraced),
    )
    hourly = (
        ("到期彻底删除的来稿 / contributions erased", retention.erase_due),
        ("到期清除联系方式的来稿 / contacts erased", retention.forget_due),
        ("清除的无主文件 / orphaned files removed", retention.remove_orphans),
        ("清除的邮件记录 / rows of old mails removed", outbox.forget_old),
        ("清除的任务记录 / rows of old tasks removed", partial(forget_tasks, queue)),
    )

    def add_choices(self, choice: Any) -> None:
        """Offer to seal anew, and to remove what the timer will not."""
        choice.add_argument(
            "--rotate-keys",
            action="store_true",
            help="seal contact data anew with the first of CONTRIBUTIONS_KEYS",
        )
        choice.add_argument(
            "--remove-orphans",
            action="store_true",
            help="remove files without a row even if that is most of them",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was chosen."""
        if options["rotate_keys"]:
            self._rotate()
        elif options["remove_orphans"]:
            removed = retention.remove_orphans(even_most=True)
            self.stdout.write(f"清除的无主文件 / orphaned files removed: {removed.done}")
        else:
            super().handle(*args, **options)

    def words_for(self, error: Exception) -> str:
        """Explain why most of the vault is left alone."""
        if not isinstance(error, retention.TooManyOrphans):
            return ""
        return (
            f"来稿文件夹里多数文件（{error}）在数据库里没有记录，没有动它们：是不是恢复了旧的"
            "数据库？确实不要了，请运行 tend_contributions --remove-orphans。\n"
            f"Most files of the vault ({error}) have no row in the database: was an old one "
            "restored? Nothing was removed."
        )

    def _rotate(self) -> None:
        rotation = rotate_keys()
        self.stdout.write(f"用第一把密钥重新加密的来稿 / sealed anew: {rotation.sealed}")
        if rotation.unreadable:
            raise CommandError(
                f"有{rotation.unreadable}件的联系方式哪一把密钥也解不开，保持原样 / "
                f"{rotation.unreadable} contributions hold contact data that no key opens."
            )
