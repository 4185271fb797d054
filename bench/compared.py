"""The sites that are compared, side by side on one machine, filled alike."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from .databases import Postgres
from .nginx import NGINX, NGINX_PROGRAM, PROCESS
from .paper import KEPT
from .ports import free_port, wait_for
from .process import Process
from .reading import Answer, compose, fetch
from .server import ROOT, Server
from .stack import Stack

__all__ = ["ARTICLES", "FILL_OURS", "PAGES", "Compared", "Way", "count_statements"]

PAGES = ("front", "article", "archive", "search")
ARTICLES = 4  # of an issue, as the sample has them
WORD = "托育"
PACKED = {"Accept-Encoding": "gzip"}
# What nginx says of its own accord, or has no place on a file.
OWN = {
    *("date", "server", "connection", "transfer-encoding", "etag", "last-modified"),
    *("content-type", "content-length"),
}
FOUND = re.compile("[共前]([0-9]+)篇")
FILL_OURS = """
from bench.many import LAST_DAY, count_some_reads, make_many
from datetime import timedelta
from issues.models import IssuePage
made = IssuePage.objects.count()
make_many({issues} - made, articles={articles}, last_day=LAST_DAY - timedelta(weeks=made))
count_some_reads()
"""
# The same care as for the paper: descriptors kept open, a line in the log, the same headers.
FILES = """
log_format files '$time_iso8601 $request_id $request_method $uri $status $body_bytes_sent '
                 '$request_time';
server {{
    listen 127.0.0.1:{port};
    access_log {place}/logs/access.log files;
    root {place}/files;
    default_type "text/html; charset=utf-8";
    open_file_cache max=6000 inactive=10m;
    open_file_cache_valid 1m;
    {locations}
}}
"""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to get pages: where they are asked for, how, and the processes that answer."""

    name: str
    port: int
    requests: dict[str, bytes]  # by page
    processes: list[int]
    database: list[int]  # among them
    statements: Callable[[bytes], int] | None = None


