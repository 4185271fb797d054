"""Print what the lists cost with few issues, with a paper's, and with a century's."""

from __future__ import annotations

import os
import statistics
import time
from datetime import timedelta

import django

TIMES = 5
SIZES = (45, 450, 5_000)
ARTICLES = 8


def main() -> None:
    """Print a line for each page and each size of the archive; on TEST_DATABASE_URL, or SQLite."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hzgy.settings.test")
    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _measure()
    finally:
        teardown_databases(databases, verbosity=0)


def _measure() -> None:
    from django.db import connection

    from desk.founding import set_up

    from .many import LAST_DAY, count_some_reads, make_many

    set_up()
    made = 0
    print(
        f"\n{connection.vendor}\n{'':28}{'期':>6}{'查询':>6}{'CPU毫秒':>8}{'墙钟毫秒':>8}{'字节':>9}"
    )
    for size in SIZES:
        before = LAST_DAY - timedelta(weeks=made)  # what comes is older than what is there
        make_many(size - made, articles=ARTICLES, last_day=before)
        made = size
        count_some_reads()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE" if connection.vendor == "postgresql" else "SELECT 1")
        for name, address in _pages(size):
            _print_cost(name, address, size)


def _pages(size: int) -> list[tuple[str, str]]:
    from newsroom.models import Contributor, Section

    section = Section.objects.filter(slug__startswith="made-up").order_by("position")[0]
    contributor = Contributor.objects.order_by("pk")[0]
    return [
        ("头版", "/"),
        ("文章", f"/{size}/1/"),
        ("往期", "/archive/"),
        ("一年", "/archive/2026/"),
        ("查找，没有", "/archive/?find=99999"),
        ("栏目", "/sections/"),
        ("最大的栏目", f"/sections/{section.slug}/"),
        ("署名最多的作者", f"/contributors/{contributor.pk}/"),
        ("更正", "/corrections/"),
        ("热门文章", "/popular/"),
        ("订阅（Atom）", "/feed/"),
        ("栏目的订阅", f"/sections/{section.slug}/feed/"),
        ("网站地图", "/sitemap.xml"),
        ("一年的地图", "/sitemap-2026.xml"),
        ("接口：各期", "/api/v1/issues/"),
        ("接口：稿件", "/api/v1/articles/"),
        ("接口：更正", "/api/v1/corrections/"),
    ]


def _print_cost(name: str, address: str, size: int) -> None:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    reader, cpu, wall = Client(), [], []
    for _ in range(TIMES + 1):  # the first one compiles
        begun, begun_at = time.process_time(), time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            answer = reader.get(address)
        cpu.append((time.process_time() - begun) * 1000)
        wall.append((time.perf_counter() - begun_at) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
    figures = f"{statistics.median(cpu[1:]):>10.1f}{statistics.median(wall[1:]):>10.1f}"
    print(f"{name:　<14}{size:>6}{len(queries):>7}{figures}{len(answer.content):>12}")


if __name__ == "__main__":
    main()
