"""nginx with the paper's site, which is filled in as the real paper's is (deploy/nginx)."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from .process import Process
from .server import ROOT

# As much as systemd gives it.
NGINX_PROGRAM = ["prlimit", "--nofile=1024:", shutil.which("nginx") or "/usr/sbin/nginx"]
PROCESS = ROOT / "deploy/nginx/process.conf"
# What Debian's own file says, with the connections that deploy/site.sh gives it.
NGINX = """
{user}
daemon off;
worker_processes {workers};
include {process};
pid {place}/nginx.pid;
error_log {place}/logs/nginx.log;
events {{ worker_connections 4096; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    proxy_temp_path {place}/nginx/proxy;
    fastcgi_temp_path {place}/nginx/fastcgi;
    uwsgi_temp_path {place}/nginx/uwsgi;
    scgi_temp_path {place}/nginx/scgi;
    include {place}/site.conf;
}}
"""


class Nginx(Process):
    """A server of its own below ``place``; its programs know no other's."""

    def __init__(self, place: Path, *, workers: int = 1) -> None:
        self.place = place
        self.workers = workers
        for folder in ("logs", "kept", "bodies", "extra", "nginx", "static", "media"):
            (place / folder).mkdir(parents=True, exist_ok=True)
        super().__init__(
            [*NGINX_PROGRAM, "-p", str(place), "-c", str(place / "nginx.conf")],
            log=place / "logs/nginx.out",
        )

    def serve(self, port: int, values: Mapping[str, str]) -> None:
        """Fill in the template, start, and return when ``port`` takes connections."""
        place = self.place
        site = subprocess.run(
            [str(ROOT / "deploy/nginx/fill")],
            env={
                "PATH": os.environ["PATH"],
                "KEPT": str(place / "kept"),
                "STATIC": str(place / "static"),
                "MEDIA": str(place / "media"),
                "LOGS": str(place / "logs"),
                "BODIES": str(place / "bodies"),
                "EXTRA": str(place / "extra"),
                **values,
            },
            check=True,
            capture_output=True,
        )
        (place / "site.conf").write_bytes(site.stdout)
        user = "user root;" if os.geteuid() == 0 else ""
        (place / "nginx.conf").write_text(
            NGINX.format(user=user, place=place, workers=self.workers, process=PROCESS)
        )
        checked = subprocess.run([*self.command, "-t"], capture_output=True, text=True)
        if checked.returncode:
            raise RuntimeError(checked.stderr)
        self.start()
        end = time.monotonic() + 30
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return
            time.sleep(0.05)
        raise TimeoutError(f"nginx did not start: {(place / 'logs/nginx.log').read_text()}")

    def quit(self) -> None:
        """End it; requests under way are answered first."""
        self.stop(signal.SIGQUIT)
