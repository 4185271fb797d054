"""Fill the site with so many back issues; the same ones every time.

python -m bench.tutorial_site.filling 450 4
"""

from __future__ import annotations

import random
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from .models import ArchivePage

FIRST_DAY = date(1926, 1, 5)
LENGTH = 600  # characters of an article, as bench.many has them
ISSUES_AT_ONCE = 250
AUTHORS = 60


def fill(issues: int, articles: int) -> None:
    """Make the site have ``issues``, each with so many articles; what is there stays."""
    from django.db import transaction
    from wagtail.models import Page

    from ..bulk import insert, page_facts
    from ..made_up_archive import sample_words
    from .models import ArchivePage, ArticlePage, Author, IssuePage

    archive = ArchivePage.objects.first() or _found()
    sentences, titles = sample_words()
    authors = list(Author.objects.order_by("pk"))
    chance = random.Random(issues)
    numbers = range(archive.numchild + 1, issues + 1)
    for place in range(0, len(numbers), ISSUES_AT_ONCE):
        with transaction.atomic():
            made = []
            for number in numbers[place : place + ISSUES_AT_ONCE]:
                day = FIRST_DAY + timedelta(weeks=number)
                facts = page_facts(archive, number, f"第{number}期", str(number), day, IssuePage)
                made.append(IssuePage(**facts, numchild=articles, date=day, number=number))
            insert(made)
            written = []
            for issue in made:
                for article in range(1, articles + 1):
                    title = chance.choice(titles)
                    facts = page_facts(issue, article, title, str(article), issue.date, ArticlePage)
                    intro, body = chance.choice(sentences)[:250], _body(chance, sentences)
                    written.append(ArticlePage(**facts, date=issue.date, intro=intro, body=body))
            insert(written)
            signed = ArticlePage.authors.through
            signed.objects.bulk_create(
                signed(articlepage_id=each.pk, author=chance.choice(authors)) for each in written
            )
            archive.numchild += len(made)
            Page.objects.filter(pk=archive.pk).update(numchild=archive.numchild)


def _found() -> ArchivePage:
    """Put the front page in the place of Wagtail's welcome page, and the archive below it."""
    from wagtail.models import Page, Site

    from .models import ArchivePage, Author, HomePage

    root = Page.objects.get(depth=1)
    root.get_children().delete()
    root.refresh_from_db()
    home = root.add_child(instance=HomePage(title="对照站", slug="home"))
    archive = home.add_child(instance=ArchivePage(title="往期", slug="archive"))
    Site.objects.all().delete()
    Site.objects.create(hostname="127.0.0.1", port=80, root_page=home, is_default_site=True)
    Author.objects.bulk_create(Author(name=f"某{number}") for number in range(AUTHORS))
    return archive


def _body(chance: random.Random, sentences: list[str]) -> str:
    text, written = "", 0
    while written < LENGTH:
        paragraph = "".join(chance.sample(sentences, 3))
        written += len(paragraph)
        text += f"<p>{paragraph}</p>"
    return text


if __name__ == "__main__":
    django.setup()
    fill(*map(int, sys.argv[1:3]))
