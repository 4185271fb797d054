"""Tell what the issue desk costs with few articles and with many: queries and milliseconds."""

from __future__ import annotations

import os
import statistics
import time

import django

TIMES = 10
SIZES = (4, 40)


def main() -> None:
    """Print a line for each screen of the desk and each size of the issue."""
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
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from desk.founding import set_up
    from tests.factories import SAMPLE, make_article, make_issue, make_user

    set_up()
    text = (SAMPLE / "02.md").read_text("utf-8").split("+++\n", 2)[2].replace("## ", "")
    browser = Client()
    browser.force_login(make_user("总编"))
    print(f"{'':24}{'篇':>4}{'查询':>6}{'毫秒':>8}")
    for number, size in enumerate(SIZES, start=451):
        issue = make_issue(number)
        for place in range(size):
            make_article(issue, f"第{place + 1}篇", text=text, signed=bool(place % 2))
        for screen, address in (
            ("组版台，第一次看", reverse("desk_board", args=[issue.pk])),
            ("组版台，再看", reverse("desk_board", args=[issue.pk])),
            ("组版台，每5秒问一次", reverse("desk_board_rows", args=[issue.pk])),
            ("校对", reverse("desk_checks", args=[issue.pk])),
            ("审稿单", reverse("desk_issue_sheet", args=[issue.pk])),
            ("出版", reverse("issue_publish", args=[issue.pk])),
        ):
            spent = []
            for _ in range(TIMES):
                if screen.endswith("第一次看"):
                    cache.clear()
                begun = time.perf_counter()
                with CaptureQueriesContext(connection) as queries:
                    answer = browser.get(address)
                spent.append((time.perf_counter() - begun) * 1000)
                if answer.status_code != 200:
                    raise SystemExit(f"{address}: {answer.status_code}")
            print(f"{screen:　<12}{size:>4}{len(queries):>8}{statistics.median(spent):>9.0f}")


if __name__ == "__main__":
    main()
