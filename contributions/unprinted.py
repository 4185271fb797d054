"""Take back the article that a contribution became, while no reader has had it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from wagtail.actions.delete_page import DeletePageAction
from wagtail.log_actions import registry
from wagtail.models import ReferenceIndex

from articles.models import ArticlePage
from newsroom.models import PressPhoto

from .models import Contribution

if TYPE_CHECKING:
    from accounts.models import User

NAMELESS = "（已彻底删除）"


def why_article_stays(contribution: Contribution, *, by: User) -> str:
    """Return why ``by`` cannot take the article back with the contribution, or ""."""
    article = contribution.article
    if article is None:
        return "这件来稿还没有转为稿件。"
    # Not the article's own first_published_at: that is when it was signed.
    if contribution.printed_at or article.is_public or article.issue.first_published_at:
        return "稿件已经见报，不能随来稿一起删除。"
    if not article.permissions_for_user(by).can_delete():
        return "稿件已经定稿，或者您没有删除它的权限，不能随来稿一起删除。"
    return ""


def take_back(article: ArticlePage, *, since: datetime, by: User) -> None:
    """Delete ``article``, and the photos that came ``since`` and stand nowhere else.

    To be called in a transaction, with the article locked; the files go when it is committed. The
    log keeps who did what and when, without the title.
    """
    photos = _photos_in(article)
    DeletePageAction(article, user=by).execute(skip_permission_checks=True)
    _forget_words(article)
    elsewhere = _photos_in_drafts()
    for photo in PressPhoto.objects.filter(pk__in=photos - elsewhere, created_at__gte=since):
        if not ReferenceIndex.get_references_to(photo).exists():
            _forget_words(photo)
            photo.delete()


def _photos_in(article: ArticlePage) -> set[int]:
    """Return the keys of the photos in any version of ``article``."""
    versions = [article, *(version.as_object() for version in article.revisions.all())]
    return {key for version in versions for key in _keys(version)}


def _photos_in_drafts() -> set[int]:
    """Return the keys of photos in what is newer than what was signed: no index knows them."""
    ahead = ArticlePage.objects.filter(live=True, has_unpublished_changes=True)
    return {key for page in ahead for key in _keys(page.get_latest_revision_as_object())}


def _keys(version: ArticlePage) -> Iterator[int]:
    body: Any = version.body
    for model, key, *_ in body.stream_block.extract_references(body):
        if model is PressPhoto:
            yield int(key)


def _forget_words(instance: ArticlePage | PressPhoto) -> None:
    """Take the title out of the log: it may be the sender's."""
    registry.get_logs_for_instance(instance).update(label=NAMELESS, data={})
