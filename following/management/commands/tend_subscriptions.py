"""Send new issues to their subscribers, and what else that needs; for a timer."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import CommandError

from following.mail import sending, subscribing
from newsroom.tending import TendingCommand, forget_tasks


class Command(TendingCommand):
    """Do each part, whatever becomes of the others."""

    help = "Send issues that came out to their subscribers, ask new ones, erase who did not answer."
    queue = "subscriptions"
    often = (
        ("重新排队的确认邮件 / questions queued again", subscribing.queue_again),
        ("开始寄发的期 / issues that begin to be sent", sending.begin_sendings),
        ("寄出的邮件 / mails sent", sending.send_batch),
    )
    hourly = (
        ("清除的未确认订阅 / subscriptions not confirmed", subscribing.forget_unconfirmed),
        ("放弃寄发的邮件 / mails given up", sending.give_up),
        ("清除的任务记录 / rows of old tasks removed", partial(forget_tasks, queue)),
    )

    def add_choices(self, choice: Any) -> None:
        """Offer to seal anew."""
        choice.add_argument(
            "--rotate-keys",
            action="store_true",
            help="seal addresses anew with the first of CONTRIBUTIONS_KEYS",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was chosen."""
        if not options["rotate_keys"]:
            super().handle(*args, **options)
            return
        sealed, unreadable = subscribing.rotate_keys()
        self.stdout.write(f"用第一把密钥重新加密的订阅 / sealed anew: {sealed}")
        if unreadable:
            raise CommandError(
                f"有{unreadable}个订阅的邮箱哪一把密钥也解不开，保持原样 / "
                f"{unreadable} subscriptions hold an address that no key opens."
            )
