"""Make the files that readers take an issue along in; for a timer."""

from __future__ import annotations

from functools import partial

from interchange import editions
from newsroom.tending import TendingCommand, forget_tasks


class Command(TendingCommand):
    """Make what is owed, try again what failed, whatever becomes of the others."""

    help = "Make PDF, EPUB and the other files of public issues; try again what failed."
    queue = "editions"
    often = (("重新排队的下载文件 / files queued again, of issues", editions.queue_again),)
    hourly = (("清除的任务记录 / rows of old tasks removed", partial(forget_tasks, queue)),)
