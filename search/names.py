"""Know under which articles the name of a contributor stands."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from articles.models import Byline
from articles.querysets import ArticleQuerySet
from newsroom.models import Contributor


def contributors_of(articles: ArticleQuerySet) -> QuerySet[Contributor]:
    """Return the contributors whose names stand under ``articles``."""
    signed = Byline.objects.in_own_name().filter(contributor=OuterRef("pk"), article__in=articles)
    return Contributor.objects.filter(Exists(signed))
