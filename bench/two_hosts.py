"""Two application hosts behind one nginx, one of which dies while people read.

    python -m bench.two_hosts [--seconds 30]

Each host is a network of its own (needs root): its cable is pulled, it is killed, and it comes
back. PostgreSQL, Redis and nginx stand outside, the files in folders that both see, as on a share.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from .databases import Postgres
from .nginx import Nginx
from .paper import environment_at
from .ports import free_port
from .server import ROOT

BRIDGE, NET = "paper-bridge", "10.203.0"
HOSTS = {"paper-a": f"{NET}.11", "paper-b": f"{NET}.12"}
READERS = 6
WARMING = 20.0
PAUSE = 0.1  # between two requests of a reader


class SharedPostgres(Postgres):
    """A cluster that both hosts reach."""

    def _begin(self) -> None:
        super()._begin()
        self.options = f"-h {NET}.1 -p {self.port} -k {self.place}"
        self.url = f"postgres://paper@{NET}.1:{self.port}/postgres"
        with (self.place / "data/pg_hba.conf").open("a") as rules:
            rules.write(f"host all all {NET}.0/24 trust\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader got: when, of what kind, with which status (0: none), after how long."""

    at: float
    kind: str
    status: int
    seconds: float


def run(*words: str) -> None:
    """Run a command, which has to succeed."""
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def network() -> Iterator[None]:
    """Give a bridge, and a network for each host on it."""
    with ExitStack() as undo:
        run("ip", "link", "add", BRIDGE, "type", "bridge")
        undo.callback(run, "ip", "link", "del", BRIDGE)
        run("ip", "address", "add", f"{NET}.1/24", "dev", BRIDGE)
        run("ip", "link", "set", BRIDGE, "up")
        for host, address in HOSTS.items():
            run("ip", "netns", "add", host)
            undo.callback(run, "ip", "netns", "del", host)
            run("ip", "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", host)
            run("ip", "link", "set", host, "master", BRIDGE, "up")
            inside = ("ip", "-n", host)
            run(*inside, "address", "add", f"{address}/24", "dev", "eth0")
            run(*inside, "link", "set", "eth0", "up")
            run(*inside, "link", "set", "lo", "up")
        yield


class Program:
    """A process group of ours."""

    def __init__(self, words: list[str], log: Path, environment: dict[str, str] | None = None):
        with log.open("ab") as told:
            self.process = subprocess.Popen(
                words, cwd=ROOT, env=environment, stdout=told, stderr=told, start_new_session=True
            )

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it and what it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        self.process.wait(30)


def start_host(host: str, environment: dict[str, str], log: Path) -> Program:
    """Start the paper on a host."""
    told = {"GUNICORN_CMD_ARGS": f"--bind {HOSTS[host]}:8000", "WEB_CONCURRENCY": "2"}
    words = ["ip", "netns", "exec", host, sys.executable, "-m", "gunicorn"]
    return Program(
        [*words, "--config", "hzgy/gunicorn.py", "hzgy.wsgi"], log, {**environment, **told}
    )


