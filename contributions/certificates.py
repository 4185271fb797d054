"""The 采用证明: a page that says where and when a contribution was printed."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from articles.models import ArticlePage
from articles.reading import byline_line
from interchange.typesetting.certificate import Certificate, print_certificate
from issues.models import IssuePage
from newsroom.cjk import full_width


def certificate_of(article: ArticlePage, *, address: Callable[[str], str]) -> bytes:
    """Return the certificate of a public article as a PDF; all it says is public already.

    ``address`` makes an absolute address of a path.
    """
    issue = IssuePage.objects.select_related("imprint").get(pk=article.issue_id)
    named = issue.folios.filter(number=article.folio).values_list("name", flat=True).first() or ""
    today = timezone.localdate()
    return print_certificate(
        Certificate(
            paper=issue.imprint.name,
            publisher=issue.imprint.publisher,
            article_title=full_width(article.title),
            kicker=full_width(article.kicker),
            subhead=full_width(article.subhead),
            byline=byline_line(article.bylines.all()),
            issue_title=issue.title,
            issue_date=issue.printed_date,
            weekday=issue.weekday,
            folio=f"第{article.folio}版 {named}".strip(),
            address=address(article.url),
            issued_on=f"{today.year}年{today.month}月{today.day}日",
        )
    )
