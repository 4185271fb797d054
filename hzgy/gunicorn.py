"""How gunicorn serves the paper: one process of threads on this machine's own address.

WEB_CONCURRENCY sets the number of processes (gunicorn's own variable), GUNICORN_CMD_ARGS anything.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gunicorn.glogging import Logger


class DiscreetLogger(Logger):
    """A log that says nothing of those who write to the paper: no address, no time, no agent."""

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """Leave out the pages for senders, and what their browsers fetch from there."""
        # A request that could not be parsed has no path yet; a path may come encoded.
        told = ("PATH_INFO", "RAW_URI", "HTTP_REFERER")
        paths = " ".join(unquote(str(environ.get(name) or "")) for name in told).casefold()
        if "/contribute" not in paths and "/tg.htm" not in paths:
            super().access(resp, req, environ, request_time)

    def warning(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Say that a request was invalid, but not whose it was, nor what it said."""
        if msg.startswith("Invalid request from ip="):
            msg, args = "Invalid request", ()
        super().warning(msg, *args, **kwargs)


logger_class = DiscreetLogger
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
threads = 24  # a body that comes slowly holds one; they cost little
loglevel = "warning"

# The heartbeat file must not wait for a slow disk.
if Path("/dev/shm").is_dir():  # noqa: S108  # memory, not a shared temporary folder
    worker_tmp_dir = "/dev/shm"  # noqa: S108
# Its default place is the user's home: two papers on one machine would share it.
control_socket_disable = True


def when_ready(server: Any) -> None:
    """Print the addresses to open."""
    for host, port in (address for address in server.address if isinstance(address, tuple)):
        site = f"http://{host}:{port}"
        print(
            f"\n报纸      {site}/\n编辑后台  {site}/admin/\n投稿      {site}/contribute/\n",
            "按 Ctrl-C 停止 / Ctrl-C stops the paper",
            sep="\n",
            flush=True,
        )
