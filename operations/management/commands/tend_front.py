"""Have nginx take anew what is owed to it, and what changes by time alone; for a timer."""

from __future__ import annotations

from functools import partial

from newsroom.tending import TendingCommand, forget_tasks
from operations.front import renewing


class Command(TendingCommand):
    """Do each part, whatever becomes of the others."""

    help = "Renew the kept pages that changed; what nginx did not take, again."
    queue = "front"
    often = (
        ("有了变动 / changes", renewing.find_out),
        (
            "换了出版信息或日子，重新保存的网页 / pages of a new imprint or day",
            renewing.owe_new_day,
        ),
        ("重新保存的网页 / pages renewed", renewing.renew_owed),
        ("nginx 恢复使用保存的网页 / nginx uses what it keeps again", renewing.open_when_done),
    )
    hourly = (
        ("按时更新的网页 / pages renewed by time", renewing.owe_timely),
        ("清除的任务记录 / rows of old tasks removed", partial(forget_tasks, queue)),
    )
