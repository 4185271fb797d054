"""Fill a paper with public issues of many articles at once, without the doors of the house."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from articles.copy import Line, Run, write_rich_text
from articles.models import ArticlePage, Byline
from issues.models import IssuePage, NewspaperPage
from newsroom.models import Imprint
from tests.factories import make_imprint

FIRST_DAY = datetime.date(1950, 1, 3)
STEPLEN = Page.steplen
AT_ONCE = 100


def fill(texts: Iterator[tuple[str, str]], *, issues: int, per_issue: int, first: int = 1) -> None:
    """Add so many weekly issues with articles of these titles and texts, a paragraph per line."""
    paper = NewspaperPage.objects.get()
    imprint = Imprint.objects.current() or make_imprint()
    for number in range(first, first + issues):
        issue = IssuePage(
            number=number,
            title=f"第{number}期",
            slug=str(number),
            date=FIRST_DAY + datetime.timedelta(weeks=number),
            imprint=imprint,
        )
        _prepare(issue, paper, place=number)
        issue.numchild = per_issue
        insert([issue])
        insert(
            [
                _article(issue, place, title, text)
                for place, (title, text) in enumerate(islice(texts, per_issue), start=1)
            ]
        )
    Page.objects.filter(pk=paper.pk).update(numchild=first + issues - 1)


def index_all() -> None:
    """Index what ``fill`` added."""
    backend = get_search_backend()
    for model in (IssuePage, ArticlePage):
        last = 0
        while some := list(model.get_indexed_objects().filter(pk__gt=last).order_by("pk")[:500]):
            backend.add_bulk(model, some)
            last = some[-1].pk


def insert(pages: Sequence[Page]) -> None:
    """Insert pages of one model, which Django's own bulk_create refuses."""
    model = type(pages[0])
    for start in range(0, len(pages), AT_ONCE):
        some = pages[start : start + AT_ONCE]
        rows = [
            Page(**{field.attname: getattr(page, field.attname) for field in Page._meta.fields})
            for page in some
        ]
        for page, row in zip(some, Page.objects.bulk_create(rows), strict=True):
            page.pk = page.id = row.pk
        fields = model._meta.local_concrete_fields
        for few in range(0, len(some), 40):
            model._base_manager._insert(some[few : few + 40], fields=fields, using=connection.alias)


def add_bylines(article: ArticlePage, *names: str) -> None:
    """Put names under an article of ``fill``."""
    Byline.objects.bulk_create(
        Byline(article=article, name=name, sort_order=place) for place, name in enumerate(names)
    )


def _article(issue: IssuePage, place: int, title: str, text: str) -> ArticlePage:
    lines = [Line("paragraph", (Run(line),)) for line in text.split("\n")]
    article = ArticlePage(
        title=title,
        slug=str(place),
        number=place,
        issue=issue,
        folio=1 + place // 5,
        body=[("paragraph", write_rich_text(lines))],
    )
    _prepare(article, issue, place=place)
    return article


def _prepare(page: Any, parent: Page, *, place: int) -> None:
    page.path = Page._get_path(parent.path, parent.depth + 1, place)
    page.depth = parent.depth + 1
    page.url_path = f"{parent.url_path}{page.slug}/"
    page.draft_title = page.title
    page.live = True
    page.first_published_at = page.last_published_at = timezone.now()
    page.content_type = ContentType.objects.get_for_model(type(page))
    page.locale_id = parent.locale_id
