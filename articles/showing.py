"""Choose which articles of an issue a request is shown, and which version of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page, Revision

from newsroom.models import Recording
from newsroom.prepared import fetch_along, marked, prepared
from newsroom.previews import Version, preview_of
from newsroom.querysets import sight

from .models import ArticlePage, Byline
from .querysets import ArticleQuerySet

WORDS = ("title", "kicker", "subhead", "standfirst", "verbatim_punctuation")


def shown_to(request: HttpRequest, articles: ArticleQuerySet) -> Iterable[ArticlePage]:
    """Keep of ``articles`` what the request may see: readers what is public, a preview its own.

    A constant number of queries, however many articles have drafts.
    """
    preview = preview_of(request)
    if preview is None:
        return articles.published(request)
    articles = articles.not_withdrawn()
    if preview.shared:
        # Who may read a closed part of the paper is not for an editor's link to widen.
        articles = articles.open_to()
    match preview.version:
        case Version.SIGNED:
            return articles.live()
        case Version.DRAFTS:
            return _as_last_saved(list(articles))
    return articles


def articles_of(issue: Page, request: HttpRequest) -> list[ArticlePage]:
    """Return what the request may see of ``issue``, in print order, for its front page."""
    if preview_of(request):
        articles = ArticlePage.objects.child_of(issue).in_print_order()
        return list(shown_to(request, articles.with_bylines().with_corrections()))
    asked = prepared(("articles", sight(ArticlePage, request)), lambda: _public(request))
    articles = asked.objects(issue=issue.pk)
    fetch_along(articles, "bylines")
    fetch_along(articles, "corrections")
    return articles


def _public(request: HttpRequest) -> ArticleQuerySet:
    articles = ArticlePage.objects.filter(issue=marked("issue")).published(request)
    return articles.in_print_order().select_related("section")


def _as_last_saved(articles: list[ArticlePage]) -> list[ArticlePage]:
    """Give signed articles the copy of their newer drafts; the row of the others is the draft."""
    behind = {
        article.latest_revision_id: article
        for article in articles
        if article.live and article.has_unpublished_changes and article.latest_revision_id
    }
    revisions = Revision.objects.filter(pk__in=behind)
    recordings = Recording.objects.in_bulk(
        {key for each in revisions if (key := each.content.get("recording"))}
    )
    for revision in revisions:
        _put_on(behind[revision.pk], revision.content, recordings)
    return articles


def _put_on(
    article: ArticlePage, content: dict[str, Any], recordings: dict[int, Recording]
) -> None:
    # Not Revision.as_object(), which looks every related row up again, article by article.
    for name in WORDS:
        setattr(article, name, content[name])
    article.recording = recordings.get(content.get("recording") or 0)
    article.body = ArticlePage._meta.get_field("body").to_python(content["body"])
    article.bylines = [
        Byline(sort_order=place, name=line["name"], role=line["role"])
        for place, line in enumerate(content.get("bylines", []))
    ]
