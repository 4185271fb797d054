"""No request, however odd, is a fault of the program: never 500, as nobody and as an editor."""

from __future__ import annotations

import os
import random
import sys
import traceback
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from articles.models import ArticlePage
from newsroom.models import Section

from .factories import make_issue, make_sample, make_user
from .odd_requests import Odd, addresses, odd_requests

pytestmark = pytest.mark.django_db

# Of all of them the suite asks a chance sample, the same each time; ODD_REQUESTS=1 asks every one.
SHARE = float(os.environ.get("ODD_REQUESTS", "0.03"))
SEED = os.environ.get("ODD_SEED", "450")


@pytest.fixture
def values() -> dict[str, list[str]]:
    """Make a paper with something at many addresses, and say what stands for what."""
    issue = make_sample()
    make_issue(451)
    article = str(ArticlePage.objects.order_by("pk")[0].pk)
    section = Section.objects.first()
    pages = [article, str(issue.pk)]
    return {
        **dict.fromkeys(("page_id", "pk", "parent_page_id", "page_pk"), pages),
        **{"number": ["450"], "issue": ["450"], "article": ["3"], "folio": ["1"]},
        **{"year": ["2022"], "file": ["issue.json"], "path": ["450/3/"]},
        **{"slug": [section.slug if section else "x"], "parent_id": [str(issue.pk)]},
        **{"app_label": ["newsroom"], "model_name": ["section"]},
        **{"content_type_app_name": ["articles"], "content_type_model_name": ["articlepage"]},
    }


def everything(values: dict[str, list[str]], chance: random.Random) -> Iterator[Odd]:
    for paths in addresses(values, chance):
        for odd in odd_requests(paths):
            if chance.random() < SHARE:
                yield odd


@pytest.mark.parametrize("who", ["nobody", "editor"])
def test_an_odd_request_is_no_fault_of_the_program(who: str, values: dict[str, list[str]]) -> None:
    client = Client(raise_request_exception=False)
    if who == "editor":
        client.force_login(make_user(is_superuser=True))
    kept = client.cookies.output()
    failed: dict[str, str] = {}
    caught: list[str] = []

    def note(**signal: object) -> None:
        error = sys.exc_info()[1]
        assert error is not None
        frame = traceback.extract_tb(error.__traceback__)[-1]
        caught.append(
            f"{type(error).__name__}: {str(error)[:150]} at {frame.filename}:{frame.lineno}"
        )

    got_request_exception.connect(note)
    asked = 0
    for odd in everything(values, random.Random(SEED)):
        cache.clear()  # of limits
        caught.clear()
        # Whatever it changed or broke, the next one finds everything as it was.
        with transaction.atomic():
            try:
                answer = client.generic(
                    odd.method,
                    odd.path,
                    odd.body,
                    odd.kind,
                    query_params=None,
                    QUERY_STRING=odd.query,
                    headers=odd.headers,
                )
                status, said = answer.status_code, answer.headers.get("Content-Type", "")
                if answer.streaming:
                    answer.getvalue()  # and the client closes it
            except Exception as error:  # the client itself fails where a header cannot be sent
                status, said = 500, f"raised {error!r}"
            transaction.set_rollback(True)
        asked += 1
        if status >= 500:
            where = caught[0] if caught else said
            failed.setdefault(f"{status} {where}", str(odd))
        if client.cookies.output() != kept and who == "nobody":
            client.cookies.clear()

    assert asked > 100
    assert not failed, "\n".join(f"{where}\n    {odd}" for where, odd in failed.items())
