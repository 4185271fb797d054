"""Fill a paper with thousands of back issues in seconds, past every door: for measuring alone.

Rows are written in bulk, without revisions, signatures, signals, media or a search index; what
readers get of them is what they would get of the real thing. The same ones every time.
"""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import models, transaction
from wagtail.models import Page

from articles.models import ArticlePage, Byline, Correction, Prominence, Role
from following.counts.counting import add_reads
from issues.models import ArticleCounter, IssuePage, NewspaperPage
from newsroom.lunar import lunar_date
from newsroom.models import Contributor, Imprint, Section

from .bulk import insert, page_facts
from .made_up_archive import sample_words

__all__ = ["count_some_reads", "make_many"]

LAST_DAY = date(2026, 11, 24)
SURNAMES = "甲乙丙丁戊己庚辛壬癸"
ISSUES_AT_ONCE = 250


def make_many(
    issues: int,
    *,
    articles: int = 8,
    days_apart: int = 7,
    last_day: date = LAST_DAY,
    length: int = 600,
    contributors: int = 60,
    sections: int = 12,
) -> None:
    """Add so many public issues of so many articles, of about ``length`` characters, to the paper.

    Numbers go on from the greatest there is; the last issue is of ``last_day``. One contributor
    signs a third of the articles, one section has a fifth of them; one in forty was corrected.
    """
    chance = random.Random(issues)
    sentences, titles = sample_words()
    imprint = Imprint.objects.order_by("since").first() or Imprint.objects.create(
        name="测试数据", publisher="测试数据", since=date(1901, 1, 1)
    )
    writers = _writers(contributors)
    heads = _sections(sections)
    first = (IssuePage.objects.aggregate(last=models.Max("number"))["last"] or 0) + 1
    for begun in range(0, issues, ISSUES_AT_ONCE):
        places = range(begun, min(begun + ISSUES_AT_ONCE, issues))
        days = [last_day - timedelta(days=days_apart * (issues - 1 - place)) for place in places]
        with transaction.atomic():
            made = _issues([first + place for place in places], days, imprint)
            _articles(made, articles, length, chance, sentences, titles, writers, heads)


def count_some_reads() -> None:
    """Count readers of the newest articles, so that there are some that are read most."""
    newest = ArticlePage.objects.newest_first().with_issues()[:400]
    add_reads({(a.issue.issuepage.number, a.number): a.number for a in newest})


def _writers(count: int) -> list[Contributor]:
    names = [f"{SURNAMES[n % 10]}某{n}" for n in range(count)]
    Contributor.objects.bulk_create(
        [Contributor(name=name) for name in names], ignore_conflicts=True
    )
    return list(Contributor.objects.filter(name__in=names).order_by("pk"))


def _sections(count: int) -> list[Section]:
    Section.objects.bulk_create(
        [Section(name=f"测试栏目{n}", slug=f"made-up-{n}", position=n) for n in range(count)],
        ignore_conflicts=True,
    )
    return list(Section.objects.filter(slug__startswith="made-up-").order_by("position"))


def _issues(numbers: Sequence[int], days: Sequence[date], imprint: Imprint) -> list[IssuePage]:
    paper = NewspaperPage.objects.get()
    made = [
        IssuePage(
            **page_facts(
                paper, paper.numchild + place, f"第{number}期", str(number), day, IssuePage
            ),
            number=number,
            date=day,
            lunar_date=lunar_date(day),
            imprint=imprint,
        )
        for place, (number, day) in enumerate(zip(numbers, days, strict=True), start=1)
    ]
    insert(made)
    Page.objects.filter(pk=paper.pk).update(numchild=paper.numchild + len(made))
    return made


def _articles(
    issues: Sequence[IssuePage],
    count: int,
    length: int,
    chance: random.Random,
    sentences: Sequence[str],
    titles: Sequence[str],
    writers: Sequence[Contributor],
    heads: Sequence[Section],
) -> None:
    made: list[ArticlePage] = []
    for issue in issues:
        for number in range(1, count + 1):
            facts = page_facts(
                issue, number, chance.choice(titles), str(number), issue.date, ArticlePage
            )
            made.append(
                ArticlePage(
                    **facts,
                    issue_id=issue.pk,
                    number=number,
                    folio=1 + 4 * (number - 1) // count,
                    section=_often_the_first(heads, chance, 5) if chance.random() < 0.7 else None,
                    prominence=Prominence.LEAD if number == 1 else Prominence.NORMAL,
                    body=_body(length, chance, sentences),
                )
            )
    insert(made)
    Page.objects.filter(pk__in=[issue.pk for issue in issues]).update(numchild=count)
    ArticleCounter.objects.bulk_create(
        [ArticleCounter(issue=issue, last=count) for issue in issues]
    )
    signed = [(article, _often_the_first(writers, chance, 3)) for article in made]
    Byline.objects.bulk_create(
        Byline(
            article=article,
            name=writer.name,
            role=chance.choice((Role.REPORTER, Role.CORRESPONDENT, "")),
            contributor=writer,
            sort_order=0,
        )
        for article, writer in signed
    )
    dates = {issue.pk: issue.date for issue in issues}
    Correction.objects.bulk_create(
        Correction(
            article=article,
            date=dates[article.issue_id] + timedelta(days=7),
            text="测试用的更正。",
            needs_printing=False,
        )
        for article in made
        if chance.random() < 1 / 40
    )


def _often_the_first(things: Sequence[Any], chance: random.Random, one_in: int) -> Any:
    return things[0] if chance.randrange(one_in) == 0 else chance.choice(things)


def _body(length: int, chance: random.Random, sentences: Sequence[str]) -> str:
    """Return paragraphs as they are stored."""
    blocks, written = [], 0
    while written < length:
        text = "".join(chance.sample(sentences, 3))
        written += len(text)
        key = str(uuid.UUID(int=chance.getrandbits(128)))
        blocks.append({"type": "paragraph", "value": f"<p>{text}</p>", "id": key})
    return json.dumps(blocks)
