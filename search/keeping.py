"""Keep the index in step where Wagtail's own signals would not."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.search import index
from wagtail.search.backends import get_search_backends

from articles.models import ArticlePage
from newsroom.models import Section


def connect() -> None:
    """Listen to what happens to articles and sections."""
    post_save.connect(index_article, sender=ArticlePage)
    post_delete.connect(forget_article, sender=ArticlePage)
    pre_save.connect(note_renaming, sender=Section)
    post_save.connect(index_articles_of, sender=Section)


def index_article(
    instance: ArticlePage,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **kwargs: Any,
) -> None:
    """Index an article as it is saved, names and all.

    modelsearch would read it from the database again, where the names under it are still those of
    before: children are saved after their article. What saves a few columns only may hold the
    words of a draft in the others, so those are read.
    """
    if raw:
        return
    if update_fields is not None:
        instance = ArticlePage.objects.get(pk=instance.pk)
    index.insert_or_update_object(instance)


def forget_article(instance: ArticlePage, **kwargs: Any) -> None:
    """Remove a deleted article."""
    index.remove_object(instance)


def note_renaming(instance: Any, **kwargs: Any) -> None:
    """See whether a section, which is indexed with its articles, gets another name."""
    former = Section.objects.filter(pk=instance.pk).exclude(name=instance.name)
    instance.is_renamed = former.exists()


def index_articles_of(instance: Any, **kwargs: Any) -> None:
    """Index the articles of a renamed section anew."""
    if not instance.is_renamed:
        return
    articles = ArticlePage.get_indexed_objects().filter(section=instance)
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(ArticlePage, articles)
