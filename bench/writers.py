"""Tell what each writer costs: seconds of CPU, bytes, memory; for few articles, many, and photos.

``python -m bench.writers``. Each measurement has a process of its own, since memory that was once
taken is seldom given back.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO

from PIL import Image

from interchange.schema import Issue, Photo
from interchange.writers.epub import write_epub
from interchange.writers.folder import write_folder_zip
from interchange.writers.offline import write_offline
from interchange.writers.plain_json import write_plain_json
from interchange.writers.word import write_word
from tests.interchange.written import many

PHOTO = (1600, 1067)
TIMES = 3
WRITERS: dict[str, Callable[[Issue], bytes]] = {
    "EPUB": lambda issue: write_epub(issue, picture=photo),
    "JSON": write_plain_json,
    "Word": lambda issue: write_word(issue, picture=photo),
    "offline": lambda issue: write_offline(issue, picture=photo),
    "folder": lambda issue: write_folder_zip(issue, picture=photo),
}
ISSUES: dict[str, Callable[[], Issue]] = {
    "4 articles": lambda: many(4),
    "40 articles": lambda: many(40),
    "40 and 40 photos": lambda: with_photos(many(40)),
}


def photo(name: str) -> bytes:
    """Return the bytes of a photo; all are alike."""
    return noise()


@cache
def noise() -> bytes:
    """Return a photograph that does not pack well, as photographs do not."""
    file = BytesIO()
    Image.effect_noise(PHOTO, 40).convert("RGB").save(file, "JPEG", quality=60)
    return file.getvalue()


def with_photos(issue: Issue) -> Issue:
    """Give each article a photo of its own."""
    return replace(
        issue,
        articles=tuple(
            replace(a, body=(Photo(f"{a.number}.jpg", "图为现场。", "某 摄", "现场"), *a.body))
            for a in issue.articles
        ),
    )


def main() -> None:
    """Print a line for each writer and each issue."""
    print(f"{'':28}{'seconds':>9}{'again':>9}{'bytes':>12}{'MB more':>9}")
    for writer in WRITERS:
        for issue in ISSUES:
            told = subprocess.run(
                [sys.executable, "-m", "bench.writers", writer, issue],
                check=True,
                capture_output=True,
            )
            first, again, size, memory = json.loads(told.stdout)
            print(f"{writer:9}{issue:19}{first:9.3f}{again:9.3f}{size:12,}{memory:9.1f}")


def measure(writer: str, name: str) -> None:
    """Print what one writer costs: the first time, at best later, size, memory beyond the start."""
    issue = ISSUES[name]()
    if issue.images:
        noise()  # is not to be counted
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    spent, written = [], b""
    for _ in range(1 + TIMES):
        begun = time.process_time()
        written = WRITERS[writer](issue)
        spent.append(time.process_time() - begun)
    more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(json.dumps([spent[0], min(spent[1:]), len(written), more / 1024]))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        measure(sys.argv[1], sys.argv[2])
    else:
        main()
