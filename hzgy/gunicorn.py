"""How gunicorn serves the paper: processes of threads, on a socket of systemd's or a port of ours.

A socket that is handed down (deploy/systemd/paper-web.socket) is taken; ``bind`` counts without.
WEB_CONCURRENCY sets the number of processes (gunicorn's own variable), GUNICORN_CMD_ARGS anything.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gunicorn.glogging import Logger

from operations.logs import JsonFormatter
from operations.metrics.files import forget_dead

UNTOLD = (
    *("/contribute", "/tg.htm", "/search", "/count/"),
    *("/subscribe", "/unsubscribe", "/preview/", "/admin/password_reset/"),
)


class DiscreetLogger(Logger):
    """A log that says nothing of those who write to the paper, nor of what readers look for.

    Nor of who reads what (the counting is told apart by address), nor any address that is a key.
    """

    def setup(self, cfg: Any) -> None:
        """Write gunicorn's own lines as the paper writes its own (LOG_FORMAT)."""
        super().setup(cfg)
        if os.environ.get("LOG_FORMAT") == "json":
            for log in (self.error_log, self.access_log):
                for handler in log.handlers:
                    handler.setFormatter(JsonFormatter())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        """Leave out such pages, and what browsers fetch from there."""
        # A request that could not be parsed has no path yet; a path may come encoded.
        told = ("PATH_INFO", "RAW_URI", "HTTP_REFERER")
        paths = " ".join(unquote(str(environ.get(name) or "")) for name in told).casefold()
        if not any(name in paths for name in UNTOLD):
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
# Who is taken in must be answered before the process may end. The others wait in the socket, which
# outlives it.
worker_connections = 2 * threads
# As long as nginx takes it; gunicorn refuses it in a language of its own.
limit_request_line = 8190
# Loaded once, before systemd hears that it is ready; the processes share what is in memory.
preload_app = True
# How long requests under way have when it is to end; those that come wait in the socket.
graceful_timeout = 30
# The real folder: a version that ends must not load a module from the one that takes its place.
chdir = str(Path(__file__).resolve().parent.parent)
# No max_requests: memory hardly grows (docs/adr/0016-deploying.md); the unit's MemoryMax ends it.
loglevel = "warning"
# Where an access log is asked for (--access-logfile): no address of a reader, no query.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(B)s bytes %(M)s ms %({x-request-id}o)s'

# The heartbeat file must not wait for a slow disk.
if os.access("/dev/shm", os.W_OK):  # noqa: S108  # memory, not a shared temporary folder
    worker_tmp_dir = "/dev/shm"  # noqa: S108
# Its default place is the user's home: two papers on one machine would share it.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Begin to count anew."""
    if folder := os.environ.get("METRICS_DIR"):
        forget_dead(Path(folder))


def when_ready(server: Any) -> None:
    """Print the addresses to open, unless the paper stands behind a socket of systemd's."""
    if server.systemd:
        return
    for host, port in (address for address in server.address if isinstance(address, tuple)):
        site = f"http://{host}:{port}"
        print(
            f"\n报纸      {site}/\n编辑后台  {site}/admin/\n投稿      {site}/contribute/\n",
            "按 Ctrl-C 停止 / Ctrl-C stops the paper",
            sep="\n",
            flush=True,
        )
