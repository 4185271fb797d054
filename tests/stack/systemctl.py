#!/usr/bin/env python3
"""Stand in for systemctl below PREFIX: the socket HELD_SOCKET stays, gunicorn comes and goes.

Like systemd it hands the socket down as descriptor 3, sets INVOCATION_ID, and returns when gunicorn
said that it is ready, or ended.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

PREFIX = Path(os.environ["PREFIX"])
PROCESS, NOTIFY = PREFIX / "pid", PREFIX / "notify"
SERVE = ".venv/bin/gunicorn --config hzgy/gunicorn.py hzgy.wsgi"


def stop() -> None:
    """End gunicorn as systemd does, and wait."""
    process = int(PROCESS.read_text())
    try:
        os.kill(process, signal.SIGTERM)
        while True:
            os.kill(process, 0)
            time.sleep(0.05)
    except ProcessLookupError:
        pass


def start() -> None:
    """Begin gunicorn in the folder of the current version."""
    NOTIFY.unlink(missing_ok=True)
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(str(NOTIFY))
    told.settimeout(0.1)
    held = int(os.environ["HELD_SOCKET"])
    lines = (PREFIX / "etc/paper/paper.env").read_text().split()
    environment = dict(line.split("=", 1) for line in lines)
    environment |= {
        "PATH": os.environ["PATH"],
        "INVOCATION_ID": "1",
        "LISTEN_FDS": "1",
        "NOTIFY_SOCKET": str(NOTIFY),
        "WEB_CONCURRENCY": "2",
    }
    with open(PREFIX / "journal", "a") as journal:
        service = subprocess.Popen(
            ["bash", "-c", f"exec 3<&{held}; LISTEN_PID=$$ exec {SERVE}"],
            cwd=PREFIX / "opt/paper/current",
            env=environment,
            pass_fds=[held],
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=journal,
            stderr=journal,
        )
    PROCESS.write_text(str(service.pid))
    while True:
        try:
            if b"READY=1" in told.recv(4096):
                return
        except TimeoutError:
            if service.poll() is not None:
                sys.exit("Job for paper-web.service failed.")


with open(PREFIX / "calls", "a") as calls:
    print("systemctl", *sys.argv[1:], file=calls)
for unit in sys.argv[1:]:
    name = re.sub("@.*[.]", "@.", unit)
    if name.startswith("paper") and not (PREFIX / "etc/systemd/system" / name).exists():
        sys.exit(f"Unit {unit} not found.")
running = PROCESS.exists()
if sys.argv[1:] == ["restart", "paper-web.service"]:
    if running:
        stop()
    start()
elif sys.argv[1] == "start" and not running:
    start()
