"""Show how to search with what this very paper prints: every example finds something."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.http import HttpRequest

from articles.models import ArticlePage
from articles.reading import body_words
from issues.models import IssuePage
from newsroom.cjk import headline_lines

from .ways import Way
from .wish import Wish

LOOKED_AT = 12  # articles
# Papers quote what has a name: “杭工e家”, “托育一件事”.
NAMED = re.compile(r"“([\u4e00-\u9fffa-zA-Z0-9]{2,8})”")


def examples(request: HttpRequest) -> dict[str, Way]:
    """Return one example for each rule that the latest issue has one for; a few queries."""
    issue = IssuePage.objects.published(request).newest_first().first()
    if issue is None:
        return {}
    found = {"issue": Way(f"{issue.number}", Wish(str(issue.number)).address())}
    articles = ArticlePage.objects.published(request).filter(issue=issue).in_print_order()
    articles = list(articles.prefetch_related("bylines")[:LOOKED_AT])
    texts = [body_words(article.body.raw_data) for article in articles]
    for article, text in zip(articles, texts, strict=True):
        for kind, words in _of_article(article, text):
            found.setdefault(kind, Way(words, Wish(words).address()))
    named = [(word, text) for text in texts for word in NAMED.findall(text)[:1]]
    for word, text in named:
        others = [other for other, _ in named if other not in text]
        if others:
            words = f"{word} -{others[0]}"
            found.setdefault("without", Way(words, Wish(words).address()))
    return found


def _of_article(article: ArticlePage, text: str) -> Iterator[tuple[str, str]]:
    """Yield examples that find ``article``."""
    names = [byline.name for byline in article.bylines.all()]
    if names:
        yield "name", names[0]
    if named := NAMED.search(text):
        yield "word", named[1]
        if names:
            yield "both", f"{named[1]} {names[0]}"
    # Straight marks inside the words would end the phrase.
    for line in headline_lines(article.title)[:1]:
        if not re.search(r"[\"“”]", line):
            yield "phrase", f"“{line}”"
