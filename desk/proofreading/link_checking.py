"""Try the links of an issue, and keep what they answered."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_tasks import task

from interchange.schema import Article, Paragraph
from issues.models import IssuePage

from .asking import ask
from .gathering import articles_of, copies_of
from .models import LinkCheck, ProofreadingSettings

if TYPE_CHECKING:
    from accounts.models import User

__all__ = ["CheckingRefused", "check_links", "links_in", "order_link_check"]

logger = logging.getLogger(__name__)

MOST_LINKS = 20


class CheckingRefused(PermissionDenied):
    """The links are not tried; the message says why, in Chinese."""


def order_link_check(*, issue: IssuePage, by: User) -> int:
    """Have the links of ``issue`` tried in the background; return how many there are to try.

    Raises CheckingRefused where that is switched off, or when ``by`` does not work on the issue.
    """
    if not issue.permissions_for_user(by).holds_change():
        raise CheckingRefused("没有检查：您没有编辑这一期的权限。")
    if not ProofreadingSettings.current().test_links:
        raise CheckingRefused("没有检查：“校对规则”里没有打开“检查网址能否打开”。")
    links = links_of(issue)
    if links:
        key = issue.pk
        transaction.on_commit(lambda: try_links.enqueue(key))
    return len(links)


@task(backend="background")
def try_links(key: int) -> None:
    """Try the links of an issue; nothing is raised, for the task table would keep the traceback."""
    try:
        issue = IssuePage.objects.filter(pk=key).first()
        if issue is not None and ProofreadingSettings.current().test_links:
            check_links(issue=issue)
    except Exception as error:
        logger.error("the links of an issue were not tried: %s", type(error).__name__)


def check_links(*, issue: IssuePage, at: datetime | None = None) -> list[LinkCheck]:
    """Try the links of ``issue`` and keep what they answered instead of what was known before.

    The web is asked outside any transaction: it may be slow.
    """
    outcome = [(address, ask(address)) for address in links_of(issue)]
    moment = at or timezone.now()
    with transaction.atomic():
        LinkCheck.objects.filter(issue=issue).delete()
        return LinkCheck.objects.bulk_create(
            LinkCheck(issue=issue, address=address, fault=fault, at=moment)
            for address, fault in outcome
        )


def links_of(issue: IssuePage) -> list[str]:
    """Return the web addresses in the copy of ``issue`` as last saved, each once, at most 20."""
    copies = copies_of(articles_of(issue, signed=False), signed=False)
    return list(dict.fromkeys(links_in(copy.article for copy in copies)))[:MOST_LINKS]


def links_in(articles: Iterable[Article]) -> Iterator[str]:
    """Yield the web addresses that running text links to, in print order."""
    for article in articles:
        for passage in article.body:
            if isinstance(passage, Paragraph):
                for run in passage.runs:
                    if run.href.startswith(("http://", "https://")):
                        yield run.href
