"""Who may write at a time: the issue's row is locked first, then the article's."""

from __future__ import annotations

from articles.models import ArticlePage

from .models import IssuePage


def lock_issues(*keys: int) -> dict[int, IssuePage]:
    """Lock the rows of some issues, always in the same order; return them by key."""
    rows = IssuePage.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    return {issue.pk: issue for issue in rows}


def lock_article(key: int) -> tuple[IssuePage, ArticlePage]:
    """Lock an article's issue, then the article; return both as they stand now."""
    while True:
        issue_key = ArticlePage.objects.values_list("issue_id", flat=True).get(pk=key)
        issue = lock_issues(issue_key)[issue_key]
        article = ArticlePage.objects.select_for_update().get(pk=key)
        if article.issue_id == issue_key:  # else it was held over while we waited
            return issue, article
