"""Suggest, while somebody types, what begins or goes on like that: bounded, and public."""

from __future__ import annotations

from django.http import HttpRequest

from articles.models import ArticlePage
from articles.reading import shown
from newsroom.cjk import clean_line
from newsroom.models import Section

from .direct import articles_named, issues_named
from .names import contributors_of
from .tokens import fold, plain
from .ways import Way

LONGEST = 20  # characters: who types more has said what is meant
MOST_TITLES, MOST_NAMES, MOST_SECTIONS, MOST_ISSUES = 6, 3, 2, 2


def suggestions(text: str, request: HttpRequest) -> list[dict[str, str]]:
    """Return what to offer for ``text``: its kind, its words and where it leads.

    An article named by its code, issues named by number or day, sections, contributors, titles;
    six queries at most.
    """
    text = clean_line(text)
    if len(text) > LONGEST or not plain(text):
        return []
    published = ArticlePage.objects.published(request)
    sections = Section.objects.filter(name__icontains=fold(text), articles__in=published)
    names = contributors_of(published).filter(name__icontains=fold(text))
    titles = published.autocomplete(text, order_by_relevance=False).get_queryset().newest_first()
    found = [
        *(("文章", way) for way in articles_named(text, request)),
        *(("期", way) for way in issues_named(text, request)[:MOST_ISSUES]),
        *(
            ("栏目", Way(section.name, f"/sections/{section.slug}/"))
            for section in sections.distinct()[:MOST_SECTIONS]
        ),
        *(
            ("作者", Way(contributor.name, f"/contributors/{contributor.pk}/"))
            for contributor in names[:MOST_NAMES]
        ),
        *(
            (
                "文章",
                Way(shown(article)(article.title), article.get_url(request), article.issue.title),
            )
            for article in titles.with_issues()[:MOST_TITLES]
        ),
    ]
    return [
        {"kind": kind, "text": way.label, "detail": way.detail, "url": way.url}
        for kind, way in found
    ]
