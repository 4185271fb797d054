"""No request, however odd, is a fault of the program: never 500, as nobody and as an editor."""

from __future__ import annotations

import os
import random
import re
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client

from articles.models import ArticlePage
from newsroom.models import Contributor, Section

from .factories import make_issue, make_printed_sample, make_user
from .odd_requests import NAMES, Odd, addresses, odd_requests, routes_of_pages

pytestmark = pytest.mark.django_db

# Of all of them the suite asks a chance sample, the same each time; ODD_REQUESTS=1 asks every one.
SHARE = float(os.environ.get("ODD_REQUESTS", "0.03"))
SEED = os.environ.get("ODD_SEED", "450")


@pytest.fixture
def values() -> dict[str, list[str]]:
    """Make a paper with something at many addresses, and say what stands for what."""
    issue = make_printed_sample()
    make_issue(451)
    article = str(ArticlePage.objects.order_by("pk")[0].pk)
    section, _ = Section.objects.get_or_create(slug="sports", defaults={"name": "体育"})
    ArticlePage.objects.filter(pk=article).update(section=section)
    contributor = Contributor.objects.filter(bylines__article__issue=issue)[0]
    pages = [article, str(issue.pk)]
    return {
        **dict.fromkeys(("page_id", "pk", "parent_page_id", "page_pk"), pages),
        **{"number": ["450"], "issue": ["450"], "article": ["3"], "folio": ["1"]},
        **{"year": ["2022"], "day": ["2022-08-02"], "old": ["2022-08/02/node_1.htm"]},
        **{"file": ["issue.json"], "path": ["450/3/"], "key": [str(contributor.pk)]},
        **{"slug": [section.slug], "parent_id": [str(issue.pk)]},
        **{"app_label": ["newsroom"], "model_name": ["section"]},
        **{"content_type_app_name": ["articles"], "content_type_model_name": ["articlepage"]},
    }


def everything(values: dict[str, list[str]], chance: random.Random) -> Iterator[Odd]:
    for paths in addresses(values, chance):
        for odd in odd_requests(paths):
            if chance.random() < SHARE:
                yield odd


def test_what_is_asked_of_the_pages_is_asked_of_pages_that_are_there(
    values: dict[str, list[str]],
) -> None:
    chance = random.Random(SEED)
    asked = [paths[0] for paths in addresses(values, chance)]
    pages = len([*routes_of_pages()])
    there = {path: Client().get(path).status_code for path in asked[-pages - 2 :]}

    missing = {path for path, status in there.items() if status not in (200, 301, 302)}
    nowhere = "/html/2022-08/02/node_1.htm"  # an address of the old site, answered with a guess
    assert missing == {nowhere, f"/hant{nowhere}"}
    assert {"/archive/", "/hant/archive/2022/", "/450/3/", "/450/folio-1/"} <= set(there)


def test_every_parameter_that_our_own_code_reads_is_among_the_odd_ones() -> None:
    ours = [Path(app.path) for app in apps.get_app_configs()]
    source = "".join(
        file.read_text()
        for folder in ours
        if folder.parent == settings.BASE_DIR
        for file in folder.rglob("*.py")
    )
    names = set(re.findall(r'\bGET(?:\.get(?:list)?\(\s*|\[)"(\w+)"', source))
    names |= set(re.findall(r'"(\w+)" in (?:\w+[.])*GET\b', source))

    assert len(names) > 20
    assert names <= set(NAMES)


@pytest.mark.parametrize("who", ["nobody", "editor"])
def test_an_odd_request_is_no_fault_of_the_program(
    who: str, values: dict[str, list[str]], record_property: Callable[[str, object], None]
) -> None:
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

    record_property("asked", asked)  # -o junit_family=xunit1 --junitxml=… tells
    assert asked > 100
    assert not failed, "\n".join(f"{where}\n    {odd}" for where, odd in failed.items())