class Compared:
    """Our paper as in production, an nginx with files, and the tutorial's site.

    ``newest`` is the number of the last issue, whatever older ones are added.
    """

    def __init__(self, place: Path, *, newest: int) -> None:
        self.ours = Stack(_folder(place / "ours"))
        # One reader who searches more often in a minute than a hundred may in an hour.
        without_end = {"SEARCH_PER_ADDRESS": "100000000", "SEARCH_PER_HOUR": "100000000"}
        self.ours.environment.update(without_end)
        self.files = _folder(place / "files")
        self.files_port = free_port()
        self.file_server = Process(
            [*NGINX_PROGRAM, "-p", str(self.files), "-c", str(self.files / "nginx.conf")],
            log=self.files / "logs/nginx.out",
        )
        self.database = Postgres()
        self.tutorial_environment = {
            **{name: os.environ[name] for name in KEPT if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "bench.tutorial_site.settings",
            "DATABASE_URL": self.database.url,
            "SECRET_KEY": secrets.token_hex(),
        }
        self.tutorial = Server(
            self.tutorial_environment,
            log=_folder(place / "tutorial") / "gunicorn.log",
            application="bench.tutorial_site.wsgi",
            address="/",
        )
        search = quote(WORD)
        self.our_pages = {
            "front": "/",
            "article": f"/{newest}/1/",
            "archive": "/archive/",
            "search": f"/search/?q={search}",
        }
        self.newest = newest
        self.search = f"/search/?query={search}"

    def start(self) -> None:
        """Make the tables, and start all."""
        self.ours.found(sample=False)
        self.ours.start(workers=False)
        self._tutorial("-m", "django", "migrate", "--verbosity", "0")
        self._tutorial("-m", "bench.tutorial_site.filling", "1", str(ARTICLES))
        self.tutorial.start()
        (self.files / "files").mkdir()
        user = "user root;" if os.geteuid() == 0 else ""
        (self.files / "nginx.conf").write_text(
            NGINX.format(
                user=user,
                place=self.files,
                workers=self.ours.nginx_workers,
                process=PROCESS,
            )
        )

    def fill(self, issues: int) -> None:
        """Add back issues to both until there are so many, and have nginx take the pages anew."""
        code = FILL_OURS.format(issues=issues, articles=ARTICLES)
        self.ours.manage("shell", "--no-imports", "--command", code)
        self.ours.manage("check_search", "--quick", "--repair")
        self._tutorial("-m", "bench.tutorial_site.filling", str(issues), str(ARTICLES))
        self._tutorial("-m", "django", "update_index", "--verbosity", "0")
        self.tutorial_pages = {
            "front": "/",
            "article": f"/archive/{issues}/1/",
            "archive": "/archive/",
            "search": self.search,
        }
        for database in (self.ours.postgres, self.database):
            database.ask("VACUUM ANALYZE")
        locations = []
        for page, request in self._asked(**PACKED, **{"X-Paper-Act": "renew"}).items():
            _right(fetch(self.ours.renew_port, request))
            answer = _right(fetch(self.ours.port, self._asked(**PACKED)[page]))
            is_kept = answer.headers.get("x-kept") == "HIT"
            if is_kept != (page != "search"):
                raise RuntimeError(f"{page}: {answer.headers}")
            (self.files / "files" / page).write_bytes(answer.body)
            lines = [
                f'add_header {name} "{text}";'
                for name, text in answer.headers.items()
                if name not in OWN
            ]
            locations.append(f"location = /{page} {{ {' '.join(lines)} }}")
        site = FILES.format(
            port=self.files_port, place=self.files, locations="\n    ".join(locations)
        )
        (self.files / "site.conf").write_text(site)
        self.file_server.stop()
        self.file_server.start()
        wait_for(self.files_port)

    def ways(self) -> list[Way]:
        """Return all the ways; what nginx keeps of us is no search."""
        ours, packed = self.trees["ours"](), self._asked(**PACKED)
        database = [self.ours.postgres.pid]
        statements = partial(count_statements, self.ours.postgres, self.ours.gunicorn.port)
        direct = self._direct()
        anew = self._asked(**PACKED, **{"X-Paper-Act": "renew"})
        kept = {page: request for page, request in packed.items() if page != "search"}
        files = {page: compose(f"/{page}", {"Host": "127.0.0.1", **PACKED}) for page in PAGES}
        tutorial = {
            page: compose(address, {"Host": "127.0.0.1"})
            for page, address in self.tutorial_pages.items()
        }
        return [
            Way("a file, same bytes", self.files_port, files, self.trees["files"](), []),
            Way("ours, kept by nginx", self.ours.port, kept, ours, database),
            Way("ours, anew through nginx", self.ours.renew_port, anew, ours, database),
            Way("ours, from Python", self.ours.gunicorn.port, direct, ours, database, statements),
            Way(
                "tutorial, from Python",
                self.tutorial.port,
                tutorial,
                self.trees["tutorial"](),
                [self.database.pid],
                partial(count_statements, self.database, self.tutorial.port),
            ),
        ]

    @property
    def trees(self) -> dict[str, Callable[[], list[int]]]:
        """The first processes of each site, by its name."""
        ours = self.ours
        return {
            "ours": lambda: [ours.nginx.pid, ours.gunicorn.pid, ours.postgres.pid, ours.redis.pid],
            "files": lambda: [self.file_server.pid],
            "tutorial": lambda: [self.tutorial.pid, self.database.pid],
        }

    def found(self) -> str:
        """Return how many articles the search of each finds."""
        page = fetch(
            self.ours.gunicorn.port, self._asked(**{"X-Forwarded-Proto": "http"})["search"]
        )
        ours = FOUND.search(page.body.decode())
        request = compose(self.search, {"Host": "127.0.0.1"})
        tutorial = fetch(self.tutorial.port, request).body.decode().count("<li>")
        return f"ours {ours[1] if ours else 0}, tutorial {tutorial}"

    def close(self) -> None:
        """End everything."""
        self.ours.close()
        self.file_server.stop()
        self.tutorial.stop()
        self.database.close()

    def _asked(self, **headers: str) -> dict[str, bytes]:
        told = {"Host": self.ours.host, **headers}
        return {page: compose(address, told) for page, address in self.our_pages.items()}

    def _direct(self) -> dict[str, bytes]:
        return self._asked(**{"X-Forwarded-Proto": "http"})

    def _tutorial(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments],
            check=True,
            cwd=ROOT,
            env=self.tutorial_environment,
            stdout=subprocess.DEVNULL,
        )


def count_statements(database: Postgres, port: int, request: bytes) -> int:
    """Return how many statements the database is asked for one page."""
    with database.listening() as statements:
        _right(fetch(port, request))
    return len(statements)


def _right(answer: Answer) -> Answer:
    if answer.status != 200:
        raise RuntimeError(f"{answer.status}: {answer.headers} {answer.body[:500]!r}")
    return answer


def _folder(place: Path) -> Path:
    for each in (place, place / "logs", place / "nginx"):
        each.mkdir(exist_ok=True)
    return place
