"""What the signatures have against publishing an issue."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from wagtail.models import PageLogEntry

from articles.models import ArticlePage
from issues.models import IssuePage
from issues.publishing import Objection

from .signing import SIGN


def unsigned_articles(issue: IssuePage) -> Iterator[Objection]:
    """Object to each article that is not signed off, and to each live text nobody signed.

    The first may stay behind, if 总编 says so (``waivable``); the second would be printed.
    """
    articles = list(
        ArticlePage.objects.child_of(issue)
        .in_print_order()
        .prefetch_workflow_states()
        .defer("body", "standfirst")
    )
    signed = set(
        PageLogEntry.objects.filter(
            action=SIGN, revision__in=[article.live_revision_id for article in articles]
        ).values_list("revision_id", flat=True)
    )
    for article in articles:
        url = reverse("desk_review", args=[article.pk])
        if not article.live:
            yield Objection(
                f"《{article.draft_title}》还没有定稿（{article.status_string}）。",
                url,
                code="unfinished",
                waivable=True,
            )
        elif article.live_revision_id not in signed and not article.is_withdrawn:
            yield Objection(
                f"《{article.title}》现在的文字没有签字记录，请重新提交审核。", url, code="unsigned"
            )
