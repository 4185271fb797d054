"""Gather the facts that machines are told of an article or an issue.

Nothing here decides what is public: it is handed what a queryset has let through.
"""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from articles.hearing import public_address
from articles.models import ArticlePage
from articles.reading import shown
from issues.models import IssuePage
from newsroom.models import Imprint

from .facts import Article, Correction, Issue, Name, Paper, Picture, Recording

__all__ = ["article_facts", "issue_facts", "paper_facts", "recording_facts"]

UNNAMED = "数字报"


def paper_facts(imprint: Imprint | None, request: HttpRequest) -> Paper:
    """Return what ``imprint`` says of the paper."""
    url = request.build_absolute_uri("/")
    if imprint is None:
        return Paper(url, UNNAMED)
    return Paper(url, imprint.name, imprint.publisher, imprint.permit_number)


def issue_facts(issue: IssuePage, request: HttpRequest) -> Issue:
    """Return what there is to tell of ``issue``, under the imprint it was printed with."""
    file = reverse("issue_file", args=[issue.number, "issue.pdf"])
    return Issue(
        paper=paper_facts(issue.imprint, request),
        url=request.build_absolute_uri(issue.get_url(request)),
        number=issue.number,
        title=issue.title,
        date=issue.date,
        changed=latest([issue.last_published_at]),
        pdf_url=request.build_absolute_uri(file),
    )


def article_facts(
    article: ArticlePage,
    issue: IssuePage,
    request: HttpRequest,
    *,
    description: str = "",
    folio_name: str = "",
    picture: Picture | None = None,
    recording: Recording | None = None,
) -> Article:
    """Return what there is to tell of ``article``, which comes with bylines and corrections."""
    show = shown(article)
    corrections = article.corrections.all()
    moments = [article.last_published_at, issue.last_published_at]
    moments += [correction.changed_at for correction in corrections]
    return Article(
        issue=issue_facts(issue, request),
        url=request.build_absolute_uri(article.get_url(request)),
        number=article.number,
        headline=show(article.title),
        kicker=show(article.kicker),
        subhead=show(article.subhead),
        description=description,
        section=article.section.name if article.section else folio_name,
        folio=article.folio,
        names=tuple(
            Name(
                byline.name,
                byline.role,
                byline.get_role_display() if byline.role else "",
                request.build_absolute_uri(f"/contributors/{byline.bearer.pk}/")
                if byline.bearer
                else "",
            )
            for byline in article.bylines.all()
        ),
        changed=latest(moments),
        corrections=tuple(
            Correction(show(correction.text), correction.date) for correction in corrections
        ),
        picture=picture,
        recording=recording,
    )


def recording_facts(article: ArticlePage, request: HttpRequest) -> Recording | None:
    """Return what there is to tell of the recording of ``article``; None where there is none."""
    recording = article.recording
    if recording is None:
        return None
    url = request.build_absolute_uri(public_address(article, request))
    return Recording(url, "audio/mpeg", recording.size, recording.seconds)


def latest(moments: list[datetime | None]) -> datetime | None:
    """Return the last of those moments that there are, as the clocks of the paper show it."""
    moment = max(filter(None, moments), default=None)
    return timezone.localtime(moment).replace(microsecond=0) if moment else None
