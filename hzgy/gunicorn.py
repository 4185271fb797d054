"""How gunicorn serves the paper: one process of threads on this machine's own address.

WEB_CONCURRENCY sets the number of processes (gunicorn's own variable), GUNICORN_CMD_ARGS anything.
"""

import os
from pathlib import Path
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gthread"
threads = 8
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
