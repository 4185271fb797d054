"""Keep a sketch of every signed article, so that what was printed is known when it comes again."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from articles.models import ArticlePage

from .duplicates import trace_article
from .models import Trace

logger = logging.getLogger(__name__)

# Stands for the sketch of an article that has none (too short), so that it is not looked at again;
# no number of a sketch is negative.
NO_SKETCH = -1


def trace_when_signed(sender: type[ArticlePage], instance: ArticlePage, **kwargs: Any) -> None:
    """Sketch an article once its signature is committed; that it fails does not undo that.

    Wagtail calls a version *published* that we call signed.
    """
    transaction.on_commit(lambda: trace(instance.pk), robust=True)


def trace(key: int) -> None:
    """Sketch the signed version of an article."""
    with transaction.atomic():
        article = ArticlePage.objects.live().filter(pk=key).first()
        if article is None:
            return
        trace_article(article=article)
        if not Trace.objects.filter(article=article).exists():
            Trace.objects.create(value=NO_SKETCH, article=article)


def trace_untraced(*, most: int = 200) -> int:
    """Sketch signed articles that have no sketch yet, the newest first; return how many."""
    traced = Trace.objects.filter(article=OuterRef("pk"))
    keys = ArticlePage.objects.live().exclude(Exists(traced)).order_by("-pk")
    done = 0
    for key in keys.values_list("pk", flat=True)[:most]:
        try:
            trace(key)
            done += 1
        except Exception as error:
            logger.error("article %s was not traced: %s", key, type(error).__name__)
    return done
