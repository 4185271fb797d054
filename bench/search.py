"""Tell what a page of results costs among few articles and many: processor time, space, building.

Run by itself on SQLite, and inside bin/with-postgres on PostgreSQL. The articles are made up of
made-up words, as frequent as the words of a language.
"""

from __future__ import annotations

import os
import re
import statistics
import sys
import time
from pathlib import Path

import django

SIZES = (1_800, 20_000)
PER_ISSUE, WRITERS, TIMES = 8, 200, 5
FOUND = re.compile("[共前]([0-9]+)篇")
# How often a word occurs, by its rank: the worst that can be asked, the frequent, the usual.
RANKS = {"worst": [0, 1, 2], "frequent": [20, 40, 80, 160], "usual": [500, 1000, 2000, 4000, 8000]}


def main(sizes: tuple[int, ...]) -> None:
    """Grow the archive from size to size, and ask at each."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hzgy.settings.test")
    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _measure(sizes)
    finally:
        teardown_databases(databases, verbosity=0)


def _measure(sizes: tuple[int, ...]) -> None:
    from django.db import connection

    from desk.founding import set_up
    from tests.search.many import fill, index_all

    from .made_up_words import made_up_articles, made_up_words

    set_up()
    words, _ = made_up_words()
    texts = made_up_articles()
    print(f"{connection.vendor}: milliseconds of processor for a page of results, the whole of it")
    there = 0
    for size in sizes:
        empty = _bytes()
        begun = time.perf_counter()
        issues = (size - there) // PER_ISSUE
        fill(texts, issues=issues, per_issue=PER_ISSUE, first=1 + there // PER_ISSUE)
        there += issues * PER_ISSUE
        _sign()
        filled, pages = time.perf_counter() - begun, _bytes()
        begun = time.perf_counter()
        index_all()
        built = time.perf_counter() - begun
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        space = (pages - empty) / 1e6, (_bytes() - pages) / 1e6
        print(
            f"\n{there} articles: made in {filled:.0f} s, {space[0]:.0f} MB; "
            f"index built in {built:.0f} s, grown by {space[1]:.0f} MB"
        )
        asked_of = {kind: [words[rank] for rank in ranks] for kind, ranks in RANKS.items()}
        asked_of["two words"] = [f"{words[5]} {words[300]}", f"{words[40]} {words[700]}"]
        asked_of["nothing"] = [f"{words[700]}{words[2]}", "不见踪影的词"]
        for kind, asked in asked_of.items():
            spent = {word: _cost(word) for word in asked}
            worst = max(spent, key=lambda word: spent[word][0])
            print(
                f"  {kind:9} median {statistics.median(each[0] for each in spent.values()):6.1f}"
                f"   highest {spent[worst][0]:6.1f} ({spent[worst][1]} found)"
                f"   search alone {statistics.median(each[2] for each in spent.values()):6.1f}"
            )


def _sign() -> None:
    """Put a name under each article that has none."""
    from articles.models import ArticlePage, Byline
    from newsroom.models import Contributor

    for place in range(Contributor.objects.count(), WRITERS):
        Contributor.objects.create(name=f"作者{place}")
    writers = list(Contributor.objects.order_by("pk"))
    Byline.objects.bulk_create(
        Byline(article_id=key, contributor=(writer := writers[key % WRITERS]), name=writer.name)
        for key in ArticlePage.objects.filter(bylines=None).values_list("pk", flat=True)
    )


def _cost(word: str) -> tuple[float, int, float]:
    """Return the milliseconds of a page of results, how many it has, and of the search alone."""
    from django.core.cache import cache
    from django.test import Client

    from articles.models import ArticlePage

    client, whole, alone = Client(), [], []
    cache.clear()
    client.get("/search/")
    for _ in range(TIMES):
        begun = _processor()
        page = client.get("/search/", {"q": word})
        whole.append(_processor() - begun)
        assert page.status_code == 200
        begun = _processor()
        found_keys = ArticlePage.objects.published().newest_first().search(word).get_queryset()
        list(found_keys.values("pk")[:10])
        alone.append(_processor() - begun)
    found = FOUND.search(page.content.decode())
    return min(whole) * 1000, int(found[1]) if found else 0, min(alone) * 1000


def _processor() -> float:
    """Return the seconds of processor that this program and its database have had."""
    from django.db import connection

    spent = time.process_time()
    if connection.vendor == "postgresql":
        numbers = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
        spent += int(numbers.split()[0]) / 1e9
    return spent


def _bytes() -> int:
    """Return how large the database is."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET max_parallel_workers_per_gather = 0")  # one process to be counted
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        sizes = []
        for name in ("page_count", "page_size"):
            cursor.execute(f"PRAGMA {name}")
            sizes.append(cursor.fetchone()[0])
        return sizes[0] * sizes[1]


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)