def ask(
    port: int, path: str, method: str = "GET", body: str = "", **headers: str
) -> tuple[int, str, list[str]]:
    """Return the status of an answer, its text and its cookies."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        return answer.status, text, answer.headers.get_all("Set-Cookie") or []


def wait_for(port: int) -> None:
    """Return when the paper answers."""
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with suppress(OSError, HTTPException):
            if ask(port, "/450/")[0] == 200:
                return
        time.sleep(0.3)
    raise TimeoutError("The paper did not start.")


def log_in(port: int, password: str) -> str:
    """Return the cookies of an editor who logged in."""
    _, page, cookies = ask(port, "/admin/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token, page[:500]
    kept = [cookie.split(";")[0] for cookie in cookies]
    form = {"username": "admin", "password": password, "csrfmiddlewaretoken": token[1]}
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(kept),
        "Referer": f"http://127.0.0.1:{port}/admin/login/",
    }
    status, _, cookies = ask(port, "/admin/login/", "POST", urlencode(form), **headers)
    assert status == 302, status
    return "; ".join([*kept, *(cookie.split(";")[0] for cookie in cookies)])


def read(port: int, end: float, session: str, answers: list[Answer]) -> None:
    """Read, search, be counted and edit, one after another, until the end."""
    kinds = [
        ("page", "GET", "/450/"),
        ("page", "GET", "/450/3/"),
        ("search", "GET", "/search/?" + urlencode({"q": "工会"})),
        ("api", "GET", "/api/v1/issues/"),
        ("count (POST)", "POST", "/count/450/3/"),
        ("editor", "GET", "/admin/"),
    ]
    for kind, method, path in itertools.cycle(kinds):
        begun = time.monotonic()
        if begun > end:
            return
        headers = {"Cookie": session} if kind == "editor" else {"User-Agent": "Mozilla/5.0"}
        try:
            status = ask(port, path, method, **headers)[0]
        except (OSError, HTTPException):
            status = 0
        answers.append(Answer(begun, kind, status, time.monotonic() - begun))
        time.sleep(PAUSE)


def report(answers: list[Answer], marks: dict[str, float]) -> None:
    """Print how many requests there were in each part, how many failed, how long they took."""
    names = [*marks, None]
    print(f"\n{'':26}{'requests':>9}{'failed':>8}{'median s':>10}{'slowest s':>11}")
    for name, following in itertools.pairwise(names):
        until = marks[following] if following else float("inf")
        of_part = [answer for answer in answers if marks[str(name)] <= answer.at < until]
        for kind in sorted({answer.kind for answer in of_part}):
            these = [answer for answer in of_part if answer.kind == kind]
            took = sorted(answer.seconds for answer in these)
            failed = Counter(a.status for a in these if a.status not in (200, 204))
            print(
                f"{name:10}{kind:16}{len(these):9}{failed.total():8}"
                f"{took[len(took) // 2]:10.2f}{took[-1]:11.2f}"
                + (f"   {dict(failed)}" if failed else "")
            )


def main() -> None:
    """Let both serve, take one away, give it back, and print what readers saw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="of each of the three parts")
    options = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="paper-two-hosts-"))
    place.chmod(0o755)
    with ExitStack() as undo:
        undo.callback(shutil.rmtree, place, ignore_errors=True)
        undo.enter_context(network())
        postgres = SharedPostgres()
        undo.callback(postgres.close)
        environment = {
            **environment_at(place, postgres.url),
            "IMPORTS_ROOT": str(place / "imports"),
            "EDITIONS_ROOT": str(place / "editions"),
            "PROXIES": "1",
        }
        redis = free_port()
        environment["CACHE_URL"] = f"redis://{NET}.1:{redis}/0"
        cache = ["redis-server", "--bind", f"{NET}.1", "--port", str(redis), "--save", ""]
        undo.callback(
            Program(
                [*cache, "--protected-mode", "no", "--dir", str(place)], place / "redis.log"
            ).end
        )
        manage = [sys.executable, "manage.py"]
        for words in (
            ["migrate", "--verbosity", "0"],
            ["set_up_newsroom", "--sample", "content/issue-450"],
            ["shell", "--no-imports", "--command", PASSWORD],
        ):
            subprocess.run(
                [*manage, *words], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
            )
        running = {}
        for host in HOSTS:
            running[host] = start_host(host, environment, place / f"{host}.log")
        undo.callback(lambda: [program.end() for program in running.values()])
        port = free_port()
        undo.callback(start_nginx(place, port).stop)
        wait_for(port)
        session = log_in(port, "for-the-trial")
        # Each process reads its templates first.
        read(port, time.monotonic() + WARMING, session, [])

        marks = {"both": time.monotonic()}
        answers: list[Answer] = []
        end = marks["both"] + 3 * options.seconds
        readers = [
            threading.Thread(target=read, args=(port, end, session, answers))
            for _ in range(READERS)
        ]
        for reader in readers:
            reader.start()
        time.sleep(options.seconds)
        marks["one"] = time.monotonic()
        run("ip", "link", "set", "paper-a", "down")  # nothing is refused, nothing answers
        running["paper-a"].end(signal.SIGKILL)
        time.sleep(options.seconds)
        marks["again"] = time.monotonic()
        run("ip", "link", "set", "paper-a", "up")
        running["paper-a"] = start_host("paper-a", environment, place / "paper-a.log")
        for reader in readers:
            reader.join()
        report(answers, marks)


PASSWORD = """
from accounts.models import User
user = User.objects.get(username="admin")
user.set_password("for-the-trial")
user.save()
"""


def start_nginx(place: Path, port: int) -> Nginx:
    """Start nginx before both hosts."""
    nginx = Nginx(place)
    nginx.serve(
        port,
        {
            "HOST": f"127.0.0.1:{port}",
            "APP": " ".join(f"{address}:8000" for address in HOSTS.values()),
            "HTTPS": "off",
            "LISTEN_HTTP": f"127.0.0.1:{port}",
            "RENEW_LISTEN": f"127.0.0.1:{free_port()}",
        },
    )
    return nginx


if __name__ == "__main__":
    main()
