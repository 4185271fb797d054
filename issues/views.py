"""The pages that show issues: the front page, the latest one, the archive, a day."""

from __future__ import annotations

import datetime

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from articles.corrections import corrections_of, shown_correction
from articles.models import ArticlePage, Correction
from articles.showing import articles_of
from articles.stories import stories
from newsroom.page_facts import page_facts
from newsroom.prepared import fetch_along, prepared
from newsroom.previews import preview_of
from newsroom.querysets import sight

from .archive import IssueRow, by_month
from .around import Around, around_issue
from .downloads import downloads_of
from .find_views import find
from .folio_pages import THUMBNAIL
from .folio_views import folio_links
from .front_page import FolioHead, lay_out
from .models import IssuePage, NewspaperPage
from .querysets import IssueQuerySet
from .rows import issue_rows, rows_of_year
from .wall_calendar import Out, months_of_year
from .year_before import days_a_year_before, is_same_day
from .years import years_of_archive

CORRECTIONS_ON_A_PAGE = 20


def latest(request: HttpRequest, newspaper: NewspaperPage) -> HttpResponse:
    """Show the latest public issue at ``/``: by date and number, not the last one published."""
    issue = prepared(("latest", sight(IssuePage, request)), lambda: _latest(request)).first()
    if issue is None:
        return TemplateResponse(
            request, "issues/no_issue.html", page_facts(request, newspaper, title="尚未出版")
        )
    return front_page(request, issue)


def _latest(request: HttpRequest) -> IssueQuerySet:
    issues = IssuePage.objects.published(request).newest_first()
    return issues.select_related("imprint")[:1]


def front_page(request: HttpRequest, issue: IssuePage) -> TemplateResponse:
    """Show one issue.

    In an editor's preview each article stands as it would if the issue were published now: the
    signed version of signed ones, the draft of the others, marked. A shared one shows less
    (``newsroom.previews.Version``), and no other issue.
    """
    if not request.is_preview:
        fetch_along([issue], "folios")
    articles = articles_of(issue, request)
    heads = [
        FolioHead(folio.number, folio.name, folio.responsible_editor)
        for folio in issue.folios.all()
    ]
    front = lay_out(stories(articles, request), heads)
    preview = preview_of(request)
    around = Around() if preview and preview.shared else around_issue(request, issue)
    return TemplateResponse(
        request,
        "issues/front_page.html",
        {
            **page_facts(
                request,
                issue,
                title=issue.title,
                description="；".join(story.headline for story in front.stories[:6]),
            ),
            "issue": issue,
            "imprint": issue.imprint,
            "front": front,
            "corrections": corrections_of(articles, request),
            "folio_pages": folio_links(issue, request),
            "downloads": () if request.is_preview else downloads_of(issue),
            "all_withdrawn": not articles
            and ArticlePage.objects.child_of(issue).withdrawn().exists(),
            "around": around,
            "previous": around.previous,
            "next": around.next,
            "linked": not request.is_preview,
            "is_preview": request.is_preview,
        },
    )


def archive(
    request: HttpRequest, newspaper: NewspaperPage, year: int | None = None
) -> HttpResponse:
    """Show the issues of ``year``, or of the latest one, as a calendar and as a list.

    ``?find=`` asks for one issue by number or day instead.
    """
    if year is None and "find" in request.GET:
        return find(request, newspaper, request.GET["find"])
    home = newspaper.get_url(request)
    shown_year, years = years_of_archive(request, home, year)
    if year is not None and shown_year is None:
        raise Http404("这一年没有出版的报纸。")
    today = timezone.localdate()
    rows: tuple[IssueRow, ...] = ()
    year_before = None
    if shown_year:
        rows, year_before = rows_of_year(request, home, shown_year, days_a_year_before(today))
    out = [Out(row.date, row.number, row.url) for row in rows]
    title = f"{year}年往期" if year else "往期报纸"
    return TemplateResponse(
        request,
        "issues/archive_year.html" if year else "issues/archive.html",
        {
            **page_facts(request, None, title=title, description=f"{title}：各期目录"),
            "years": years,
            "year": shown_year,
            "issues": rows,
            "months": by_month(rows),
            "calendar": months_of_year(out, shown_year, home=home, today=today) if rows else (),
            "shows_today": today.year == shown_year,
            "year_before": None if year else year_before,
            "is_same_day": bool(year_before and is_same_day(year_before.date, today)),
        },
    )


def of_day(request: HttpRequest, newspaper: NewspaperPage, day: str) -> HttpResponse:
    """Lead to the only public issue of ``day`` (2022-08-02); offer a choice of several."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise Http404("没有这一天。") from None
    rows = issue_rows(
        request,
        IssuePage.objects.published(request)
        .filter(date=date)
        .newest_first()
        .with_covers(THUMBNAIL),
    )
    if not rows:
        raise Http404("这一天没有出版的报纸。")
    if len(rows) == 1:
        return redirect(rows[0].url)
    return TemplateResponse(
        request,
        "issues/issues_of_day.html",
        {
            **page_facts(request, None, title=f"{rows[0].printed_date}的报纸"),
            "issues": rows,
            "date": date,
        },
    )


def corrections(request: HttpRequest, newspaper: NewspaperPage) -> TemplateResponse:
    """List the corrections of all issues, newest first, twenty to a page."""
    found = Correction.objects.published(request).newest_first().with_articles()
    page = Paginator(found, CORRECTIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = []
    for correction in page:
        issue = correction.article.issue.issuepage
        origin = f"{issue.title}，{issue.printed_date}"
        rows.append(shown_correction(correction, correction.article, request, origin=origin))
    facts = page_facts(request, None, title="更正", description="本报各期的更正、补充说明和致歉")
    if page.number > 1:
        facts["canonical_url"] += f"?page={page.number}"
    return TemplateResponse(
        request, "issues/corrections.html", {**facts, "page": page, "corrections": rows}
    )
