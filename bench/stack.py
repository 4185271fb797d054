"""Run the paper as in production: nginx, gunicorn, PostgreSQL, Redis and the workers, on loopback.

    python -m bench.stack [--port 8000] [--https] [--archive DIR]

Nothing of it is installed, and no systemd is needed: each part is a process of ours, which a test
stops and starts by itself. nginx reads the template that the real paper's reads (deploy/nginx).
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from .databases import Postgres
from .nginx import Nginx
from .paper import environment_at
from .ports import free_port
from .process import Process
from .server import ROOT, Server

WORKERS = {
    "publisher": ["publish_due", "--every", "5"],
    "tender": ["tend_contributions", "--every", "5"],
    "maker": ["tend_editions", "--every", "5"],
    "sender": ["tend_subscriptions", "--every", "5"],
    "front": ["tend_front", "--every", "5"],
}
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stack:
    """All of it; ``place`` is a folder of its own, ``rate`` what nginx takes of one address.

    PostgreSQL's is elsewhere, since it may not enter root's folders, unless ``databases`` is given.
    """

    def __init__(
        self,
        place: Path,
        *,
        port: int = 0,
        https: bool = False,
        rate: int = 100_000,
        nginx_workers: int = 1,
        settings: Mapping[str, str] | None = None,
        databases: Path | None = None,
    ) -> None:
        self.place = place
        self.https = https
        self.rate = rate
        self.nginx_workers = nginx_workers
        self.port, self.plain_port, self.renew_port = port or free_port(), free_port(), free_port()
        (place / "redis").mkdir(parents=True, exist_ok=True)
        self.postgres = Postgres(databases)
        redis_port = free_port()
        self.redis = Process(
            [
                *("redis-server", "--port", str(redis_port), "--bind", "127.0.0.1"),
                *("--save", "", "--appendonly", "no", "--dir", str(place / "redis")),
            ],
            log=place / "logs/redis.log",
        )
        # settings.dev, which the other trials use, keeps its keys in the project's own var/.
        self.environment = {
            **environment_at(place, self.postgres.url),
            "DJANGO_SETTINGS_MODULE": "hzgy.settings.production",
            "CACHE_URL": f"redis://127.0.0.1:{redis_port}/0",
            "PROXIES": "1",
            "WEB_CONCURRENCY": "2",
            "STATIC_ROOT": str(place / "static"),
            "EDITIONS_ROOT": str(place / "editions"),
            "IMPORTS_ROOT": str(place / "imports"),
            "FRONT": f"http://127.0.0.1:{self.renew_port}",
            "FRONT_SHUT": str(place / "kept.shut"),
            **(settings or {}),
        }
        self.nginx = Nginx(place, workers=nginx_workers)
        self.set_https(https)

    @property
    def host(self) -> str:
        """The name and port of the paper."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of the paper, without a slash."""
        return f"{'https' if self.https else 'http'}://{self.host}"

    def set_https(self, https: bool) -> None:
        """Stand behind https or not, from the next start of gunicorn and nginx on."""
        self.https = https
        self.environment |= {"HTTPS": str(int(https)), "BASE_URL": self.url}
        self.gunicorn = Server(
            self.environment,
            log=self.place / "logs/gunicorn.log",
            headers={"Host": self.host, "X-Forwarded-Proto": "https" if https else "http"},
        )
        self.workers = {
            name: Process(
                [sys.executable, "manage.py", *command],
                log=self.place / f"logs/{name}.log",
                environment=self.environment,
            )
            for name, command in WORKERS.items()
        }

    def found(self, *, sample: bool = True) -> None:
        """Make the tables, the newsroom, the static files; Redis runs from then on."""
        self.redis.start()
        self.manage("migrate", "--verbosity", "0")
        with_sample = ["--sample", "content/issue-450"] if sample else []
        self.manage("set_up_newsroom", *with_sample, FRONT="")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")

    def start(self, *, workers: bool = True) -> None:
        """Start gunicorn, the workers, and nginx before them; the databases run already."""
        self.gunicorn.start()
        self.start_nginx()
        for worker in self.workers.values() if workers else ():
            worker.start()

    def start_nginx(self) -> None:
        """Fill in the template, and start nginx with it."""
        place = self.place
        key, certificate = place / "key.pem", place / "certificate.pem"
        if self.https and not key.exists():
            _run(
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-keyout", str(key), "-out", str(certificate), "-subj", "/CN=127.0.0.1"),
                *("-addext", "subjectAltName=IP:127.0.0.1"),
            )
        values = {
            "HOST": self.host,
            "NAMES": "127.0.0.1 localhost",
            "APP": f"127.0.0.1:{self.gunicorn.port}",
            "HTTPS": "on" if self.https else "off",
            "LISTEN_HTTP": f"127.0.0.1:{self.plain_port if self.https else self.port}",
            "LISTEN_HTTPS": f"127.0.0.1:{self.port}",
            "CERTIFICATE": str(certificate),
            "CERTIFICATE_KEY": str(key),
            "RENEW_LISTEN": f"127.0.0.1:{self.renew_port}",
            "MEDIA": self.environment["MEDIA_ROOT"],
            "RATE": str(self.rate),
            "BURST": str(self.rate),
            "CONNECTIONS": str(1000),
        }
        self.nginx.serve(self.port, values)

    def stop_nginx(self) -> None:
        """End it; requests under way are answered first."""
        self.nginx.quit()

    def manage(self, *command: str, **settings: str) -> str:
        """Run a command of the paper, with other settings if need be; return what it says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**self.environment, **settings},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(f"{command}: {done.stdout}{done.stderr[-3000:]}")
        return done.stdout

    def import_archive(self, archive: Path) -> None:
        """Publish a folder of issues; nginx is not told of each, ``keep_pages --all`` follows."""
        self.manage("import_archive", str(archive.resolve()), "--publish", FRONT="")

    def close(self) -> None:
        """End everything, whatever of it runs."""
        for worker in self.workers.values():
            worker.stop()
        self.stop_nginx()
        self.gunicorn.stop()
        self.redis.stop()
        self.postgres.close()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stderr}")


def _hear_nothing() -> None:
    # Whoever presses Ctrl-C once more must not leave half of it running.
    for way in ENDING:
        signal.signal(way, signal.SIG_IGN)


def main() -> None:
    """Run it until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--https", action="store_true")
    parser.add_argument("--archive", type=Path, help="a folder of issues (make archive)")
    options = parser.parse_args()
    os.umask(0o077)
    for way in ENDING:
        signal.signal(
            way, lambda number, _: sys.exit(0 if number == signal.SIGINT else 128 + number)
        )
    (ROOT / "var").mkdir(exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix="stack-", dir=ROOT / "var"))
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, place, ignore_errors=True)
        stack = Stack(place, port=options.port, https=options.https)
        ending.callback(stack.close)
        ending.callback(_hear_nothing)
        stack.found(sample=options.archive is None)
        if options.archive:
            stack.import_archive(options.archive)
        stack.start()
        print(stack.manage("keep_pages"))
        print(f"\n报纸      {stack.url}/\n编辑后台  {stack.url}/admin/\n日志      {place}/logs")
        print("按 Ctrl-C 停止 / Ctrl-C stops it", flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
