"""A table of old addresses that is sent twice at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from wagtail.contrib.redirects.models import Redirect

from following.addresses.importing import Outcome, import_addresses
from following.addresses.tables import read_table
from tests.factories import make_public_issue


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_a_double_click_makes_each_redirect_once() -> None:
    make_public_issue(450)
    rows = read_table("".join(f"/{n}.htm,450\n" for n in range(300)).encode())
    at_once = Barrier(4)

    def click() -> Outcome:
        try:
            at_once.wait()
            return import_addresses(rows=rows, by=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        outcomes = [click.result() for click in [threads.submit(click) for _ in range(4)]]

    assert sorted((o.made, o.same) for o in outcomes) == [(0, 300)] * 3 + [(300, 0)]
    assert Redirect.objects.count() == 300
