"""The pages that show issues: the front page, the latest one, the archive, a day."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from articles.corrections import corrections_of, shown_correction
from articles.models import ArticlePage, Correction
from articles.showing import shown_to
from articles.stories import stories
from newsroom.page_facts import page_facts
from newsroom.previews import preview_of

from .archive import IssueRow, YearCount, by_month
from .front_page import FolioHead, lay_out
from .models import IssuePage, NewspaperPage

if TYPE_CHECKING:
    from .querysets import IssueQuerySet

CORRECTIONS_ON_A_PAGE = 20


def latest(request: HttpRequest, newspaper: NewspaperPage) -> HttpResponse:
    """Show the latest public issue at ``/``: by date and number, not the last one published."""
    issue = IssuePage.objects.published(request).newest_first().select_related("imprint").first()
    if issue is None:
        return TemplateResponse(
            request, "issues/no_issue.html", page_facts(request, newspaper, title="尚未出版")
        )
    return front_page(request, issue)


def front_page(request: HttpRequest, issue: IssuePage) -> TemplateResponse:
    """Show one issue.

    In an editor's preview each article stands as it would if the issue were published now: the
    signed version of signed ones, the draft of the others, marked. A shared one shows less
    (``newsroom.previews.Version``), and no other issue.
    """
    of_issue = ArticlePage.objects.child_of(issue)
    articles = of_issue.not_withdrawn().in_print_order().with_bylines().with_corrections()
    heads = [
        FolioHead(folio.number, folio.name, folio.responsible_editor)
        for folio in issue.folios.all()
    ]
    articles = list(shown_to(request, articles))
    front = lay_out(stories(articles, request), heads)
    neighbours = IssuePage.objects.published(request)
    if (preview := preview_of(request)) and preview.shared:
        neighbours = neighbours.none()
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
            "all_withdrawn": not articles and of_issue.withdrawn().exists(),
            "previous": neighbours.before(issue).newest_first().first(),
            "next": neighbours.after(issue).order_by("date", "number").first(),
            "is_preview": request.is_preview,
        },
    )


def archive(
    request: HttpRequest, newspaper: NewspaperPage, year: int | None = None
) -> HttpResponse:
    """List the issues of ``year``, or of the latest one, with all the years there are."""
    issues = IssuePage.objects.published(request)
    home = newspaper.get_url(request)
    years = tuple(
        YearCount(row["year"], row["count"], f"{home}archive/{row['year']}/")
        for row in issues.order_by()
        .annotate(year=ExtractYear("date"))
        .values("year")
        .annotate(count=Count("pk"))
        .order_by("-year")
    )
    known = [entry.year for entry in years]
    if year is not None and year not in known:
        raise Http404("这一年没有出版的报纸。")
    shown_year = year or (known[0] if known else None)
    of_year = issues.filter(date__year=shown_year).newest_first() if shown_year else issues.none()
    rows = _rows(request, of_year)
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
        },
    )


def of_day(request: HttpRequest, newspaper: NewspaperPage, day: str) -> HttpResponse:
    """Lead to the only public issue of ``day`` (2022-08-02); offer a choice of several."""
    try:
        date = datetime.date.fromisoformat(day)
    except ValueError:
        raise Http404("没有这一天。") from None
    rows = _rows(request, IssuePage.objects.published(request).filter(date=date).newest_first())
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


def _rows(request: HttpRequest, issues: IssueQuerySet) -> tuple[IssueRow, ...]:
    """Return ``issues`` as lines of the archive: two queries, however many there are."""
    issues = list(issues)
    heads: dict[int, list[str]] = {}
    for issue_id, title in (
        ArticlePage.objects.published(request)
        .filter(issue__in=[issue.pk for issue in issues])
        .in_print_order()
        .values_list("issue_id", "title")
    ):
        heads.setdefault(issue_id, []).append(title)
    return tuple(
        IssueRow(
            number=issue.number,
            url=issue.get_url(request),
            title=issue.title,
            date=issue.date,
            printed_date=issue.printed_date,
            weekday=issue.weekday,
            lunar_date=issue.lunar_date,
            headline=heads.get(issue.pk, [""])[0],
            articles=len(heads.get(issue.pk, [])),
        )
        for issue in issues
    )
